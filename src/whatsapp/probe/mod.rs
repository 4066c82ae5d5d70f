//! What is inside a media file, as far as WhatsApp cares.
//!
//! The media type of an asset says what its bytes begin as; whether a message arrives depends on what they go on as:
//! an Ogg file with Vorbis in it, an MP4 file with H.265, a CMYK photograph are all accepted, and never delivered.
//! [`probe`] reads the headers that tell, and [`limits`](super::limits) judges what it found.
//!
//! Files come from anyone, so nothing that one says of itself is believed: a fence around the file bounds how much
//! is read of it, every list is cut at a fixed number of entries, and nothing is allocated by a number read from it.
//! Where a well-kept parser reads headers alone it is used, behind the same fence; the rest is a few fixed offsets.
//!
//! | file | holds |
//! |---|---|
//! | [`facts`] | what was found, as plain values |
//! | `fence` | the only way to a file's bytes |
//! | `jpeg`, `png`, `webp` | pictures |
//! | `ogg`, `mpeg_audio`, `amr` | sound |
//! | `mp4` | films and sound in boxes: MP4, M4A, 3GP |
//! | `pdf`, `ooxml`, `compound`, `text` | documents |

mod amr;
mod compound;
pub mod facts;
mod fence;
mod jpeg;
mod mp4;
mod mpeg_audio;
mod ogg;
mod ooxml;
mod pdf;
mod png;
mod text;
mod webp;

#[cfg(test)]
mod tests;

use std::io::{self, Read, Seek};

use super::media_type::OCTET_STREAM;
use super::media_type::essence;
pub use facts::Facts;
use fence::{Damage, Fence};
pub use text::is_text;

/// Reads what is inside a file of `length` bytes that is of this media type.
///
/// Only headers, boxes, directories and the tail are read: kilobytes as a rule, 4 MiB at most, of which a picture whose
/// end is not where it should be takes the most. Texts are the exception: they are read to the end, in pieces, as far
/// as the largest document that WhatsApp takes.
///
/// # Errors
/// Only where reading fails. What a file contains is never an error: what cannot be understood is
/// [`Facts::Damaged`], what goes on beyond what is read of a file is [`Facts::Unexplored`], and what is not looked
/// into at all is [`Facts::Other`].
pub fn probe<R: Read + Seek>(reader: R, length: u64, content_type: &str) -> io::Result<Facts> {
    let mut fence = Fence::around(reader, length);
    let facts = look_inside(&mut fence, content_type);
    let stood_in_the_way = fence.stood_in_the_way();
    match (fence.failure(), facts) {
        (Some(failure), _) => Err(failure),
        (None, Ok(facts)) => Ok(facts),
        (None, Err(_)) if stood_in_the_way => Ok(Facts::Unexplored),
        (None, Err(Damage(what))) => Ok(Facts::Damaged { what: what.into() }),
    }
}

/// How the media types of Office documents since 2007 begin, without macros and with.
const OFFICE_SINCE_2007: [&str; 4] = [
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.ms-word.",
    "application/vnd.ms-excel.",
    "application/vnd.ms-powerpoint.",
];

/// The parser for each media type, by every name that a container of its kind is served or sniffed as.
fn look_inside<R: Read + Seek>(file: &mut Fence<R>, content_type: &str) -> Result<Facts, Damage> {
    match essence(content_type) {
        "image/jpeg" => jpeg::probe(file).map(Facts::Jpeg),
        "image/png" | "image/apng" => png::probe(file).map(Facts::Png),
        "image/webp" => webp::probe(file).map(Facts::WebP),
        "audio/ogg" | "audio/opus" | "video/ogg" | "application/ogg" => ogg::probe(file).map(Facts::Ogg),
        "video/mp4" | "audio/mp4" | "application/mp4" | "video/3gpp" | "audio/3gpp" | "audio/x-m4a"
        | "audio/m4a" | "video/x-m4v" => mp4::probe(file).map(Facts::Mp4),
        "audio/aac" | "audio/mpeg" => mpeg_audio::probe(file),
        "audio/amr" | "audio/amr-wb" => amr::probe(file).map(Facts::Amr),
        "application/pdf" => pdf::probe(file).map(Facts::Pdf),
        "application/msword"
        | "application/vnd.ms-excel"
        | "application/vnd.ms-powerpoint"
        | "application/x-cfb"
        | "application/x-ole-storage"
        | "application/encrypted" => compound::probe(file).map(Facts::Compound),
        office if OFFICE_SINCE_2007.iter().any(|prefix| office.starts_with(prefix)) => {
            // With a password it lies in an envelope.
            if compound::is_one(file)? {
                compound::probe(file).map(Facts::Compound)
            } else {
                ooxml::probe(file).map(Facts::Ooxml)
            }
        }
        text if text.starts_with("text/") => text::probe(file).map(Facts::Text),
        // Text is served so where a browser would run it.
        OCTET_STREAM => Ok(text::glance(file)?.map_or(Facts::Other, Facts::Text)),
        _ => Ok(Facts::Other),
    }
}
