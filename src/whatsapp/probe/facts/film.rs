//! What was found in an MP4, M4A or 3GP file.

use serde::Serialize;

/// The boxes of an MP4, M4A or 3GP file (ISO/IEC 14496-12, 3GPP TS 26.244).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mp4 {
    /// The brand that it is best read as: `isom`, `M4A `, `3gp6`.
    pub major_brand: String,
    /// The brands that it can be read as: the first 32.
    pub compatible_brands: Vec<String>,
    /// How long it lasts, in milliseconds, if its header says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Where its index is.
    pub index: Index,
    /// Whether it is in fragments, as browsers record it, with an index for each.
    pub fragmented: bool,
    /// Whether there is media data (`mdat`) that the index can point at.
    pub has_media: bool,
    /// Its tracks: the first 32.
    pub tracks: Vec<Track>,
}

impl Mp4 {
    /// The codecs of its tracks of pictures.
    pub fn video_codecs(&self) -> impl Iterator<Item = &VideoCodec> {
        self.tracks.iter().filter_map(|track| match track {
            Track::Video { codec, .. } => Some(codec),
            Track::Audio { .. } | Track::Other { .. } => None,
        })
    }

    /// The codecs of its tracks of sound.
    pub fn audio_codecs(&self) -> impl Iterator<Item = &AudioCodec> {
        self.tracks.iter().filter_map(|track| match track {
            Track::Audio { codec, .. } => Some(codec),
            Track::Video { .. } | Track::Other { .. } => None,
        })
    }
}

/// Where the `moov` box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Index {
    /// Before the first media data, so that playing can begin with the first bytes.
    First,
    /// Behind media data.
    Last,
}

/// A track of an MP4 file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Track {
    /// Pictures.
    Video {
        /// Pixels across.
        width: u16,
        /// Pixels down.
        height: u16,
        /// How they are coded.
        codec: VideoCodec,
    },
    /// Sound.
    Audio {
        /// Channels.
        channels: u16,
        /// How it is coded.
        codec: AudioCodec,
    },
    /// Subtitles, chapters, hints, and the like.
    Other {
        /// The four letters of its handler: `text`, `meta`.
        handler: String,
    },
}

/// The codec of a video track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum VideoCodec {
    /// H.264.
    H264(H264),
    /// Another one.
    Other {
        /// The four letters of its sample entry: `hvc1`, `av01`, `s263`.
        entry: String,
    },
}

/// What an H.264 decoder must be capable of (ISO/IEC 14496-15, `AVCDecoderConfigurationRecord`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct H264 {
    /// `profile_idc`: 66 Baseline, 77 Main, 100 High.
    pub profile: u8,
    /// The level, in tenths: 30 is level 3.0.
    pub level: u8,
    /// Whether frames are shown in another order than they are stored.
    pub b_frames: BFrames,
}

/// Whether a track has B-frames. They show in composition offsets (`ctts`, and `trun` of fragments) that differ from frame
/// to frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BFrames {
    /// The offsets differ.
    Yes,
    /// There are none, or all are the same; or the profile, Baseline, does not know B-frames.
    No,
    /// The file is fragmented, and its first fragments have no two frames to compare.
    Unknown,
}

/// The codec of an audio track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum AudioCodec {
    /// AAC of any profile.
    Aac,
    /// `mp4a`, with a description that cannot be read: AAC, most likely.
    Undescribed,
    /// Another one.
    Other {
        /// The four letters of its sample entry: `samr`, `Opus`, `alac`; or `mp4a` and the number of the object type.
        entry: String,
    },
}
