//! The part of a message that is not made of our own types: JSON, in which media stands at some places.
//!
//! Interactive messages and templates gain new keys and kinds every few months. What is known of them is checked while
//! it is read; all of it goes on as the sender wrote it, and only the media objects are ours.

use serde::ser::{Error as _, SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::content::Slot;
use super::fields::FILE_KEYS;
use super::json::{Json, Value};
use super::write::MediaObject;
use super::{Medium, Position, Requested, Sendable};
use crate::whatsapp::MediaKind;

/// JSON with media in it: `M` stands for a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree<M> {
    Null,
    Boolean(bool),
    /// As it was written.
    Number(String),
    String(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
    Media {
        kind: MediaKind,
        media: M,
        /// Of documents alone.
        filename: Option<String>,
        /// What else stands in the object. It is empty where the keys of media objects are checked.
        rest: Vec<(String, Self)>,
    },
}

impl Tree<Requested> {
    /// The tree of `json`, with `media` at their places. Each has the position of its object, and they are in order.
    pub(super) fn of(json: &Json, media: &[(Position, Medium)]) -> Self {
        let medium = media.binary_search_by_key(&json.at, |(at, _)| *at);
        match &json.value {
            Value::Null => Self::Null,
            Value::Boolean(boolean) => Self::Boolean(*boolean),
            Value::Number(digits) => Self::Number(digits.clone()),
            Value::String(text) => Self::String(text.clone()),
            Value::Array(elements) => {
                Self::Array(elements.iter().map(|json| Self::of(json, media)).collect())
            }
            Value::Object(members) => match medium.ok().and_then(|index| media.get(index)) {
                Some((_, Medium { kind, requested, filename, .. })) => {
                    let ours = |name: &str| {
                        FILE_KEYS.contains(&name) || (name == "filename" && *kind == MediaKind::Document)
                    };
                    let rest = Self::members(members, media, |name| !ours(name));
                    Self::Media { kind: *kind, media: requested.clone(), filename: filename.clone(), rest }
                }
                None => Self::Object(Self::members(members, media, |_| true)),
            },
        }
    }

    fn members(
        members: &[(String, Json)],
        media: &[(Position, Medium)],
        which: impl Fn(&str) -> bool,
    ) -> Vec<(String, Self)> {
        let which = members.iter().filter(|(name, _)| which(name));
        which.map(|(name, json)| (name.clone(), Self::of(json, media))).collect()
    }
}

impl<M> Tree<M> {
    /// Puts something else in the place of each file, in order.
    pub(super) fn try_map<N, E>(
        self,
        fill: &mut impl FnMut(Slot<'_, M>) -> Result<N, E>,
    ) -> Result<Tree<N>, E> {
        Ok(match self {
            Self::Null => Tree::Null,
            Self::Boolean(boolean) => Tree::Boolean(boolean),
            Self::Number(digits) => Tree::Number(digits),
            Self::String(text) => Tree::String(text),
            Self::Array(elements) => {
                Tree::Array(elements.into_iter().map(|tree| tree.try_map(fill)).collect::<Result<_, _>>()?)
            }
            Self::Object(members) => Tree::Object(Self::map_members(members, fill)?),
            Self::Media { kind, media, mut filename, rest } => {
                let named = (kind == MediaKind::Document).then_some(&mut filename);
                let media = fill(Slot { media, filename: named })?;
                Tree::Media { kind, media, filename, rest: Self::map_members(rest, fill)? }
            }
        })
    }

    fn map_members<N, E>(
        members: Vec<(String, Self)>,
        fill: &mut impl FnMut(Slot<'_, M>) -> Result<N, E>,
    ) -> Result<Vec<(String, Tree<N>)>, E> {
        members.into_iter().map(|(name, tree)| Ok((name, tree.try_map(fill)?))).collect()
    }
}

impl Serialize for Tree<Sendable> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Self::Number(digits) => {
                let number: &RawValue = serde_json::from_str(digits).map_err(S::Error::custom)?;
                number.serialize(serializer)
            }
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => {
                let mut array = serializer.serialize_seq(Some(elements.len()))?;
                elements.iter().try_for_each(|element| array.serialize_element(element))?;
                array.end()
            }
            Self::Object(members) => {
                let mut object = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, value)| object.serialize_entry(name, value))?;
                object.end()
            }
            Self::Media { media, filename, rest, .. } => {
                MediaObject::with(media, filename.as_deref(), rest).serialize(serializer)
            }
        }
    }
}
