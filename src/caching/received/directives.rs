//! `Cache-Control` of a response, as a recipient takes it: `#cache-directive` (RFC 9111 §5.2).

use super::{Given, delta_seconds};
use crate::caching::directive::{DeltaSeconds, Name};
use http::{HeaderName, HeaderValue};

/// The directives that are known here, with their arguments, in the order of the field. "A cache MUST ignore
/// unrecognized cache directives." §5.2.3
#[derive(Clone, Debug, Default)]
pub struct Directives {
    known: Vec<(Name, Argument)>,
    unknown: usize,
}

/// What a directive is about that may name fields: `no-cache` or `private`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// It is not there.
    Nothing,
    /// These fields of the response.
    Fields(Vec<HeaderName>),
    /// All of the response.
    Everything,
}

/// What follows a directive's name.
#[derive(Clone, Debug)]
enum Argument {
    None,
    /// A token, or what a quoted string stands for. "… recipients ought to accept both forms, even if a specific form
    /// is required for generation." §5.2
    Text(Vec<u8>),
    /// Something that the grammar does not know.
    Malformed,
}

impl Directives {
    pub(super) fn read<'a>(lines: impl IntoIterator<Item = &'a HeaderValue>) -> Self {
        let mut read = Self::default();
        for element in lines.into_iter().flat_map(|line| elements(line.as_bytes())) {
            match directive(element) {
                Some(known) => read.known.push(known),
                None => read.unknown += 1,
            }
        }
        read
    }

    /// Whether nothing was said, not even something unknown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.unknown == 0
    }

    /// The names of the known directives, in their order.
    pub fn names(&self) -> impl Iterator<Item = Name> {
        self.known.iter().map(|(name, _)| *name)
    }

    /// Whether a directive of this name is there. One that takes no argument and has one counts: whoever wrote it
    /// meant it.
    #[must_use]
    pub fn has(&self, name: Name) -> bool {
        self.names().any(|own| own == name)
    }

    /// The seconds that the directive of this name gives.
    #[must_use]
    pub fn seconds(&self, name: Name) -> Given<DeltaSeconds> {
        Given::all(self.arguments(name).map(|argument| match argument {
            Argument::Text(text) => delta_seconds(text),
            Argument::None | Argument::Malformed => None,
        }))
    }

    /// What `no-cache` or `private` is about. Where it is there twice, or its fields cannot be read, the wider meaning
    /// is the safe one.
    #[must_use]
    pub fn scope(&self, name: Name) -> Scope {
        self.arguments(name).map(scope).fold(Scope::Nothing, Scope::or)
    }

    fn arguments(&self, name: Name) -> impl Iterator<Item = &Argument> {
        self.known.iter().filter(move |(own, _)| *own == name).map(|(_, argument)| argument)
    }
}

impl Scope {
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Everything, _) | (_, Self::Everything) => Self::Everything,
            (Self::Nothing, scope) | (scope, Self::Nothing) => scope,
            (Self::Fields(first), Self::Fields(second)) => Self::Fields([first, second].concat()),
        }
    }
}

fn scope(argument: &Argument) -> Scope {
    let Argument::Text(list) = argument else { return Scope::Everything };
    let members = list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|name| !name.is_empty());
    let names: Result<Vec<_>, _> = members.map(HeaderName::from_bytes).collect();
    names.ok().filter(|names| !names.is_empty()).map_or(Scope::Everything, Scope::Fields)
}

/// The elements of a list, cut at the commas that stand in no quoted string. Empty ones are no elements (RFC 9110
/// §5.6.1.2).
pub(super) fn elements(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    let cut = move |byte: &u8| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
        *byte == b',' && !quoted
    };
    line.split(cut).map(<[u8]>::trim_ascii).filter(|element| !element.is_empty())
}

/// The directive, if its name is known. "Cache directives are identified by a token, to be compared case-insensitively"
/// §5.2
fn directive(element: &[u8]) -> Option<(Name, Argument)> {
    let mut parts = element.splitn(2, |byte| *byte == b'=');
    let text = parts.next().unwrap_or_default();
    let known = text.trim_ascii_end();
    let name = Name::ALL.into_iter().find(|name| known.eq_ignore_ascii_case(name.as_str().as_bytes()))?;
    let argument = match parts.next() {
        None => Argument::None,
        Some(_) if known.len() < text.len() => Argument::Malformed, // No space stands around `=`.
        Some(argument) => self::argument(argument),
    };
    Some((name, argument))
}

fn argument(text: &[u8]) -> Argument {
    match text.strip_prefix(b"\"") {
        Some(quoted) => unquoted(quoted).map_or(Argument::Malformed, Argument::Text),
        None => Argument::Text(text.to_vec()),
    }
}

/// What a quoted string stands for, read from after its first quote; `None` if it does not end with the last byte.
pub(super) fn unquoted(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = text.iter().copied();
    let mut value = Vec::with_capacity(text.len());
    loop {
        match bytes.next()? {
            b'"' => return bytes.next().is_none().then_some(value),
            b'\\' => value.push(bytes.next()?),
            byte => value.push(byte),
        }
    }
}
