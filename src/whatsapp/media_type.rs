//! The media types that WhatsApp takes, spelled as Meta spells them.
//!
//! Source: developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media,
//! "Supported media types". The spelling matters: audio sent as `audio/opus` or bare `audio/ogg` is refused.

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
    signed("image/png", &[], &["png"]),
    signed("image/webp", &[], &["webp"]),
    signed("video/mp4", &["application/mp4", "video/x-m4v"], &["mp4", "m4v"]),
    signed("video/3gpp", &["audio/3gpp"], &["3gp", "3gpp"]),
    signed("audio/mp4", &["audio/x-m4a", "audio/m4a"], &["m4a"]),
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

impl MediaType {
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
