//! A request as one JSON object on a line, its names the same as in the text form.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use super::escape::json_string;
use super::{ACCESS, Exchange};

/// Appends the object, without the end of the line.
pub(super) fn write(line: &mut String, exchange: &Exchange<'_>) {
    // Writing to a string cannot fail.
    let ended = humantime::format_rfc3339_micros(exchange.ended());
    let _written = write!(line, "{{\"timestamp\":\"{ended}\",\"level\":\"INFO\",\"target\":\"{ACCESS}\"");
    let mut object = Object(line);
    object.string("method", Some(exchange.shown_method()));
    object.string("path", Some(exchange.shown_path()));
    object.plain("protocol", Some(format_args!("\"{:?}\"", exchange.version)));
    object.plain("status", exchange.status.map(|status| status.as_u16()));
    object.plain("sent_bytes", Some(exchange.sent_bytes));
    object.milliseconds("duration_ms", Some(exchange.duration));
    object.milliseconds("first_byte_ms", exchange.first_byte);
    object.string("rule", Some(exchange.rule.as_bytes()).filter(|rule| !rule.is_empty()));
    object.string("pin", exchange.pin.map(str::as_bytes));
    object.string("cache", exchange.cache.map(str::as_bytes));
    object.string("tier", exchange.tier.map(str::as_bytes));
    object.string("signature", exchange.signature.map(str::as_bytes));
    object.plain("peer", Some(format_args!("\"{}\"", exchange.peer)));
    object.plain("client", exchange.client.map(|client| format!("\"{client}\"")));
    object.plain("request_id", Some(format_args!("\"{}\"", exchange.request_id)));
    object.plain("trace_id", exchange.trace_id().map(|id| format!("\"{id}\"")));
    object.plain("parent_id", exchange.trace.map(|trace| format!("\"{}\"", trace.parent_id)));
    object.plain("span_id", exchange.span_id().map(|id| format!("\"{id}\"")));
    object.string("user_agent", exchange.shown_user_agent());
    object.string("referer", exchange.referer_path());
    object.string("cut", exchange.cut.map(str::as_bytes));
    line.push('}');
}

/// An object that has a first member already.
struct Object<'a>(&'a mut String);

impl Object<'_> {
    fn name(&mut self, name: &str) {
        let _written = write!(self.0, ",\"{name}\":");
    }

    /// A value that needs no escape.
    fn plain(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.name(name);
            let _written = write!(self.0, "{value}");
        }
    }

    fn milliseconds(&mut self, name: &str, value: Option<Duration>) {
        self.plain(name, value.map(super::text::Milliseconds));
    }

    fn string(&mut self, name: &str, value: Option<&[u8]>) {
        if let Some(value) = value {
            self.name(name);
            json_string(self.0, value);
        }
    }
}
