//! Says in plain words what went wrong with a message, from the report that Meta sends to a webhook.
//!
//! The API answers "accepted" before anybody has looked at the link. What comes of it arrives later, as a status with a
//! code and a sentence: *Media upload error*, and a detail that names what Meta's fetcher met. This room reads all of
//! these reports, and says for each what happened, what to do, and where that is known from.
//!
//! | file | holds |
//! |---|---|
//! | `report` | the JSON: which of its parts report something |
//! | `classify`, `cause` | what a code and a sentence stand for |
//! | `words` | the same for a person |
//! | `mask` | telephone numbers, made unreadable |

mod cause;
mod classify;
mod mask;
mod report;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

pub use cause::Cause;
pub use classify::classify;

/// What a webhook reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What failed, in the order of the report.
    pub failures: Vec<Failure>,
    /// How many messages it reports on without a failure: sent, delivered, read, played.
    pub without_failure: usize,
}

/// One failure.
///
/// Telephone numbers are made unreadable in all of it. The identifier of a message is not: it is what a sender keeps of
/// it. But one that Meta made has the recipient's number in it, in Base64; treat it accordingly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The message: the `wamid` that the API answered when it was sent. A request that was refused at once has none, and
    /// neither a [`status`](Self::status).
    pub message_id: Option<String>,
    /// What the report calls the state of the message: `failed`, as a rule.
    pub status: Option<String>,
    /// The recipient, as `165…34`. Of a short number nothing would be left.
    pub recipient: Option<String>,
    /// When it failed, in seconds since 1970.
    pub when: Option<u64>,
    /// Meta's number for the error.
    pub code: Option<u64>,
    /// Meta's name for it. Deprecated: go by the code and the details.
    pub title: Option<String>,
    /// What Meta says of this case.
    pub details: Option<String>,
    /// What that stands for.
    pub cause: Cause,
    /// What happened: a sentence, without a full stop at its end.
    pub explanation: String,
    /// What to do about it.
    pub remedy: String,
    /// Where that is known from.
    pub source: &'static str,
}

/// Why a text reports nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAWebhook {
    /// There is nothing in it.
    Empty,
    /// It is no JSON: what the parser says, with line and column.
    NotJson(String),
    /// It is, but neither a webhook, nor a part of one, nor an answer of the API.
    NotAReport,
}

impl fmt::Display for NotAWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is nothing in it"),
            Self::NotJson(why) => write!(f, "this is no JSON: {why}"),
            Self::NotAReport => f.write_str(
                "this is JSON, but no webhook of WhatsApp: it has neither `entry`, `statuses`, `errors` nor `error`",
            ),
        }
    }
}

impl std::error::Error for NotAWebhook {}

/// Reads a webhook, or several in an array or one after the other, as a log has them; its `value`, or one element of its
/// `statuses`; or the error with which the API refused a message at once. A byte order mark is passed over.
///
/// # Errors
/// If it is none of these.
pub fn explain(webhook: &[u8]) -> Result<Report, NotAWebhook> {
    let text = webhook.strip_prefix(b"\xef\xbb\xbf").unwrap_or(webhook);
    if text.trim_ascii().is_empty() {
        return Err(NotAWebhook::Empty);
    }
    let reports = serde_json::Deserializer::from_slice(text).into_iter().collect::<Result<Vec<_>, _>>();
    let reports = reports.map_err(|error| NotAWebhook::NotJson(error.to_string()))?;
    report::read(&Value::Array(reports)).ok_or(NotAWebhook::NotAReport)
}
