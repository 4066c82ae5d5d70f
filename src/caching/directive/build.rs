//! Makes a directive of its name and argument, if the argument is the one that the name takes.

use super::error::Fault;
use super::parse::is_space;
use super::{DeltaSeconds, Directive, DirectiveError, FieldNames, Name};
use http::HeaderName;
use std::ops::Range;

/// What was written after a directive's name.
pub(super) enum Argument<'a> {
    None,
    Token(&'a str, Range<usize>),
    Quoted(&'a str, Range<usize>),
}

/// The directive of `name`, if the argument is the one that it takes.
pub(super) fn build(
    name: Name,
    argument: &Argument<'_>,
    place: &Range<usize>,
) -> Result<Directive, DirectiveError> {
    let with_seconds = |of: fn(DeltaSeconds) -> Directive| seconds(name, argument, place).map(of);
    let with_fields = |of: fn(FieldNames) -> Directive| fields(name, argument).map(of);
    let alone = |directive: Directive| nothing(name, argument).map(|()| directive);
    match name {
        Name::MaxAge => with_seconds(Directive::MaxAge),
        Name::SMaxAge => with_seconds(Directive::SMaxAge),
        Name::StaleWhileRevalidate => with_seconds(Directive::StaleWhileRevalidate),
        Name::StaleIfError => with_seconds(Directive::StaleIfError),
        Name::NoCache => with_fields(Directive::NoCache),
        Name::Private => with_fields(Directive::Private),
        Name::NoStore => alone(Directive::NoStore),
        Name::Public => alone(Directive::Public),
        Name::MustRevalidate => alone(Directive::MustRevalidate),
        Name::ProxyRevalidate => alone(Directive::ProxyRevalidate),
        Name::MustUnderstand => alone(Directive::MustUnderstand),
        Name::NoTransform => alone(Directive::NoTransform),
        Name::Immutable => alone(Directive::Immutable),
    }
}

/// "A sender MUST NOT generate the quoted-string form." RFC 9111 §5.2.2.1
fn seconds(
    name: Name,
    argument: &Argument<'_>,
    place: &Range<usize>,
) -> Result<DeltaSeconds, DirectiveError> {
    let (range, fault) = match argument {
        Argument::None => (place.clone(), Fault::MissingSeconds(name)),
        Argument::Token("", range) => (place.start..range.end, Fault::MissingSeconds(name)),
        Argument::Quoted(text, range) => (range.clone(), Fault::QuotedSeconds(name, (*text).into())),
        Argument::Token(text, range) => match delta_seconds(name, text) {
            Ok(seconds) => return Ok(seconds),
            Err(fault) => (range.clone(), fault),
        },
    };
    Err(DirectiveError { range, fault })
}

/// `delta-seconds = 1*DIGIT`, and what a person wrote who did not know that.
fn delta_seconds(name: Name, text: &str) -> Result<DeltaSeconds, Fault> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(text) {
        let seconds = text.parse().ok().and_then(DeltaSeconds::new);
        return seconds.ok_or(Fault::TooLong(name));
    }
    if text.strip_prefix('-').is_some_and(digits) {
        return Err(Fault::Negative(name, text.into()));
    }
    if text.parse::<f64>().is_ok() && text.contains('.') {
        return Err(Fault::Fraction(name, text.into()));
    }
    Err(Fault::NotSeconds(name, text.into()))
}

/// "A sender SHOULD NOT generate the token form (even if quoting appears not to be needed …)." RFC 9111 §5.2.2.4
fn fields(name: Name, argument: &Argument<'_>) -> Result<FieldNames, DirectiveError> {
    let (range, fault) = match argument {
        Argument::None => return Ok(FieldNames::default()),
        Argument::Token("", range) => (range.clone(), Fault::NoFields(name)),
        Argument::Token(text, range) => (range.clone(), Fault::Unquoted(name, (*text).into())),
        Argument::Quoted(text, range) if text.trim().is_empty() => (range.clone(), Fault::NoFields(name)),
        Argument::Quoted(text, range) => return field_names(text, range.start + 1),
    };
    Err(DirectiveError { range, fault })
}

/// The names in a list whose first byte stands at `start` of the value.
fn field_names(list: &str, start: usize) -> Result<FieldNames, DirectiveError> {
    let mut at = start;
    let mut names = Vec::new();
    for item in list.split(',') {
        let name = item.trim_matches(is_space);
        let first = at + (item.len() - item.trim_start_matches(is_space).len());
        let refused =
            |_| DirectiveError { range: first..first + name.len(), fault: Fault::NotAFieldName(name.into()) };
        names.push(HeaderName::try_from(name).map_err(refused)?);
        at += item.len() + 1;
    }
    Ok(FieldNames(names))
}

fn nothing(name: Name, argument: &Argument<'_>) -> Result<(), DirectiveError> {
    match argument {
        Argument::None => Ok(()),
        Argument::Token(_, range) | Argument::Quoted(_, range) => {
            Err(DirectiveError { range: range.start - 1..range.end, fault: Fault::Surplus(name) })
        }
    }
}
