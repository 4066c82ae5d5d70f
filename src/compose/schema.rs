//! The shapes of the messages that go in and come out, for the OpenAPI description.
//!
//! They describe and do nothing: a message is read key by key, so that everything that is wrong with it is said at once,
//! and written by [`Message`](crate::whatsapp::message::Message) alone.

#![expect(dead_code, reason = "shapes are described, not made")]

use serde::Deserialize;
use utoipa::ToSchema;

/// A message as it is asked for: what is to be sent, with `path` where `link` would stand.
///
/// The rules that a schema cannot say (which keys go together, what the file must be) are told by the answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageRequest {
    #[schema(nullable = false, pattern = "^whatsapp$")]
    messaging_product: Option<String>,
    #[schema(nullable = false)]
    recipient_type: Option<RecipientType>,
    /// The recipient's number, with its plus sign; or the id of a group.
    #[schema(nullable = false)]
    to: Option<String>,
    /// The recipient's business-scoped user id, in place of `to`.
    #[schema(nullable = false, pattern = r"^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$")]
    recipient: Option<String>,
    #[schema(nullable = false)]
    recipient_identity_key_hash: Option<String>,
    #[schema(nullable = false, max_length = 512)]
    biz_opaque_callback_data: Option<String>,
    #[schema(nullable = false)]
    context: Option<Context>,
    /// Of the Marketing Messages API, beside a template.
    #[schema(nullable = false)]
    product_policy: Option<String>,
    /// Of the Marketing Messages API, beside a template.
    #[schema(nullable = false)]
    message_activity_sharing: Option<bool>,
    r#type: MessageType,
    #[schema(nullable = false)]
    audio: Option<Media>,
    #[schema(nullable = false)]
    document: Option<Media>,
    #[schema(nullable = false)]
    image: Option<Media>,
    #[schema(nullable = false)]
    sticker: Option<Media>,
    #[schema(nullable = false)]
    video: Option<Media>,
    #[schema(nullable = false, value_type = Option<Object>)]
    interactive: Option<serde_json::Value>,
    #[schema(nullable = false, value_type = Option<Object>)]
    template: Option<serde_json::Value>,
}

/// A message as it is sent. The object that has the name of its `type` is there, and no other.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Payload {
    #[schema(pattern = "^whatsapp$")]
    messaging_product: String,
    recipient_type: RecipientType,
    #[schema(nullable = false)]
    to: Option<String>,
    #[schema(nullable = false)]
    recipient: Option<String>,
    r#type: MessageType,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum RecipientType {
    Individual,
    Group,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum MessageType {
    Audio,
    Document,
    Image,
    Sticker,
    Video,
    Interactive,
    Template,
}

/// The message that this one answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Context {
    message_id: String,
}

/// A file, named by exactly one of `path`, `link` and `id`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Media {
    /// A file of this origin, by its path below the media directory.
    #[schema(nullable = false, example = "campaigns/summer.jpg")]
    path: Option<String>,
    /// A link that is yours.
    #[schema(nullable = false)]
    link: Option<String>,
    /// The id of a file that was uploaded to WhatsApp.
    #[schema(nullable = false)]
    id: Option<String>,
    /// The text below an image, a video or a document.
    #[schema(nullable = false, max_length = 1024)]
    caption: Option<String>,
    /// The name of a document; that of the file, if it is not given.
    #[schema(nullable = false)]
    filename: Option<String>,
    /// Whether audio is a voice message.
    #[schema(nullable = false)]
    voice: Option<bool>,
}
