//! What can be wrong with a `Cache-Control` value: where, what was expected there, and the remedy.

use super::Name;
use super::name::Syntax;
use std::fmt;
use std::ops::Range;

/// Everything that is wrong with one field value; at least one error, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectiveErrors(pub(super) Vec<DirectiveError>);

/// One thing that is wrong with a field value. `Display` says what, in a sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectiveError {
    pub(super) range: Range<usize>,
    pub(super) fault: Fault,
}

/// What is wrong, with the words that the messages need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    EmptyValue,
    EmptyElement,
    Unknown(String),
    RequestOnly(String),
    Stray(char),
    Semicolon,
    MissingComma,
    SpaceAroundEquals(String),
    MissingSeconds(Name),
    QuotedSeconds(Name, String),
    Negative(Name, String),
    Fraction(Name, String),
    TooLong(Name),
    NotSeconds(Name, String),
    Surplus(Name),
    Unquoted(Name, String),
    Unclosed,
    NoFields(Name),
    NotAFieldName(String),
    Duplicate(Name),
}

impl DirectiveErrors {
    /// The errors in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &DirectiveError> {
        self.0.iter()
    }
}

impl DirectiveError {
    /// The bytes of the value that are at fault; empty where something is missing. Both ends are character boundaries.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// What should have stood there.
    #[must_use]
    pub fn expected(&self) -> String {
        use Fault as F;
        match &self.fault {
            F::EmptyValue | F::EmptyElement => "expected a directive".into(),
            F::Unknown(found) => meant(found).unwrap_or_else(|| "there is no such directive".into()),
            F::RequestOnly(_) => "only clients send this directive".into(),
            F::Stray(_) => "expected `=`, `,` or the end".into(),
            F::Semicolon | F::MissingComma => "expected `,`".into(),
            F::SpaceAroundEquals(_) => "expected no space here".into(),
            F::MissingSeconds(name) => format!("expected a number of seconds: `{name}=60`"),
            F::QuotedSeconds(..) => "expected a number without quotes".into(),
            F::Negative(..) | F::Fraction(..) | F::NotSeconds(..) => {
                "expected a whole number of seconds".into()
            }
            F::TooLong(_) => "expected at most 2147483648 seconds (68 years)".into(),
            F::Surplus(name) => format!("expected only `{name}`"),
            F::Unquoted(..) | F::NoFields(_) => "expected field names in double quotes".into(),
            F::Unclosed => "this quote is never closed".into(),
            F::NotAFieldName(_) => "expected the name of a header field".into(),
            F::Duplicate(name) => format!("`{name}` is there already"),
        }
    }

    /// How to put it right, as an instruction, where more can be said than what was expected.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        use Fault as F;
        match &self.fault {
            F::EmptyValue => Some("write `no-cache` to have caches ask before each use".into()),
            F::EmptyElement => Some("remove the comma".into()),
            F::Unknown(found) => meant(found).is_none().then(known),
            F::RequestOnly(_) => Some("remove it (RFC 9111 §5.2.1)".into()),
            F::Semicolon => Some("separate directives with commas".into()),
            F::MissingComma => Some("put a comma between two directives".into()),
            F::SpaceAroundEquals(name) => Some(format!("write `{name}=…` in one piece")),
            F::QuotedSeconds(name, digits) => Some(format!(
                "write `{name}={digits}`: the quoted form must not be sent ({})",
                name.section()
            )),
            F::Negative(name, _) => Some(format!("write `{name}=0` to be stale at once")),
            F::NotSeconds(name, found) => {
                seconds_meant(found).map(|seconds| format!("write `{name}={seconds}`"))
            }
            F::Unquoted(name, found) => Some(format!("write `{name}=\"{found}\"`")),
            F::Surplus(name) | F::NoFields(name) => Some(format!("write `{name}` ({})", name.section())),
            F::Duplicate(_) => Some("keep one of the two".into()),
            F::Stray(_)
            | F::MissingSeconds(_)
            | F::Fraction(..)
            | F::TooLong(_)
            | F::Unclosed
            | F::NotAFieldName(_) => None,
        }
    }
}

impl fmt::Display for DirectiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Fault as F;
        match &self.fault {
            F::EmptyValue => f.write_str("the value is empty"),
            F::EmptyElement => f.write_str("a directive is missing beside this comma"),
            F::Unknown(found) => write!(f, "unknown directive `{found}`"),
            F::RequestOnly(name) => write!(f, "`{name}` is a directive of requests"),
            F::Stray(found) => write!(f, "unexpected character `{}`", visible(&found.to_string())),
            F::Semicolon => f.write_str("directives are separated by `;`"),
            F::MissingComma => f.write_str("a comma is missing"),
            F::SpaceAroundEquals(_) => f.write_str("there is a space beside `=`"),
            F::MissingSeconds(name) => write!(f, "`{name}` has no number"),
            F::QuotedSeconds(name, _) => write!(f, "the number of `{name}` is quoted"),
            F::Negative(name, found) => write!(f, "`{name}={found}` is negative"),
            F::Fraction(name, found) => write!(f, "`{name}={found}` has a fraction"),
            F::TooLong(name) => write!(f, "`{name}` is longer than a cache can count"),
            F::NotSeconds(name, found) => {
                write!(f, "`{name}={}` is not a number", visible(found))
            }
            F::Surplus(name) => write!(f, "`{name}` takes no argument"),
            F::Unquoted(name, _) => write!(f, "the argument of `{name}` is not quoted"),
            F::Unclosed => f.write_str("a quote is not closed"),
            F::NoFields(name) => write!(f, "`{name}=\"\"` names no field"),
            F::NotAFieldName(found) => {
                write!(f, "`{}` is not a field name", visible(found))
            }
            F::Duplicate(name) => write!(f, "`{name}` is given twice"),
        }
    }
}

impl std::error::Error for DirectiveError {}

impl fmt::Display for DirectiveErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentences: Vec<_> = self.iter().map(ToString::to_string).collect();
        f.write_str(&sentences.join("; "))
    }
}

impl std::error::Error for DirectiveErrors {}

/// The directive that a person meant by an unknown one.
fn meant(found: &str) -> Option<String> {
    let nearest = crate::spelling::nearest(found, Name::ALL.map(Name::as_str))?;
    let argument = match Name::from_text(nearest)?.syntax() {
        Syntax::Seconds => "=…",
        Syntax::Fields | Syntax::Nothing => "",
    };
    Some(format!("did you mean `{nearest}{argument}`?"))
}

fn known() -> String {
    format!("the known directives are {}", Name::ALL.map(Name::as_str).join(", "))
}

/// `text` with its control characters escaped, so that a message stays on its line.
fn visible(text: &str) -> String {
    let escaped = text.chars().map(|c| if c.is_control() { c.escape_debug().to_string() } else { c.into() });
    escaped.collect()
}

/// The seconds that a person meant by `5m`, `1h`, `7d`, `2w` or `1y`.
fn seconds_meant(found: &str) -> Option<u64> {
    let unit = found.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = found.split_at_checked(unit)?;
    let seconds = match unit {
        "s" | "sec" | "seconds" => 1,
        "m" | "min" | "minutes" => 60,
        "h" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "weeks" => 604_800,
        "y" | "year" => 31_536_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(seconds)
}
