//! One header section of HTTP/1, examined: what RFC 9112 allows, and nothing that two readers could take for different
//! things.
//!
//! The syntax is `httparse`'s, as it is that of the library that answers. Beyond it, whatever decides where a message
//! ends is taken strictly: that is what request smuggling is made of (§11.2).

use std::mem::MaybeUninit;

use http::Uri;
use httparse::{Error, Header, Request, Status};

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

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Examined {
    /// The beginning of a header section.
    Partial,
    /// A header section of so many bytes; what follows it is content or another one.
    Whole {
        /// Its bytes.
        length: usize,
        /// Whether content follows, be it of length 0 in chunks.
        has_content: bool,
    },
    /// No header section, whatever comes.
    Malformed(Malformed),
}

/// What `bytes` begin with.
#[must_use]
pub fn examine(bytes: &[u8], limits: HeadLimits) -> Examined {
    let mut space = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let fields = space.get_mut(..limits.fields).unwrap_or_default();
    let mut request = Request::new(&mut []);
    match request.parse_with_uninit_headers(bytes, fields) {
        Ok(Status::Partial) if bytes.len() > limits.all => too_large(bytes, limits),
        Ok(Status::Partial) => Examined::Partial,
        Ok(Status::Complete(length)) if length > limits.all => too_large(bytes, limits),
        Ok(Status::Complete(length)) => {
            let framed = framing(bytes.get(..length).unwrap_or_default(), &request);
            framed.map_or_else(Examined::Malformed, |has_content| Examined::Whole { length, has_content })
        }
        Err(Error::TooManyHeaders) => Examined::Malformed(Malformed::FieldsTooLarge),
        Err(error) => Examined::Malformed(Malformed::Syntax(sentence(error))),
    }
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
fn framing(head: &[u8], request: &Request<'_, '_>) -> Result<bool, Malformed> {
    // "a recipient MAY recognize a single LF as a line terminator" §2.2, and one that does sees other lines than one
    // that does not.
    let is_bare = |pair: &[u8]| pair.ends_with(b"\n") && pair != b"\r\n";
    if head.starts_with(b"\n") || head.windows(2).any(is_bare) {
        return Err(Malformed::Syntax("a line ends with LF alone"));
    }
    if request.path.is_none_or(|target| Uri::try_from(target).is_err()) {
        return Err(Malformed::Syntax("the target is none: it has a character that has to be encoded"));
    }
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
        examine(format!("{lines}\r\n").as_bytes(), LIMITS)
    }

    fn whole(lines: &str, content: bool) {
        assert_eq!(of(lines), Examined::Whole { length: lines.len() + 2, has_content: content }, "{lines}");
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
            let found = of(&format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n"));
            assert!(matches!(found, Examined::Malformed(Malformed::Syntax(_))), "{fields}: {found:?}");
        }
        let http10 = of("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n");
        assert!(matches!(http10, Examined::Malformed(Malformed::Syntax(_))), "{http10:?}");
        let coded = of("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n");
        assert_eq!(coded, Examined::Malformed(Malformed::UnknownCoding));
    }

    #[test]
    fn what_is_too_large_is_told_by_what_it_is() {
        let long = "a".repeat(600);
        assert_eq!(of(&format!("GET /{long} HTTP/1.1\r\n")), Examined::Malformed(Malformed::TargetTooLong));
        assert_eq!(
            of(&format!("GET / HTTP/1.1\r\nX: {long}")),
            Examined::Malformed(Malformed::FieldsTooLarge)
        );
        let many = "X: a\r\n".repeat(9);
        assert_eq!(of(&format!("GET / HTTP/1.1\r\n{many}")), Examined::Malformed(Malformed::FieldsTooLarge));
        whole(&format!("GET / HTTP/1.1\r\n{}", "X: a\r\n".repeat(8)), false);
    }

    #[test]
    fn a_beginning_is_waited_for() {
        let head = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
        for length in 0..head.len() {
            assert_eq!(examine(&head[..length], LIMITS), Examined::Partial, "{length}");
        }
    }
}
