//! Answers that are errors: what they say, and whether asking again can help.

use http::StatusCode;

use super::xml::Document;
use crate::store::bucket::UpstreamError;

/// What an answer with an error status comes to.
pub(super) fn refusal(status: StatusCode, code: Option<Box<str>>) -> UpstreamError {
    match (status, code.as_deref()) {
        (StatusCode::NOT_FOUND, None | Some("NoSuchKey" | "NoSuchVersion")) => UpstreamError::NotFound,
        // What was to be read is not there any more: the object has become shorter.
        (StatusCode::PRECONDITION_FAILED | StatusCode::RANGE_NOT_SATISFIABLE, _) => UpstreamError::Changed,
        _ => UpstreamError::Refused { status, code },
    }
}

/// Whether the same request may well succeed a moment later.
pub(super) fn is_transient(status: StatusCode, code: Option<&str>) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504) || code == Some("RequestTimeout")
}

/// The code in the body of an error: `<Error><Code>` in XML; the first reason, or the error itself, in Google's JSON.
pub(super) fn code(body: &[u8]) -> Option<Box<str>> {
    let code = detail(body, "Code").or_else(|| json_code(body))?;
    // It goes into the log: what is no word is none of theirs.
    let is_word = !code.is_empty() && code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_graphic());
    is_word.then(|| code.into())
}

/// What an error in XML says under this name.
pub(super) fn detail(body: &[u8], name: &str) -> Option<String> {
    let error = Document::read(body).filter(|document| document.root == "Error")?;
    error.text(name).map(str::to_owned)
}

fn json_code(body: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    let error = answer.get("error")?;
    let reason = error.pointer("/errors/0/reason").unwrap_or(error);
    reason.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_an_error() {
        for (body, expected) in [
            ("<Error><Code>SlowDown</Code></Error>", Some("SlowDown")),
            (
                "<?xml version=\"1.0\"?>\n<Error xmlns=\"x\">\n <Message>a &amp; b</Message>\n <Code>NoSuchKey</Code>\n</Error>",
                Some("NoSuchKey"),
            ),
            ("<Error><Deeper><Code>Inner</Code></Deeper></Error>", None),
            ("<html><Code>200</Code></html>", None),
            ("<Error><Code>two words</Code></Error>", None),
            ("<Error><Code>Cut", None),
            ("", None),
            ("Not Found", None),
            (r#"{"error":{"code":403,"errors":[{"reason":"forbidden"}]}}"#, Some("forbidden")),
            (r#"{"error":"invalid_grant"}"#, Some("invalid_grant")),
            (r#"{"error":{"code":403}}"#, None),
        ] {
            assert_eq!(code(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn what_a_status_comes_to() {
        let refused =
            |status, code: Option<&str>| UpstreamError::Refused { status, code: code.map(Into::into) };
        for (status, code, expected, transient) in [
            (404, None, UpstreamError::NotFound, false),
            (404, Some("NoSuchKey"), UpstreamError::NotFound, false),
            (404, Some("NoSuchVersion"), UpstreamError::NotFound, false),
            (404, Some("NoSuchBucket"), refused(StatusCode::NOT_FOUND, Some("NoSuchBucket")), false),
            (412, Some("PreconditionFailed"), UpstreamError::Changed, false),
            (416, Some("InvalidRange"), UpstreamError::Changed, false),
            (403, Some("AccessDenied"), refused(StatusCode::FORBIDDEN, Some("AccessDenied")), false),
            (401, None, refused(StatusCode::UNAUTHORIZED, None), false),
            (
                301,
                Some("PermanentRedirect"),
                refused(StatusCode::MOVED_PERMANENTLY, Some("PermanentRedirect")),
                false,
            ),
            (400, Some("RequestTimeout"), refused(StatusCode::BAD_REQUEST, Some("RequestTimeout")), true),
            (429, None, refused(StatusCode::TOO_MANY_REQUESTS, None), true),
            (500, None, refused(StatusCode::INTERNAL_SERVER_ERROR, None), true),
            (501, None, refused(StatusCode::NOT_IMPLEMENTED, None), false),
            (503, Some("SlowDown"), refused(StatusCode::SERVICE_UNAVAILABLE, Some("SlowDown")), true),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(refusal(status, code.map(Into::into)), expected);
            assert_eq!(is_transient(status, code), transient, "{status}");
        }
    }
}
