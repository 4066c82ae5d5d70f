//! Whether the file is what its `Content-Type` says, and that is spelled as Meta spells it.
//!
//! Meta judges the field first and the bytes afterwards; either is enough to lose the message.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use super::super::Ending;
use super::{Observed, text};
use crate::store::sniff::Format;
use crate::whatsapp::limits::MEDIA_PAGE;
use crate::whatsapp::media_type::MediaType;
use crate::whatsapp::{Finding, Severity};

const PROCESSING: &str = "github.com/glific/glific/issues/3822";
const SPELLING: &str = "github.com/chatwoot/chatwoot/issues/12713";
const CODING: &str = "RFC 9110 §12.5.3";

/// What is wrong with the field, as the bytes show.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    /// There are no bytes.
    Empty,
    /// There is no field, or nothing in it.
    Missing,
    /// The field has another name for a type that WhatsApp takes under this one.
    Misspelt(&'static str),
    /// The field has a parameter that the type does not have.
    Parameter(&'static str, String),
    /// `audio/ogg` without saying that it is Opus.
    WithoutCodec,
    /// The bytes are something else.
    Differ(String),
    /// The bytes are of a container that the type may be kept in.
    Doubtful(String),
    /// WhatsApp's documentation does not name the type.
    NotNamed,
}

pub(super) fn findings(observed: &Observed<'_>) -> Vec<Finding> {
    let declared = text(observed.headers(), &CONTENT_TYPE).filter(|value| !value.trim().is_empty());
    let coding = text(observed.headers(), &CONTENT_ENCODING).filter(|coding| coding != "identity");
    let body = &observed.first.body;
    // A coded body, or a piece of one, does not show what the file is.
    let shown = coding.is_none() && observed.first.ending == Ending::Whole;
    let fault = fault(declared.as_deref(), shown.then_some(&body.format));
    let fault = fault.map(|fault| explain(&fault, declared.as_deref().unwrap_or_default()));
    let coded = coding.map(|coding| {
        Finding::new(
            Severity::Warn,
            "content-coding",
            format!("the file comes with Content-Encoding: {coding}, though none was asked for"),
            CODING,
        )
        .remedy("send media as it is: it is compressed already")
    });
    fault.into_iter().chain(coded).collect()
}

/// What a value of `Content-Type` stands for.
enum Declared<'a> {
    /// A type that WhatsApp takes, spelled as it wants.
    Known(&'static MediaType),
    /// Such a type under another name.
    Alias(&'static MediaType),
    /// `audio/ogg`, which may be Opus.
    Ogg,
    /// Anything else.
    Other(&'a str),
}

fn declared_type(lowercase: &str) -> Declared<'_> {
    let (essence, parameters) = lowercase.split_once(';').unwrap_or((lowercase, ""));
    let essence = essence.trim();
    if essence == "audio/ogg" {
        let opus = || MediaType::named("audio/ogg; codecs=opus");
        let is_opus = parameters.split(';').any(|parameter| {
            parameter.trim().strip_prefix("codecs=").is_some_and(|codec| codec.trim_matches('"') == "opus")
        });
        return if is_opus { opus().map_or(Declared::Ogg, Declared::Known) } else { Declared::Ogg };
    }
    match MediaType::sent_as(essence) {
        Some(known) if known.content_type == essence => Declared::Known(known),
        Some(known) => Declared::Alias(known),
        None => Declared::Other(essence),
    }
}

fn fault(declared: Option<&str>, format: Option<&Format>) -> Option<Fault> {
    if format == Some(&Format::Empty) {
        return Some(Fault::Empty);
    }
    let Some(declared) = declared else { return Some(Fault::Missing) };
    let declared = declared.to_ascii_lowercase();
    let found = format.map(found_type);
    match declared_type(&declared) {
        Declared::Known(known) => against(known, format, found).or_else(|| parameter(known, &declared)),
        Declared::Alias(known) => Some(match against(known, format, found) {
            None => Fault::Misspelt(known.content_type),
            // Ogg, and not Opus.
            Some(Fault::Differ(found)) if found == "audio/ogg" => Fault::NotNamed,
            Some(fault) => fault,
        }),
        Declared::Ogg => Some(match found.as_deref() {
            Some("audio/ogg; codecs=opus") | None => Fault::WithoutCodec,
            Some("audio/ogg") => Fault::NotNamed,
            Some(other) => Fault::Differ(other.to_owned()),
        }),
        Declared::Other(essence) => Some(match found {
            Some(found) if found != essence && MediaType::named(&found).is_some() => Fault::Differ(found),
            _ => Fault::NotNamed,
        }),
    }
}

/// A `charset` of what is no text. `codecs` is a parameter of audio and video (RFC 6381).
fn parameter(known: &MediaType, declared: &str) -> Option<Fault> {
    let mut parameters = declared.split(';').skip(1).map(str::trim);
    let charset = parameters.find(|parameter| parameter.starts_with("charset="))?;
    (known.content_type != "text/plain").then(|| Fault::Parameter(known.content_type, charset.to_owned()))
}

/// What the bytes are, in WhatsApp's spelling where it has one.
fn found_type(format: &Format) -> String {
    match format {
        Format::Signature(name) | Format::TextOr(name) => {
            MediaType::named(name).map_or_else(|| name.to_string(), |known| known.content_type.to_owned())
        }
        Format::Text => "plain text".to_owned(),
        Format::Unknown => "of no known format".to_owned(),
        Format::Empty => "no bytes".to_owned(),
    }
}

/// Containers that office documents are kept in: a reader that looks no deeper finds only those.
const CONTAINERS: [&str; 4] =
    ["application/zip", "application/x-cfb", "application/x-ole-storage", "application/encrypted"];

fn against(known: &MediaType, format: Option<&Format>, found: Option<String>) -> Option<Fault> {
    let (format, found) = format.zip(found)?;
    let is_text = known.content_type == "text/plain";
    match format {
        Format::Signature(_) | Format::TextOr(_) if found == known.content_type => None,
        Format::Signature(_) if is_text && found.starts_with("text/") => None,
        Format::Signature(_) if CONTAINERS.contains(&&*found) => Some(Fault::Doubtful(found)),
        Format::Text | Format::TextOr(_) if is_text => None,
        Format::Unknown if !known.has_signature => None,
        _ => Some(Fault::Differ(found)),
    }
}

fn explain(fault: &Fault, declared: &str) -> Finding {
    let differ = |severity, found: &str| {
        let detail = format!("the server says `{declared}`, and the bytes are {found}");
        Finding::new(severity, "wrong-content-type", detail, PROCESSING)
            .remedy("send the type that the bytes are; if the file should be what it says, make it anew")
    };
    match fault {
        Fault::Empty => Finding::new(Severity::Refuse, "empty-body", "the file has no bytes", MEDIA_PAGE)
            .remedy("upload the file again"),
        Fault::Missing => {
            Finding::new(Severity::Refuse, "no-content-type", "the answer has no Content-Type", MEDIA_PAGE)
                .remedy("send the file's media type in Content-Type: Meta requires it")
        }
        Fault::Misspelt(spelled) => {
            let detail = format!("Meta refuses the media type `{declared}`");
            Finding::new(Severity::Refuse, "content-type-spelling", detail, SPELLING)
                .remedy(format!("send `Content-Type: {spelled}`"))
        }
        Fault::Parameter(spelled, parameter) => {
            let detail = format!("`{declared}` has a parameter that this type does not have: `{parameter}`");
            Finding::new(Severity::Note, "content-type-parameter", detail, "RFC 9110 §8.3.1")
                .remedy(format!("send `Content-Type: {spelled}` alone: Meta compares with that"))
        }
        Fault::WithoutCodec => {
            let detail = format!("`{declared}` is not supported: it does not say that the sound is Opus");
            Finding::new(Severity::Warn, "content-type-without-codec", detail, MEDIA_PAGE)
                .remedy("send `Content-Type: audio/ogg; codecs=opus`")
        }
        Fault::Differ(found) => differ(Severity::Refuse, found),
        Fault::Doubtful(found) => differ(Severity::Warn, found),
        Fault::NotNamed => {
            let detail =
                format!("WhatsApp names no support for `{declared}`: it may pass as a document at best");
            Finding::new(Severity::Warn, "unsupported-content-type", detail, MEDIA_PAGE)
                .remedy("send one of the types that the page lists")
        }
    }
}
