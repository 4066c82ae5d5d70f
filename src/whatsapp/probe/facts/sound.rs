//! What was found in a file of nothing but sound, other than MP4.

use serde::Serialize;

/// The first pages of an Ogg file (RFC 3533).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ogg {
    /// The codec of its first stream; a skeleton, which describes other streams, is none.
    pub codec: OggCodec,
    /// The channels of that stream, if it is sound and says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<u8>,
    /// How many streams begin together.
    pub streams: usize,
    /// Whether anything comes behind the headers.
    pub has_media: bool,
}

/// What the first packet of an Ogg stream is the header of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OggCodec {
    /// Opus (RFC 7845).
    Opus,
    /// Vorbis.
    Vorbis,
    /// FLAC.
    Flac,
    /// Speex.
    Speex,
    /// Theora: a film.
    Theora,
    /// Something else.
    Unknown,
}

/// The first frame of an ADTS stream (ISO/IEC 13818-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Adts {
    /// Channels; 0 if the stream says so elsewhere.
    pub channels: u8,
    /// Samples a second.
    pub sample_rate: u32,
}

/// The first frame of an MPEG audio stream (ISO/IEC 11172-3, 13818-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MpegAudio {
    /// 3 for MP3.
    pub layer: u8,
    /// Channels.
    pub channels: u8,
    /// Samples a second.
    pub sample_rate: u32,
}

/// The header of an AMR file (RFC 4867 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Amr {
    /// Wideband, AMR-WB, as opposed to the AMR of telephones.
    pub wideband: bool,
    /// Whether it has more channels than one.
    pub multichannel: bool,
}
