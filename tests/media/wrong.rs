//! What real encoders make that WhatsApp does not take, or that some phones do not show.

use media_origin::whatsapp::MediaKind::{self, Audio, Image, Sticker, Video};
use media_origin::whatsapp::Severity::{self, Note, Refuse, Warn};

/// A file: how ffmpeg makes it, and its name.
#[derive(Clone, Copy)]
pub(crate) struct Made {
    pub(crate) arguments: &'static str,
    pub(crate) name: &'static str,
}

pub(crate) const fn made(arguments: &'static str, name: &'static str) -> Made {
    Made { arguments, name }
}

const STILL: &str = "-f lavfi -i testsrc2=s=300x200:d=1 -frames:v 1";
const FILM: &str = "-f lavfi -i testsrc2=s=320x240:d=1:r=15";
pub(crate) const SOUND: &str = "-f lavfi -i sine=f=440:d=1";
const FILM_AND_SOUND: &str = "-f lavfi -i testsrc2=s=320x240:d=1:r=15 -f lavfi -i sine=f=440:d=1";
const NOISE: &str = "-f lavfi -i testsrc2=s=512x512:d=1:r=10,noise=alls=25:allf=t";
/// Films of which only one thing is wrong say so behind this.
const PLAIN_H264: &str = "-c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p -c:a aac -movflags +faststart";

/// The input, the rest of the command, the kind it is sent as, and what is found.
pub(crate) type Row = (&'static str, Made, MediaKind, &'static [(&'static str, Severity)]);

pub(crate) const PICTURES: &[Row] = &[
    (STILL, made("-pix_fmt rgb48be", "deep.png"), Image, &[("png-16-bit", Refuse)]),
    (STILL, made("-pix_fmt rgba64be", "deep-alpha.png"), Image, &[("png-16-bit", Refuse)]),
    (STILL, made("-pix_fmt gray", "grey.png"), Image, &[("image-grey", Warn)]),
    (
        STILL,
        made("-pix_fmt gray16be", "deep-grey.png"),
        Image,
        &[("png-16-bit", Refuse), ("image-grey", Warn)],
    ),
    (STILL, made("-pix_fmt ya8", "grey-alpha.png"), Image, &[("image-grey", Warn)]),
    (STILL, made("-pix_fmt monob", "one-bit.png"), Image, &[("image-grey", Warn)]),
    (STILL, made("-pix_fmt pal8", "palette.png"), Image, &[("image-palette", Warn)]),
    (FILM, made("-f apng -pix_fmt rgb24", "moving.png"), Image, &[("png-animated", Note)]),
    (STILL, made("-c:v libwebp", "picture.webp"), Image, &[("type-not-taken", Refuse)]),
    (STILL, made("", "picture.gif"), Image, &[("type-not-taken", Refuse)]),
    (STILL, made("", "picture.bmp"), Image, &[("type-not-taken", Refuse)]),
    (STILL, made("", "picture.tiff"), Image, &[("type-not-taken", Refuse)]),
    (
        STILL,
        made("-c:v libaom-av1 -cpu-used 8 -still-picture 1", "picture.avif"),
        Image,
        &[("type-not-taken", Refuse)],
    ),
    (FILM, made(PLAIN_H264, "film.mp4"), Image, &[("type-not-taken", Refuse)]),
    (
        "-f lavfi -i testsrc2=s=1800x1200:d=1,noise=alls=100:allf=t -frames:v 1",
        made("-pix_fmt rgb24", "large.png"),
        Image,
        &[("too-large", Refuse)],
    ),
];

pub(crate) const STICKERS: &[Row] = &[
    (STILL, made("-c:v libwebp", "small.webp"), Sticker, &[("sticker-size", Warn)]),
    (STILL, made("", "picture.png"), Sticker, &[("type-not-taken", Refuse)]),
    (FILM, made("", "moving.gif"), Sticker, &[("type-not-taken", Refuse)]),
    (FILM, made(PLAIN_H264, "film.mp4"), Sticker, &[("type-not-taken", Refuse)]),
    (NOISE, made("-frames:v 1 -c:v libwebp -lossless 1", "large.webp"), Sticker, &[("too-large", Refuse)]),
    (NOISE, made("-c:v libwebp_anim -q:v 90", "large-moving.webp"), Sticker, &[("too-large", Refuse)]),
];

pub(crate) const AUDIO: &[Row] = &[
    (SOUND, made("-c:a libvorbis", "vorbis.ogg"), Audio, &[("ogg-not-opus", Refuse)]),
    (SOUND, made("-c:a flac", "flac.ogg"), Audio, &[("ogg-not-opus", Refuse)]),
    (SOUND, made("-c:a libopus -ac 2", "stereo.ogg"), Audio, &[("ogg-not-mono", Refuse)]),
    (
        "-f lavfi -i sine=d=1 -f lavfi -i sine=d=1 -map 0 -map 1",
        made("-c:a libopus -ac 1", "two.ogg"),
        Audio,
        &[("ogg-several-streams", Warn)],
    ),
    (SOUND, made("", "sound.wav"), Audio, &[("type-not-taken", Refuse)]),
    (SOUND, made("", "sound.flac"), Audio, &[("type-not-taken", Refuse)]),
    (SOUND, made("-c:a libopus", "sound.webm"), Audio, &[("type-not-taken", Refuse)]),
    (FILM_AND_SOUND, made(PLAIN_H264, "film.mp4"), Audio, &[("type-not-taken", Refuse)]),
    (SOUND, made("-c:a mp2 -f mp2", "layer-2.mp3"), Audio, &[("mpeg-not-layer-3", Warn)]),
    (SOUND, made("-c:a alac", "lossless.m4a"), Audio, &[("audio-not-aac", Refuse)]),
    (SOUND, made("-c:a libopus -f mp4", "opus.m4a"), Audio, &[("audio-not-aac", Refuse)]),
    (SOUND, made("-c:a libmp3lame -f mp4", "mp3.m4a"), Audio, &[("audio-not-aac", Refuse)]),
    (
        SOUND,
        made("-c:a aac -movflags frag_keyframe+empty_moov", "fragments.m4a"),
        Audio,
        &[("mp4-fragmented", Warn)],
    ),
    (
        "-f lavfi -i sine=d=1 -f lavfi -i sine=d=1 -map 0 -map 1",
        made("-c:a aac", "two.m4a"),
        Audio,
        &[("audio-several-tracks", Warn)],
    ),
];

pub(crate) const FILMS: &[Row] = &[
    (
        FILM_AND_SOUND,
        made("-c:v libx265 -tag:v hvc1 -c:a aac -movflags +faststart", "h265.mp4"),
        Video,
        &[("video-not-h264", Refuse)],
    ),
    (
        FILM,
        made("-c:v libsvtav1 -preset 12 -movflags +faststart", "av1.mp4"),
        Video,
        &[("video-not-h264", Refuse)],
    ),
    (
        FILM,
        made("-c:v libvpx-vp9 -cpu-used 8 -movflags +faststart", "vp9.mp4"),
        Video,
        &[("video-not-h264", Refuse)],
    ),
    (FILM, made("-c:v mpeg4 -movflags +faststart", "mpeg4.mp4"), Video, &[("video-not-h264", Refuse)]),
    (
        FILM_AND_SOUND,
        made("-c:v h263 -s 176x144 -c:a libopencore_amrnb -ar 8000 -ac 1 -movflags +faststart", "old.3gp"),
        Video,
        &[("video-not-h264", Refuse), ("video-sound-not-aac", Refuse)],
    ),
    (
        FILM,
        made("-c:v libx264 -profile:v high -bf 0 -pix_fmt yuv420p -movflags +faststart", "high.mp4"),
        Video,
        &[("h264-profile", Warn)],
    ),
    (
        FILM,
        made("-c:v libx264 -profile:v high10 -bf 0 -pix_fmt yuv420p10 -movflags +faststart", "high-10.mp4"),
        Video,
        &[("h264-profile", Warn)],
    ),
    (
        FILM,
        made("-c:v libx264 -bf 0 -pix_fmt yuv444p -movflags +faststart", "high-444.mp4"),
        Video,
        &[("h264-profile", Warn)],
    ),
    (
        FILM,
        made("-c:v libx264 -profile:v main -bf 2 -pix_fmt yuv420p -movflags +faststart", "b-frames.mp4"),
        Video,
        &[("h264-b-frames", Warn)],
    ),
    (
        FILM,
        made("-c:v libx264 -pix_fmt yuv420p", "defaults.mp4"),
        Video,
        &[("h264-profile", Warn), ("h264-b-frames", Warn), ("mp4-index-last", Warn)],
    ),
    (
        FILM,
        made("-c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p", "index-last.mp4"),
        Video,
        &[("mp4-index-last", Warn)],
    ),
    (
        FILM,
        made(
            "-c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p -movflags frag_keyframe+empty_moov",
            "fragments.mp4",
        ),
        Video,
        &[("mp4-fragmented", Note)],
    ),
    (
        "-f lavfi -i testsrc2=s=320x240:d=1 -f lavfi -i sine=d=1 -f lavfi -i sine=d=1 -map 0 -map 1 -map 2",
        made(PLAIN_H264, "two-sounds.mp4"),
        Video,
        &[("video-several-sounds", Refuse)],
    ),
    (
        FILM_AND_SOUND,
        made(
            "-c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p -c:a libmp3lame -movflags +faststart",
            "mp3.mp4",
        ),
        Video,
        &[("video-sound-not-aac", Refuse)],
    ),
    (
        FILM_AND_SOUND,
        made(
            "-c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p -c:a libopus -movflags +faststart",
            "opus.mp4",
        ),
        Video,
        &[("video-sound-not-aac", Refuse)],
    ),
    (
        FILM_AND_SOUND,
        made("-c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p -c:a ac3 -movflags +faststart", "ac3.mp4"),
        Video,
        &[("video-sound-not-aac", Refuse)],
    ),
    (
        SOUND,
        made("-c:a aac -f 3gp -movflags +faststart", "sound.3gp"),
        Video,
        &[("video-without-pictures", Refuse)],
    ),
    (
        SOUND,
        made("-c:a aac -movflags +faststart", "sound.mp4"),
        Video,
        &[("type-not-taken", Refuse), ("name-differs", Warn)],
    ),
    (FILM_AND_SOUND, made(PLAIN_H264, "film.mov"), Video, &[("type-not-taken", Refuse)]),
    (FILM_AND_SOUND, made("-c:v libvpx -c:a libopus", "film.webm"), Video, &[("type-not-taken", Refuse)]),
    (FILM_AND_SOUND, made("-c:v libx264 -c:a aac", "film.mkv"), Video, &[("type-not-taken", Refuse)]),
    (FILM, made("", "moving.gif"), Video, &[("type-not-taken", Refuse)]),
    (
        "-f lavfi -i testsrc2=s=1281x721:d=1:r=10,noise=alls=100:allf=t",
        made(
            "-c:v libx264 -preset ultrafast -qp 1 -bf 0 -pix_fmt yuv420p -vf crop=1280:720 -profile:v main -movflags +faststart",
            "large.mp4",
        ),
        Video,
        &[("too-large", Refuse)],
    ),
];
