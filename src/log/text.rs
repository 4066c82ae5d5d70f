//! A request as a line for people, in the form of the program's own lines.

use super::Exchange;
use super::escape::{debug, quoted, quoted_bytes};
use super::values::{displayed, milliseconds, number, peer, request_id, timestamp};

/// Appends the line, without its end.
pub(super) fn write(line: &mut Vec<u8>, exchange: &Exchange<'_>, colour: bool) {
    let (dim, plain, green) = if colour { ("\x1b[2m", "\x1b[0m", "\x1b[32m") } else { ("", "", "") };
    line.extend_from_slice(dim.as_bytes());
    timestamp(line, exchange.ended());
    for part in [plain, " ", green, " INFO", plain, " "] {
        line.extend_from_slice(part.as_bytes());
    }
    quoted_bytes(line, exchange.shown_method());
    line.push(b' ');
    quoted_bytes(line, exchange.shown_path());
    field(line, "status", exchange.status, |line, status| number(line, status.as_u16().into()));
    field(line, "sent_bytes", Some(exchange.sent_bytes), number);
    field(line, "duration_ms", Some(exchange.duration), milliseconds);
    field(line, "first_byte_ms", exchange.first_byte, milliseconds);
    // A person's own words, from the configuration.
    field(line, "rule", Some(exchange.rule).filter(|rule| !rule.is_empty()), debug);
    field(line, "pin", exchange.pin, debug);
    field(line, "cache", exchange.cache, debug);
    field(line, "tier", exchange.tier, debug);
    field(line, "signature", exchange.signature, debug);
    field(line, "peer", Some(exchange.peer), peer);
    field(line, "client", exchange.client, displayed);
    field(line, "request_id", Some(exchange.request_id), request_id);
    field(line, "trace_id", exchange.trace_id(), displayed);
    field(line, "parent_id", exchange.trace.map(|trace| trace.parent_id), displayed);
    field(line, "span_id", exchange.span_id(), displayed);
    field(line, "user_agent", exchange.shown_user_agent(), quoted);
    field(line, "cut", exchange.cut, debug);
}

/// A name and a value, if there is one.
fn field<T>(line: &mut Vec<u8>, name: &str, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
    if let Some(value) = value {
        line.push(b' ');
        line.extend_from_slice(name.as_bytes());
        line.push(b'=');
        write(line, value);
    }
}
