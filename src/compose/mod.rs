//! Builds the message to send: each `path` in it becomes a link to the bytes that are there now, once it is certain that
//! they will be accepted.
//!
//! What the message says is read and checked by [`whatsapp::message`](crate::whatsapp::message); here each medium in it
//! is found, opened and judged. Everything that is wrong is reported together, so that a message is mended once.

mod findings;
mod media;
pub mod schema;

use serde::Serialize;
use utoipa::ToSchema;

use crate::origin::Origin;
use crate::store::OpenError;
use crate::whatsapp::message::{self, Message, NotJson, Reading, Remark, Requested, Sendable};

pub use media::Linked;

/// Bytes of the largest request that is read: a message with every text at its longest is a tenth of that.
pub const LARGEST: usize = 1024 * 1024;

/// A message that can be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Composed {
    /// The payload.
    #[schema(value_type = schema::Payload)]
    pub message: Message<Sendable>,
    /// The media in it, in their order.
    pub media: Vec<Linked>,
    /// What was found that does not keep it from being sent, of the message and of its media.
    pub warnings: Vec<Remark>,
}

/// Why there is no message to send.
#[derive(Debug)]
pub enum Refused {
    /// The request is not JSON, or no object.
    NotJson(NotJson),
    /// It would fail. At least one of these refuses it.
    Message(Vec<Remark>),
    /// The media cannot be read at the moment.
    Store(OpenError),
}

/// Builds the message that `json` asks for.
///
/// # Errors
/// See [`Refused`].
pub async fn compose(origin: &Origin, json: &[u8]) -> Result<Composed, Refused> {
    let Reading { message, media, mut remarks } = message::read(json).map_err(Refused::NotJson)?;
    let mut linked = Vec::with_capacity(media.len());
    for medium in &media {
        linked.push(media::resolve(origin, medium).await.map_err(Refused::Store)?);
    }
    remarks.retain(|remark| !linked.iter().any(|medium| medium.answers(remark)));
    remarks.extend(linked.iter().flat_map(Linked::remarks));
    remarks.sort_by_key(|remark| remark.at);
    match message {
        Some(message) if !remarks.iter().any(|remark| remark.finding.refuses()) => {
            Ok(Composed::of(message, linked, remarks))
        }
        _ => Err(Refused::Message(remarks)),
    }
}

impl Composed {
    fn of(message: Message<Requested>, media: Vec<Linked>, warnings: Vec<Remark>) -> Self {
        let mut linked = media.iter();
        let filled = message.try_map(|slot| linked.next().and_then(|medium| medium.fill(slot)).ok_or(()));
        let message = filled.expect("a medium that nothing refuses has a link or an id");
        Self { message, media, warnings }
    }
}
