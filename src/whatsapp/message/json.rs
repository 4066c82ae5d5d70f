//! A JSON text as a tree that keeps what was written: the order of members, and numbers digit by digit.
//!
//! Parsers into maps forget the order, take the last of two members with one name, and round `1e400` or a long number.
//! What goes on to Meta must be what the sender wrote, so here the first is kept and the others are errors.

use super::pointer::Step;
use super::{Pointer, Position};

/// A value, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Json {
    /// Where it begins. No other value has this position, so it is a name too.
    pub(super) at: Position,
    /// Where it ends: behind everything in it, before everything that follows.
    pub(super) end: Position,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    /// As it was written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    /// In the order in which they were written; no name stands twice.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The pointer of the value in here that begins at `at`, from this one, the document.
    pub(super) fn pointer(&self, at: Position) -> Pointer {
        let mut json = self;
        Pointer::of(std::iter::from_fn(|| {
            let (step, inner) = if json.at == at { None } else { json.around(at) }?;
            json = inner;
            Some(step)
        }))
    }

    /// The member of this name, if it is an object that has one.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Value::Object(members) = &self.value else { return None };
        members.iter().find(|(own, _)| own == name).map(|(_, json)| json)
    }

    /// The member or element in which the value is that begins at `at`.
    fn around(&self, at: Position) -> Option<(Step<'_>, &Self)> {
        match &self.value {
            Value::Array(elements) => {
                let index = elements.partition_point(|json| json.at <= at).checked_sub(1)?;
                Some((Step::Element(index), elements.get(index)?))
            }
            Value::Object(members) => {
                let index = members.partition_point(|(_, json)| json.at <= at).checked_sub(1)?;
                members.get(index).map(|(name, json)| (Step::Member(name), json))
            }
            _ => None,
        }
    }
}

impl Value {
    /// What it is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
