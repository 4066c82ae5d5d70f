//! What was found in a file: plain values, nothing judged.

mod document;
mod film;
mod picture;
mod sound;

use serde::Serialize;

pub use document::{Compound, Encoding, Office, Ooxml, Pdf, Text};
pub use film::{AudioCodec, BFrames, H264, Index, Mp4, Track, VideoCodec};
pub use picture::{Animation, Jpeg, JpegCoding, JpegColour, Png, PngColour, WebP};
pub use sound::{Adts, Amr, MpegAudio, Ogg, OggCodec};

/// What is inside a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "format", rename_all = "kebab-case")]
pub enum Facts {
    /// A JPEG picture.
    Jpeg(Jpeg),
    /// A PNG picture.
    Png(Png),
    /// A WebP picture, still or moving.
    #[serde(rename = "webp")]
    WebP(WebP),
    /// An Ogg file.
    Ogg(Ogg),
    /// A file of boxes: MP4, M4A or 3GP.
    Mp4(Mp4),
    /// AAC in ADTS frames, the bare stream of an `.aac` file.
    Adts(Adts),
    /// MPEG audio, the bare stream of an `.mp3` file.
    MpegAudio(MpegAudio),
    /// Adaptive Multi-Rate speech.
    Amr(Amr),
    /// A PDF document.
    Pdf(Pdf),
    /// An Office document since 2007: a ZIP archive of XML parts.
    Ooxml(Ooxml),
    /// A compound file: an Office document before 2007, or an encrypted one since.
    Compound(Compound),
    /// Text.
    Text(Text),
    /// Something that is not looked into.
    Other,
    /// Its structure goes on beyond what is read of a file, so nothing is known of it.
    Unexplored,
    /// Its structure cannot be read, so it is not what its first bytes or its name say.
    Damaged {
        /// What is wrong: a sentence without a full stop, which begins with "it" or names a part.
        what: String,
    },
}
