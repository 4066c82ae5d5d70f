//! Reads a `Cache-Control` field value: `#cache-directive` (RFC 9111 §5.2), without the leniency of a recipient.

use super::build::{Argument, build};
use super::error::Fault;
use super::{Directive, DirectiveError, DirectiveErrors, Name};
use std::ops::Range;

/// A directive and the bytes of the value that it was read from.
type Placed = (Directive, Range<usize>);

/// Directives that stand in requests alone (RFC 9111 §5.2.1).
const REQUEST_ONLY: [&str; 3] = ["max-stale", "min-fresh", "only-if-cached"];

/// Reads all of `value`, going on after each error, so that one run tells everything.
pub(super) fn parse(value: &str) -> Result<Vec<Placed>, DirectiveErrors> {
    let mut parser = Parser::new(value);
    parser.list();
    if parser.errors.is_empty() {
        return Ok(parser.directives);
    }
    parser.errors.sort_by_key(|error| error.range.start);
    Err(DirectiveErrors(parser.errors))
}

struct Parser<'a> {
    value: &'a str,
    /// The byte to be read next: always a character boundary.
    at: usize,
    directives: Vec<Placed>,
    seen: Vec<Name>,
    errors: Vec<DirectiveError>,
}

impl<'a> Parser<'a> {
    fn new(value: &'a str) -> Self {
        Self { value, at: 0, directives: Vec::new(), seen: Vec::new(), errors: Vec::new() }
    }

    /// `directive *( "," directive )`, each with optional space around it.
    fn list(&mut self) {
        self.skip(is_space);
        if self.rest().is_empty() {
            return self.fail(0..self.value.len(), Fault::EmptyValue);
        }
        loop {
            self.element();
            if !self.separator() {
                return;
            }
        }
    }

    /// One directive, or the report of its absence.
    fn element(&mut self) {
        self.skip(is_space);
        let start = self.at;
        let name = self.skip(is_token);
        match self.peek() {
            None | Some(',') if name.is_empty() => self.empty_element(),
            Some(c) if name.is_empty() || !ends_name(c) => self.stray(c),
            _ => {
                if let Some(argument) = self.argument(name) {
                    self.directive(name, start, &argument);
                }
            }
        }
    }

    /// What follows the name: nothing, `=token` or `="quoted"`; `None` when a quote is never closed.
    fn argument(&mut self, name: &str) -> Option<Argument<'a>> {
        let end_of_name = self.at;
        let before = self.skip(is_space);
        if self.peek() != Some('=') {
            self.at = end_of_name;
            return Some(Argument::None);
        }
        self.at += 1;
        let after = self.skip(is_space);
        if !before.is_empty() || !after.is_empty() {
            self.fail(end_of_name..self.at, Fault::SpaceAroundEquals(name.into()));
        }
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let start = self.at;
        Some(Argument::Token(self.skip(is_argument), start..self.at))
    }

    /// A quoted string. Field names have nothing to escape, so the next quote closes it.
    fn quoted(&mut self) -> Option<Argument<'a>> {
        let open = self.at;
        self.at += 1;
        let text = self.skip(|c| c != '"');
        if self.peek().is_none() {
            self.fail(open..self.at, Fault::Unclosed);
            return None;
        }
        self.at += 1;
        Some(Argument::Quoted(text, open..self.at))
    }

    /// Moves past what divides two directives; false at the end of the value.
    fn separator(&mut self) -> bool {
        let end_of_directive = self.at;
        let spaced = !self.skip(is_space).is_empty();
        match self.peek() {
            None => return false,
            Some(',') => self.at += 1,
            Some(';') => return self.semicolon(),
            Some(c) if spaced && is_token(c) => {
                self.fail(end_of_directive..self.at, Fault::MissingComma);
            }
            Some(c) => {
                self.stray(c);
                return self.separator();
            }
        }
        true
    }

    /// Reads `;` as the comma that was meant; false if nothing follows it.
    fn semicolon(&mut self) -> bool {
        self.fail(self.at..self.at + 1, Fault::Semicolon);
        self.at += 1;
        self.skip(is_space);
        !self.rest().is_empty()
    }

    /// Reports the character at hand, and moves on to the next separator.
    fn stray(&mut self, found: char) {
        self.fail(self.at..self.at + found.len_utf8(), Fault::Stray(found));
        self.resume();
    }

    /// Moves to the next comma, or to the end.
    fn resume(&mut self) {
        self.skip(|c| c != ',');
    }

    /// Nothing stands where a directive should: the comma beside it is the one too many.
    fn empty_element(&mut self) {
        let comma = match self.peek() {
            Some(_) => self.at,
            None => self.value.rfind(',').unwrap_or(self.at),
        };
        self.fail(comma..comma + 1, Fault::EmptyElement);
    }

    /// Adds the directive, unless something is wrong with it.
    fn directive(&mut self, text: &str, start: usize, argument: &Argument<'_>) {
        let place = start..start + text.len();
        let Some(name) = Name::from_text(text) else {
            return self.fail(place, unknown(text));
        };
        if self.seen.contains(&name) {
            return self.fail(place, Fault::Duplicate(name));
        }
        self.seen.push(name);
        match build(name, argument, &place) {
            Ok(directive) => self.directives.push((directive, start..self.at)),
            Err(error) => self.errors.push(error),
        }
    }

    fn rest(&self) -> &'a str {
        self.value.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves past the characters that `of` takes, and returns them.
    fn skip(&mut self, of: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !of(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn fail(&mut self, range: Range<usize>, fault: Fault) {
        self.errors.push(DirectiveError { range, fault });
    }
}

fn unknown(text: &str) -> Fault {
    let name = text.to_ascii_lowercase();
    if REQUEST_ONLY.contains(&name.as_str()) {
        return Fault::RequestOnly(name);
    }
    Fault::Unknown(text.to_owned())
}

/// `OWS = *( SP / HTAB )` (RFC 9110 §5.6.3)
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// `tchar` (RFC 9110 §5.6.2)
pub(in crate::caching) fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// What may follow a directive's name; anything else was meant to be part of it, or an `=`.
fn ends_name(c: char) -> bool {
    is_space(c) || matches!(c, '=' | ',' | ';')
}

/// What an argument runs to: wider than a token, so that `1,5` and `7d` are judged in one piece.
fn is_argument(c: char) -> bool {
    !is_space(c) && !matches!(c, ',' | ';' | '"')
}
