//! Words of which there is a list: the `type` of this and that.

use super::fields::shown;
use super::node::Node;
use crate::spelling;
use crate::whatsapp::{Finding, Severity};

const OTHER_CASE: &str = "developer.vonage.com/en/messages/guides/whatsapp-send-carousel-template";

/// A word of a list that grows.
pub(super) enum Choice {
    /// One that is read here.
    Known(&'static str),
    /// Another, which goes on as it is. That has been said.
    Other,
}

impl Node<'_> {
    /// One of a closed list, to the letter. A slip of the fingers is refused, and read as what was meant, so that the rest
    /// is checked.
    pub(super) fn exactly_one_of(
        &self,
        known: &[&'static str],
        source: &'static str,
    ) -> Option<&'static str> {
        let word = self.filled()?;
        known.iter().copied().find(|known| *known == word).or_else(|| self.slip(word, known, source))
    }

    /// One of a closed list, without regard to case: the word goes on as it was written.
    pub(super) fn one_of(&self, known: &[&'static str], source: &'static str) -> Option<&'static str> {
        let word = self.filled()?;
        match known.iter().copied().find(|known| known.eq_ignore_ascii_case(word)) {
            None => self.slip(word, known, source),
            found => found.inspect(|known| self.other_case(word, known)),
        }
    }

    /// One of a list to which new words are added. Of a new word, and of one of the `others`, it is said that what
    /// belongs to it was not checked.
    pub(super) fn one_of_many(
        &self,
        known: &[&'static str],
        others: &[&'static str],
        source: &'static str,
    ) -> Option<Choice> {
        let word = self.filled()?;
        let is_word = |other: &&str| other.eq_ignore_ascii_case(word);
        let is_slip = || self.report.is_full() || spelling::nearest(word, known.iter().copied()).is_some();
        if known.iter().any(is_word) || (!others.iter().any(is_word) && is_slip()) {
            return self.one_of(known, source).map(Choice::Known);
        }
        self.remark(|| {
            let detail =
                format!("what belongs to `{}` goes on as it is; only media is checked in it", shown(word));
            Finding::new(Severity::Warn, "not-checked", detail, source)
        });
        Some(Choice::Other)
    }

    /// The word that was meant, if one is near. Where nothing more can be said, it is not looked for: that takes long.
    fn slip(&self, word: &str, known: &[&'static str], source: &'static str) -> Option<&'static str> {
        let is_full = self.report.is_full();
        let meant = if is_full { None } else { spelling::nearest(word, known.iter().copied()) };
        self.remark(|| unknown(word, meant, known, source));
        meant
    }

    fn other_case(&self, word: &str, known: &str) {
        if word != known {
            self.remark(|| {
                let detail = format!(
                    "`{}` goes on as it is; the documentation of WhatsApp has it in lower case",
                    shown(word)
                );
                Finding::new(Severity::Warn, "type-case", detail, OTHER_CASE)
                    .remedy(format!("write `{known}`"))
            });
        }
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
