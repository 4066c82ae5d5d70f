//! Whether the kind takes files of that type, and whether the bytes are of it.

use super::remedy::{self, convert};
use super::{Limit, MEDIA_PAGE, Media, TYPE_NOT_TAKEN, kinds_that_take, refuse, warn};
use crate::whatsapp::probe::Facts;
use crate::whatsapp::probe::facts::OggCodec;
use crate::whatsapp::{Finding, MediaKind};

const WEBP_AS_IMAGE: &str = "github.com/chatwoot/chatwoot/issues/12260";
const BARE_OGG: &str = "github.com/chatwoot/chatwoot/issues/12713";

/// What a file is served as whose bytes are of no known format, or would be run by a browser.
const OCTET_STREAM: &str = "application/octet-stream";

pub(super) fn rules(kind: MediaKind, media: &Media<'_>) -> Vec<Finding> {
    let limit = Limit::of(kind);
    match (media.facts, media.content_type, media.name_says) {
        (Facts::Damaged { what }, content_type, _) => return vec![damaged(content_type, what)],
        (_, OCTET_STREAM, Some(named)) => return vec![damaged(named, "its bytes are something else")],
        _ => {}
    }
    if limit.takes(media.content_type) {
        return bytes_of_another_type(media).into_iter().collect();
    }
    match (kind, media.facts) {
        (MediaKind::Document, _) => vec![unsupported_document(media.content_type)],
        (MediaKind::Audio, Facts::Ogg(ogg)) if ogg.codec != OggCodec::Opus => vec![ogg_without_opus()],
        _ => vec![not_taken(limit, media)],
    }
}

fn damaged(content_type: &str, what: &str) -> Finding {
    refuse("damaged", format!("the file cannot be read as {content_type}: {what}"))
        .remedy("copy or export it again; it may have been cut off on its way")
}

/// Meta looks at the bytes after the header: "uploaded with mimetype as …, however on processing it is of type …".
fn bytes_of_another_type(media: &Media<'_>) -> Option<Finding> {
    let really = match (media.content_type, media.facts) {
        ("audio/mpeg", Facts::Adts(_)) => "audio/aac",
        ("audio/aac", Facts::MpegAudio(_)) => "audio/mpeg",
        _ => return None,
    };
    let detail = format!("it is served as {}, and its bytes are {really}", media.content_type);
    Some(
        refuse("bytes-differ", detail)
            .remedy("give its name the extension of what it is, and link to that name"),
    )
}

fn ogg_without_opus() -> Finding {
    let detail = "an Ogg file is taken with Opus in it only, and this one has another codec";
    Finding { source: BARE_OGG, ..refuse("ogg-not-opus", detail) }.remedy(convert(remedy::TO_OPUS))
}

fn unsupported_document(content_type: &str) -> Finding {
    let detail =
        format!("{content_type} can be sent as a document, but is none of the types that Meta supports");
    let as_other = kinds_that_take(content_type).next();
    let finding = warn("document-type-unsupported", detail);
    match as_other {
        Some(kind) => finding.remedy(format!("send it as {kind}, or export it as PDF")),
        None => finding.remedy("export it as PDF"),
    }
}

fn not_taken(limit: &Limit, media: &Media<'_>) -> Finding {
    let kind = limit.kind;
    let (sent, types) = (media.content_type, limit.content_types.join(", "));
    let finding = refuse(TYPE_NOT_TAKEN, format!("{kind} takes {types}; this is {sent}"));
    let webp_as_image = kind == MediaKind::Image && sent == "image/webp";
    let source = if webp_as_image { WEBP_AS_IMAGE } else { MEDIA_PAGE };
    let send_as = kinds_that_take(sent).next().unwrap_or(MediaKind::Document);
    let remedy = match conversion(kind, sent) {
        Some(command) => format!("{}; or send it as {send_as}", convert(command)),
        None => format!("send it as {send_as}"),
    };
    Finding { source, ..finding }.remedy(remedy)
}

/// The command that makes a file for the kind from one of that type.
fn conversion(kind: MediaKind, content_type: &str) -> Option<&'static str> {
    let family = content_type.split('/').next().unwrap_or_default();
    // No picture, though its type says so: drawn by a browser.
    let picture = family == "image" && content_type != "image/svg+xml";
    let moves = family == "video" || content_type == "image/gif";
    match kind {
        MediaKind::Image if matches!(content_type, "image/heic" | "image/heif") => Some(remedy::HEIC_TO_JPEG),
        MediaKind::Image if picture || moves => Some(remedy::TO_JPEG),
        MediaKind::Sticker if moves => Some(remedy::TO_ANIMATED_STICKER),
        MediaKind::Sticker if picture => Some(remedy::TO_STICKER),
        MediaKind::Video if moves => Some(remedy::TO_MP4),
        MediaKind::Audio if family == "audio" || family == "video" => Some(remedy::TO_OPUS),
        _ => None,
    }
}
