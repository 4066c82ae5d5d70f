//! Settles the `Content-Type` of an asset from what its bytes are and what its name, or its metadata in a bucket, says.
//!
//! The bytes decide, because Meta looks at them too: a link whose bytes are not of its type is accepted and never
//! delivered. The name helps where bytes have no signature, and is reported where it says something else.

use http::HeaderValue;

use super::sniff::Format;
use crate::semantics::content_disposition::attachment;
use crate::whatsapp::media_type::{MediaType as Known, OCTET_STREAM, essence};

/// The media type of an asset, settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType {
    /// The value of `Content-Type`.
    pub content_type: HeaderValue,
    /// The value of `Content-Disposition`, for what a browser would otherwise run.
    pub content_disposition: Option<HeaderValue>,
    /// Whether the name and the bytes say the same.
    pub agreement: Agreement,
}

/// Whether a file's name, or an object's metadata, and the bytes agree on what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// They do, or one of them says nothing.
    Agree,
    /// They do not. The bytes are believed.
    Differ {
        /// What says otherwise.
        label: Label,
        /// What the name's extension stands for, or the `Content-Type` in the metadata.
        name: Box<str>,
        /// What the bytes are.
        bytes: Box<str>,
    },
}

/// What an asset is labelled by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// The extension of its name.
    Name,
    /// The `Content-Type` that the bucket has of it.
    Metadata,
}

impl Label {
    fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Metadata => "Content-Type in the bucket",
        }
    }
}

impl Agreement {
    /// What the label stands for, if the bytes are something else.
    #[must_use]
    pub fn name_says(&self) -> Option<&str> {
        match self {
            Self::Agree => None,
            Self::Differ { name, .. } => Some(name),
        }
    }

    /// What to tell whoever put the file there, if they do not agree.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match self {
            Self::Agree => None,
            Self::Differ { label, name, bytes } => Some(format!(
                "its {} says {name}, its bytes are {bytes}; it is served as what the bytes are",
                label.as_str()
            )),
        }
    }
}

const PLAIN_TEXT: &str = "text/plain";

/// Settles the type of an asset with these bytes and that name.
#[must_use]
pub fn settle(format: &Format, file_name: &str) -> MediaType {
    settle_labelled(format, file_name, (Label::Name, by_extension(file_name)))
}

/// The same of an object that is declared to be of a type. A declaration that says nothing leaves it to the name.
#[must_use]
pub fn settle_declared(format: &Format, file_name: &str, declared: Option<&str>) -> MediaType {
    let bare = declared.map(|declared| essence(declared).to_ascii_lowercase());
    let Some((declared, bare)) = declared.zip(bare.as_deref()).filter(|(_, it)| says_something(it)) else {
        return settle(format, file_name);
    };
    let known = Known::sent_as(bare);
    let has =
        if known.is_some_and(|known| known.has_signature) { HasSignature::Yes } else { HasSignature::No };
    let claimed = known.map_or(bare, |known| known.content_type);
    let mut media = settle_labelled(format, file_name, (Label::Metadata, Some((claimed, has))));
    // Who declares audio/ogg does not say which codec.
    if media.content_type.to_str().is_ok_and(|sent| essence(sent) == essence(claimed)) {
        media.agreement = Agreement::Agree;
    }
    // Parameters that are not ours to judge, such as a charset.
    if known.is_none() && media.content_type == bare {
        media.content_type = HeaderValue::from_str(declared).unwrap_or(media.content_type);
    }
    media
}

/// What uploaders declare that do not know: the defaults of S3, of GCS and of curl.
fn says_something(essence: &str) -> bool {
    let is_type =
        essence.split_once('/').is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty());
    is_type && ![OCTET_STREAM, "binary/octet-stream", "application/x-www-form-urlencoded"].contains(&essence)
}

fn settle_labelled(
    format: &Format,
    file_name: &str,
    (label, claimed): (Label, Option<(&str, HasSignature)>),
) -> MediaType {
    let name = claimed.map(|(media_type, _)| media_type);
    let (media_type, agrees) = match format {
        Format::Signature(found) => by_signature(found, name),
        Format::TextOr(found) => match name {
            Some(name) if is_text(name) => (name, true),
            name => by_signature(found, name),
        },
        Format::Text => match name {
            Some(name) if is_text(name) => (name, true),
            name => (PLAIN_TEXT, name.is_none()),
        },
        Format::Unknown | Format::Empty => match claimed {
            Some((name, HasSignature::No)) => (name, true),
            Some((_, HasSignature::Yes)) => (OCTET_STREAM, false),
            None => (OCTET_STREAM, true),
        },
    };
    let agreement = match name {
        Some(name) if !agrees => {
            Agreement::Differ { label, name: name.into(), bytes: described(format, media_type) }
        }
        _ => Agreement::Agree,
    };
    let (content_type, content_disposition) = as_sent(media_type, file_name);
    MediaType { content_type, content_disposition, agreement }
}

/// The type of that signature, and whether the name agrees. A few signatures say less than a name does.
fn by_signature<'a>(found: &'a str, name: Option<&'a str>) -> (&'a str, bool) {
    let is_office = |name: &str| {
        BINARY_OFFICE.contains(&name) || name.starts_with("application/vnd.openxmlformats-officedocument.")
    };
    match (found, name) {
        ("application/x-cfb", Some(name)) if BINARY_OFFICE.contains(&name) => (name, true),
        // Any of them may be in the envelope of a password.
        ("application/encrypted", Some(name)) if is_office(name) => (name, true),
        // A tag, and nothing behind it that is known.
        ("application/x-id3v2", Some(name @ ("audio/mpeg" | "audio/aac"))) => (name, true),
        _ => {
            let found = Known::named(found).map_or(found, |known| known.content_type);
            // Two types that WhatsApp takes neither of may be one by two names: audio/wav, audio/vnd.wave.
            let is_ours = |name: &str| Known::named(name).is_some();
            let may_differ = |name: &str| is_ours(name) || is_ours(found) || runs_in_a_browser(found);
            (found, name.is_none_or(|name| name == found || !may_differ(name)))
        }
    }
}

/// Office documents that are compound files.
const BINARY_OFFICE: [&str; 3] =
    ["application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"];

/// Whether a text may begin as files of that type do: their signatures are a few letters. That of what WhatsApp takes
/// is longer, and what a browser would run is always believed to be that.
pub(super) fn begins_by_chance(found: &str) -> bool {
    !is_text(found) && !runs_in_a_browser(found) && Known::named(found).is_none()
}

/// What a browser would run goes out as bytes to be saved.
fn as_sent(media_type: &str, file_name: &str) -> (HeaderValue, Option<HeaderValue>) {
    if runs_in_a_browser(media_type) {
        return (HeaderValue::from_static(OCTET_STREAM), Some(attachment(file_name)));
    }
    let value = HeaderValue::from_str(media_type);
    (value.unwrap_or(HeaderValue::from_static(OCTET_STREAM)), None)
}

fn described(format: &Format, media_type: &str) -> Box<str> {
    match format {
        Format::Signature(_) | Format::TextOr(_) | Format::Text => media_type.into(),
        Format::Unknown => "bytes of no known format".into(),
        Format::Empty => "no bytes at all".into(),
    }
}

#[derive(Clone, Copy)]
enum HasSignature {
    Yes,
    No,
}

/// The media type that the extension stands for, and whether its files can be told by their bytes.
fn by_extension(file_name: &str) -> Option<(&'static str, HasSignature)> {
    let (_, extension) = file_name.rsplit_once('.')?;
    if let Some(known) = Known::of_extension(extension) {
        let has = if known.has_signature { HasSignature::Yes } else { HasSignature::No };
        return Some((known.content_type, has));
    }
    let media_type = mime_guess::from_ext(extension).first_raw()?;
    Some((media_type, HasSignature::No))
}

/// Types whose files are text, so that bytes found to be text may be of them.
fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || media_type.ends_with("+xml")
        || media_type.ends_with("+json")
        || ["application/json", "application/xml", "application/javascript", "application/rtf"]
            .contains(&media_type)
}

/// Types with which a browser runs a script of the file's author in the name of this host.
fn runs_in_a_browser(media_type: &str) -> bool {
    const RUN: [&str; 8] = [
        "text/html",
        "text/xml",
        "text/javascript",
        "text/ecmascript",
        "application/xml",
        "application/javascript",
        "application/ecmascript",
        "message/rfc822",
    ];
    RUN.contains(&media_type) || media_type.ends_with("+xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    /// Bytes, name, the type sent, whether it is an attachment, whether bytes and name agree.
    const CASES: &[(&str, &str, &str, bool, bool)] = &[
        ("image/jpeg", "a.jpg", "image/jpeg", false, true),
        ("image/jpeg", "a.JPEG", "image/jpeg", false, true),
        ("image/jpeg", "a", "image/jpeg", false, true),
        ("image/jpeg", "a.png", "image/jpeg", false, false),
        ("audio/opus", "a.ogg", "audio/ogg; codecs=opus", false, true),
        ("audio/x-m4a", "a.m4a", "audio/mp4", false, true),
        ("application/mp4", "a.mp4", "video/mp4", false, true),
        ("audio/mp4", "a.mp4", "audio/mp4", false, false),
        ("image/gif", "a.gif", "image/gif", false, true),
        ("text", "a.txt", "text/plain", false, true),
        ("text", "a.csv", "text/csv", false, true),
        ("text", "a.json", "application/json", false, true),
        ("text", "a", "text/plain", false, true),
        ("text", "a.jpg", "text/plain", false, false),
        ("text", "a.js", "application/octet-stream", true, true),
        ("text", "a.html", "application/octet-stream", true, true),
        ("text/html", "a.html", "application/octet-stream", true, true),
        ("text/html", "a.jpg", "application/octet-stream", true, false),
        ("image/svg+xml", "a.svg", "application/octet-stream", true, true),
        ("text/xml", "feed.xml", "application/octet-stream", true, true),
        ("unknown", "a.jpg", "application/octet-stream", false, false),
        ("unknown", "a.mp3", "audio/mpeg", false, true),
        ("unknown", "a", "application/octet-stream", false, true),
        ("unknown", "a.html", "application/octet-stream", true, true),
        ("text or audio/x-ape", "a.csv", "text/csv", false, true),
        ("text or audio/x-ape", "a", "audio/x-ape", false, true),
        ("text or audio/x-ape", "a.jpg", "audio/x-ape", false, false),
        ("text or application/x-dosexec", "a.html", "application/octet-stream", true, true),
        ("text or application/pdf", "a.pdf", "application/pdf", false, true),
        ("image/apng", "a.png", "image/png", false, true),
        ("audio/x-m4a", "a.m4b", "audio/mp4", false, true),
        ("application/x-cfb", "a.doc", "application/msword", false, true),
        ("application/x-cfb", "a.xls", "application/vnd.ms-excel", false, true),
        ("application/x-cfb", "a.docx", "application/x-cfb", false, false),
        ("application/encrypted", "a.docx", DOCX, false, true),
        ("application/encrypted", "a.xls", "application/vnd.ms-excel", false, true),
        ("application/encrypted", "a", "application/encrypted", false, true),
        ("application/x-id3v2", "a.mp3", "audio/mpeg", false, true),
        ("application/x-id3v2", "a.aac", "audio/aac", false, true),
        ("application/x-id3v2", "a.ogg", "application/x-id3v2", false, false),
        ("empty", "a.txt", "text/plain", false, true),
        ("empty", "a.jpg", "application/octet-stream", false, false),
    ];

    #[test]
    fn the_bytes_decide() {
        for &(format, name, sent, attached, agrees) in CASES {
            let media = settle(&Format::named(format), name);
            assert_eq!(media.content_type, sent, "{format} as {name}");
            assert_eq!(media.content_disposition.is_some(), attached, "{format} as {name}");
            assert_eq!(media.agreement == Agreement::Agree, agrees, "{format} as {name}");
        }
    }

    /// Bytes, what is declared, name, the type sent, whether it is an attachment, whether they agree.
    const DECLARED: &[(&str, &str, &str, &str, bool, bool)] = &[
        ("image/jpeg", "image/jpeg", "a", "image/jpeg", false, true),
        ("image/jpeg", "IMAGE/JPEG", "a.png", "image/jpeg", false, true),
        ("image/jpeg", "image/jpg", "a", "image/jpeg", false, true),
        ("image/jpeg", "image/png", "a.jpg", "image/jpeg", false, false),
        ("image/jpeg", "application/octet-stream", "a.jpg", "image/jpeg", false, true),
        ("image/jpeg", "binary/octet-stream", "a.png", "image/jpeg", false, false),
        ("image/jpeg", "nonsense", "a.jpg", "image/jpeg", false, true),
        ("image/jpeg", "text/html; charset=utf-8", "a.jpg", "image/jpeg", false, false),
        ("audio/opus", "audio/ogg", "a", "audio/ogg; codecs=opus", false, true),
        ("text", "text/csv; charset=utf-8", "a", "text/csv; charset=utf-8", false, true),
        ("text", "text/plain; charset=utf-8", "a", "text/plain", false, true),
        ("text", "text/html; charset=utf-8", "a.txt", "application/octet-stream", true, true),
        ("text/html", "text/plain", "a.txt", "application/octet-stream", true, false),
        ("unknown", "image/jpeg", "a", "application/octet-stream", false, false),
        ("unknown", "audio/mpeg", "a", "audio/mpeg", false, true),
        ("unknown", "font/woff2", "a", "font/woff2", false, true),
        ("unknown", "", "a.mp3", "audio/mpeg", false, true),
        ("application/gzip", "image/jpeg", "a", "application/gzip", false, false),
        ("empty", "text/plain", "a", "text/plain", false, true),
    ];

    #[test]
    fn what_is_declared_stands_where_a_name_would() {
        for &(format, declared, name, sent, attached, agrees) in DECLARED {
            let media = settle_declared(&Format::named(format), name, Some(declared));
            assert_eq!(media.content_type, sent, "{format} declared {declared}");
            assert_eq!(media.content_disposition.is_some(), attached, "{format} declared {declared}");
            assert_eq!(media.agreement == Agreement::Agree, agrees, "{format} declared {declared}");
        }
        let undeclared = settle_declared(&Format::Unknown, "a.mp3", None);
        assert_eq!(undeclared, settle(&Format::Unknown, "a.mp3"));
    }

    #[test]
    fn every_type_that_whatsapp_takes_is_sent_as_meta_spells_it() {
        for known in crate::whatsapp::media_type::MEDIA_TYPES {
            let media = settle(&Format::Signature(known.content_type.into()), "a");
            assert_eq!(media.content_type, known.content_type);
        }
    }
}
