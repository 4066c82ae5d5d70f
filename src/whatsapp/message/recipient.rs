//! To whom a message goes.

use super::fields::Fields;
use super::node::{MESSAGES, Node};
use crate::whatsapp::{Finding, Severity};

const USER_IDS: &str = "dualhook.com/docs/contacts-bsuid-api-changes";

/// To whom a message goes. `Debug` shows the kind alone: these are personal data.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Recipient {
    /// `to`: a telephone number.
    Number(String),
    /// `to` with `"recipient_type": "group"`: the id of a group.
    Group(String),
    /// `recipient`: a user id that is valid for one business only.
    User(String),
}

impl Recipient {
    /// The value of `recipient_type`.
    pub(super) fn recipient_type(&self) -> &'static str {
        match self {
            Self::Number(_) | Self::User(_) => "individual",
            Self::Group(_) => "group",
        }
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Number(_) => "Number(…)",
            Self::Group(_) => "Group(…)",
            Self::User(_) => "User(…)",
        })
    }
}

/// Reads `recipient_type`, `to` and `recipient`.
pub(super) fn read(fields: &mut Fields<'_>) -> Option<Recipient> {
    let is_group = fields.optional("recipient_type").is_some_and(|value| is_group(&value));
    let (to, user) = (fields.optional("to"), fields.optional("recipient"));
    match (&to, &user) {
        (None, None) => fields.missing("to", || {
            let detail = "nobody is named to whom the message goes: `to` and `recipient` are both missing";
            Finding::new(Severity::Refuse, "required", detail, MESSAGES)
                .remedy("give `to`, a telephone number that begins with `+`")
        }),
        (Some(_), Some(user)) => user.remark(|| {
            let detail = "`to` and `recipient` are both there; `to` wins, so `recipient` is left out";
            Finding::new(Severity::Warn, "two-recipients", detail, USER_IDS).remedy("keep one of the two")
        }),
        (None, Some(_)) if is_group => fields.missing("to", || {
            let detail = "a group is named by `to`, which is missing; `recipient` is one user";
            Finding::new(Severity::Refuse, "required", detail, MESSAGES)
                .remedy("give the group's id as `to`, or leave `recipient_type` out")
        }),
        _ => {}
    }
    let user = user.and_then(|value| user_id(&value));
    match to {
        Some(to) if is_group => to.filled().map(|id| Recipient::Group(id.to_owned())),
        Some(to) => number(&to),
        None => user,
    }
}

fn is_group(value: &Node<'_>) -> bool {
    match value.string() {
        Some("group") => true,
        Some("individual") | None => false,
        Some(_) => {
            value.remark(|| {
                let detail = "the types of recipients are `individual` and `group`";
                Finding::new(Severity::Refuse, "recipient-type", detail, MESSAGES)
            });
            false
        }
    }
}

/// "The plus signs (+), hyphens (-), parentheses ((,)), and spaces are supported".
fn number(value: &Node<'_>) -> Option<Recipient> {
    let text = value.filled()?;
    if let Some(finding) = fault(text) {
        value.remark(|| finding);
    }
    Some(Recipient::Number(text.to_owned()))
}

/// What is wrong with a telephone number. It says so without repeating the number.
fn fault(text: &str) -> Option<Finding> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' ');
    if let Some(position) = text.chars().position(|c| !is_part(c)) {
        let detail = format!(
            "character {} is none of a telephone number: digits, `+`, `-`, `(`, `)` and spaces are",
            position + 1
        );
        return Some(Finding::new(Severity::Refuse, "to-not-a-number", detail, MESSAGES));
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let before_digits = text.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    if digits == 0 || before_digits.matches('+').count() != text.matches('+').count() {
        let detail = "a telephone number has digits, and a `+` only before them";
        return Some(Finding::new(Severity::Refuse, "to-not-a-number", detail, MESSAGES));
    }
    if !text.contains('+') {
        let detail = "without `+` the country calling code of the sending business is put in front, so the message can \
                      reach nobody, or somebody else";
        let remedy = "write `+`, the country calling code, and the number";
        return Some(Finding::new(Severity::Warn, "to-without-plus", detail, MESSAGES).remedy(remedy));
    }
    (digits > 15).then(|| {
        let detail = format!("the number has {digits} digits, and no telephone number has more than 15");
        Finding::new(Severity::Warn, "to-too-long", detail, "ITU-T E.164 §6.1")
    })
}

fn user_id(value: &Node<'_>) -> Option<Recipient> {
    let text = value.filled()?;
    if is_user_id(text) {
        return Some(Recipient::User(text.to_owned()));
    }
    value.remark(|| {
        let detail = "a business-scoped user id is a country's two capital letters, a point, perhaps `ENT.`, and 1 to \
                      128 letters and digits";
        Finding::new(Severity::Refuse, "not-a-user-id", detail, USER_IDS)
    });
    None
}

/// `^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$`
fn is_user_id(text: &str) -> bool {
    let Some((country, id)) = text.split_once('.') else { return false };
    let id = id.strip_prefix("ENT.").unwrap_or(id);
    let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    is_country && (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())
}
