//! The commands that put a file right. `INPUT` stands for the file, `OUTPUT` for the new one, without its extension.
//!
//! Each makes a file that passes from one that does not; `tests/media` runs all that are ffmpeg's.

use crate::whatsapp::Finding;

/// A JPEG file that every rule for images accepts, from any picture: colours for screens, eight bits, no transparency.
pub const TO_JPEG: &str = "ffmpeg -i INPUT -frames:v 1 -pix_fmt yuvj420p -q:v 3 OUTPUT.jpg";

/// The same from the pictures of telephones, which ffmpeg may read as one tile of many.
pub const HEIC_TO_JPEG: &str = "magick INPUT -quality 85 OUTPUT.jpg";

/// The same, with fewer pixels: at most 2048 across.
pub const TO_SMALLER_JPEG: &str =
    "ffmpeg -i INPUT -frames:v 1 -vf \"scale='min(2048,iw)':-2\" -pix_fmt yuvj420p -q:v 5 OUTPUT.jpg";

/// A PNG file with eight bits and four channels.
pub const TO_PNG: &str = "ffmpeg -i INPUT -frames:v 1 -pix_fmt rgba OUTPUT.png";

/// A sticker that stands still: 512 by 512, what is missing transparent.
pub const TO_STICKER: &str = "ffmpeg -i INPUT -frames:v 1 -vf \"format=rgba,\
     scale=512:512:force_original_aspect_ratio=decrease,pad=512:512:-1:-1:color=black@0\" \
     -c:v libwebp -q:v 50 OUTPUT.webp";

/// A sticker that moves: four seconds at most, ten frames a second.
pub const TO_ANIMATED_STICKER: &str = "ffmpeg -i INPUT -t 4 -an -vf \"fps=10,format=rgba,\
     scale=512:512:force_original_aspect_ratio=decrease,pad=512:512:-1:-1:color=black@0\" \
     -c:v libwebp_anim -q:v 30 -loop 0 OUTPUT.webp";

/// A voice message: Ogg with Opus, one channel.
pub const TO_OPUS: &str = "ffmpeg -i INPUT -map 0:a:0 -c:a libopus -ac 1 -b:a 32k OUTPUT.ogg";

/// The same by way of bare samples, which drops the broken clock of a recording in fragments.
pub const TO_OPUS_BY_SAMPLES: &str = "ffmpeg -i INPUT -map 0:a:0 OUTPUT.wav && \
     ffmpeg -i OUTPUT.wav -c:a libopus -ac 1 -b:a 32k OUTPUT.ogg";

/// AAC in MP4.
pub const TO_M4A: &str = "ffmpeg -i INPUT -map 0:a:0 -c:a aac -movflags +faststart OUTPUT.m4a";

/// A film that every rule accepts: H.264 Main without B-frames, AAC or silence, the index first, even sides.
pub const TO_MP4: &str = "ffmpeg -i INPUT -map 0:v:0 -map 0:a:0? -vf \"scale=trunc(iw/2)*2:trunc(ih/2)*2\" \
     -c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p -c:a aac -movflags +faststart OUTPUT.mp4";

/// The same, in fewer bytes: at most 848 across, about a megabyte for ten seconds at the worst.
pub const TO_SMALLER_MP4: &str = "ffmpeg -i INPUT -map 0:v:0 -map 0:a:0? -vf \"scale='trunc(min(848,iw)/2)*2':-2\" \
     -c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p -crf 28 -maxrate 700k -bufsize 1400k \
     -c:a aac -b:a 64k -movflags +faststart OUTPUT.mp4";

/// The same film and sound, the index first; nothing is coded anew.
pub const TO_FASTSTART: &str =
    "ffmpeg -i INPUT -map 0:v:0 -map 0:a:0? -c copy -movflags +faststart OUTPUT.mp4";

/// A PDF document without its password, which the command reads as a line of its input: at a terminal, type it.
pub const TO_OPEN_PDF: &str = "qpdf --password-file=- --decrypt INPUT OUTPUT.pdf";

/// The commands that do more than one thing, such that a later one makes an earlier one needless where both are due.
const DO_MORE: [&str; 11] = [
    TO_FASTSTART,
    TO_MP4,
    TO_SMALLER_MP4,
    TO_M4A,
    TO_OPUS,
    TO_OPUS_BY_SAMPLES,
    TO_PNG,
    TO_JPEG,
    TO_SMALLER_JPEG,
    TO_STICKER,
    TO_ANIMATED_STICKER,
];

/// Leaves one conversion of those that findings ask for, with the first that asks for it: the one that does the most.
pub(super) fn say_once(findings: &mut [Finding]) {
    let rank = |finding: &Finding| {
        let remedy = finding.remedy.as_deref()?;
        DO_MORE.iter().rposition(|command| remedy.contains(command))
    };
    let most = findings.iter().filter_map(rank).max();
    let mut said = false;
    for finding in findings {
        let rank = rank(finding);
        if rank.is_some() && (rank != most || std::mem::replace(&mut said, true)) {
            finding.remedy = None;
        }
    }
}

/// A command in a sentence.
pub(super) fn convert(command: &str) -> String {
    format!("convert it: `{command}`")
}
