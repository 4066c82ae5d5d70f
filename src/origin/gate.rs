//! The gate before the handler: what is HTTP and still nothing that an origin answers (RFC 9110 §7, §9; RFC 9112 §3).
//!
//! Nothing here touches the disk. The order is: sizes, then `Host`, then the method.

use std::net::Ipv6Addr;

use http::header::{HOST, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Method, Uri, Version, uri::Authority};

use super::Refusal;
use crate::malformed::Malformed;
use crate::semantics::ReadMethod;

/// How large the parts of a request may be, in bytes, and how many.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The longest target: path and query.
    pub target: usize,
    /// The longest field: name and value.
    pub header_field: usize,
    /// All fields together.
    pub headers: usize,
    /// How many fields.
    pub fields: usize,
}

/// A request that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// It asks for an asset.
    Read(ReadMethod),
    /// It asks what it may ask (§9.3.7).
    Options,
}

/// Lets a request pass, or says why not.
///
/// # Errors
/// What is wrong with a message that is none; 414, 431, 400, 501 or 405, in that order.
pub fn admit(request: &Parts, sizes: Sizes) -> Result<Admitted, Refusal> {
    if let Some(malformed) = request.extensions.get::<Malformed>() {
        return Err((*malformed).into());
    }
    fits(request, sizes)?;
    match request.version {
        Version::HTTP_2 => has_valid_authority(&request.uri, &request.headers)?,
        version => has_valid_host(&request.headers, version)?,
    }
    is_for_http(&request.uri)?;
    is_no_authority(&request.uri, &request.method)?;
    match request.method {
        Method::GET => Ok(Admitted::Read(ReadMethod::Get)),
        Method::HEAD => Ok(Admitted::Read(ReadMethod::Head)),
        Method::OPTIONS => Ok(Admitted::Options),
        Method::POST | Method::PUT | Method::DELETE | Method::PATCH | Method::TRACE | Method::CONNECT => {
            Err(Refusal::MethodNotAllowed)
        }
        // "This is the appropriate response when the server does not recognize the request method and is not
        // capable of supporting it for any resource." §15.6.2
        _ => Err(Refusal::MethodNotImplemented),
    }
}

fn fits(request: &Parts, sizes: Sizes) -> Result<(), Refusal> {
    let target = request.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > sizes.target {
        return Err(Refusal::TargetTooLong);
    }
    let line = |(name, value): (&http::HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    let (longest, all) = request.headers.iter().map(line).fold((0, 0), |(max, sum), n| (n.max(max), n + sum));
    if longest > sizes.header_field || all > sizes.headers || request.headers.len() > sizes.fields {
        return Err(Refusal::FieldsTooLarge);
    }
    Ok(())
}

/// "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks a Host
/// header field and to any request message that contains more than one Host header field line or a Host header
/// field with an invalid field value." RFC 9112 §3.2
fn has_valid_host(headers: &HeaderMap, version: Version) -> Result<(), Refusal> {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if version < Version::HTTP_11 => Ok(()),
        (None, _) => Err(Refusal::BadRequest("an HTTP/1.1 request needs a Host field")),
        (Some(_), Some(_)) => Err(Refusal::BadRequest("a request has one Host field, this one has several")),
        (Some(host), None) if is_host(host.as_bytes()) => Ok(()),
        (Some(_), None) => Err(Refusal::BadRequest("the Host field is not a host with an optional port")),
    }
}

/// In HTTP/2 the target's own authority takes the place of `Host`: "A server SHOULD treat a request as malformed if it
/// contains a Host header field that identifies an entity that differs from the entity in the ":authority" pseudo-header
/// field." RFC 9113 §8.3.1
fn has_valid_authority(target: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(authority) = target.authority() else { return has_valid_host(headers, Version::HTTP_2) };
    if !is_host(authority.as_str().as_bytes()) {
        return Err(Refusal::BadRequest("the authority is not a host with an optional port"));
    }
    let same = |host: &HeaderValue| host.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes());
    if headers.get_all(HOST).iter().all(same) {
        Ok(())
    } else {
        Err(Refusal::BadRequest("the Host field names another host than the authority"))
    }
}

/// A target in absolute form is an http or https URI (RFC 9112 §3.2.2), without a user name: a sender must not generate
/// one (§4.2.4).
fn is_for_http(target: &Uri) -> Result<(), Refusal> {
    let known = target.scheme_str().is_none_or(|scheme| matches!(scheme, "http" | "https"));
    let named =
        target.scheme().is_some() && target.authority().is_some_and(|host| host.as_str().contains('@'));
    if known && !named { Ok(()) } else { Err(Refusal::BadRequest("the target is no URI of HTTP")) }
}

/// "The "authority-form" of request-target is only used for CONNECT requests" RFC 9112 §3.2.3
fn is_no_authority(target: &Uri, method: &Method) -> Result<(), Refusal> {
    let is_authority = target.scheme().is_none() && target.authority().is_some();
    if is_authority && method != Method::CONNECT {
        return Err(Refusal::BadRequest("the target is a host, and no path on it"));
    }
    Ok(())
}

/// `Host = uri-host [ ":" port ]`, and not empty: "A recipient that processes such a URI reference MUST reject it
/// as invalid." §4.2.1
fn is_host(value: &[u8]) -> bool {
    is_plain_host(value) || is_any_host(value)
}

/// Whether it is a name or an IPv4 address as nearly all are, with an optional port: a few comparisons a byte.
fn is_plain_host(value: &[u8]) -> bool {
    let mut parts = value.splitn(2, |byte| *byte == b':');
    let (host, port) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    !host.is_empty() && host.iter().all(is_plain) && port.iter().all(u8::is_ascii_digit)
}

fn is_any_host(value: &[u8]) -> bool {
    let Ok(authority) = Authority::try_from(value) else { return false };
    let host = authority.host();
    // What is left when the host is taken off the front: a user name would be there too.
    let port = authority.as_str().strip_prefix(host);
    let is_port = |rest: &str| {
        rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()))
    };
    // "IP-literal = "[" ( IPv6address / IPvFuture  ) "]"" RFC 3986 §3.2.2
    let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_literal = |text: &str| text.parse::<Ipv6Addr>().is_ok() || text.starts_with(['v', 'V']);
    !host.is_empty() && literal.is_none_or(is_literal) && port.is_some_and(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    const SIZES: Sizes = Sizes { target: 100, header_field: 100, headers: 300, fields: 20 };

    fn admitted(request: http::request::Builder) -> Result<Admitted, Refusal> {
        admit(&request.body(()).expect("a request").into_parts().0, SIZES)
    }

    fn get() -> http::request::Builder {
        Request::get("/media/a.jpg").header(HOST, "media.example.com")
    }

    #[test]
    fn hosts() {
        for good in
            ["a", "a.example:80", "127.0.0.1:8080", "[::1]:80", "[::1]", "a_b.example", "xn--bcher-kva.ch"]
        {
            let request = Request::get("/").header(HOST, good);
            assert_eq!(admitted(request), Ok(Admitted::Read(ReadMethod::Get)), "{good}");
            assert!(is_any_host(good.as_bytes()), "{good}");
        }
        for bad in
            ["", "###", "a b", "user@host", "a/b", "http://a", "a:b:c", "a:x", "[::1", ":80", "[]", "[zz]"]
        {
            let request = Request::get("/").header(HOST, bad);
            assert!(matches!(admitted(request), Err(Refusal::BadRequest(_))), "{bad}");
        }
        assert!(matches!(admitted(get().header(HOST, "b")), Err(Refusal::BadRequest(_))), "two");
        assert!(matches!(admitted(Request::get("/")), Err(Refusal::BadRequest(_))), "none");
        assert!(admitted(Request::get("/").version(Version::HTTP_10)).is_ok(), "HTTP/1.0 had no Host");
    }

    #[test]
    fn authorities_of_http2() {
        let request = |target: &str| Request::get(target).version(Version::HTTP_2);
        let (link, refused) = ("https://a.example/media/a.jpg", |request| {
            matches!(admitted(request), Err(Refusal::BadRequest(_)))
        });
        assert!(admitted(request(link)).is_ok());
        assert!(admitted(request(link).header(HOST, "A.example")).is_ok());
        assert!(refused(request(link).header(HOST, "b.example")));
        assert!(refused(request(link).header(HOST, "a.example").header(HOST, "b.example")));
        assert!(refused(request("https://user@a.example/")));
        assert!(admitted(request("/").header(HOST, "a.example")).is_ok());
        assert!(refused(request("/")), "neither");
    }

    #[test]
    fn methods() {
        for (method, expected) in [
            ("GET", Ok(Admitted::Read(ReadMethod::Get))),
            ("HEAD", Ok(Admitted::Read(ReadMethod::Head))),
            ("OPTIONS", Ok(Admitted::Options)),
            ("POST", Err(Refusal::MethodNotAllowed)),
            ("TRACE", Err(Refusal::MethodNotAllowed)),
            ("PROPFIND", Err(Refusal::MethodNotImplemented)),
            ("get", Err(Refusal::MethodNotImplemented)),
        ] {
            assert_eq!(admitted(get().method(method)), expected, "{method}");
        }
    }

    #[test]
    fn sizes() {
        let target = |n: usize| Request::get(format!("/{}", "a".repeat(n - 1))).header(HOST, "a");
        assert!(admitted(target(100)).is_ok());
        assert_eq!(admitted(target(101)), Err(Refusal::TargetTooLong));
        assert!(admitted(get().header("x", "a".repeat(99))).is_ok());
        assert_eq!(admitted(get().header("x", "a".repeat(100))), Err(Refusal::FieldsTooLarge));
        let many = (0..4).fold(get(), |request, _| request.header("x", "a".repeat(70)));
        assert_eq!(admitted(many), Err(Refusal::FieldsTooLarge));
        let fields = |n: usize| (1..n).fold(get(), |request, _| request.header("x", "a"));
        assert!(admitted(fields(20)).is_ok());
        assert_eq!(admitted(fields(21)), Err(Refusal::FieldsTooLarge));
    }

    #[test]
    fn what_is_no_message_is_refused_whatever_stands_in_for_it() {
        for (malformed, status) in [
            (Malformed::Syntax("why"), 400),
            (Malformed::TargetTooLong, 414),
            (Malformed::FieldsTooLarge, 431),
            (Malformed::UnknownCoding, 501),
        ] {
            assert_eq!(admitted(get().extension(malformed)).unwrap_err().status(), status, "{malformed:?}");
        }
    }
}
