//! A WhatsApp message, read as its sender wrote it and written as Meta takes it.
//!
//! The sender writes the message that `POST /messages` takes, with a `path` where a `link` would stand:
//!
//! ```json
//! {"to": "+16505551234", "type": "image", "image": {"path": "campaigns/summer.jpg"}}
//! ```
//!
//! The API answers "accepted" to much that never arrives, so everything that can be known to fail is said here, before
//! anything is sent, and all of it at once:
//!
//! 1. [`read`] takes the bytes and returns a [`Reading`]: what is wrong, the [`Medium`] of every place where media stands,
//!    and, if nothing refuses, a [`Message<Requested>`].
//! 2. Whoever called finds each file and makes its link; that takes time, and is not done here.
//! 3. [`Message::try_map`] puts the links in. Only the result, a [`Message<Sendable>`], can be written as JSON.
//!
//! | file | holds |
//! |---|---|
//! | `json`, `parse`, `not_json`, [`Pointer`] | a JSON text as it was written |
//! | `node`, `fields`, `choice`, `report` | reading it key by key, and reporting what is left |
//! | `envelope`, `recipient` | who, in reply to what, and which type |
//! | `media`, `filename`, [`medium`](Medium) | media objects |
//! | `interactive/`, `template/`, `cards` | the kinds of messages in which media stands deeper |
//! | `carried` | the media in parts that are not known here |
//! | `content`, `tree`, `write` | the message as a value, and as JSON again |
//!
//! No finding repeats a telephone number, a user id or a text of the message. What findings do repeat, cut short, so that
//! it can be found: the names of unknown keys and types. The findings about a link ([`link`](super::link)) repeat its port, the
//! date at which it ends and, in the remedy for one that is not encoded, its path; never its user, its host or its query.

mod cards;
mod carried;
mod choice;
mod content;
mod envelope;
mod fields;
mod filename;
mod interactive;
mod json;
mod media;
mod medium;
mod node;
mod not_json;
mod parse;
mod pointer;
mod recipient;
mod report;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub use content::{Message, Slot};
pub use filename::WITHOUT_FILENAME;
pub use medium::{Medium, Place, Requested, Sendable};
pub use not_json::NotJson;
pub use pointer::{Pointer, Position};

use super::{Finding, MediaKind};
use json::Value;
use node::Node;
use report::Report;

/// What was read: as much as could be, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The message; `None` if, and only if, a remark refuses it.
    pub message: Option<Message<Requested>>,
    /// Every place where media stands, in the order of the document; also where something else is wrong.
    pub media: Vec<Medium>,
    /// What was found, in the order of the document.
    pub remarks: Vec<Remark>,
}

/// Something that was found, and where.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Remark {
    /// Where it stands: remarks from several hands are put into the order of the document by this. A key that is missing
    /// stands behind those that are there.
    #[serde(skip)]
    pub at: Position,
    /// The value that is meant, or where one is missing.
    pub pointer: Pointer,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
}

/// Reads a message.
///
/// ```
/// use media_origin::whatsapp::message::{self, Sendable};
/// let reading = message::read(br#"{"to": "+16505551234", "type": "image", "image": {"path": "a.jpg"}}"#).unwrap();
/// let message = reading.message.expect("nothing refuses it");
/// let sendable = message.try_map(|_| Ok::<_, ()>(Sendable::Link("https://media.example.com/a.jpg".into()))).unwrap();
/// assert_eq!(
///     serde_json::to_string(&sendable).unwrap(),
///     r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+16505551234","type":"image","#.to_owned()
///         + r#""image":{"link":"https://media.example.com/a.jpg"}}"#
/// );
/// ```
///
/// # Errors
/// If the text is no JSON object, or one that cannot be trusted to mean one thing.
pub fn read(json: &[u8]) -> Result<Reading, NotJson> {
    let document = parse::parse(json)?;
    if !matches!(document.value, Value::Object(_)) {
        return Err(NotJson::NotAnObject { found: document.value.kind() });
    }
    let report = Report::new(&document);
    let node = Node { json: &document, report: &report };
    let message = node.object().and_then(envelope::read);
    let (media, remarks) = report.finish();
    let refused = remarks.iter().any(|remark| remark.finding.refuses());
    debug_assert!(refused || message.is_some(), "a message is refused with a reason");
    Ok(Reading { message: message.filter(|_| !refused), media, remarks })
}
