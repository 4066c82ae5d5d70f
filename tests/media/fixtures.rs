//! Files as other programs write them, each taken for what it is: `fixtures/README.md` says which program.

use std::path::Path;

use media_origin::whatsapp::MediaKind::{self, Audio, Document, Image, Video};

use crate::samples::sample;
use crate::support::{Sample, codes};

fn fixture(name: &str) -> Sample {
    Sample::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media/fixtures").join(name))
}

/// A file, the type it is served as, the kind it is sent as, and what is found.
const FILES: &[(&str, &str, MediaKind, &[&str])] = &[
    ("chapters.m4b", "audio/mp4", Audio, &[]),
    ("fragments-index-only.mp4", "video/mp4", Video, &["mp4-without-media", "mp4-fragmented"]),
    ("header-only.ogg", "audio/ogg; codecs=opus", Audio, &["ogg-without-sound"]),
    ("index-only.mp4", "video/mp4", Video, &["mp4-without-media"]),
    ("line-before.pdf", "application/pdf", Document, &[]),
    (
        "locked.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Document,
        &["office-encrypted"],
    ),
    ("mac.csv", "text/csv", Document, &["document-type-unsupported"]),
    ("moving.png", "image/png", Image, &["png-animated"]),
    ("sheetjs_biff5.xls", "application/vnd.ms-excel", Document, &[]),
    ("sheetjs_biff8.xls", "application/vnd.ms-excel", Document, &[]),
    (
        "sheetjs_xlml.xls",
        "application/octet-stream",
        Document,
        &["document-type-unsupported", "name-differs"],
    ),
    ("skeleton.ogg", "audio/ogg; codecs=opus", Audio, &[]),
    ("tag-with-extended-header.mp3", "audio/mpeg", Audio, &[]),
    ("tagged.aac", "audio/aac", Audio, &[]),
    ("xlwt.xls", "application/vnd.ms-excel", Document, &[]),
];

#[test]
fn files_of_other_programs_are_taken_for_what_they_are() {
    for &(name, content_type, kind, expected) in FILES {
        let file = fixture(name);
        assert_eq!(file.content_type, content_type, "{name}");
        let findings = file.judge(kind, false);
        assert_eq!(codes(&findings), expected, "{name} as {kind}: {findings:#?}");
    }
}

#[test]
fn what_the_bytes_say_does_not_need_the_name() {
    for name in
        ["sheetjs_biff8.xls", "xlwt.xls", "tagged.aac", "skeleton.ogg", "line-before.pdf", "moving.png"]
    {
        let file = fixture(name);
        let nameless = Sample::named("file", file.bytes.clone());
        assert_eq!(nameless.content_type, file.content_type, "{name}");
    }
}

#[test]
fn a_film_of_any_brand_with_anything_behind_it_is_a_film() {
    for (path, kind, content_type) in
        [("campaigns/summer.mp4", Video, "video/mp4"), ("voice/greeting.m4a", Audio, "audio/mp4")]
    {
        let name = path.rsplit('/').next().unwrap();
        for brand in ["iso7", "iso8", "iso9", "isoa", "cmfc", "dby1", "pana", "caqv", "niko", "avc3", "MPPI"]
        {
            let mut bytes = sample(path).bytes;
            bytes[8..12].copy_from_slice(brand.as_bytes());
            let film = Sample::named(name, bytes);
            assert_eq!(film.content_type, content_type, "{name} of {brand}");
            assert_eq!(codes(&film.judge(kind, false)), [""; 0], "{name} of {brand}");
        }
        for behind in
            [&[0; 1][..], &[0; 7], b"junk!!", &[0; 100], b"TAGsome music player's", b"\r\n\r\n\r\n\r\n"]
        {
            let film = Sample::named(name, [&*sample(path).bytes, behind].concat());
            assert_eq!(film.content_type, content_type, "{name} before {}", behind.escape_ascii());
            assert_eq!(codes(&film.judge(kind, false)), [""; 0], "{name} before {}", behind.escape_ascii());
        }
    }
}
