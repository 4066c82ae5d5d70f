//! `[tls.acme]`: an authority that is asked for certificates, and the names that they are for.

use crate::config::error::Problem;
use crate::config::file::{AcmeTable, Text};
use crate::config::report::Report;
use crate::config::resolve::setting::Setting;
use crate::config::resolve::values;
use crate::config::{Acme, Environment, PublicUrl};
use http::Uri;
use rustls::pki_types::DnsName;
use std::net::IpAddr;
use std::path::PathBuf;
use toml::Spanned;

/// The folder of accounts and certificates, below the cache folder.
const FOLDER: &str = "acme";

/// What Let's Encrypt takes; others take fewer, or a few more.
const MOST_DOMAINS: usize = 100;

/// All of it, unless there is no name or no folder.
pub(super) fn acme(
    table: &AcmeTable,
    public_url: &PublicUrl,
    environment: &Environment,
    report: &Report,
) -> Option<Acme> {
    let domains = domains(table, public_url, report);
    let directory = Acme::DEFAULT_DIRECTORY.to_owned();
    let directory_url = Setting::of(table.directory_url.as_ref(), directory, directory_url, report).value;
    let path = |text: &Text| Setting::of(Some(text), PathBuf::from("-"), values::path, report).value;
    let authority = table.authority.as_ref().map(path);
    let contact = table.contact.iter().flat_map(Spanned::get_ref);
    let contact = contact.filter_map(|text| read(text, contact_uri, report)).collect();
    let cache_dir = match &table.cache_dir {
        Some(text) => Some(path(text)),
        None => environment.cache_folder().map(|folder| folder.join(FOLDER)),
    };
    if cache_dir.is_none() && report.is_readable() {
        report.add(no_folder().at(table.header.clone()));
    }
    Some(Acme { domains: domains?, contact, directory_url, cache_dir: cache_dir?, authority })
}

/// What is written, else the host of links.
fn domains(table: &AcmeTable, public_url: &PublicUrl, report: &Report) -> Option<Vec<String>> {
    let host = public_url.as_str().parse::<Uri>().ok()?.host()?.to_owned();
    let Some(written) = &table.domains else {
        let usual = domain(&host).map_err(|_| report.add(no_domains().at(table.header.clone())));
        return usual.ok().map(|host| vec![host]);
    };
    let mut domains: Vec<_> =
        written.get_ref().iter().filter_map(|text| read(text, domain, report)).collect();
    if written.get_ref().is_empty() || domains.len() > MOST_DOMAINS {
        report.add(how_many(domains.len()).at(written.span()));
        return None;
    }
    if domains.len() == written.get_ref().len() && !domains.contains(&host) && domain(&host).is_ok() {
        report.add(another_host(&host).at(written.span()));
    }
    let mut seen = std::collections::BTreeSet::new();
    domains.retain(|domain| seen.insert(domain.clone()));
    Some(domains)
}

fn read<T>(text: &Text, parse: impl Fn(&str) -> Result<T, Problem>, report: &Report) -> Option<T> {
    parse(text.get_ref()).map_err(|problem| report.add(problem.at(Spanned::span(text)))).ok()
}

/// A host name in lower case. The challenge shows that one host is held, so it proves neither a wildcard nor, here, an
/// address.
fn domain(text: &str) -> Result<String, Problem> {
    let refused = |help: &str| {
        Problem::error(format!("`{text}` is not a name that can be proved"))
            .label("expected a host name, such as \"media.example.com\"")
            .help(help)
    };
    if text.starts_with("*.") {
        return Err(refused("name each host: TLS-ALPN-01 proves no wildcard"));
    }
    if text.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Err(refused("name the host, not its address"));
    }
    match DnsName::try_from(text) {
        Ok(_) if !text.contains('_') && !text.ends_with('.') => Ok(text.to_ascii_lowercase()),
        _ => Err(refused("write the host alone, in ASCII (xn--…), without scheme, port or path")),
    }
}

fn directory_url(text: &str) -> Result<String, Problem> {
    let uri =
        text.parse::<Uri>().ok().filter(|uri| uri.scheme_str() == Some("https") && uri.host().is_some());
    uri.map(|_| text.to_owned()).ok_or_else(|| {
        Problem::error("this is not the URL of an ACME directory")
            .label("expected `https://`, a host and a path")
            .help(format!("Let's Encrypt's is \"{}\"", Acme::DEFAULT_DIRECTORY))
    })
}

/// A mail address, with or without its scheme.
fn contact_uri(text: &str) -> Result<String, Problem> {
    let address = text.strip_prefix("mailto:").unwrap_or(text);
    match address.split_once('@') {
        Some((name, host)) if !name.is_empty() && domain(host).is_ok() && !name.contains([' ', ',', '?']) => {
            Ok(format!("mailto:{address}"))
        }
        _ => Err(Problem::error(format!("`{text}` is not a mail address"))
            .label("expected an address, such as \"operations@example.com\"")),
    }
}

fn no_domains() -> Problem {
    Problem::error("`[tls.acme]` has no `domains`, and `public-url` names no host that can be proved")
        .label("expected `domains`")
        .help("add `domains = [\"media.example.com\"]`, or set `public-url`")
}

fn how_many(count: usize) -> Problem {
    Problem::error(format!("a certificate cannot be for {count} names"))
        .label(format!("expected 1 to {MOST_DOMAINS}"))
}

fn another_host(host: &str) -> Problem {
    Problem::warning(format!("links lead to {host}, for which there will be no certificate"))
        .label("none of these is the host of `public-url`")
        .help(format!("add \"{host}\", or set `public-url`"))
}

fn no_folder() -> Problem {
    Problem::error("there is no folder for the account's key and the certificate")
        .label("expected `cache-dir`")
        .help("add `cache-dir = \"/var/lib/media-origin/acme\"`, or set CACHE_DIRECTORY or HOME")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_host_name_in_lower_case() {
        for (text, expected) in [
            ("media.example.com", Some("media.example.com")),
            ("MEDIA.example.com", Some("media.example.com")),
            ("localhost", Some("localhost")),
            ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("*.example.com", None),
            ("bücher.example", None),
            ("127.0.0.1", None),
            ("[::1]", None),
            ("https://example.com", None),
            ("example.com:443", None),
            ("example.com.", None),
            ("a b", None),
            ("", None),
        ] {
            assert_eq!(domain(text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_contact_is_a_mail_address() {
        for (text, expected) in [
            ("a@example.com", Some("mailto:a@example.com")),
            ("mailto:a@example.com", Some("mailto:a@example.com")),
            ("a@example.com,b@example.com", None),
            ("example.com", None),
            ("@example.com", None),
        ] {
            assert_eq!(contact_uri(text).ok().as_deref(), expected, "{text}");
        }
    }
}
