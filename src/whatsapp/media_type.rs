//! The media types that WhatsApp takes, spelled as Meta spells them.
//!
//! Source: developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media,
//! "Supported media types". The spelling matters: audio sent as `audio/opus` or bare `audio/ogg` is refused.

/// What a file is served as whose bytes are of no known format, or would be run by a browser.
pub const OCTET_STREAM: &str = "application/octet-stream";

/// A type that WhatsApp takes.
#[derive(Debug, PartialEq, Eq)]
pub struct MediaType {
    /// The value of `Content-Type` that Meta's fetcher accepts for it.
    pub content_type: &'static str,
    /// Other names by which readers of the bytes know it.
    aliases: &'static [&'static str],
    /// The extensions of file names that stand for it, in lower case.
    extensions: &'static [&'static str],
    /// Whether every file of the type can be told by its first bytes.
    pub has_signature: bool,
}

const fn signed(
    content_type: &'static str,
    aliases: &'static [&'static str],
    extensions: &'static [&'static str],
) -> MediaType {
    MediaType { content_type, aliases, extensions, has_signature: true }
}

/// All of them.
pub const MEDIA_TYPES: &[MediaType] = &[
    signed("image/jpeg", &[], &["jpg", "jpeg", "jpe", "jfif"]),
    signed("image/png", &["image/apng"], &["png", "apng"]),
    signed("image/webp", &[], &["webp"]),
    signed("video/mp4", &["application/mp4", "video/x-m4v"], &["mp4", "m4v"]),
    signed("video/3gpp", &["audio/3gpp"], &["3gp", "3gpp"]),
    signed("audio/mp4", &["audio/x-m4a", "audio/m4a", "audio/m4b", "audio/x-m4b"], &["m4a", "m4b"]),
    signed("audio/ogg; codecs=opus", &["audio/opus"], &["ogg", "oga", "opus"]),
    signed("audio/amr", &[], &["amr"]),
    // A stream of frames that may begin anywhere.
    MediaType { has_signature: false, ..signed("audio/aac", &[], &["aac"]) },
    MediaType { has_signature: false, ..signed("audio/mpeg", &[], &["mp3"]) },
    MediaType { has_signature: false, ..signed("text/plain", &[], &["txt", "text"]) },
    signed("application/pdf", &[], &["pdf"]),
    signed("application/msword", &[], &["doc"]),
    signed("application/vnd.ms-excel", &[], &["xls"]),
    signed("application/vnd.ms-powerpoint", &[], &["ppt"]),
    signed("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &[], &["docx"]),
    signed("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &[], &["xlsx"]),
    signed("application/vnd.openxmlformats-officedocument.presentationml.presentation", &[], &["pptx"]),
];

/// Names that servers send, and no reader of bytes uses: the name, and the type as Meta spells it.
///
/// Wrong spellings, names from before the type was registered, and those of one program or another.
const SENT: &[(&str, &str)] = &[
    ("image/jpg", "image/jpeg"),
    ("image/jpe", "image/jpeg"),
    ("image/jfif", "image/jpeg"),
    ("image/pjpeg", "image/jpeg"),
    ("image/x-jpeg", "image/jpeg"),
    ("image/x-png", "image/png"),
    ("image/x-webp", "image/webp"),
    ("video/mpeg4", "video/mp4"),
    ("video/x-mp4", "video/mp4"),
    ("video/3gp", "video/3gpp"),
    ("video/x-3gpp", "video/3gpp"),
    ("audio/x-mp4", "audio/mp4"),
    ("audio/mp4a-latm", "audio/mp4"),
    ("application/ogg", "audio/ogg; codecs=opus"),
    ("application/x-ogg", "audio/ogg; codecs=opus"),
    ("audio/x-ogg", "audio/ogg; codecs=opus"),
    ("audio/x-opus", "audio/ogg; codecs=opus"),
    ("audio/x-opus+ogg", "audio/ogg; codecs=opus"),
    ("audio/x-amr", "audio/amr"),
    ("audio/aacp", "audio/aac"),
    ("audio/x-aac", "audio/aac"),
    ("audio/x-hx-aac-adts", "audio/aac"),
    ("audio/mp3", "audio/mpeg"),
    ("audio/mpg", "audio/mpeg"),
    ("audio/mpeg3", "audio/mpeg"),
    ("audio/x-mp3", "audio/mpeg"),
    ("audio/x-mpeg", "audio/mpeg"),
    ("audio/x-mpeg-3", "audio/mpeg"),
    ("text/txt", "text/plain"),
    ("text/pdf", "application/pdf"),
    ("application/acrobat", "application/pdf"),
    ("application/x-pdf", "application/pdf"),
    ("application/doc", "application/msword"),
    ("application/x-msword", "application/msword"),
    ("application/excel", "application/vnd.ms-excel"),
    ("application/msexcel", "application/vnd.ms-excel"),
    ("application/x-excel", "application/vnd.ms-excel"),
    ("application/x-msexcel", "application/vnd.ms-excel"),
    ("application/mspowerpoint", "application/vnd.ms-powerpoint"),
    ("application/powerpoint", "application/vnd.ms-powerpoint"),
];

/// A media type without its parameters (RFC 9110 §8.3.1).
#[must_use]
pub fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or(media_type).trim_ascii()
}

impl MediaType {
    /// The type that a server means by this name, in lower case and without parameters: its own, or one of those that
    /// are only misspelt.
    #[must_use]
    pub fn sent_as(name: &str) -> Option<&'static Self> {
        let spelled = SENT.iter().find(|(sent, _)| *sent == name).map_or(name, |(_, spelled)| *spelled);
        Self::named(spelled)
    }

    /// The type that the bytes were found to be, by any of its names.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        MEDIA_TYPES.iter().find(|media| media.content_type == name || media.aliases.contains(&name))
    }

    /// The type that a file name's extension stands for. Case does not matter.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<&'static Self> {
        let is_it = |known: &&str| known.eq_ignore_ascii_case(extension);
        MEDIA_TYPES.iter().find(|media| media.extensions.iter().any(is_it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_servers_send_stands_for_a_type_and_is_none_itself() {
        for (sent, spelled) in SENT {
            assert_eq!(MediaType::sent_as(sent).map(|known| known.content_type), Some(*spelled), "{sent}");
            assert_eq!(MediaType::named(sent), None, "{sent}: readers of bytes have names of their own");
        }
        assert_eq!(MediaType::sent_as("image/gif"), None);
    }
}
