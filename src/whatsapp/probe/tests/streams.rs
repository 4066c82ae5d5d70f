//! Sound and films, byte by byte: what encoders make is tried in `tests/media`.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{damage, probed};
use crate::whatsapp::probe::facts::{Adts, Amr, Facts, MpegAudio, Ogg, OggCodec};

#[test]
fn bare_streams_are_told_by_two_frames() {
    let adts = [&[0xff, 0xf1, 0x50, 0x40, 0x01, 0x7f, 0xfc][..], &[0; 4]].concat();
    // MPEG 1 layer III, 32 kbit/s, 44,100 samples a second: 104 bytes.
    let mp3 = [&[0xff, 0xfb, 0x10, 0xc0][..], &[0; 100]].concat();
    let mp2 = [&[0xff, 0xfd, 0x10, 0x00][..], &[0; 100]].concat();
    let tag = [&b"ID3\x04\0\x10\0\0\x01\x05"[..], &[0xff; 133], &[0; 10]].concat();
    // What is in a tag is no frame, even where it looks like one: here three of them, and a footer behind.
    let with_frames = [&b"ID3\x04\0\x10\0\0\x02\x38"[..], &mp2.repeat(3), &[0; 10]].concat();
    let aac = Facts::Adts(Adts { channels: 1, sample_rate: 44_100 });
    let mpeg = |layer, channels| Facts::MpegAudio(MpegAudio { layer, channels, sample_rate: 44_100 });
    for content_type in ["audio/aac", "audio/mpeg"] {
        assert_eq!(probed(content_type, &adts.repeat(2)), aac);
        assert_eq!(probed(content_type, &adts), aac, "one frame, and the end");
        assert_eq!(probed(content_type, &mp3.repeat(3)), mpeg(3, 1));
        assert_eq!(probed(content_type, &mp2.repeat(2)), mpeg(2, 2));
        assert_eq!(probed(content_type, &[tag.clone(), mp3.repeat(2)].concat()), mpeg(3, 1));
        assert_eq!(probed(content_type, &[tag.repeat(3), mp3.repeat(2)].concat()), mpeg(3, 1));
        assert_eq!(probed(content_type, &[&[0; 50], &*mp3.repeat(2)].concat()), mpeg(3, 1));
        assert_eq!(probed(content_type, &[&*vec![0; 70_000], &*mp3.repeat(2)].concat()), mpeg(3, 1), "zeros");
        for tags in 1..=4 {
            let tagged = [with_frames.repeat(tags), adts.repeat(2)].concat();
            assert_eq!(probed(content_type, &tagged), aac, "{tags} tags");
        }
        let by_chance = [&*mp3, b"and nothing where the next should be"].concat();
        for nothing in [&by_chance, &mp3[..4], &[0xff; 3000], b"", b"RIFF....WAVE"] {
            assert_eq!(damage(content_type, nothing), "it has no two frames of AAC or MP3 in a row");
        }
    }
}

/// A page of one packet.
fn page(flags: u8, position: u64, packet: &[u8]) -> Vec<u8> {
    let lengths = [vec![255; packet.len() / 255], vec![u8::try_from(packet.len() % 255).unwrap()]].concat();
    let head = [&b"OggS\0"[..], &[flags], &position.to_le_bytes(), &[0; 12]].concat();
    [&head, &[u8::try_from(lengths.len()).unwrap()][..], &lengths, packet].concat()
}

#[test]
fn the_streams_of_an_ogg_file_are_told_by_the_headers_of_its_pages() {
    let head = page(2, 0, b"OpusHead\x01\x01\0\0\0\0\0\0\0\0\0");
    let stereo = page(2, 0, b"OpusHead\x01\x02\0\0\0\0\0\0\0\0\0");
    let skeleton = page(2, 0, &[&b"fishead\0"[..], &[0; 56]].concat());
    let tags = page(0, 0, b"OpusTags and so on");
    // A cover of five megabytes, in pages in which no packet ends.
    let cover = page(0, u64::MAX, &vec![7; 60_000]).repeat(90);
    let sound = page(0, 960, b"sound");
    let ogg = |codec, channels, streams, has_media| Facts::Ogg(Ogg { codec, channels, streams, has_media });
    let opus = |streams, has_media| ogg(OggCodec::Opus, Some(1), streams, has_media);
    for (pages, expected) in [
        (vec![&head, &tags, &sound], opus(1, true)),
        (vec![&head, &tags, &cover, &tags, &sound], opus(1, true)),
        (vec![&skeleton, &head, &tags, &sound], opus(1, true)),
        (vec![&head, &stereo, &tags, &sound], opus(2, true)),
        (vec![&head, &tags, &sound, &stereo], opus(1, true)),
        (vec![&head], opus(1, false)),
        (vec![&head, &tags, &cover], opus(1, false)),
        (vec![&skeleton], ogg(OggCodec::Unknown, None, 0, false)),
    ] {
        let bytes: Vec<u8> = pages.into_iter().flatten().copied().collect();
        assert_eq!(probed("audio/ogg; codecs=opus", &bytes), expected);
    }
    assert_eq!(damage("audio/ogg", b"OggX"), "it does not begin as an Ogg file");
}

#[test]
fn amr_is_told_by_its_first_bytes() {
    for (bytes, wideband, multichannel) in [
        (&b"#!AMR\n\x3c"[..], false, false),
        (b"#!AMR-WB\n", true, false),
        (b"#!AMR_MC1.0\n", false, true),
        (b"#!AMR-WB_MC1.0\n", true, true),
    ] {
        assert_eq!(probed("audio/amr", bytes), Facts::Amr(Amr { wideband, multichannel }));
    }
    damage("audio/amr", b"#!AMRX");
}

#[test]
fn a_box_that_lies_about_its_length_is_damage() {
    let ftyp = b"\0\0\0\x10ftypisom\0\0\0\0";
    for (boxes, what) in [
        (&b"\0\0\0\x20mdat"[..], "its box `mdat` claims 32 bytes where there are 8"),
        (b"\0\0\0\x04moov", "its box `moov` claims 4 bytes where there are 8"),
        (
            b"\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff",
            "its box `mdat` claims 18446744073709551615 bytes where there are 16",
        ),
        (b"\0\0\0\x01mdat", "it ends too soon"),
        (b"\0\0\0\0mdat", "it has no `moov` box, so nothing says what is in it"),
        (b"\0\0\0\x10moov\0\0\0\x10trak", "its box `trak` claims 16 bytes where there are 8"),
        (b"\0\0\0\x10moov\0\0\0\x08trak", "a track has no `mdia` box"),
    ] {
        assert_eq!(damage("video/mp4", &[ftyp, boxes].concat()), what);
    }
}

proptest! {
    #[test]
    fn any_boxes_are_walked(boxes in vec((0..40_u32, "(moov|trak|mdia|minf|stbl|stsd|hdlr|avc1|mp4a|ctts)", vec(any::<u8>(), 0..40)), 0..20)) {
        let bytes: Vec<u8> = boxes
            .iter()
            .flat_map(|(size, kind, content)| [&size.to_be_bytes()[..], kind.as_bytes(), content].concat())
            .collect();
        probed("video/mp4", &bytes);
    }
}
