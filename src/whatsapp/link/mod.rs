//! Links that a sender made: whose they are, and whether Meta can fetch them as they stand.
//!
//! A link goes out as it was written, to a fetcher that repairs nothing, follows no redirect for certain, and comes
//! later than one thinks. What a browser would mend in silence is therefore said here. The link is not fetched.

mod address;
mod characters;
mod host;
mod query;
mod service;
mod signature;
#[cfg(test)]
mod tests;

use std::time::SystemTime;

use http::Uri;

pub use address::is_public;
pub use signature::{WAIT, signed_until};

use super::{Finding, Severity};
use characters::readable;

/// Where links are documented.
const LINKS: &str = "docs.360dialog.com/docs/messaging/media";

/// The code of the finding that a link's host cannot be reached from the Internet.
pub const UNREACHABLE: &str = "link-unreachable";

/// The code of the finding that a link has a user name, and perhaps a password, before its host.
pub const USER_INFO: &str = "link-user-info";

/// Whose server a link names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose<'a> {
    /// This origin.
    Ours {
        /// The path below the public URL, without a leading slash, percent-encoded as it was written. Empty if the link
        /// ends with the public URL.
        path: &'a str,
        /// What stands behind `?`, with the pin perhaps.
        query: Option<&'a str>,
    },
    /// Somebody else.
    Foreign(Uri),
}

/// What is known of a link without fetching it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined<'a> {
    /// Whose it is.
    pub whose: Whose<'a>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// The parts of a link as they were written.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    /// Without the slash before it.
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

/// Examines a link. `public_url` is the prefix of this origin's own links: scheme, host and port are compared as RFC 9110
/// §4.2.3 does, the path byte by byte. `now` decides whether a signed link is still good, and for how long.
///
/// # Errors
/// If it is no link at all: at least one finding, and one of them refuses.
pub fn examine<'a>(link: &'a str, public_url: &str, now: SystemTime) -> Result<Examined<'a>, Vec<Finding>> {
    let parts = Parts::of(link).map_err(|finding| vec![finding])?;
    let mut findings = characters::findings(link, &parts);
    let can_be_taken = !findings.iter().any(|finding| characters::UNREADABLE.contains(&finding.code));
    let uri = parts.uri().map_err(|finding| {
        // Most often the same has been said already, and better.
        let why = (!findings.iter().any(Finding::refuses)).then_some(finding);
        findings.iter().cloned().chain(why).chain(signature::findings(&parts, now)).collect::<Vec<_>>()
    })?;
    let ours = parts.below(&uri, public_url);
    if ours.is_none() {
        findings.extend(host::findings(&uri));
        findings.extend(signature::findings(&parts, now));
        findings.extend(without_extension(parts.path));
    }
    match ours {
        _ if !can_be_taken => Err(findings),
        Some((path, query)) => Ok(Examined { whose: Whose::Ours { path, query }, findings }),
        None => Ok(Examined { whose: Whose::Foreign(uri), findings }),
    }
}

/// What is to be said about a link without fetching it, whoever's it is.
#[must_use]
pub fn lint(link: &str, now: SystemTime) -> Vec<Finding> {
    examine(link, "", now).map_or_else(|findings| findings, |examined| examined.findings)
}

/// Whether the link has a signature, which a server checks together with the method.
#[must_use]
pub fn is_signed(link: &str) -> bool {
    let (before_fragment, _) = cut(link, '#');
    cut(before_fragment, '?').1.is_some_and(signature::is_signed)
}

/// That nobody on the Internet can fetch what this origin links to, if its public URL is one for trials.
#[must_use]
pub fn unreachable_origin(public_url: &str) -> Option<Finding> {
    host::of_origin(&public_url.parse().ok()?)
}

impl<'a> Parts<'a> {
    fn of(link: &'a str) -> Result<Self, Finding> {
        let (before_fragment, fragment) = cut(link, '#');
        let (before_query, query) = cut(before_fragment, '?');
        let Some((scheme, rest)) = before_query.trim_start().split_once("://") else {
            return Err(not_a_link("the link does not begin with `https://` and a host"));
        };
        if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
            let detail = "Meta fetches `https` and `http` links, and this is neither";
            return Err(Finding::new(Severity::Refuse, "link-scheme", detail, LINKS));
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(Self { scheme, authority, path, query, fragment })
    }

    /// The link as a URI with a host, and a port that can be. What should have been encoded is, so that the rest can be
    /// examined.
    fn uri(&self) -> Result<Uri, Finding> {
        if let Some(finding) = self.bad_port() {
            return Err(finding);
        }
        let query = self.query.map(|query| format!("?{}", readable(query))).unwrap_or_default();
        let encoded = format!("{}://{}/{}{query}", self.scheme, self.authority, readable(self.path));
        let uri: Uri = encoded.parse().map_err(|_| no_host())?;
        if uri.host().is_none_or(str::is_empty) { Err(no_host()) } else { Ok(uri) }
    }

    /// "65535" is the last port there is, and 0 is none to ask at.
    fn bad_port(&self) -> Option<Finding> {
        let host = self.authority.rsplit_once('@').map_or(self.authority, |(_, host)| host);
        let (host, port) = host.rsplit_once(':').filter(|(_, port)| !port.contains(']'))?;
        let can_be = port.parse::<u16>().is_ok_and(|port| port > 0);
        let detail = match port {
            _ if can_be || host.is_empty() => return None,
            "" => "there is no number behind the `:` of the port".to_owned(),
            port if port.len() <= 20 && port.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("{port} is no port: they are numbered from 1 to 65535")
            }
            _ => "what stands behind the `:` of the host is no port: they are numbered from 1 to 65535"
                .to_owned(),
        };
        Some(not_a_link(&detail))
    }

    /// Path below the public URL and query, if the link is one of ours.
    fn below(&self, uri: &Uri, public_url: &str) -> Option<(&'a str, Option<&'a str>)> {
        let ours: Uri = public_url.parse().ok()?;
        if self.authority.contains('@') || server(uri) != server(&ours) {
            return None;
        }
        let mount = ours.path().trim_matches('/');
        let path = match self.path.strip_prefix(mount)? {
            path if mount.is_empty() => path,
            "" => "",
            path => path.strip_prefix('/')?,
        };
        Some((path, self.query))
    }
}

/// Scheme, host and port, each in one spelling: "the scheme and host are case-insensitive", and "if the port is equal to
/// the default port for a scheme, the normal form is to omit the port subcomponent" (RFC 9110 §4.2.3).
fn server(uri: &Uri) -> (Option<&str>, Option<String>, u16) {
    let port = uri.port_u16().unwrap_or(default_port(uri));
    (uri.scheme_str(), uri.host().map(str::to_ascii_lowercase), port)
}

/// The port of a link that names none.
fn default_port(uri: &Uri) -> u16 {
    if uri.scheme_str() == Some("http") { 80 } else { 443 }
}

/// That a link has no host, or one that cannot be.
pub(crate) fn no_host() -> Finding {
    not_a_link("what stands between `//` and the next `/` is no host with or without a port")
}

fn not_a_link(detail: &str) -> Finding {
    let finding = Finding::new(Severity::Refuse, "not-a-link", detail, LINKS);
    finding.remedy("write `https://`, a host and a path; a file of this origin is given as `path`")
}

/// Some that pass messages on tell the type by the extension, against all documentation.
fn without_extension(path: &str) -> Option<Finding> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_extension = |extension: &str| !extension.is_empty() && extension.len() <= 5;
    let has = name.rsplit_once('.').is_some_and(|(_, extension)| is_extension(extension));
    (!has).then(|| {
        let detail =
            "the path has no file extension; Meta goes by `Content-Type`, but some gateways go by extension";
        let source = "github.com/evolution-foundation/evolution-api/pull/133";
        Finding::new(Severity::Note, "link-without-extension", detail, source)
    })
}

/// What stands before the first `at`, and what stands behind it.
fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}
