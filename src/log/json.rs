//! A request as one JSON object on a line, its names the same as in the text form.

use super::escape::json_string;
use super::values::{displayed, milliseconds, number, peer, request_id, timestamp};
use super::{ACCESS, Exchange};

/// Appends the object, without the end of the line.
pub(super) fn write(line: &mut Vec<u8>, exchange: &Exchange<'_>) {
    line.extend_from_slice(b"{\"timestamp\":\"");
    timestamp(line, exchange.ended());
    line.extend_from_slice(b"\",\"level\":\"INFO\",\"target\":");
    json_string(line, ACCESS.as_bytes());
    let mut object = Object(line);
    object.string("method", Some(exchange.shown_method()));
    object.string("path", Some(exchange.shown_path()));
    object.quoted("protocol", Some(exchange.version), |line, version| {
        displayed(line, format_args!("{version:?}"));
    });
    object.value("status", exchange.status, |line, status| number(line, status.as_u16().into()));
    object.value("sent_bytes", Some(exchange.sent_bytes), number);
    object.value("duration_ms", Some(exchange.duration), milliseconds);
    object.value("first_byte_ms", exchange.first_byte, milliseconds);
    object.string("rule", Some(exchange.rule.as_bytes()).filter(|rule| !rule.is_empty()));
    object.string("pin", exchange.pin.map(str::as_bytes));
    object.string("cache", exchange.cache.map(str::as_bytes));
    object.string("tier", exchange.tier.map(str::as_bytes));
    object.string("signature", exchange.signature.map(str::as_bytes));
    object.quoted("peer", Some(exchange.peer), peer);
    object.quoted("client", exchange.client, displayed);
    object.quoted("request_id", Some(exchange.request_id), request_id);
    object.quoted("trace_id", exchange.trace_id(), displayed);
    object.quoted("parent_id", exchange.trace.map(|trace| trace.parent_id), displayed);
    object.quoted("span_id", exchange.span_id(), displayed);
    object.string("user_agent", exchange.shown_user_agent());
    object.string("referer", exchange.referer_path());
    object.string("cut", exchange.cut.map(str::as_bytes));
    line.push(b'}');
}

/// An object that has a first member already.
struct Object<'a>(&'a mut Vec<u8>);

impl Object<'_> {
    fn name(&mut self, name: &str) {
        for part in [",\"", name, "\":"] {
            self.0.extend_from_slice(part.as_bytes());
        }
    }

    /// A value as `write` writes it.
    fn value<T>(&mut self, name: &str, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
        if let Some(value) = value {
            self.name(name);
            write(self.0, value);
        }
    }

    /// A string that needs no escape.
    fn quoted<T>(&mut self, name: &str, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
        self.value(name, value, |line, value| {
            line.push(b'"');
            write(line, value);
            line.push(b'"');
        });
    }

    fn string(&mut self, name: &str, value: Option<&[u8]>) {
        self.value(name, value, json_string);
    }
}
