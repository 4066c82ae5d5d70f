//! Media objects: the file, and what is said beside it.
//!
//! Sources: the pages of the five types, of which each has a table of its keys, and the answers of the live API to keys
//! that do not belong: `(#100) Unexpected key "caption" on param "audio".`

use super::content::Content;
use super::fields::Fields;
use super::filename;
use super::node::{Limit, MESSAGES, Node};
use super::{Medium, Place, Requested};
use crate::whatsapp::{Finding, MediaKind, Severity};

const LINK_OR_ID: &str = "docs.360dialog.com/docs/messaging/media";
const NULL_LINK: &str = "github.com/shridarpatil/frappe_whatsapp_chatbot/issues/4";
pub(super) const UNEXPECTED_KEY: &str = "github.com/DaggieBlanqx/whatsappcloudapi_wrapper/issues/5";

/// "Maximum 1024 characters": the pages of image, video and document messages.
const CAPTION: Limit = Limit {
    most: 1024,
    source: "developers.facebook.com/documentation/business-messaging/whatsapp/messages/image-messages",
};

/// The content of a message of one of the five types.
pub(super) fn content(node: &Node<'_>, kind: MediaKind) -> Option<Content<Requested>> {
    let mut fields = node.object()?;
    let caption = caption(&mut fields, kind, Place::Message);
    let voice = voice(&mut fields, kind);
    let medium = medium(fields, kind, Place::Message, voice == Some(true))?;
    let media = medium.requested;
    Some(match kind {
        MediaKind::Audio => Content::Audio { media, voice },
        MediaKind::Document => Content::Document { media, caption, filename: medium.filename },
        MediaKind::Image => Content::Image { media, caption },
        MediaKind::Sticker => Content::Sticker { media },
        MediaKind::Video => Content::Video { media, caption },
    })
}

/// The media object of a header: a file, and a name if it is a document.
pub(super) fn header(node: &Node<'_>, kind: MediaKind, place: Place) -> Option<Medium> {
    let mut fields = node.object()?;
    caption(&mut fields, kind, place);
    voice(&mut fields, kind);
    medium(fields, kind, place, false)
}

/// Reads what all media objects have in common, and ends the reading.
fn medium(mut fields: Fields<'_>, kind: MediaKind, place: Place, voice: bool) -> Option<Medium> {
    let requested = requested(&mut fields);
    let filename = filename::read(&mut fields, kind, requested.as_ref());
    fields.forbidden("provider", || {
        let detail =
            "`provider` was for the on-premises API, which is no more: Meta fetches links without a login";
        Finding::new(Severity::Refuse, "provider-not-allowed", detail, LINK_OR_ID)
            .remedy("remove it, and let the link be fetched without authentication")
    });
    let node = fields.node().clone();
    fields.finish();
    let medium =
        Medium { pointer: node.pointer.clone(), kind, place, voice, filename, requested: requested? };
    node.report.medium(node.json.at, medium.clone());
    Some(medium)
}

/// The one key of three that names the file.
fn requested(fields: &mut Fields<'_>) -> Option<Requested> {
    let keys = ["path", "link", "id"];
    let present: Vec<_> = keys.into_iter().filter(|key| fields.has(key)).collect();
    let mut read = |key| fields.optional(key).and_then(|value| reference(&value, key)).map(str::to_owned);
    let [path, link, id] = keys.map(&mut read);
    if present.len() == 1 {
        return path.map(Requested::Path).or(link.map(Requested::Link)).or(id.map(Requested::Id));
    }
    let detail = match present.as_slice() {
        [] => "nothing names the file: `path`, `link` and `id` are all missing".to_owned(),
        several => format!("`{}` are all there, and each names a file", several.join("` and `")),
    };
    let remedy = "give `path` for a file of this origin, or `link`, or `id`: exactly one of them";
    fields.node().remark(Finding::new(Severity::Refuse, "exactly-one-of", detail, LINK_OR_ID).remedy(remedy));
    None
}

fn reference<'a>(value: &Node<'a>, key: &str) -> Option<&'a str> {
    if value.json.value == super::json::Value::Null {
        let detail = format!("`{key}` is null; sent so, the message would be accepted and never arrive");
        let remedy = "find out why the sender has no file here, and send nothing instead";
        value.remark(Finding::new(Severity::Refuse, "null-link", detail, NULL_LINK).remedy(remedy));
        return None;
    }
    value.filled()
}

fn caption(fields: &mut Fields<'_>, kind: MediaKind, place: Place) -> Option<String> {
    let may = !matches!(kind, MediaKind::Audio | MediaKind::Sticker) && place == Place::Message;
    if !may {
        fields.forbidden("caption", || caption_not_allowed(kind, place));
        return None;
    }
    let value = fields.optional("caption")?;
    let text = value.string()?;
    if text.is_empty() {
        let finding = Finding::new(Severity::Warn, "empty-caption", "the caption is empty", CAPTION.source);
        value.remark(finding.remedy("leave `caption` out"));
    }
    value.is_within(text, CAPTION).then(|| text.to_owned())
}

fn caption_not_allowed(kind: MediaKind, place: Place) -> Finding {
    if place == Place::Message {
        let detail = format!("`{kind}` has no caption: the API answers `(#100) Unexpected key \"caption\"`");
        Finding::new(Severity::Refuse, "caption-not-allowed", detail, UNEXPECTED_KEY)
            .remedy("send the text as a message of its own")
    } else {
        Finding::new(Severity::Refuse, "caption-not-allowed", "a header has no caption", MESSAGES)
            .remedy("put the text into the body")
    }
}

fn voice(fields: &mut Fields<'_>, kind: MediaKind) -> Option<bool> {
    if kind == MediaKind::Audio {
        return fields.optional("voice")?.boolean();
    }
    fields.forbidden("voice", || {
        let detail = format!("only `audio` can be a voice message, not `{kind}`");
        let source =
            "developers.facebook.com/documentation/business-messaging/whatsapp/messages/audio-messages";
        Finding::new(Severity::Refuse, "voice-not-allowed", detail, source).remedy("remove `voice`")
    });
    None
}
