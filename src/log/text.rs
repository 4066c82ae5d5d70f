//! A request as a line for people, in the form of the program's own lines.

use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use super::Exchange;
use super::escape::quoted_bytes;

/// Appends the line, without its end.
pub(super) fn write(line: &mut String, exchange: &Exchange<'_>, colour: bool) {
    let ended = humantime::format_rfc3339_micros(exchange.ended());
    // Writing to a string cannot fail.
    let _written = if colour {
        write!(line, "\x1b[2m{ended}\x1b[0m \x1b[32m INFO\x1b[0m ")
    } else {
        write!(line, "{ended}  INFO ")
    };
    quoted_bytes(line, exchange.shown_method());
    line.push(' ');
    quoted_bytes(line, exchange.shown_path());
    plain(line, "status", exchange.status.map(|status| status.as_u16()));
    plain(line, "sent_bytes", Some(exchange.sent_bytes));
    plain(line, "duration_ms", Some(Milliseconds(exchange.duration)));
    plain(line, "first_byte_ms", exchange.first_byte.map(Milliseconds));
    // A person's own words, from the configuration.
    word(line, "rule", Some(exchange.rule).filter(|rule| !rule.is_empty()));
    word(line, "pin", exchange.pin);
    word(line, "cache", exchange.cache);
    word(line, "tier", exchange.tier);
    word(line, "signature", exchange.signature);
    plain(line, "peer", Some(exchange.peer));
    plain(line, "client", exchange.client);
    plain(line, "request_id", Some(exchange.request_id));
    plain(line, "trace_id", exchange.trace_id());
    plain(line, "parent_id", exchange.trace.map(|trace| trace.parent_id));
    plain(line, "span_id", exchange.span_id());
    quoted(line, "user_agent", exchange.shown_user_agent());
    word(line, "cut", exchange.cut);
}

/// A time span in thousandths of a second, to the microsecond.
pub(super) struct Milliseconds(pub(super) Duration);

impl Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let microseconds = self.0.as_micros();
        write!(f, "{}.{:03}", microseconds / 1000, microseconds % 1000)
    }
}

/// A value that needs no quotes.
fn plain(line: &mut String, name: &str, value: Option<impl Display>) {
    if let Some(value) = value {
        let _written = write!(line, " {name}={value}");
    }
}

/// A value of our own.
fn word(line: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _written = write!(line, " {name}={value:?}");
    }
}

/// A value that the client chose.
fn quoted(line: &mut String, name: &str, value: Option<&[u8]>) {
    if let Some(value) = value {
        let _written = write!(line, " {name}=\"");
        quoted_bytes(line, value);
        line.push('"');
    }
}
