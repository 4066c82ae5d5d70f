//! A message as a value that is right: what could be read, with `M` in the place of each file.

use super::recipient::Recipient;
use super::tree::Tree;

/// A message. `Message<Requested>` is what was asked for, `Message<Sendable>` what can be sent: only the latter can be
/// written as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Message<M> {
    pub(super) recipient: Recipient,
    pub(super) recipient_identity_key_hash: Option<String>,
    pub(super) biz_opaque_callback_data: Option<String>,
    /// The id of the message to which this one replies.
    pub(super) reply_to: Option<String>,
    pub(super) marketing: Marketing,
    pub(super) content: Content<M>,
}

/// What the Marketing Messages API reads beside a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marketing {
    pub(super) product_policy: Option<String>,
    pub(super) message_activity_sharing: Option<bool>,
}

/// What is sent: the property that has the name of the `type`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content<M> {
    /// Sound. It has no caption, nor a name.
    Audio {
        /// The file.
        media: M,
        /// Whether it is a voice message, where the sender said so.
        voice: Option<bool>,
    },
    /// A file to open or to keep.
    Document {
        /// The file.
        media: M,
        /// At most 1,024 characters.
        caption: Option<String>,
        /// Its name in the chat.
        filename: Option<String>,
    },
    /// A picture.
    Image {
        /// The file.
        media: M,
        /// At most 1,024 characters.
        caption: Option<String>,
    },
    /// A sticker: the file, and nothing else.
    Sticker {
        /// The file.
        media: M,
    },
    /// A film.
    Video {
        /// The file.
        media: M,
        /// At most 1,024 characters.
        caption: Option<String>,
    },
    /// Buttons, a list or a carousel.
    Interactive(Interactive<M>),
    /// A template that was approved.
    Template(Template<M>),
}

/// An interactive message that was checked as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Interactive<M>(pub(super) Tree<M>);

/// A template with its parameters, checked as far as they are known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template<M>(pub(super) Tree<M>);

/// The place of one file, while [`Message::try_map`] fills it.
#[derive(Debug)]
pub struct Slot<'a, M> {
    /// What stands there.
    pub media: M,
    /// The name in the chat: there for documents alone, and `None` inside until somebody gives one.
    pub filename: Option<&'a mut Option<String>>,
}

impl<M> Message<M> {
    /// Puts something else in the place of each file: as many calls, in the same order, as [`super::Reading::media`] has
    /// entries.
    ///
    /// # Errors
    /// The first that `fill` returns.
    pub fn try_map<N, E>(self, mut fill: impl FnMut(Slot<'_, M>) -> Result<N, E>) -> Result<Message<N>, E> {
        Ok(Message {
            content: self.content.try_map(&mut fill)?,
            recipient: self.recipient,
            recipient_identity_key_hash: self.recipient_identity_key_hash,
            biz_opaque_callback_data: self.biz_opaque_callback_data,
            reply_to: self.reply_to,
            marketing: self.marketing,
        })
    }
}

impl<M> Content<M> {
    /// The value of `type`.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Audio { .. } => "audio",
            Self::Document { .. } => "document",
            Self::Image { .. } => "image",
            Self::Sticker { .. } => "sticker",
            Self::Video { .. } => "video",
            Self::Interactive(_) => "interactive",
            Self::Template(_) => "template",
        }
    }

    fn try_map<N, E>(self, fill: &mut impl FnMut(Slot<'_, M>) -> Result<N, E>) -> Result<Content<N>, E> {
        let mut plain = |media| fill(Slot { media, filename: None });
        Ok(match self {
            Self::Audio { media, voice } => Content::Audio { media: plain(media)?, voice },
            Self::Image { media, caption } => Content::Image { media: plain(media)?, caption },
            Self::Sticker { media } => Content::Sticker { media: plain(media)? },
            Self::Video { media, caption } => Content::Video { media: plain(media)?, caption },
            Self::Document { media, caption, mut filename } => {
                let media = fill(Slot { media, filename: Some(&mut filename) })?;
                Content::Document { media, caption, filename }
            }
            Self::Interactive(interactive) => Content::Interactive(Interactive(interactive.0.try_map(fill)?)),
            Self::Template(template) => Content::Template(Template(template.0.try_map(fill)?)),
        })
    }
}
