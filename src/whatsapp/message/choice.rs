//! Words of which there is a list: the `type` of this and that.

use super::fields::shown;
use super::json::{Json, Value};
use super::node::Node;
use crate::spelling;
use crate::whatsapp::{Finding, MediaKind, Severity};

/// A word of a list that grows.
pub(super) enum Choice {
    /// One that is read here.
    Known(&'static str),
    /// Another, which goes on as it is. That has been said.
    Other,
}

impl<'a> Node<'a> {
    /// One of a closed list. A slip of the fingers is refused, and read as what was meant, so that the rest is checked.
    pub(super) fn one_of(&self, known: &[&'static str], source: &'static str) -> Option<&'static str> {
        let word = self.filled()?;
        let found = known.iter().copied().find(|known| *known == word);
        found.or_else(|| {
            let meant = spelling::nearest(word, known.iter().copied());
            self.remark(unknown(word, meant, known, source));
            known.iter().copied().find(|known| Some(*known) == meant)
        })
    }

    /// One of a list to which new words are added. Of a new word, and of one of the `others`, it is said that what
    /// belongs to it was not checked.
    pub(super) fn one_of_many(
        &self,
        known: &[&'static str],
        others: &[&str],
        source: &'static str,
    ) -> Option<Choice> {
        let word = self.filled()?;
        let slip = || spelling::nearest(word, known.iter().copied()).is_some();
        if known.contains(&word) || (!others.contains(&word) && slip()) {
            return self.one_of(known, source).map(Choice::Known);
        }
        let detail = format!("what belongs to `{}` goes on as it is and was not checked", shown(word));
        self.remark(Finding::new(Severity::Warn, "not-checked", detail, source));
        Some(Choice::Other)
    }

    /// Refuses every media object in here that has a `path`: this part goes on as it is, so it would be sent.
    pub(super) fn refuse_paths(&self) {
        match &self.json.value {
            Value::Array(elements) => {
                for (index, json) in elements.iter().enumerate() {
                    self.inner(json, self.pointer.element(index)).refuse_paths();
                }
            }
            Value::Object(members) => {
                for (name, json) in members {
                    let inner = self.inner(json, self.pointer.member(name));
                    if MediaKind::named(name).is_some() || name == "gif" {
                        inner.refuse_path();
                    }
                    inner.refuse_paths();
                }
            }
            _ => {}
        }
    }

    fn refuse_path(&self) {
        let Value::Object(members) = &self.json.value else { return };
        for (_, json) in members.iter().filter(|(name, _)| name == "path") {
            let detail = "no link is made for a `path` in this part of a message, which goes on as it is";
            let finding = Finding::new(Severity::Refuse, "path-not-read", detail, super::node::MESSAGES);
            let remedy = "give `link`: `media-origin explain PATH` prints the link of a file";
            self.inner(json, self.pointer.member("path")).remark(finding.remedy(remedy));
        }
    }

    fn inner(&self, json: &'a Json, pointer: super::Pointer) -> Self {
        Self { json, pointer, report: self.report }
    }
}

fn unknown(word: &str, meant: Option<&str>, known: &[&str], source: &'static str) -> Finding {
    let detail = format!("`{}` is not one of the words that can stand here", shown(word));
    let remedy = match (meant, known) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        (None, [only]) => format!("write `{only}`"),
        (None, several) => format!("write one of `{}`", several.join("`, `")),
    };
    Finding::new(Severity::Refuse, "unknown-type", detail, source).remedy(remedy)
}
