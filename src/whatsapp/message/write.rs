//! A message as the JSON to send: keys in the order of Meta's examples.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::Sendable;
use super::content::{Content, Message};
use super::recipient::Recipient;
use super::tree::Tree;

/// A media object as it is sent: exactly one of `link` and `id`, and what belongs to it.
#[derive(Serialize)]
pub(super) struct MediaObject<'a> {
    #[serde(flatten)]
    media: &'a Sendable,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<bool>,
    #[serde(flatten, serialize_with = "members")]
    rest: &'a [(String, Tree<Sendable>)],
}

impl<'a> MediaObject<'a> {
    fn of(media: &'a Sendable) -> Self {
        Self { media, caption: None, filename: None, voice: None, rest: &[] }
    }

    /// The media object of a part whose other keys are those of the sender.
    pub(super) fn with(
        media: &'a Sendable,
        filename: Option<&'a str>,
        rest: &'a [(String, Tree<Sendable>)],
    ) -> Self {
        Self { filename, rest, ..Self::of(media) }
    }
}

fn members<S: Serializer>(members: &[(String, Tree<Sendable>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
}

#[derive(Serialize)]
struct Context<'a> {
    message_id: &'a str,
}

impl Serialize for Message<Sendable> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("messaging_product", "whatsapp")?;
        object.serialize_entry("recipient_type", self.recipient.recipient_type())?;
        match &self.recipient {
            Recipient::Number(to) | Recipient::Group(to) => object.serialize_entry("to", to)?,
            Recipient::User(id) => object.serialize_entry("recipient", id)?,
        }
        if let Some(hash) = &self.recipient_identity_key_hash {
            object.serialize_entry("recipient_identity_key_hash", hash)?;
        }
        if let Some(message_id) = &self.reply_to {
            object.serialize_entry("context", &Context { message_id })?;
        }
        if let Some(data) = &self.biz_opaque_callback_data {
            object.serialize_entry("biz_opaque_callback_data", data)?;
        }
        if let Some(policy) = &self.marketing.product_policy {
            object.serialize_entry("product_policy", policy)?;
        }
        if let Some(sharing) = &self.marketing.message_activity_sharing {
            object.serialize_entry("message_activity_sharing", sharing)?;
        }
        object.serialize_entry("type", self.content.name())?;
        object.serialize_entry(self.content.name(), &self.content)?;
        object.end()
    }
}

impl Serialize for Content<Sendable> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Audio { media, voice } => {
                MediaObject { voice: *voice, ..MediaObject::of(media) }.serialize(serializer)
            }
            Self::Document { media, caption, filename } => {
                let (caption, filename) = (caption.as_deref(), filename.as_deref());
                MediaObject { caption, filename, ..MediaObject::of(media) }.serialize(serializer)
            }
            Self::Image { media, caption } | Self::Video { media, caption } => {
                MediaObject { caption: caption.as_deref(), ..MediaObject::of(media) }.serialize(serializer)
            }
            Self::Sticker { media } => MediaObject::of(media).serialize(serializer),
            Self::Interactive(interactive) => interactive.0.serialize(serializer),
            Self::Template(template) => template.0.serialize(serializer),
        }
    }
}
