//! Whether the file is what its `Content-Type` says, and that is spelled as Meta spells it.
//!
//! Meta judges the field first and the bytes afterwards; either is enough to lose the message.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use super::super::Ending;
use super::{MEDIA_PAGE, Observed, text};
use crate::store::sniff::Format;
use crate::whatsapp::media_type::MediaType;
use crate::whatsapp::{Finding, Severity};

const PROCESSING: &str = "github.com/glific/glific/issues/3822";
const SPELLING: &str = "github.com/chatwoot/chatwoot/issues/12713";
const CODING: &str = "RFC 9110 §12.5.3";

/// What the field and the bytes say together.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Agree,
    /// There are no bytes.
    Empty,
    /// There is no field.
    Missing,
    /// The field has another name for a type that WhatsApp takes under this one.
    Misspelt(&'static str),
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
    let declared = text(observed.headers(), &CONTENT_TYPE);
    let coding = text(observed.headers(), &CONTENT_ENCODING).filter(|coding| coding != "identity");
    let body = &observed.first.body;
    // A coded body, or a piece of one, does not show what the file is.
    let shown = coding.is_none() && observed.first.ending == Ending::Whole;
    let verdict = verdict(declared.as_deref(), shown.then_some(&body.format));
    let coded = coding.map(|coding| {
        Finding::new(
            Severity::Warn,
            "content-coding",
            format!("the file comes with Content-Encoding: {coding}, though none was asked for"),
            CODING,
        )
        .remedy("send media as it is: it is compressed already")
    });
    explain(&verdict, declared.as_deref().unwrap_or_default()).into_iter().chain(coded).collect()
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
    match MediaType::named(essence) {
        Some(known) if known.content_type == essence => Declared::Known(known),
        Some(known) => Declared::Alias(known),
        None => Declared::Other(essence),
    }
}

fn verdict(declared: Option<&str>, format: Option<&Format>) -> Verdict {
    if format == Some(&Format::Empty) {
        return Verdict::Empty;
    }
    let Some(declared) = declared else { return Verdict::Missing };
    let declared = declared.to_ascii_lowercase();
    let found = format.map(found_type);
    match declared_type(&declared) {
        Declared::Known(known) => against(known, format, found),
        Declared::Alias(known) => match against(known, format, found) {
            Verdict::Agree => Verdict::Misspelt(known.content_type),
            differ => differ,
        },
        Declared::Ogg => match found.as_deref() {
            Some("audio/ogg; codecs=opus") | None => Verdict::WithoutCodec,
            Some("audio/ogg") => Verdict::NotNamed,
            Some(other) => Verdict::Differ(other.to_owned()),
        },
        Declared::Other(essence) => match found {
            Some(found) if found != essence && MediaType::named(&found).is_some() => Verdict::Differ(found),
            _ => Verdict::NotNamed,
        },
    }
}

/// What the bytes are, in WhatsApp's spelling where it has one.
fn found_type(format: &Format) -> String {
    match format {
        Format::Signature(name) => {
            MediaType::named(name).map_or_else(|| name.to_string(), |known| known.content_type.to_owned())
        }
        Format::Text => "plain text".to_owned(),
        Format::Unknown => "of no known format".to_owned(),
        Format::Empty => "no bytes".to_owned(),
    }
}

/// Containers that office documents are kept in: a reader that looks no deeper finds only those.
const CONTAINERS: [&str; 3] = ["application/zip", "application/x-cfb", "application/x-ole-storage"];

fn against(known: &MediaType, format: Option<&Format>, found: Option<String>) -> Verdict {
    let Some((format, found)) = format.zip(found) else { return Verdict::Agree };
    let is_text = known.content_type == "text/plain";
    match format {
        Format::Signature(_) if found == known.content_type => Verdict::Agree,
        Format::Signature(_) if is_text && found.starts_with("text/") => Verdict::Agree,
        Format::Signature(_) if CONTAINERS.contains(&&*found) => Verdict::Doubtful(found),
        Format::Text if is_text => Verdict::Agree,
        Format::Unknown if !known.has_signature => Verdict::Agree,
        _ => Verdict::Differ(found),
    }
}

fn explain(verdict: &Verdict, declared: &str) -> Option<Finding> {
    let differ = |severity, found: &str| {
        let detail = format!("the server says `{declared}`, and the bytes are {found}");
        Finding::new(severity, "wrong-content-type", detail, PROCESSING)
            .remedy("send the type that the bytes are; if the file should be what it says, make it anew")
    };
    Some(match verdict {
        Verdict::Agree => return None,
        Verdict::Empty => Finding::new(Severity::Refuse, "empty-body", "the file has no bytes", MEDIA_PAGE)
            .remedy("upload the file again"),
        Verdict::Missing => {
            Finding::new(Severity::Refuse, "no-content-type", "the answer has no Content-Type", MEDIA_PAGE)
                .remedy("send the file's media type in Content-Type: Meta requires it")
        }
        Verdict::Misspelt(spelled) => {
            let detail = format!("Meta refuses the media type `{declared}`");
            Finding::new(Severity::Refuse, "content-type-spelling", detail, SPELLING)
                .remedy(format!("send `Content-Type: {spelled}`"))
        }
        Verdict::WithoutCodec => {
            let detail = "`audio/ogg` alone is not supported: it does not say that the sound is Opus";
            Finding::new(Severity::Warn, "content-type-without-codec", detail, MEDIA_PAGE)
                .remedy("send `Content-Type: audio/ogg; codecs=opus`")
        }
        Verdict::Differ(found) => differ(Severity::Refuse, found),
        Verdict::Doubtful(found) => differ(Severity::Warn, found),
        Verdict::NotNamed => {
            let detail =
                format!("WhatsApp names no support for `{declared}`: it may pass as a document at best");
            Finding::new(Severity::Warn, "unsupported-content-type", detail, MEDIA_PAGE)
                .remedy("send one of the types that the page lists")
        }
    })
}
