//! Messages in, remarks and messages out.
#![expect(clippy::needless_pass_by_value, reason = "a row of a table gives its value away")]

mod bounds;
mod carousel;
mod carried;
mod envelope;
mod examples;
mod interactive;
mod json;
mod limits;
mod media;
mod property;
mod template;

use super::*;
use crate::whatsapp::Severity;
use serde_json::{Value as Written, json};

/// The remarks of a message, each as `pointer code`, with `!` where it refuses and `?` where it warns.
fn remarks(message: &Written) -> Vec<String> {
    let reading = read(message.to_string().as_bytes()).expect("an object");
    let refused = reading.remarks.iter().any(|remark| remark.finding.refuses());
    assert_eq!(reading.message.is_none(), refused, "{message}");
    reading.remarks.iter().map(line).collect()
}

fn line(remark: &Remark) -> String {
    let mark = match remark.finding.severity {
        Severity::Refuse => "!",
        Severity::Warn => "?",
        Severity::Note => "",
    };
    format!("{} {}{mark}", remark.pointer, remark.finding.code)
}

/// Holds each message against the remarks it must have.
fn assert_remarks<const N: usize>(table: [(Written, &[&str]); N]) {
    let wrong = table.iter().filter(|(message, expected)| remarks(message) != *expected);
    let wrong: Vec<_> = wrong.map(|(message, _)| (message.to_string(), remarks(message))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The same, of remarks that are all below `at`, on what `of` makes of each value.
fn assert_remarks_at(at: &str, of: impl Fn(Written) -> Written, table: Vec<(Written, Vec<&str>)>) {
    let wrong = table.into_iter().filter_map(|(value, expected)| {
        let expected: Vec<_> = expected.into_iter().map(|line| format!("{at}{line}")).collect();
        let (shown, found) = (value.to_string(), remarks(&of(value)));
        (found != expected).then_some((shown, found))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The finding of this code in a message.
fn finding(message: &Written, code: &str) -> Finding {
    let reading = read(message.to_string().as_bytes()).expect("an object");
    let found = reading.remarks.into_iter().find(|remark| remark.finding.code == code);
    found.unwrap_or_else(|| panic!("no {code} in {message}")).finding
}

/// A message of this type with this content.
fn of_type(name: &str, content: Written) -> Written {
    json!({"to": "+16505551234", "type": name, name: content})
}

/// The message as it is sent, with every `path` as a link, and every link and id as they are.
fn sent(message: &Written) -> Written {
    let reading = read(message.to_string().as_bytes()).expect("an object");
    let message = reading.message.unwrap_or_else(|| panic!("{:?}", reading.remarks));
    serde_json::to_value(linked(message)).expect("a message is JSON")
}

fn linked(message: Message<Requested>) -> Message<Sendable> {
    let link = |slot: Slot<'_, Requested>| {
        Ok::<_, ()>(match slot.media {
            Requested::Path(path) => Sendable::Link(format!("https://media.example.com/{path}")),
            Requested::Link(link) => Sendable::Link(link),
            Requested::Id(id) => Sendable::Id(id),
        })
    };
    message.try_map(link).expect("no step fails")
}
