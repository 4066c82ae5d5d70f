//! Failures of the link, or of the file behind it.

use super::super::cause::Cause;
use super::{ERROR_CODES, Words, quoting, words};
use crate::whatsapp::limits::MEDIA_PAGE;
use crate::whatsapp::media_type::{MediaType, essence};

pub(super) fn of(cause: &Cause, written: Option<&str>) -> Option<Words> {
    Some(match cause {
        Cause::Status(status) => of_status(*status),
        Cause::EgressLimited(networks) => egress_limited(networks),
        Cause::NotFetched => words(
            quoting("Meta could not fetch the link", written),
            "examine it from outside your network: `media-origin explain LINK`",
            ERROR_CODES,
        ),
        Cause::WebPage => words(
            "the link brought a web page, not the file: a login page, a preview, or the page that stands in for \
             unknown paths",
            "link to the file itself, and let unknown paths be a real 404",
            "github.com/chatwoot/chatwoot/issues/10428",
        ),
        Cause::TypeNotTaken { kind, declared, taken } => type_not_taken(kind, declared, taken),
        Cause::TypeDiffers { declared, found } => words(
            format!("the server called the file `{declared}`, and Meta found it to be `{found}`"),
            "ask `file --mime-type FILE` what it is; send that type in Content-Type, or make the file anew in the one it should be",
            "github.com/glific/glific/issues/3822",
        ),
        Cause::CodecNotTaken { declared, codecs } => words(
            format!("the file is `{declared}` as it should be, but not what is in it: {}", codecs.join(", ")),
            encode(declared),
            MEDIA_PAGE,
        ),
        Cause::MediaNotTaken => words(
            quoting("Meta did not take the file", written),
            "examine the link: `media-origin explain LINK`; ask `file --mime-type FILE` what the file is",
            ERROR_CODES,
        ),
        _ => return None,
    })
}

/// How to make a file of this type whose content is taken.
fn encode(declared: &str) -> &'static str {
    let declared = declared.to_ascii_lowercase();
    if declared.starts_with("audio/ogg") {
        "encode it anew, with Opus and one channel: `ffmpeg -i IN -vn -c:a libopus -ac 1 OUT.ogg`"
    } else if declared.starts_with("audio/") {
        "encode it anew, with AAC: `ffmpeg -i IN -vn -c:a aac OUT.m4a`, and send `Content-Type: audio/mp4`"
    } else if declared.starts_with("video/") {
        "encode it anew, with H.264 and AAC: `ffmpeg -i IN -c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p \
         -c:a aac -movflags +faststart OUT.mp4`"
    } else {
        "make the file anew, with a codec that the page lists"
    }
}

fn of_status(status: u16) -> Words {
    let met = |meaning: &str| format!("Meta asked for the link and was answered {status}: {meaning}");
    match status {
        400 => words(
            met("the request itself was not accepted"),
            "look at the link in the message, character by character: a signature that is over, or `&amp;` for `&`, is \
             the usual cause",
            ERROR_CODES,
        ),
        401 | 403 => words(
            met("the file is not open to it"),
            "make the file readable without signing in, or sign the link for longer than the message may wait; a \
             firewall that knows browsers only has to let Meta pass",
            "github.com/chatwoot/chatwoot/issues/10682",
        ),
        404 | 410 => words(
            met("there was no file"),
            "compare the path with the file's name, case by case; a link that expires has to outlive the message, which \
             may wait for 30 days",
            "github.com/chatwoot/chatwoot/issues/13656",
        ),
        429 => words(
            met("the server, or what stands before it, limits how often it may be asked"),
            "raise the limit for media, or put a cache before the server",
            "RFC 6585 §4",
        ),
        500 => words(
            met("the server failed, or was so slow that Meta gave up, which is reported alike"),
            "look in the server's log at this moment: a 500 is its own, a 499 is Meta hanging up",
            "github.com/WhatsApp/WhatsApp-Business-API-Setup-Scripts/issues/110",
        ),
        300..=399 => words(
            met("another link"),
            "send the link that it points to: nobody can rely on Meta to follow",
            "github.com/chatwoot/chatwoot/pull/15702",
        ),
        501..=599 => words(
            met("a firewall, or a server that is down or overloaded"),
            "examine the link from outside your network: `media-origin explain LINK`",
            "github.com/shridarpatil/frappe_whatsapp/issues/87",
        ),
        _ => words(
            met("only 200 brings a file"),
            "examine the link from outside your network: `media-origin explain LINK`",
            ERROR_CODES,
        ),
    }
}

fn egress_limited(networks: &[u32]) -> Words {
    let names: Vec<_> = networks.iter().map(|number| format!("AS{number}")).collect();
    let network = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    words(
        format!(
            "Meta holds back its own requests to the network of your provider{network}; your server never saw one, and \
             nothing is wrong with the link"
        ),
        "serve the files from another network, such as a CDN's, or upload them and send their id; what failed can be \
         sent again later",
        "github.com/chatwoot/chatwoot/issues/13540",
    )
}

/// What servers say of a file whose type they do not know; the second is the default of S3.
const NO_TYPE: [&str; 2] = ["application/octet-stream", "binary/octet-stream"];

fn type_not_taken(kind: &str, declared: &str, taken: &[String]) -> Words {
    let kind = kind.to_lowercase();
    let essence = essence(declared).to_ascii_lowercase();
    let (remedy, source) = match spelled(declared).filter(|name| takes(taken, name)) {
        Some(name) if name == essence => (
            format!("send `Content-Type: {name}` alone: Meta does not take what stands behind it"),
            MEDIA_PAGE,
        ),
        Some(name) => (
            format!("send `Content-Type: {name}`: it is the same type, as Meta spells it"),
            "github.com/chatwoot/chatwoot/issues/12713",
        ),
        None if NO_TYPE.contains(&&*essence) => (
            "let the server, or the bucket, send the file's own type: it does not know it".to_owned(),
            MEDIA_PAGE,
        ),
        None if essence == "image/webp" => (
            "send it as a sticker, or convert it to JPEG or PNG".to_owned(),
            "github.com/chatwoot/chatwoot/issues/12260",
        ),
        None => (convert(&kind, taken), MEDIA_PAGE),
    };
    let explanation =
        format!("the server called the file `{declared}`, which WhatsApp does not take as {kind}");
    words(explanation, remedy, source)
}

/// How Meta spells a type that the server called by another of its names, or wrote something behind.
fn spelled(declared: &str) -> Option<&'static str> {
    let lowercase = declared.to_ascii_lowercase();
    let name = match essence(&lowercase) {
        // Ogg, and it is said to be of another codec.
        "audio/ogg" if lowercase.contains("codecs=") && !lowercase.contains("opus") => return None,
        "audio/ogg" => "audio/opus",
        name => name,
    };
    MediaType::sent_as(name).map(|known| known.content_type).filter(|name| *name != declared)
}

fn takes(taken: &[String], name: &str) -> bool {
    taken.is_empty() || taken.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn convert(kind: &str, taken: &[String]) -> String {
    let types = if taken.is_empty() { "a type that the page lists".to_owned() } else { taken.join(", or ") };
    let otherwise = if kind == "document" { "" } else { "; or send it as a document" };
    format!("convert the file to {types}{otherwise}")
}
