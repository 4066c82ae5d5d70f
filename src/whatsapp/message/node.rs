//! One value of a message while it is read: what it is, where it stands, and where to say what is wrong with it.

use std::ops::RangeInclusive;

use http::uri::Authority;

use super::fields::Fields;
use super::json::{Json, Value};
use super::report::Report;
use crate::whatsapp::{Finding, Severity};

/// A value that is being read. Whatever it is read as and is not, is reported.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) json: &'a Json,
    pub(super) report: &'a Report<'a>,
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
    /// Says something about this value. It is put into words only if it is kept.
    pub(super) fn remark(&self, finding: impl FnOnce() -> Finding) {
        self.report.remark(self.json, finding);
    }

    /// Something in this value.
    pub(super) fn inner(&self, json: &'a Json) -> Self {
        Self { json, report: self.report }
    }

    /// The member of this name, without reading it.
    pub(super) fn peek(&self, name: &str) -> Option<Self> {
        self.json.get(name).map(|json| self.inner(json))
    }

    /// An object, to be read key by key.
    pub(super) fn object(&self) -> Option<Fields<'a>> {
        match &self.json.value {
            Value::Object(members) => Some(Fields::new(*self, members)),
            _ => self.wrong_type("an object"),
        }
    }

    /// An array, in order.
    pub(super) fn array(&self) -> Option<Vec<Self>> {
        let Value::Array(elements) = &self.json.value else { return self.wrong_type("an array") };
        Some(elements.iter().map(|json| self.inner(json)).collect())
    }

    /// An array of so many elements. Those beyond the last that may be there are left unread.
    pub(super) fn array_of(&self, count: RangeInclusive<usize>, source: &'static str) -> Option<Vec<Self>> {
        let mut elements = self.array()?;
        let found = elements.len();
        if !count.contains(&found) {
            self.remark(|| {
                let expected = match (*count.start(), *count.end()) {
                    (least, usize::MAX) => format!("at least {least}"),
                    (least, most) if least == most => format!("exactly {most}"),
                    (least, most) => format!("{least} to {most}"),
                };
                let detail = format!("the number of elements is {found}, and must be {expected}");
                Finding::new(Severity::Refuse, "count", detail, source)
            });
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

    /// A whole number, not below zero. In quotes it is read all the same: several providers take it so.
    pub(super) fn whole_number(&self) -> Option<u64> {
        match &self.json.value {
            Value::Number(digits) if digits.parse::<u64>().is_ok() => digits.parse().ok(),
            Value::String(text)
                if text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u64>().is_ok() =>
            {
                self.remark(|| {
                    Finding::new(
                        Severity::Warn,
                        "number-in-quotes",
                        "a number belongs here, without quotes",
                        MESSAGES,
                    )
                    .remedy("take the quotes away")
                });
                text.parse().ok()
            }
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
        self.remark(|| Finding::new(Severity::Refuse, "empty", "the text is empty", MESSAGES));
        None
    }

    /// A string that says something, within the limit.
    pub(super) fn text(&self, limit: Limit) -> Option<&'a str> {
        let text = self.filled()?;
        self.within(text, limit);
        Some(text)
    }

    /// Holds a text against its limit, counted in characters as Unicode has them, not in bytes.
    pub(super) fn within(&self, text: &str, limit: Limit) {
        let found = text.chars().count();
        if found > limit.most {
            self.remark(|| {
                let (detail, remedy) = too_long(found, limit.most);
                Finding::new(Severity::Refuse, "too-long", detail, limit.source).remedy(remedy)
            });
        }
    }

    /// A URL of the web that is shown to the user, never fetched.
    pub(super) fn web_address(&self, source: &'static str) {
        if self.filled().is_some_and(|text| !has_web_host(text)) {
            self.remark(|| {
                let detail = "a button opens a URL of `https://` or `http://` and a host, and this is none";
                Finding::new(Severity::Refuse, "not-a-url", detail, source)
            });
        }
    }

    fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        self.remark(|| {
            if self.json.value == Value::Null {
                let detail = format!("this is null, and would be sent so; {expected} belongs here");
                Finding::new(Severity::Refuse, "null", detail, MESSAGES)
                    .remedy("leave the key out where there is nothing to say")
            } else {
                let detail = format!("this is {}; {expected} belongs here", kind(&self.json.value));
                Finding::new(Severity::Refuse, "wrong-type", detail, MESSAGES)
            }
        });
        None
    }
}

/// What a value is, and of a number what may be wrong with it.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Number(digits) if digits.contains(['.', 'e', 'E']) => {
            "a number that has a fraction or an exponent"
        }
        Value::Number(digits) if digits.starts_with('-') => "a number below zero",
        Value::Number(digits) if digits.len() > 18 => "a number that is too large",
        other => other.kind(),
    }
}

/// Whether a URL names a host of the web. A name beyond ASCII may stand here: a browser writes it in its own way.
fn has_web_host(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let ascii: String =
        authority.chars().map(|c| if c.is_alphanumeric() && !c.is_ascii() { 'x' } else { c }).collect();
    is_web && ascii.parse::<Authority>().is_ok_and(|authority| !authority.host().is_empty())
}

/// Whether a text begins as a link of the web does.
pub(super) fn is_link(text: &str) -> bool {
    let lower = text.trim_start().to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// What to say of a text that is too long, and what to do.
pub(super) fn too_long(found: usize, most: usize) -> (String, String) {
    let detail = format!("the text has {found} characters, where {most} are taken");
    (detail, format!("shorten it by {}", found - most))
}
