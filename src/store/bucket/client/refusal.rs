//! Answers that are errors: what they say, and whether asking again can help.

use http::StatusCode;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::store::bucket::UpstreamError;

/// What an answer with an error status comes to. `body` is as much of its body as was read.
pub(super) fn refusal(status: StatusCode, body: &[u8]) -> UpstreamError {
    let code = code(body);
    match (status, code.as_deref()) {
        (StatusCode::NOT_FOUND, None | Some("NoSuchKey" | "NoSuchVersion")) => UpstreamError::NotFound,
        (StatusCode::PRECONDITION_FAILED, _) => UpstreamError::Changed,
        // What was to be read is no longer there, so the object has become shorter.
        (StatusCode::RANGE_NOT_SATISFIABLE, _) => UpstreamError::Changed,
        _ => UpstreamError::Refused { status, code },
    }
}

/// Whether the same request may well succeed a moment later.
pub(super) fn is_transient(error: &UpstreamError) -> bool {
    match error {
        UpstreamError::Unreachable(_) | UpstreamError::TimedOut => true,
        UpstreamError::Refused { status, code } => {
            matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
                || code.as_deref() == Some("RequestTimeout")
        }
        UpstreamError::NotFound | UpstreamError::Changed | UpstreamError::Malformed(_) => false,
    }
}

/// The code in the body of an error: `<Error><Code>` in XML; `error.errors[0].reason` or `error` in Google's JSON.
pub(super) fn code(body: &[u8]) -> Option<Box<str>> {
    let code = element(body, "Code").or_else(|| json_code(body))?;
    // It goes into the log: what is no word is none of theirs.
    let is_word = !code.is_empty() && code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_graphic());
    is_word.then(|| code.into())
}

/// The text of the first element of this name directly below the root `Error` of a body in XML.
pub(super) fn element(body: &[u8], name: &str) -> Option<String> {
    let mut reader = Reader::from_reader(body);
    let (mut depth, mut inside, mut text) = (0_u32, false, String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) if depth == 0 && start.local_name().as_ref() != b"Error" => return None,
            Event::Start(start) => {
                inside = depth == 1 && start.local_name().as_ref() == name.as_bytes();
                depth += 1;
            }
            Event::Text(more) if inside => text.push_str(&more.decode().ok()?),
            Event::End(_) if inside => return Some(text),
            Event::End(_) => depth = depth.checked_sub(1)?,
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn json_code(body: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    let error = answer.get("error")?;
    let reason = error.pointer("/errors/0/reason").unwrap_or(error);
    reason.as_str().map(str::to_owned)
}
