//! One value of a message while it is read: what it is, where it stands, and where to say what is wrong with it.

use std::ops::RangeInclusive;

use super::fields::Fields;
use super::json::{Json, Value};
use super::pointer::Pointer;
use super::report::Report;
use crate::whatsapp::{Finding, Severity};

/// A value that is being read. Whatever it is read as and is not, is reported.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) json: &'a Json,
    pub(super) pointer: Pointer,
    pub(super) report: &'a Report,
}

/// How long a text may be, in characters, and who says so.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    pub(super) most: usize,
    pub(super) source: &'static str,
}

/// Where the shape of messages is documented.
pub(super) const MESSAGES: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages";

impl<'a> Node<'a> {
    /// Says something about this value.
    pub(super) fn remark(&self, finding: Finding) {
        self.report.remark(self.json.at, self.pointer.clone(), finding);
    }

    /// An object, to be read key by key.
    pub(super) fn object(&self) -> Option<Fields<'a>> {
        match &self.json.value {
            Value::Object(members) => Some(Fields::new(self.clone(), members)),
            _ => self.wrong_type("an object"),
        }
    }

    /// An array, in order.
    pub(super) fn array(&self) -> Option<Vec<Self>> {
        let Value::Array(elements) = &self.json.value else { return self.wrong_type("an array") };
        let element = |(index, json)| Self { json, pointer: self.pointer.element(index), ..self.clone() };
        Some(elements.iter().enumerate().map(element).collect())
    }

    /// An array of so many elements. Those beyond the last that may be there are left unread.
    pub(super) fn array_of(&self, count: RangeInclusive<usize>, source: &'static str) -> Option<Vec<Self>> {
        let mut elements = self.array()?;
        if !count.contains(&elements.len()) {
            let expected = match (*count.start(), *count.end()) {
                (least, usize::MAX) => format!("at least {least}"),
                (least, most) if least == most => format!("exactly {most}"),
                (least, most) => format!("{least} to {most}"),
            };
            let detail = format!("the number of elements is {}, and must be {expected}", elements.len());
            self.remark(Finding::new(Severity::Refuse, "count", detail, source));
            elements.truncate(*count.end());
        }
        Some(elements)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self) -> Option<bool> {
        match &self.json.value {
            Value::Boolean(boolean) => Some(*boolean),
            _ => self.wrong_type("`true` or `false`, without quotes"),
        }
    }

    /// A whole number, not below zero.
    pub(super) fn whole_number(&self) -> Option<u64> {
        match &self.json.value {
            Value::Number(digits) if digits.parse::<u64>().is_ok() => digits.parse().ok(),
            _ => self.wrong_type("a whole number, without quotes"),
        }
    }

    /// A whole number, perhaps with a minus sign.
    pub(super) fn integer(&self) {
        let is_integer = |digits: &String| digits.parse::<i64>().is_ok();
        if !matches!(&self.json.value, Value::Number(digits) if is_integer(digits)) {
            self.wrong_type::<()>("a whole number, without quotes");
        }
    }

    /// A string; it may be empty.
    pub(super) fn string(&self) -> Option<&'a str> {
        match &self.json.value {
            Value::String(text) => Some(text),
            _ => self.wrong_type("a string"),
        }
    }

    /// A string that says something.
    pub(super) fn filled(&self) -> Option<&'a str> {
        let text = self.string()?;
        if !text.trim().is_empty() {
            return Some(text);
        }
        self.remark(Finding::new(Severity::Refuse, "empty", "the text is empty", MESSAGES));
        None
    }

    /// A string that says something, within the limit.
    pub(super) fn text(&self, limit: Limit) -> Option<&'a str> {
        self.filled().filter(|text| self.is_within(text, limit))
    }

    /// Whether `text` is within the limit, counted in characters as Unicode has them, not in bytes.
    pub(super) fn is_within(&self, text: &str, limit: Limit) -> bool {
        let found = text.chars().count();
        if found > limit.most {
            let (detail, remedy) = too_long(found, limit.most);
            self.remark(Finding::new(Severity::Refuse, "too-long", detail, limit.source).remedy(remedy));
        }
        found <= limit.most
    }

    /// A URL of the web that is shown to the user, never fetched.
    pub(super) fn web_address(&self, source: &'static str) {
        let Some(text) = self.filled() else { return };
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("https://") && !lower.starts_with("http://") {
            let detail = "a button opens a URL that begins with `https://` or `http://`, and this does not";
            self.remark(Finding::new(Severity::Warn, "not-a-url", detail, source));
        }
    }

    fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        let finding = if self.json.value == Value::Null {
            let detail = format!("this is null, and would be sent so; {expected} belongs here");
            Finding::new(Severity::Refuse, "null", detail, MESSAGES)
                .remedy("leave the key out where there is nothing to say")
        } else {
            let detail = format!("this is {}; {expected} belongs here", self.json.value.kind());
            Finding::new(Severity::Refuse, "wrong-type", detail, MESSAGES)
        };
        self.remark(finding);
        None
    }
}

/// What to say of a text that is too long, and what to do.
pub(super) fn too_long(found: usize, most: usize) -> (String, String) {
    let detail = format!("the text has {found} characters, where {most} are taken");
    (detail, format!("shorten it by {}", found - most))
}
