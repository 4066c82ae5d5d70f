//! Files that Meta refuses, as real encoders make them. Each is found out, and the remedy that comes with the finding
//! is run as it stands: what it makes is found without fault.

use std::path::{Path, PathBuf};
use std::process::Command;

use jpeg_encoder::{ColorType, Encoder};
use media_origin::whatsapp::Finding;
use media_origin::whatsapp::MediaKind::{Audio, Image};

use crate::support::{Sample, codes};
use crate::wrong::{AUDIO, FILMS, Made, PICTURES, Row, SOUND, STICKERS, made};

#[test]
#[ignore = "needs ffmpeg: scripts/test installs it and runs them"]
fn pictures_that_encoders_make_wrong_are_found_and_mended() {
    check(PICTURES);
}

#[test]
#[ignore = "needs ffmpeg: scripts/test installs it and runs them"]
fn pictures_for_print_are_found_and_mended() {
    let workshop = Workshop::new();
    for (colours, expected) in [
        (ColorType::Cmyk, "jpeg-cmyk"),
        (ColorType::CmykAsYcck, "jpeg-cmyk"),
        (ColorType::Luma, "image-grey"),
    ] {
        let file = workshop.folder.path().join("print.jpg");
        let encoder = Encoder::new_file(&file, 90).unwrap();
        encoder.encode(&[0x40; 64 * 48 * 4], 64, 48, colours).unwrap();
        let findings = Sample::read(&file).judge(Image, false);
        assert_eq!(codes(&findings), [expected]);
        let mended = workshop.mend(&file, &findings[0]).unwrap();
        assert_eq!(codes(&Sample::read(&mended).judge(Image, false)), [""; 0], "{colours:?}");
    }
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
            // What a conversion mends beside its own finding has no remedy of its own.
            let needs_another = |code| {
                findings
                    .iter()
                    .any(|other| other.code == code && (other.remedy.is_some() || code == "png-animated"))
            };
            let unexpected = |left: &&Finding| {
                left.code == finding.code || !others.contains(&left.code) || !needs_another(left.code)
            };
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

/// The ffmpeg of `scripts/test`: another version may make other files, and read others.
fn ffmpeg() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/bin/ffmpeg");
    let program = std::env::var_os("FFMPEG").map_or(installed, PathBuf::from);
    assert!(
        program.exists(),
        "there is no {}: run `scripts/test` once, which installs it",
        program.display()
    );
    program
}
