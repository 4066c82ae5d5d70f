//! Reads an object key by key, and reports what is left over.
//!
//! What an object may hold is said once, by reading it: each key that is asked for is a known one. The live API answers
//! `(#100) Unexpected key` to any other, so here it is an error already, with the nearest known key.

use super::json::Json;
use super::node::{MESSAGES, Node};
use crate::spelling;
use crate::whatsapp::{Finding, Severity};

/// An object of which some keys have been read.
pub(super) struct Fields<'a> {
    node: Node<'a>,
    members: &'a [(String, Json)],
    known: Vec<&'static str>,
    /// Keys that were asked for, or spoken of, and are not offered to a person who looks for another.
    settled: Vec<&'static str>,
}

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
            self.missing(
                key,
                Finding::new(Severity::Refuse, "required", format!("`{key}` is missing"), source),
            );
        }
        value
    }

    /// Says that a key is missing, where it belongs.
    pub(super) fn missing(&self, key: &str, finding: Finding) {
        self.node.report.remark(self.node.json.at, self.node.pointer.member(key), finding);
    }

    /// A key that has no place here, and of which there is more to say than that it is unknown.
    pub(super) fn forbidden(&mut self, key: &'static str, finding: impl FnOnce() -> Finding) {
        self.settled.push(key);
        if let Some(value) = self.member(key) {
            value.remark(finding());
        }
    }

    /// Reports every key that nothing has asked for.
    pub(super) fn finish(self) {
        for (name, json) in self.members {
            if !self.known.iter().chain(&self.settled).any(|known| known == name) {
                self.child(name, json).remark(self.unknown(name));
            }
        }
    }

    fn unknown(&self, name: &str) -> Finding {
        let detail = format!("`{}` is no key of this object, and WhatsApp refuses it", shown(name));
        let remedy = match spelling::nearest(name, self.known.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None if self.known.is_empty() => "remove it".to_owned(),
            None => format!("the keys known here are `{}`", self.known.join("`, `")),
        };
        Finding::new(Severity::Refuse, "unknown-key", detail, MESSAGES).remedy(remedy)
    }

    fn member(&self, key: &str) -> Option<Node<'a>> {
        let (name, json) = self.members.iter().find(|(name, _)| name == key)?;
        Some(self.child(name, json))
    }

    fn child(&self, name: &str, json: &'a Json) -> Node<'a> {
        Node { json, pointer: self.node.pointer.member(name), report: self.node.report }
    }
}

/// A key or a word of the sender as a message may repeat it: cut short, and without control characters.
pub(super) fn shown(name: &str) -> String {
    let cut = if name.chars().nth(SHOWN).is_some() { "…" } else { "" };
    name.chars().take(SHOWN).flat_map(char::escape_debug).chain(cut.chars()).collect()
}
