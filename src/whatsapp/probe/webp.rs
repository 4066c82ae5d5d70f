//! WebP: the canvas, and the headers of the frames.

use std::io::{BufReader, Read, Seek};

use image_webp::WebPDecoder;

use super::facts::{Animation, WebP};
use super::fence::{Damage, Fence};

/// Each frame is a jump, so little is read ahead.
const READ_AHEAD: usize = 64;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<WebP, Damage> {
    let [b'R', b'I', b'F', b'F', s0, s1, s2, s3] = file.array()? else {
        return Err("it does not begin as a WebP file".into());
    };
    // The size does not count the eight bytes up to its own end (RFC 9649 §2.4).
    if u64::from(u32::from_le_bytes([s0, s1, s2, s3])) + 8 > file.length() {
        return Err("it ends before the size in its header".into());
    }
    file.go_to(0);
    let decoder = WebPDecoder::new(BufReader::with_capacity(READ_AHEAD, file)).map_err(Damage::said)?;
    let (width, height) = decoder.dimensions();
    let animation = decoder
        .is_animated()
        .then(|| Animation { frames: decoder.num_frames(), duration_ms: decoder.loop_duration() });
    Ok(WebP { width, height, alpha: decoder.has_alpha(), animation })
}
