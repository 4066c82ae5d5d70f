//! Whether the kind takes files of that type, and whether the bytes are of it.

use super::remedy::{self, convert};
use super::{Limit, MEDIA_PAGE, Media, TYPE_NOT_TAKEN, judge, kinds_that_take, refuse, size, warn};
use crate::whatsapp::media_type::OCTET_STREAM;
use crate::whatsapp::probe::Facts;
use crate::whatsapp::probe::facts::{Ogg, OggCodec};
use crate::whatsapp::{Finding, MediaKind, Severity};

const WEBP_AS_IMAGE: &str = "github.com/chatwoot/chatwoot/issues/12260";
/// The code of the finding that a document is of a type that Meta does not list.
const UNSUPPORTED: &str = "document-type-unsupported";

const BARE_OGG: &str = "github.com/chatwoot/chatwoot/issues/12713";

pub(super) fn rules(kind: MediaKind, media: &Media<'_>) -> Vec<Finding> {
    let limit = Limit::of(kind);
    if limit.takes(media.content_type) {
        return match media.facts {
            Facts::Damaged { what } => vec![damaged(media.content_type, what)],
            Facts::Unexplored => vec![unexplored()],
            _ => bytes_of_another_type(media).into_iter().collect(),
        };
    }
    match (kind, media.facts, is_something_else(limit, media)) {
        (MediaKind::Document, Facts::Text(_), _) if media.content_type == OCTET_STREAM => {
            vec![runs_in_a_browser()]
        }
        (_, _, Some(something_else)) => vec![something_else],
        (MediaKind::Document, Facts::Damaged { what }, _) => {
            vec![unsupported_document(media), may_not_open(media.content_type, what)]
        }
        (MediaKind::Document, ..) => vec![unsupported_document(media)],
        (MediaKind::Audio, Facts::Ogg(ogg), _) if ogg.codec != OggCodec::Opus => vec![ogg_without_opus(ogg)],
        _ => vec![not_taken(limit, media)],
    }
}

fn damaged(content_type: &str, what: &str) -> Finding {
    refuse("damaged", format!("the file cannot be read as {content_type}: {what}"))
        .remedy("copy or export it again; it may have been cut off on its way")
}

/// A document of a type that is not listed is delivered whatever is in it.
fn may_not_open(content_type: &str, what: &str) -> Finding {
    Finding { severity: Severity::Warn, ..damaged(content_type, what) }
}

fn unexplored() -> Finding {
    let detail =
        "there is more before its content than is looked at, so whether it will be taken is not known";
    warn("unexplored", detail).remedy("export it again, without previews, notes and profiles")
}

/// The bytes are nothing known, or something to be run, under the name of what the kind takes.
fn is_something_else(limit: &Limit, media: &Media<'_>) -> Option<Finding> {
    let named = media.name_says.filter(|named| limit.takes(named) && media.content_type == OCTET_STREAM)?;
    let what = match media.facts {
        Facts::Text(_) => "its bytes are HTML, XML or a script",
        _ => "its bytes are something else",
    };
    let detail = format!("the file cannot be read as {named}: {what}");
    let remedy = "put the right file there: an error page, or half a file, may have been saved in its place";
    Some(refuse("damaged", detail).remedy(remedy))
}

fn runs_in_a_browser() -> Finding {
    let detail = format!(
        "it is HTML, XML or a script, which a browser would run, so it is served as {OCTET_STREAM}; that can be sent as \
         a document, but is none of the types that Meta supports"
    );
    warn(UNSUPPORTED, detail).remedy("export it as PDF")
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

fn ogg_without_opus(ogg: &Ogg) -> Finding {
    let detail = "an Ogg file is taken with Opus in it only, and this one has another codec";
    let finding = Finding { source: BARE_OGG, ..refuse("ogg-not-opus", detail) };
    // A film may have no sound to convert.
    let is_silent = ogg.codec == OggCodec::Theora && ogg.streams == 1;
    if is_silent { finding } else { finding.remedy(convert(remedy::TO_OPUS)) }
}

fn unsupported_document(media: &Media<'_>) -> Finding {
    let content_type = media.content_type;
    let detail =
        format!("{content_type} can be sent as a document, but is none of the types that Meta supports");
    let finding = warn(UNSUPPORTED, detail);
    let is_paper = !["image/", "video/", "audio/"].iter().any(|family| content_type.starts_with(family));
    match kind_that_accepts(media) {
        Some(kind) => finding.remedy(format!("send it as {kind}")),
        None if is_paper => finding.remedy("export it as PDF"),
        None => finding,
    }
}

/// A kind that lists the type, and refuses nothing in the file.
fn kind_that_accepts(media: &Media<'_>) -> Option<MediaKind> {
    kinds_that_take(media.content_type).find(|kind| !judge(*kind, false, media).iter().any(Finding::refuses))
}

fn not_taken(limit: &Limit, media: &Media<'_>) -> Finding {
    let kind = limit.kind;
    let (sent, types) = (media.content_type, limit.content_types.join(", "));
    let finding = refuse(TYPE_NOT_TAKEN, format!("{kind} takes {types}; this is {sent}"));
    let webp_as_image = kind == MediaKind::Image && sent == "image/webp";
    let source = if webp_as_image { WEBP_AS_IMAGE } else { MEDIA_PAGE };
    let command = conversion(kind, media).map(convert);
    let as_document =
        || Some(MediaKind::Document).filter(|_| size::rule(MediaKind::Document, media).is_none());
    let send_as = kind_that_accepts(media).or_else(as_document).map(|kind| format!("send it as {kind}"));
    let finding = Finding { source, ..finding };
    match (command, send_as) {
        (Some(command), Some(send_as)) => finding.remedy(format!("{command}; or {send_as}")),
        (Some(remedy), None) | (None, Some(remedy)) => finding.remedy(remedy),
        (None, None) => finding,
    }
}

/// The command that makes a file for the kind from this one, if there is in it what the command takes out.
fn conversion(kind: MediaKind, media: &Media<'_>) -> Option<&'static str> {
    let content_type = media.content_type;
    let family = content_type.split('/').next().unwrap_or_default();
    let is_film = family == "video" || content_type == "application/ogg";
    // No picture, though its type says so: drawn by a browser.
    let picture = family == "image" && content_type != "image/svg+xml";
    let (has_pictures, has_sound) = tracks(media.facts);
    let moves = (is_film && has_pictures) || content_type == "image/gif";
    match kind {
        _ if matches!(media.facts, Facts::Damaged { .. }) => None,
        MediaKind::Image if matches!(content_type, "image/heic" | "image/heif") => Some(remedy::HEIC_TO_JPEG),
        MediaKind::Image if picture || moves => Some(remedy::TO_JPEG),
        MediaKind::Sticker if moves => Some(remedy::TO_ANIMATED_STICKER),
        MediaKind::Sticker if picture => Some(remedy::TO_STICKER),
        MediaKind::Video if moves => Some(remedy::TO_MP4),
        MediaKind::Audio if (family == "audio" || is_film) && has_sound => Some(remedy::TO_OPUS),
        _ => None,
    }
}

/// Whether there are pictures, and whether there is sound, as far as is known.
fn tracks(facts: &Facts) -> (bool, bool) {
    match facts {
        Facts::Mp4(mp4) => (mp4.video_codecs().next().is_some(), mp4.audio_codecs().next().is_some()),
        Facts::Ogg(ogg) => (ogg.codec == OggCodec::Theora, ogg.codec != OggCodec::Theora || ogg.streams > 1),
        _ => (true, true),
    }
}
