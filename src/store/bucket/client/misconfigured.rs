//! Why a bucket cannot be used as it is configured, with the remedy.

use std::fmt;

/// What is wrong, in the words of this program's other errors.
///
/// ```text
/// error: the bucket media does not exist at https://s3.eu-west-1.amazonaws.com
/// help: create it, or name another with store.bucket
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconfigured {
    /// What is wrong, as a sentence without its full stop.
    pub sentence: String,
    /// What to do about it, the same.
    pub help: String,
    /// Whether it may pass without anybody changing anything: the bucket is down, or not there yet.
    pub may_pass: bool,
}

impl Misconfigured {
    /// Something that stays wrong until somebody changes it.
    pub(super) fn new(sentence: impl Into<String>, help: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), help: help.into(), may_pass: false }
    }

    /// Something that may come right by itself.
    pub(super) fn for_now(sentence: impl Into<String>, help: impl Into<String>) -> Self {
        Self { may_pass: true, ..Self::new(sentence, help) }
    }
}

impl fmt::Display for Misconfigured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\nhelp: {}", self.sentence, self.help)
    }
}

impl std::error::Error for Misconfigured {}
