//! Reads an object key by key, and reports what is left over.
//!
//! What an object may hold is said once, by reading it: each key that is asked for is a known one. The live API answers
//! `(#100) Unexpected key` to any other, so here it is an error already, with the nearest known key.

use super::json::Json;
use super::node::{MESSAGES, Node};
use crate::spelling;
use crate::whatsapp::{Finding, MediaKind, Severity};

/// An object of which some keys have been read.
pub(super) struct Fields<'a> {
    node: Node<'a>,
    members: &'a [(String, Json)],
    known: Vec<&'static str>,
    /// Keys that were asked for, or spoken of, and are not offered to a person who looks for another.
    settled: Vec<&'static str>,
}

/// The keys that name a file.
pub(super) const FILE_KEYS: [&str; 3] = ["path", "link", "id"];

/// What other APIs call the same.
const SYNONYMS: [(&str, &str); 5] =
    [("url", "link"), ("href", "link"), ("src", "link"), ("media_id", "id"), ("name", "filename")];

/// How many characters of a key are repeated in a message.
const SHOWN: usize = 64;

impl<'a> Fields<'a> {
    pub(super) fn new(node: Node<'a>, members: &'a [(String, Json)]) -> Self {
        Self { node, members, known: Vec::new(), settled: Vec::new() }
    }

    /// The object itself.
    pub(super) fn node(&self) -> &Node<'a> {
        &self.node
    }

    /// Whether a key is there, without reading it.
    pub(super) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|(name, _)| name == key)
    }

    /// A key that may be there.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.known.push(key);
        self.member(key)
    }

    /// A key that must be there.
    pub(super) fn required(&mut self, key: &'static str, source: &'static str) -> Option<Node<'a>> {
        let value = self.optional(key);
        if value.is_none() {
            self.missing(key, || required(key, source));
        }
        value
    }

    /// The key `type`, which must be there. Where it is not, `inferred` is what it must be.
    pub(super) fn kind(&mut self, inferred: Option<&str>, source: &'static str) -> Option<Node<'a>> {
        let value = self.optional("type");
        if value.is_none() {
            self.missing("type", || match inferred {
                Some(name) => required("type", source).remedy(format!("add `\"type\": \"{name}\"`")),
                None => required("type", source),
            });
        }
        value
    }

    /// The property that has the name of the type. Of a file that is named beside it, it is said where it belongs.
    pub(super) fn named(&mut self, kind: &'static str, source: &'static str) -> Option<Node<'a>> {
        let value = self.optional(kind);
        if value.is_none() {
            self.misplaced(kind);
            self.missing(kind, || {
                let detail = format!("the type is `{kind}`, and the property `{kind}` is missing");
                Finding::new(Severity::Refuse, "required", detail, source)
            });
        }
        value
    }

    fn misplaced(&mut self, kind: &'static str) {
        for key in FILE_KEYS.into_iter().filter(|_| MediaKind::named(kind).is_some()) {
            self.forbidden(key, || {
                let detail = format!("`{key}` stands beside `{kind}`, where WhatsApp refuses it");
                let remedy = format!("put `{key}` inside `{kind}`: `\"{kind}\": {{\"{key}\": …}}`");
                Finding::new(Severity::Refuse, "unknown-key", detail, MESSAGES).remedy(remedy)
            });
        }
    }

    /// The one of these keys that is there, if no other is.
    pub(super) fn only(&self, keys: &[&'static str]) -> Option<&'static str> {
        let mut there = keys.iter().copied().filter(|key| self.has(key));
        there.next().filter(|_| there.next().is_none())
    }

    /// Says that a key is missing, where it belongs.
    pub(super) fn missing(&self, key: &str, finding: impl FnOnce() -> Finding) {
        self.node.report.missing(self.node.json, key, finding);
    }

    /// A key that has no place here, and of which there is more to say than that it is unknown.
    pub(super) fn forbidden(&mut self, key: &'static str, finding: impl FnOnce() -> Finding) {
        self.settled.push(key);
        if let Some(value) = self.member(key) {
            value.remark(finding);
        }
    }

    /// Refuses every key that nothing has asked for.
    pub(super) fn finish(self) {
        self.unasked(|name| {
            let detail = format!("`{}` is no key of this object, and WhatsApp refuses it", shown(name));
            Finding::new(Severity::Refuse, "unknown-key", detail, MESSAGES).remedy(self.instead_of(name))
        });
    }

    /// Warns of every key that nothing has asked for: this object goes on as it is.
    pub(super) fn finish_unchecked(self) {
        self.unasked(|name| {
            let detail =
                format!("`{}` is no documented key of a media object, and goes on as it is", shown(name));
            Finding::new(Severity::Warn, "unknown-key", detail, MESSAGES).remedy(self.instead_of(name))
        });
    }

    fn unasked(&self, finding: impl Fn(&str) -> Finding) {
        for (name, json) in self.members {
            if !self.known.iter().chain(&self.settled).any(|known| known == name) {
                self.node.inner(json).remark(|| finding(name));
            }
        }
    }

    /// What to write instead of a key that is not known.
    fn instead_of(&self, name: &str) -> String {
        let synonym = SYNONYMS.iter().find(|(other, _)| *other == name).map(|(_, known)| *known);
        let meant = synonym.filter(|known| self.known.contains(known));
        match meant.or_else(|| spelling::nearest(name, self.known.iter().copied())) {
            Some(known) => format!("did you mean `{known}`?"),
            None if self.known.is_empty() => "remove it".to_owned(),
            None => format!("the keys known here are `{}`", self.known.join("`, `")),
        }
    }

    fn member(&self, key: &str) -> Option<Node<'a>> {
        self.node.peek(key)
    }
}

fn required(key: &str, source: &'static str) -> Finding {
    Finding::new(Severity::Refuse, "required", format!("`{key}` is missing"), source)
}

/// A key or a word of the sender as a message may repeat it: cut short, and without control characters.
pub(super) fn shown(name: &str) -> String {
    let cut = if name.chars().nth(SHOWN).is_some() { "…" } else { "" };
    name.chars().take(SHOWN).flat_map(char::escape_debug).chain(cut.chars()).collect()
}
