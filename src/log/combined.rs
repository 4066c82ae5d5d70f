//! A request as one line of the Combined Log Format, as Apache and nginx write it and as existing tools read it.
//!
//! ```text
//! 192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] "GET /media/a.jpg HTTP/1.1" 200 4096 "https://example.com/" "curl/8"
//! ```
//!
//! The path and the referrer are without their queries. The status of a request whose client left before the answer is
//! 499, as nginx has it.

use std::io::Write as _;

use super::Exchange;
use super::escape::{quoted, quoted_bytes};
use super::values::number;
use crate::semantics::HttpDate;

/// What nginx writes where the client left before there was an answer.
const CLIENT_LEFT: u16 = 499;

/// Appends the line, without its end.
pub(super) fn write(line: &mut Vec<u8>, exchange: &Exchange<'_>) {
    // Writing to memory cannot fail.
    let _written = match exchange.client_ip() {
        Some(address) => write!(line, "{address} - - ["),
        None => write!(line, "- - - ["),
    };
    date(line, exchange);
    line.extend_from_slice(b"] \"");
    quoted_bytes(line, exchange.shown_method());
    line.push(b' ');
    quoted_bytes(line, exchange.shown_path());
    let status = exchange.status.map_or(CLIENT_LEFT, |status| status.as_u16());
    let _written = write!(line, " {:?}\" {status} ", exchange.version);
    number(line, exchange.sent_bytes);
    line.push(b' ');
    field(line, exchange.referer_path());
    line.push(b' ');
    field(line, exchange.shown_user_agent());
}

/// A field that the client sent, or the dash that stands for none.
fn field(line: &mut Vec<u8>, value: Option<&[u8]>) {
    quoted(line, value.filter(|value| !value.is_empty()).unwrap_or(b"-"));
}

/// From `Sun, 06 Nov 1994 08:49:37 GMT` to `06/Nov/1994:08:49:37 +0000`. It is when the answer ended, as with nginx.
fn date(line: &mut Vec<u8>, exchange: &Exchange<'_>) {
    let date = HttpDate::from(exchange.ended()).to_string();
    let mut parts = date.split(' ').skip(1);
    let mut part = || parts.next().unwrap_or_default();
    let _written = write!(line, "{}/{}/{}:{} +0000", part(), part(), part(), part());
}
