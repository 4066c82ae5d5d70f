//! Media objects: the file, and what is said beside it.
//!
//! Sources: the pages of the five types, of which each has a table of its keys, and the answers of the live API to keys
//! that do not belong: `(#100) Unexpected key "caption" on param "audio".`

use super::content::Content;
use super::fields::{FILE_KEYS, Fields};
use super::json::Value;
use super::medium::File;
use super::node::{Limit, MESSAGES, Node, is_link};
use super::{Place, Requested, filename};
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
    let file = file(&mut fields, kind, Place::Message);
    fields.finish();
    let File { requested: media, filename, voice } = file?;
    Some(match kind {
        MediaKind::Audio => Content::Audio { media, voice },
        MediaKind::Document => Content::Document { media, caption, filename },
        MediaKind::Image => Content::Image { media, caption },
        MediaKind::Sticker => Content::Sticker { media },
        MediaKind::Video => Content::Video { media, caption },
    })
}

/// The media object of a header: a file, and a name if it is a document.
pub(super) fn header(node: &Node<'_>, kind: MediaKind, place: Place) -> Option<Requested> {
    let mut fields = node.object()?;
    caption(&mut fields, kind, place);
    let file = file(&mut fields, kind, place);
    fields.finish();
    file.map(|file| file.requested)
}

/// A media object in a part that goes on as it is: what else it has goes on too.
pub(super) fn carried(node: &Node<'_>, kind: MediaKind) {
    if let Some(mut fields) = node.object() {
        file(&mut fields, kind, Place::Unchecked);
        fields.finish_unchecked();
    }
}

/// Reads what all media objects have in common, and keeps the file.
fn file(fields: &mut Fields<'_>, kind: MediaKind, place: Place) -> Option<File> {
    let requested = requested(fields);
    let (filename, voice) = match kind {
        MediaKind::Document => (filename::read(fields, requested.as_ref()), None),
        MediaKind::Audio => (None, fields.optional("voice").and_then(|voice| voice.boolean())),
        _ => (None, None),
    };
    if place != Place::Unchecked {
        misplaced(fields, kind);
    }
    let file = File { requested: requested?, filename, voice };
    fields.node().report.medium(fields.node().json, kind, place, file.clone());
    Some(file)
}

/// The one key of three that names the file.
fn requested(fields: &mut Fields<'_>) -> Option<Requested> {
    let present: Vec<_> = FILE_KEYS.into_iter().filter(|key| fields.has(key)).collect();
    let mut read = |key| fields.optional(key).and_then(|value| reference(&value, key)).map(str::to_owned);
    let [path, link, id] = FILE_KEYS.map(&mut read);
    let exactly_one_of = |detail: String| {
        let remedy = "give `path` for a file of this origin, or `link`, or `id`: exactly one of them";
        Finding::new(Severity::Refuse, "exactly-one-of", detail, LINK_OR_ID).remedy(remedy)
    };
    let Node { json, report } = *fields.node();
    match present.as_slice() {
        [_] => return path.map(Requested::Path).or(link.map(Requested::Link)).or(id.map(Requested::Id)),
        [] => report.incomplete(json, || {
            exactly_one_of("nothing names the file: `path`, `link` and `id` are all missing".to_owned())
        }),
        [one, other] => report.remark(json, || {
            exactly_one_of(format!("`{one}` and `{other}` are both there, and each names a file"))
        }),
        _ => report.remark(json, || {
            exactly_one_of("`path`, `link` and `id` are all there, and each names a file".to_owned())
        }),
    }
    None
}

fn reference<'a>(value: &Node<'a>, key: &str) -> Option<&'a str> {
    if value.json.value == Value::Null {
        value.remark(|| {
            let detail = format!("`{key}` is null; sent so, the message would be accepted and never arrive");
            let remedy = "find out why the sender has no file here, and send nothing instead";
            Finding::new(Severity::Refuse, "null-link", detail, NULL_LINK).remedy(remedy)
        });
        return None;
    }
    let text = value.filled()?;
    if let Some(finding) = (key == "id").then(|| id(text)).flatten() {
        value.remark(|| finding);
    }
    Some(text)
}

/// What is wrong with the id of an upload. All that are documented are numbers.
fn id(text: &str) -> Option<Finding> {
    if is_link(text) {
        let detail = "this is a link, and `id` is what WhatsApp answers to an upload";
        let finding = Finding::new(Severity::Refuse, "not-an-id", detail, LINK_OR_ID);
        return Some(finding.remedy("name it `link`"));
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        let detail = "the id of an upload has neither spaces nor control characters";
        return Some(Finding::new(Severity::Refuse, "not-an-id", detail, LINK_OR_ID));
    }
    (!text.bytes().all(|byte| byte.is_ascii_digit())).then(|| {
        let detail = "every documented id of an upload has digits alone";
        Finding::new(Severity::Warn, "odd-id", detail, LINK_OR_ID)
            .remedy("give the `id` that the upload was answered with, or `path` for a file of this origin")
    })
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
        value.remark(|| {
            Finding::new(Severity::Warn, "empty-caption", "the caption is empty", CAPTION.source)
                .remedy("leave `caption` out")
        });
    }
    value.within(text, CAPTION);
    Some(text.to_owned())
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

/// Keys that stand in other media objects than this, or stood in all of them once.
fn misplaced(fields: &mut Fields<'_>, kind: MediaKind) {
    if kind != MediaKind::Document {
        fields.forbidden("filename", || filename::not_allowed(kind));
    }
    if kind != MediaKind::Audio {
        fields.forbidden("voice", || {
            let detail = format!("only `audio` can be a voice message, not `{kind}`");
            let source =
                "developers.facebook.com/documentation/business-messaging/whatsapp/messages/audio-messages";
            Finding::new(Severity::Refuse, "voice-not-allowed", detail, source).remedy("remove `voice`")
        });
    }
    fields.forbidden("provider", || {
        let detail =
            "`provider` was for the on-premises API, which is no more: Meta fetches links without a login";
        Finding::new(Severity::Refuse, "provider-not-allowed", detail, LINK_OR_ID)
            .remedy("remove it, and let the link be fetched without authentication")
    });
}
