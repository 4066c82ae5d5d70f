//! The JSON of a report: which of its parts report something, whatever it is wrapped in.
//!
//! Nothing in it is relied on. A `timestamp` is a text in the documentation and a number in the wild; `href` and
//! `error_data` are often missing; a failure may come without a reason.

use serde_json::{Map, Value};

use super::classify::classify;
use super::mask::{digits, masked, masked_in};
use super::{Failure, Report, words};

type Object = Map<String, Value>;

/// Reads a report. `None` if nothing in it has the shape of one.
pub(super) fn read(json: &Value) -> Option<Report> {
    let mut reader = Reader::default();
    numbers(json, &mut reader.numbers);
    reader.any(json).then_some(reader.report)
}

#[derive(Default)]
struct Reader {
    report: Report,
    /// The digits of every telephone number in the report.
    numbers: Vec<String>,
}

/// What an error is about.
#[derive(Clone, Copy, Default)]
struct About<'a> {
    message_id: Option<&'a str>,
    status: Option<&'a str>,
    recipient: Option<&'a Value>,
    when: Option<u64>,
}

impl Reader {
    /// A webhook, or a part of one. Whether it was.
    fn any(&mut self, json: &Value) -> bool {
        match json {
            Value::Array(several) => several.iter().filter(|json| self.any(json)).count() > 0,
            Value::Object(object) => self.object(object),
            _ => false,
        }
    }

    fn object(&mut self, object: &Object) -> bool {
        if let Some(error @ Value::Object(_)) = object.get("error") {
            self.error(error, About::default());
            return true;
        }
        let of_status = ["id", "recipient_id", "timestamp", "errors"];
        if text(object, "status").is_some() && of_status.iter().any(|key| object.contains_key(*key)) {
            self.status(object);
            return true;
        }
        let wrapped =
            ["entry", "changes", "value"].map(|key| object.get(key).is_some_and(|json| self.any(json)));
        self.value(object) || wrapped.contains(&true)
    }

    /// The `value` of a change: statuses of our messages, messages of others, errors of neither.
    fn value(&mut self, value: &Object) -> bool {
        let errors = list(value, "errors");
        for error in errors.unwrap_or_default() {
            self.error(error, About::default());
        }
        for message in objects(value, "messages") {
            let about = About { message_id: text(message, "id"), when: when(message), ..About::default() };
            for error in list(message, "errors").unwrap_or_default() {
                self.error(error, about);
            }
        }
        for status in objects(value, "statuses") {
            self.status(status);
        }
        errors.is_some() || ["messages", "statuses"].iter().any(|key| list(value, key).is_some())
    }

    fn status(&mut self, status: &Object) {
        let about = About {
            message_id: text(status, "id"),
            status: text(status, "status"),
            recipient: status.get("recipient_id"),
            when: when(status),
        };
        let errors = list(status, "errors").unwrap_or_default();
        for error in errors {
            self.error(error, about);
        }
        match (errors.is_empty(), about.status) {
            (false, _) => {}
            (true, Some("failed")) => self.error(&Value::Null, about),
            (true, _) => self.report.without_failure += 1,
        }
    }

    fn error(&mut self, error: &Value, about: About<'_>) {
        let field = |key: &str| said(error, key);
        let data = error.get("error_data").and_then(|data| said(data, "details"));
        let title = field("title").or_else(|| field("message"));
        let message = || field("message").filter(|message| Some(*message) != title);
        let details = data.or_else(|| field("details")).or_else(message);
        let code = error.get("code").and_then(number);
        let shown = |text: &str| masked_in(text, &self.numbers);
        let (title, details) = (title.map(shown), details.map(shown));
        // A refusal at once says in its message what a status says in its details.
        let said = [&details, &title].map(|part| part.as_deref().unwrap_or_default());
        let cause = said.iter().map(|part| classify(code, part)).find(|cause| *cause != classify(code, ""));
        let cause = cause.unwrap_or_else(|| classify(code, ""));
        let words = words::of(&cause, details.as_deref().or(title.as_deref()));
        self.report.failures.push(Failure {
            message_id: about.message_id.map(str::to_owned),
            status: about.status.map(str::to_owned),
            recipient: about.recipient.and_then(|number| masked(&number.to_string())),
            when: about.when,
            code,
            title,
            details,
            cause,
            explanation: words.explanation,
            remedy: words.remedy,
            source: words.source,
        });
    }
}

/// The digits of every telephone number that the report has under one of its names.
fn numbers(json: &Value, found: &mut Vec<String>) {
    const NAMES: [&str; 7] =
        ["recipient_id", "wa_id", "display_phone_number", "from", "to", "input", "phone_number"];
    match json {
        Value::Array(several) => several.iter().for_each(|json| numbers(json, found)),
        Value::Object(object) => {
            let named = NAMES.iter().filter_map(|name| object.get(*name));
            found.extend(
                named
                    .filter(|json| !json.is_array() && !json.is_object())
                    .map(|json| digits(&json.to_string())),
            );
            object.values().for_each(|json| numbers(json, found));
        }
        _ => {}
    }
}

/// A text that says something.
fn said<'a>(json: &'a Value, key: &str) -> Option<&'a str> {
    json.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str().filter(|text| !text.is_empty())
}

fn list<'a>(object: &'a Object, key: &str) -> Option<&'a [Value]> {
    object.get(key)?.as_array().map(Vec::as_slice)
}

fn objects<'a>(object: &'a Object, key: &str) -> impl Iterator<Item = &'a Object> {
    list(object, key).unwrap_or_default().iter().filter_map(Value::as_object)
}

fn when(object: &Object) -> Option<u64> {
    object.get("timestamp").and_then(number)
}

/// A number, also one that is written as a text.
fn number(json: &Value) -> Option<u64> {
    json.as_u64().or_else(|| json.as_str()?.parse().ok())
}
