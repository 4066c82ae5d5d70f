//! Files that Meta refuses, as real encoders make them. Each is found out, and the remedy that comes with the finding
//! is run as it stands: what it makes is found without fault.

use std::path::{Path, PathBuf};
use std::process::Command;

use media_origin::whatsapp::Finding;
use media_origin::whatsapp::MediaKind::{self, Audio, Image, Sticker, Video};
use media_origin::whatsapp::Severity::{self, Note, Refuse, Warn};

use crate::support::{Sample, codes};

/// A file: how ffmpeg makes it, and its name.
#[derive(Clone, Copy)]
struct Made {
    arguments: &'static str,
    name: &'static str,
}

const fn made(arguments: &'static str, name: &'static str) -> Made {
    Made { arguments, name }
}

const STILL: &str = "-f lavfi -i testsrc2=s=300x200:d=1 -frames:v 1";
const FILM: &str = "-f lavfi -i testsrc2=s=320x240:d=1:r=15";
const SOUND: &str = "-f lavfi -i sine=f=440:d=1";
const FILM_AND_SOUND: &str = "-f lavfi -i testsrc2=s=320x240:d=1:r=15 -f lavfi -i sine=f=440:d=1";
const NOISE: &str = "-f lavfi -i testsrc2=s=512x512:d=1:r=10,noise=alls=25:allf=t";
/// Films of which only one thing is wrong say so behind this.
const PLAIN_H264: &str = "-c:v libx264 -profile:v main -bf 0 -pix_fmt yuv420p -c:a aac -movflags +faststart";

/// The input, the rest of the command, the kind it is sent as, and what is found.
type Row = (&'static str, Made, MediaKind, &'static [(&'static str, Severity)]);

const PICTURES: &[Row] = &[
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

const STICKERS: &[Row] = &[
    (STILL, made("-c:v libwebp", "small.webp"), Sticker, &[("sticker-size", Warn)]),
    (STILL, made("", "picture.png"), Sticker, &[("type-not-taken", Refuse)]),
    (FILM, made("", "moving.gif"), Sticker, &[("type-not-taken", Refuse)]),
    (FILM, made(PLAIN_H264, "film.mp4"), Sticker, &[("type-not-taken", Refuse)]),
    (NOISE, made("-frames:v 1 -c:v libwebp -lossless 1", "large.webp"), Sticker, &[("too-large", Refuse)]),
    (NOISE, made("-c:v libwebp_anim -q:v 90", "large-moving.webp"), Sticker, &[("too-large", Refuse)]),
];

const AUDIO: &[Row] = &[
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

const FILMS: &[Row] = &[
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

#[test]
#[ignore = "needs ffmpeg: scripts/test installs it and runs them"]
fn pictures_that_encoders_make_wrong_are_found_and_mended() {
    check(PICTURES);
}

#[test]
#[ignore = "needs ffmpeg: scripts/test installs it and runs them"]
fn stickers_that_encoders_make_wrong_are_found_and_mended() {
    check(STICKERS);
}

#[test]
#[ignore = "needs ffmpeg: scripts/test installs it and runs them"]
fn sounds_that_encoders_make_wrong_are_found_and_mended() {
    check(AUDIO);
}

#[test]
#[ignore = "needs ffmpeg: scripts/test installs it and runs them"]
fn films_that_encoders_make_wrong_are_found_and_mended() {
    check(FILMS);
}

#[test]
#[ignore = "needs ffmpeg: scripts/test installs it and runs them"]
fn voice_messages_that_encoders_make_wrong_are_found_and_mended() {
    let workshop = Workshop::new();
    for (input, made, expected) in [
        (SOUND, made("-c:a libmp3lame", "voice.mp3"), "voice-not-opus"),
        (
            "-f lavfi -i anoisesrc=d=20",
            made("-c:a libopus -ac 1 -b:a 256k -vbr off", "long.ogg"),
            "voice-large",
        ),
    ] {
        let file = workshop.make(input, made);
        let findings = Sample::read(&file).judge(Audio, true);
        assert_eq!(codes(&findings), [expected], "{}", made.name);
        let mended = workshop.mend(&file, &findings[0]).unwrap();
        assert_eq!(codes(&Sample::read(&mended).judge(Audio, true)), [""; 0], "{}", made.name);
    }
}

/// What is found is what is expected; each remedy mends at least its own finding, and adds none.
fn check(rows: &[Row]) {
    let workshop = Workshop::new();
    for &(input, made, kind, expected) in rows {
        let file = workshop.make(input, made);
        let sample = Sample::read(&file);
        let findings = sample.judge(kind, false);
        let found: Vec<_> = findings.iter().map(|finding| (finding.code, finding.severity)).collect();
        assert_eq!(found, expected, "{} as {kind}: {findings:#?} {:?}", made.name, sample.facts());
        for finding in &findings {
            let Some(mended) = workshop.mend(&file, finding) else { continue };
            let as_audio =
                finding.remedy.as_deref().is_some_and(|remedy| remedy.ends_with("and send it as audio"));
            let left = Sample::read(&mended).judge(if as_audio { Audio } else { kind }, false);
            let others = codes(&findings);
            let unexpected = |left: &&Finding| left.code == finding.code || !others.contains(&left.code);
            let unexpected: Vec<_> = left.iter().filter(unexpected).collect();
            assert!(unexpected.is_empty(), "{} after {:?}: {unexpected:#?}", made.name, finding.remedy);
        }
    }
}

/// Where files are made and mended.
struct Workshop {
    ffmpeg: PathBuf,
    folder: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        Self { ffmpeg: ffmpeg(), folder: tempfile::tempdir().unwrap() }
    }

    fn make(&self, input: &str, made: Made) -> PathBuf {
        let file = self.folder.path().join(made.name);
        let mut command = Command::new(&self.ffmpeg);
        command.args(["-nostdin", "-loglevel", "error", "-y"]).args(input.split(' '));
        run(command.args(made.arguments.split_whitespace()).arg(&file));
        file
    }

    /// Runs the ffmpeg command of a remedy, if it is one.
    fn mend(&self, file: &Path, finding: &Finding) -> Option<PathBuf> {
        let line = finding.remedy.as_deref()?.split('`').nth(1).filter(|line| line.starts_with("ffmpeg"))?;
        let output = self.folder.path().join("mended").join(finding.code);
        std::fs::create_dir_all(output.parent()?).unwrap();
        let extension = line.rsplit("OUTPUT.").next()?;
        let line = line
            .replace("ffmpeg ", &format!("'{}' -nostdin -loglevel error -y ", self.ffmpeg.display()))
            .replace("INPUT", &format!("'{}'", file.display()))
            .replace("OUTPUT", &output.display().to_string());
        run(Command::new("sh").args(["-c", &line]));
        Some(output.with_extension(extension))
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn ffmpeg() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/bin/ffmpeg");
    match std::env::var_os("FFMPEG") {
        Some(named) => named.into(),
        None if installed.exists() => installed,
        None => "ffmpeg".into(),
    }
}
