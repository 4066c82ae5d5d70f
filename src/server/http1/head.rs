//! One header section of HTTP/1, examined: what RFC 9112 allows, and nothing that two readers could take for different
//! things.
//!
//! The syntax is `httparse`'s. Beyond it, whatever decides where a message
//! ends is taken strictly: that is what request smuggling is made of (§11.2).

use std::mem::MaybeUninit;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version};
use httparse::{Error, Header, Request, Status};
use memchr::memchr_iter;

use crate::malformed::Malformed;

/// What a header section may be at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadLimits {
    /// Bytes of the target.
    pub target: usize,
    /// Bytes of everything.
    pub all: usize,
    /// Fields: at most [`MOST_FIELDS`].
    pub fields: usize,
}

/// As many fields as any configuration allows.
pub const MOST_FIELDS: usize = 500;

/// A header section, and what it says of what follows it.
#[derive(Debug)]
pub struct Head {
    /// The request.
    pub request: Arc<Parts>,
    /// Its bytes.
    pub length: usize,
    /// Whether content follows, be it of length 0 in chunks.
    pub has_content: bool,
}

/// What bytes are.
#[derive(Debug)]
pub enum Examined {
    /// The beginning of a header section.
    Partial,
    /// A header section; what follows it is content or another one.
    Whole(Head),
    /// No header section, whatever comes.
    Malformed(Malformed),
}

/// What `bytes` begin with.
#[must_use]
pub fn examine(bytes: &Bytes, limits: HeadLimits) -> Examined {
    let mut space = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let fields = space.get_mut(..limits.fields).unwrap_or_default();
    let mut request = Request::new(&mut []);
    match request.parse_with_uninit_headers(bytes, fields) {
        Ok(Status::Partial) if bytes.len() > limits.all => too_large(bytes, limits),
        Ok(Status::Partial) => Examined::Partial,
        Ok(Status::Complete(length)) if length > limits.all => too_large(bytes, limits),
        Ok(Status::Complete(length)) => {
            whole(bytes, &request, length).map_or_else(Examined::Malformed, Examined::Whole)
        }
        Err(Error::TooManyHeaders) => Examined::Malformed(Malformed::FieldsTooLarge),
        Err(error) => Examined::Malformed(Malformed::Syntax(sentence(error))),
    }
}

/// The first `length` of `bytes`, read as `parsed`.
fn whole(bytes: &Bytes, parsed: &Request<'_, '_>, length: usize) -> Result<Head, Malformed> {
    // "a recipient MAY recognize a single LF as a line terminator" §2.2, and one that does sees other lines than one
    // that does not.
    if has_bare_line_feed(bytes.get(..length).unwrap_or_default()) {
        return Err(Malformed::Syntax("a line ends with LF alone"));
    }
    let has_content = framing(parsed)?;
    let mut request = http::Request::new(()).into_parts().0;
    request.method = method(parsed)?;
    request.uri = target(bytes, parsed)?;
    request.version = if parsed.version == Some(0) { Version::HTTP_10 } else { Version::HTTP_11 };
    request.headers = fields(bytes, parsed)?;
    Ok(Head { request: Arc::new(request), length, has_content })
}

fn has_bare_line_feed(head: &[u8]) -> bool {
    let follows_return = |at: usize| at.checked_sub(1).and_then(|before| head.get(before)) == Some(&b'\r');
    memchr_iter(b'\n', head).any(|at| !follows_return(at))
}

fn method(parsed: &Request<'_, '_>) -> Result<Method, Malformed> {
    let method = parsed.method.unwrap_or_default();
    Method::from_bytes(method.as_bytes()).map_err(|_| Malformed::Syntax(sentence(Error::Token)))
}

fn target(bytes: &Bytes, parsed: &Request<'_, '_>) -> Result<Uri, Malformed> {
    let target = parsed.path.unwrap_or_default();
    Uri::from_maybe_shared(bytes.slice_ref(target.as_bytes()))
        .map_err(|_| Malformed::Syntax("the target is none: it has a character that has to be encoded"))
}

/// The fields, their values where they lie.
fn fields(bytes: &Bytes, parsed: &Request<'_, '_>) -> Result<HeaderMap, Malformed> {
    let mut fields = HeaderMap::with_capacity(parsed.headers.len());
    for field in &*parsed.headers {
        let name = HeaderName::from_bytes(field.name.as_bytes());
        let name = name.map_err(|_| Malformed::Syntax(sentence(Error::HeaderName)))?;
        let value = HeaderValue::from_maybe_shared(bytes.slice_ref(field.value));
        fields.append(name, value.map_err(|_| Malformed::Syntax(sentence(Error::HeaderValue)))?);
    }
    Ok(fields)
}

fn too_large(bytes: &[u8], limits: HeadLimits) -> Examined {
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    // What is no target in the line is a method and a version.
    Examined::Malformed(if line > limits.target {
        Malformed::TargetTooLong
    } else {
        Malformed::FieldsTooLarge
    })
}

fn sentence(error: Error) -> &'static str {
    match error {
        Error::HeaderName => {
            "a line is no field: its name has a character that no name has, or no colon follows it"
        }
        Error::HeaderValue => "the value of a field has a character that no value has",
        Error::NewLine => "a line does not end as lines end",
        Error::Token => "the first line is no method, target and version",
        Error::Version => "the version is neither HTTP/1.1 nor HTTP/1.0",
        Error::Status | Error::TooManyHeaders => "this is no request",
    }
}

/// Whether content follows.
fn framing(request: &Request<'_, '_>) -> Result<bool, Malformed> {
    let lines = |name: &'static str| {
        request.headers.iter().filter(move |field| field.name.eq_ignore_ascii_case(name))
    };
    let (mut codings, mut lengths) = (lines("transfer-encoding"), lines("content-length"));
    match ((codings.next(), codings.next()), (lengths.next(), lengths.next())) {
        ((None, _), (None, _)) => Ok(false),
        ((None, _), (Some(length), None)) => content_length(length),
        // "the message framing is invalid and the recipient MUST treat it as an unrecoverable error" §6.3
        ((None, _), (Some(_), Some(_))) => Err(Malformed::Syntax("there are several Content-Length fields")),
        // "A server MAY reject a request that contains both Content-Length and Transfer-Encoding" §6.1
        ((Some(_), _), (Some(_), _)) => {
            Err(Malformed::Syntax("there are both Content-Length and Transfer-Encoding"))
        }
        ((Some(_), Some(_)), _) => Err(Malformed::Syntax("there are several Transfer-Encoding fields")),
        ((Some(coding), None), _) => transfer_encoding(coding, request.version),
    }
}

/// `Content-Length = 1*DIGIT` (RFC 9110 §8.6).
fn content_length(field: &Header<'_>) -> Result<bool, Malformed> {
    let digits = !field.value.is_empty() && field.value.iter().all(u8::is_ascii_digit);
    let length = std::str::from_utf8(field.value).ok().and_then(|text| text.parse::<u64>().ok());
    match length.filter(|_| digits) {
        Some(length) => Ok(length > 0),
        None => Err(Malformed::Syntax("the Content-Length is no number of bytes")),
    }
}

fn transfer_encoding(field: &Header<'_>, version: Option<u8>) -> Result<bool, Malformed> {
    // "A server or client that receives an HTTP/1.0 message containing a Transfer-Encoding header field MUST treat the
    // message as if the framing is faulty" §6.1
    if version != Some(1) {
        return Err(Malformed::Syntax("HTTP/1.0 has no Transfer-Encoding"));
    }
    if field.value.eq_ignore_ascii_case(b"chunked") {
        return Ok(true);
    }
    // "If a Transfer-Encoding header field is present in a request and the chunked transfer coding is not the final
    // encoding, the message body length cannot be determined reliably; the server MUST respond with the 400" §6.3
    let last = field.value.rsplit(|byte| *byte == b',').next().unwrap_or_default();
    Err(if last.trim_ascii().eq_ignore_ascii_case(b"chunked") {
        Malformed::UnknownCoding
    } else {
        Malformed::Syntax("the last Transfer-Encoding is not chunked")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: HeadLimits = HeadLimits { target: 100, all: 500, fields: 8 };

    fn of(lines: &str) -> Examined {
        examine(&format!("{lines}\r\n").into(), LIMITS)
    }

    fn whole(lines: &str, content: bool) {
        let Examined::Whole(head) = of(lines) else { panic!("{lines}") };
        assert_eq!((head.length, head.has_content), (lines.len() + 2, content), "{lines}");
    }

    fn malformed(lines: &str) -> Malformed {
        let Examined::Malformed(malformed) = of(lines) else { panic!("{lines}") };
        malformed
    }

    #[test]
    fn where_a_message_ends_is_never_in_doubt() {
        whole("GET / HTTP/1.1\r\nHost: a\r\n", false);
        whole("\r\nGET / HTTP/1.1\r\n", false);
        whole("GET / HTTP/1.1\r\nContent-Length: 0\r\n", false);
        whole("GET / HTTP/1.1\r\nContent-Length: 07\r\n", true);
        whole("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n", true);
        for fields in [
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 0",
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5, 5",
            "Content-Length: +5",
            "Content-Length: -5",
            "Content-Length: 0x5",
            "Content-Length:",
            "Content-Length: 99999999999999999999999",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: chunked\n",
            "X: a\r\n Transfer-Encoding: chunked",
            "X: a\nContent-Length: 5",
            "X: a\rContent-Length: 5",
            "X: a\0",
        ] {
            let found = malformed(&format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n"));
            assert!(matches!(found, Malformed::Syntax(_)), "{fields}: {found:?}");
        }
        let http10 = malformed("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n");
        assert!(matches!(http10, Malformed::Syntax(_)), "{http10:?}");
        let coded = malformed("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n");
        assert_eq!(coded, Malformed::UnknownCoding);
    }

    #[test]
    fn what_is_too_large_is_told_by_what_it_is() {
        let long = "a".repeat(600);
        assert_eq!(malformed(&format!("GET /{long} HTTP/1.1\r\n")), Malformed::TargetTooLong);
        assert_eq!(malformed(&format!("GET / HTTP/1.1\r\nX: {long}")), Malformed::FieldsTooLarge);
        let many = "X: a\r\n".repeat(9);
        assert_eq!(malformed(&format!("GET / HTTP/1.1\r\n{many}")), Malformed::FieldsTooLarge);
        whole(&format!("GET / HTTP/1.1\r\n{}", "X: a\r\n".repeat(8)), false);
    }

    #[test]
    fn a_beginning_is_waited_for() {
        let head = Bytes::from_static(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
        for length in 0..head.len() {
            assert!(matches!(examine(&head.slice(..length), LIMITS), Examined::Partial), "{length}");
        }
    }

    #[test]
    fn what_is_whole_is_read_as_it_stands() {
        let Examined::Whole(head) = of("HEAD http://a/b?c HTTP/1.0\r\nX-Y: 1\r\nx-y:  2 \r\n") else {
            panic!()
        };
        let Parts { method, uri, version, headers, .. } = Arc::unwrap_or_clone(head.request);
        assert_eq!((method, version), (Method::HEAD, Version::HTTP_10));
        assert_eq!(uri, "http://a/b?c");
        assert_eq!(headers.get_all("x-y").iter().collect::<Vec<_>>(), ["1", "2"]);
    }
}
