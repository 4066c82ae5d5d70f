//! Where the service is, for whatever is not AWS or Google itself.

use crate::config::error::Problem;
use crate::config::file::Text;
use crate::config::report::Report;
use crate::config::{PublicUrl, PublicUrlError, Service, secret};
use std::net::IpAddr;

/// A URL of a host alone, unless it was refused.
pub(super) fn endpoint(text: &Text, service: Service, report: &Report) -> Option<String> {
    match host(text.get_ref(), service) {
        Ok(url) => {
            if is_in_clear(&url) {
                report.add(in_clear(&url).at(text.span()));
            }
            Some(url)
        }
        Err(problem) => {
            report.add(problem.at(text.span()));
            None
        }
    }
}

/// The URL without a slash at its end.
fn host(text: &str, service: Service) -> Result<String, Problem> {
    let after = "expected nothing after host and port";
    let problem = match text.parse::<PublicUrl>() {
        Ok(url) if url.mount().is_empty() => return Ok(url.as_str().to_owned()),
        Ok(_) | Err(PublicUrlError::TrailingSlash | PublicUrlError::Segment(_)) => {
            Problem::error("the endpoint has a path").label(after).help_if(without_path(text))
        }
        Err(PublicUrlError::UserInfo) => {
            secret::in_file().label("expected the host right after `//`").help(secret::elsewhere(service))
        }
        Err(error @ PublicUrlError::AfterPath) => Problem::error(error.to_string()).label(after),
        Err(error @ PublicUrlError::Scheme) => Problem::error(error.to_string()).label(error.expected()),
        Err(error @ PublicUrlError::NotAbsolute) => Problem::error(error.to_string())
            .label("expected `https://` or `http://`, a host, and perhaps a port")
            .help_if(with_scheme(text)),
    };
    Err(problem)
}

/// A bucket is often written behind its host.
fn without_path(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let (authority, _) = rest.split_once('/')?;
    Some(format!("write \"{scheme}://{authority}\"; the bucket and its folders are `bucket` and `prefix`"))
}

fn with_scheme(text: &str) -> Option<String> {
    let [clear, encrypted] = ["http", "https"].map(|scheme| format!("{scheme}://{text}"));
    let url = clear.parse::<PublicUrl>().ok().filter(|url| !text.contains("//") && url.mount().is_empty())?;
    Some(format!("write \"{}\"", if is_in_clear(url.as_str()) { encrypted } else { clear }))
}

/// Whether requests leave this machine without encryption.
fn is_in_clear(url: &str) -> bool {
    let Some(authority) = url.strip_prefix("http://") else { return false };
    let host = authority
        .rsplit_once(':')
        .filter(|(_, port)| !port.contains(']'))
        .map_or(authority, |(host, _)| host);
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host != "localhost" && !address.is_ok_and(|address| address.to_canonical().is_loopback())
}

fn in_clear(url: &str) -> Problem {
    Problem::warning("the endpoint is not encrypted")
        .label("signed requests and media travel to it in clear")
        .help(format!("write \"{}\", if it speaks TLS", url.replacen("http", "https", 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_host_and_perhaps_a_port() {
        for (text, url) in [
            ("http://127.0.0.1:8333", Some("http://127.0.0.1:8333")),
            ("http://127.0.0.1:8333/", Some("http://127.0.0.1:8333")),
            ("HTTPS://S3.Example.com", Some("https://s3.example.com")),
            ("http://[::1]:8333", Some("http://[::1]:8333")),
            ("127.0.0.1:8333", None),
            ("s3.example.com", None),
            ("s3://media", None),
            ("https://s3.example.com/media", None),
            ("https://s3.example.com//", None),
            ("https://s3.example.com?x", None),
            ("https://a:b@s3.example.com", None),
            ("", None),
        ] {
            assert_eq!(host(text, Service::S3).ok().as_deref(), url, "{text}");
        }
    }

    #[test]
    fn only_what_leaves_the_machine_can_be_read_on_the_way() {
        for (url, in_clear) in [
            ("http://127.0.0.1:8333", false),
            ("http://127.8.9.1", false),
            ("http://[::1]:8333", false),
            ("http://[::1]", false),
            ("http://localhost:8333", false),
            ("https://s3.example.com", false),
            ("http://s3.example.com", true),
            ("http://localhost.example.com:80", true),
            ("http://10.0.0.5:9000", true),
            ("http://[2001:db8::1]", true),
        ] {
            assert_eq!(is_in_clear(url), in_clear, "{url}");
        }
    }

    #[test]
    fn a_host_without_a_scheme_is_told_the_one_it_needs() {
        for (text, meant) in [
            ("localhost:8333", Some("http://localhost:8333")),
            ("s3.example.com", Some("https://s3.example.com")),
            ("//s3.example.com", None),
            ("a b", None),
        ] {
            assert_eq!(with_scheme(text), meant.map(|url| format!("write \"{url}\"")), "{text}");
        }
    }
}
