//! What was found in a picture.

use serde::Serialize;

/// The header of a JPEG picture (ITU-T T.81).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jpeg {
    /// Pixels across.
    pub width: u16,
    /// Pixels down; 0 if the file says so only after the picture.
    pub height: u16,
    /// Bits of a sample: 8 in all but medical pictures.
    pub bits: u8,
    /// The colour space.
    pub colour: JpegColour,
    /// How the samples are coded.
    pub coding: JpegCoding,
    /// Whether the end of the picture is where the file ends, and not cut off.
    pub complete: bool,
}

/// The colour space of a JPEG picture, by its number of components and Adobe's marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum JpegColour {
    /// One component.
    Grey,
    /// Three: YCbCr as a rule, or RGB.
    Rgb,
    /// Four, for print.
    Cmyk,
    /// Four, for print, the first three as YCC.
    Ycck,
    /// Another number of components.
    Unknown,
}

/// How the samples of a JPEG picture are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum JpegCoding {
    /// Baseline or extended sequential: from top to bottom.
    Sequential,
    /// Progressive: from coarse to fine.
    Progressive,
    /// Lossless, hierarchical or arithmetic: what browsers and phones do not decode.
    Rare,
}

/// The header of a PNG picture (ISO/IEC 15948).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Png {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bits of a sample: 1, 2, 4, 8 or 16.
    pub bits: u8,
    /// The colour type.
    pub colour: PngColour,
    /// Whether it moves (APNG).
    pub animated: bool,
    /// Whether the end of the picture is in the file, and not cut off.
    pub complete: bool,
}

/// The colour type of a PNG picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PngColour {
    /// Greyscale.
    Grey,
    /// Greyscale with transparency.
    GreyAlpha,
    /// Indices into a table of colours.
    Palette,
    /// True colour.
    Rgb,
    /// True colour with transparency.
    Rgba,
}

/// The chunks of a WebP picture (RFC 9649).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebP {
    /// Pixels across the canvas.
    pub width: u32,
    /// Pixels down the canvas.
    pub height: u32,
    /// Whether it says that it has transparency.
    pub alpha: bool,
    /// Its frames, if it moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub animation: Option<Animation>,
}

/// The frames of a moving picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Animation {
    /// How many there are.
    pub frames: u32,
    /// How long all of them last together, in milliseconds.
    pub duration_ms: u64,
}
