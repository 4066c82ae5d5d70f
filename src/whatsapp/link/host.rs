//! Which server a link names, and whether Meta can reach it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

use super::address::is_public;
use super::{Finding, LINKS, Severity, UNREACHABLE, USER_INFO, default_port, service};

/// Names that no public name server answers: RFC 6761, RFC 6762, RFC 8375, and `internal` by decision of ICANN.
const RESERVED: [&str; 7] = ["localhost", "local", "internal", "test", "example", "invalid", "home.arpa"];

/// What is to be said about scheme, host and port.
pub(super) fn findings(uri: &Uri) -> Vec<Finding> {
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    let checks = [user_info(uri), unreachable(host), hyphen(host), port(uri), unencrypted(uri)];
    checks.into_iter().flatten().chain(service::findings(host, uri)).collect()
}

/// A public URL that leads nowhere else than to this machine or network is one for trials: a warning.
pub(super) fn of_origin(public_url: &Uri) -> Option<Finding> {
    let host = public_url.host()?.to_ascii_lowercase();
    let found = unreachable(host.strip_suffix('.').unwrap_or(&host))?;
    let detail = format!("links of this origin cannot be fetched by Meta: {}", found.detail);
    let remedy = "set public-url to the address at which this origin answers on the Internet";
    Some(Finding { severity: Severity::Warn, detail, ..found }.remedy(remedy))
}

fn user_info(uri: &Uri) -> Option<Finding> {
    let has = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    has.then(|| {
        let detail = "there is a user name before the host; Meta fetches without a login";
        Finding::new(Severity::Refuse, USER_INFO, detail, "RFC 9110 §4.2.4")
            .remedy("serve the file without a login, by a link that cannot be guessed")
    })
}

fn unreachable(host: &str) -> Option<Finding> {
    let why = match address(host) {
        Some(address) if !is_public(address) => "an address that is not reachable from the Internet",
        // "The last label is a number": a browser reads `127.1` and `2130706433` as addresses.
        None if ends_in_number(host) => "neither a name nor an address in its usual form",
        None if is_below(host, &RESERVED) => "a name that is not known on the Internet",
        None if host.split('.').any(str::is_empty) => "a name with nothing between two of its dots",
        None if host.len() > 253 || host.split('.').any(|label| label.len() > 63) => {
            "a name that is too long for any name server"
        }
        None if !host.contains('.') => "a name without a domain, which is known in one network only",
        _ => return None,
    };
    let finding = Finding::new(Severity::Refuse, UNREACHABLE, format!("the host is {why}"), LINKS);
    Some(finding.remedy("give a link that answers from the Internet: try it from a telephone without Wi-Fi"))
}

fn address(host: &str) -> Option<IpAddr> {
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match inner {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(|v6| v6.to_canonical()),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

fn ends_in_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_number || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Some name servers answer such names all the same.
fn hyphen(host: &str) -> Option<Finding> {
    host.split('.').any(|label| label.starts_with('-') || label.ends_with('-')).then(|| {
        let detail = "a part of the host begins or ends with `-`, which no host name may";
        Finding::new(Severity::Warn, "link-host-hyphen", detail, "RFC 1123 §2.1")
    })
}

fn port(uri: &Uri) -> Option<Finding> {
    let port = uri.port_u16()?;
    (port != default_port(uri)).then(|| {
        let detail =
            format!("the link names port {port}; whether Meta fetches from other ports is not documented");
        Finding::new(Severity::Note, "link-port", detail, LINKS)
    })
}

fn unencrypted(uri: &Uri) -> Option<Finding> {
    (uri.scheme_str() == Some("http")).then(|| {
        let detail = "the link is not encrypted: anyone on the way can read and change the file";
        Finding::new(Severity::Note, "link-http", detail, LINKS)
            .remedy("write `https://`, and do not rely on a redirect to it")
    })
}

/// Whether a host is one of these domains, or a name in one of them.
pub(super) fn is_below(host: &str, domains: &[&str]) -> bool {
    let is_in = |domain: &str| {
        host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    domains.iter().any(|domain| is_in(domain))
}
