//! The header section of a response, as it goes over the wire (RFC 9112 §2.1).

use bytes::{BufMut, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH};
use http::{Method, StatusCode};

use super::persistence::Persistence;
use crate::response::Fields;

/// Bytes that most of them have, at most.
const USUAL: usize = 512;

/// The header section of a response, after which the connection persists or not, with `room` for so many bytes behind it.
pub(super) fn header_section(
    status: StatusCode,
    fields: &Fields,
    persistence: Persistence,
    room: usize,
) -> BytesMut {
    let mut section = BytesMut::with_capacity(USUAL + room);
    write_status_line(&mut section, status);
    for (name, value) in fields.iter().filter(|(name, _)| *name != CONNECTION) {
        write_field(&mut section, name.as_str(), value.as_bytes());
    }
    if let Some(option) = persistence.option() {
        write_field(&mut section, CONNECTION.as_str(), option.as_bytes());
    }
    section.put_slice(b"\r\n");
    section
}

/// Whether a client can tell where a response ends before the connection does (RFC 9112 §6.3).
pub(super) fn is_delimited(method: &Method, status: StatusCode, fields: &Fields) -> bool {
    let has_no_content = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    *method == Method::HEAD || has_no_content || fields.values(&CONTENT_LENGTH).next().is_some()
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]` §4. "A server SHOULD send a response version equal to
/// the highest version to which the server is conformant that has a major version less than or equal to the one received
/// in the request." RFC 9110 §6.2
fn write_status_line(section: &mut BytesMut, status: StatusCode) {
    section.put_slice(b"HTTP/1.1 ");
    section.put_slice(status.as_str().as_bytes());
    section.put_slice(b" ");
    section.put_slice(status.canonical_reason().unwrap_or_default().as_bytes());
    section.put_slice(b"\r\n");
}

fn write_field(section: &mut BytesMut, name: &str, value: &[u8]) {
    section.put_slice(name.as_bytes());
    section.put_slice(b": ");
    section.put_slice(value);
    section.put_slice(b"\r\n");
}
