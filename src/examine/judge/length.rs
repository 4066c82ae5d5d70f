//! Whether the body has the length that was announced, one was announced, and it is not too much.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use super::super::Ending;
use super::super::unreachable::SLOW_ORIGIN;
use super::{Observed, text};
use crate::whatsapp::limits::MEDIA_PAGE;
use crate::whatsapp::{Finding, Severity};

const FRAMING: &str = "RFC 9112 §6.3";
const LENGTH: &str = "RFC 9110 §8.6";

pub(super) fn findings(observed: &Observed<'_>) -> Vec<Finding> {
    [announced(observed), ended(observed)].into_iter().flatten().collect()
}

/// Of a message that was lost behind a proxy that streamed in chunks, and arrived with a length, there is one report.
fn announced(observed: &Observed<'_>) -> Option<Finding> {
    let headers = observed.headers();
    let (code, detail) = match (headers.contains_key(CONTENT_LENGTH), headers.contains_key(TRANSFER_ENCODING))
    {
        (true, false) => return None,
        (true, true) => return Some(twice()),
        (false, true) => ("chunked", "the file is sent in chunks, without its length"),
        (false, false) => {
            ("no-content-length", "the file is sent without its length, until the connection ends")
        }
    };
    let remedy = "send Content-Length: turn off streaming or compression for media in the server or proxy";
    Some(Finding::new(Severity::Warn, code, detail, LENGTH).remedy(remedy))
}

/// "A server MUST NOT send a Content-Length header field in any message that contains a Transfer-Encoding header field."
/// RFC 9112 §6.2
fn twice() -> Finding {
    let detail = "the answer says its length twice, by Content-Length and by Transfer-Encoding: \
                  who believes the one and who believes the other read different files";
    Finding::new(Severity::Warn, "length-and-chunks", detail, FRAMING)
        .remedy("send Content-Length alone: something behind the server's framing adds the other field")
}

fn ended(observed: &Observed<'_>) -> Option<Finding> {
    let came = observed.first.body.length;
    let limits = observed.limits;
    let chunked = observed.headers().contains_key(TRANSFER_ENCODING);
    let announced = text(observed.headers(), &CONTENT_LENGTH).filter(|_| !chunked);
    let (code, detail, remedy, source) = match observed.first.ending {
        Ending::Whole if observed.first.stray_bytes => (
            "length-mismatch",
            format!("the server sends more than the {came} bytes that it announces"),
            "let the server count: Content-Length is of the bytes that are sent",
            FRAMING,
        ),
        Ending::Whole => return None,
        Ending::CutShort => (
            "body-cut-short",
            match announced {
                Some(announced) => format!("the connection ended after {came} of {announced} bytes"),
                None => format!("the connection ended after {came} bytes, in the middle of the body"),
            },
            "look in the server's log for what broke; a proxy's limits of time and size are a usual cause",
            FRAMING,
        ),
        Ending::TooLarge => (
            "too-large",
            match announced {
                Some(announced) => format!(
                    "the file has {announced} bytes, and not more than {} are taken",
                    limits.bytes - 1
                ),
                None => format!("the file has more than the {} bytes that are taken", limits.bytes - 1),
            },
            "send a smaller file: WhatsApp takes documents to 100 MB, audio and video to 16 MB, images to 5 MB",
            MEDIA_PAGE,
        ),
        Ending::TimedOut => (
            "timeout",
            format!("after {:.1} s only {came} bytes had come", observed.first.whole.as_secs_f64()),
            "serve media from a place with more bandwidth, or make the file smaller",
            SLOW_ORIGIN,
        ),
    };
    Some(Finding::new(Severity::Refuse, code, detail, source).remedy(remedy))
}
