//! Films, box by box. What encoders make of boxes is tried in `tests/media`.

use super::probed;
use crate::whatsapp::probe::facts::{AudioCodec, BFrames, Facts, H264, Index, Mp4, Track, VideoCodec};

fn boxed(kind: &str, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes()[..], kind.as_bytes(), content].concat()
}

fn track(handler: &str, entry: &[u8], rest: &[u8]) -> Vec<u8> {
    let hdlr = boxed("hdlr", &[&[0; 8], handler.as_bytes(), &[0; 13]].concat());
    let stsd = boxed("stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], entry].concat());
    let stbl = boxed("stbl", &[&stsd, rest].concat());
    boxed("trak", &boxed("mdia", &[hdlr, boxed("minf", &stbl)].concat()))
}

/// Of a picture of 640 by 360.
fn video_entry(kind: &str, settings: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[0; 24], &[0x02, 0x80, 0x01, 0x68][..], &[0; 50], settings].concat())
}

fn avc(profile: u8) -> Vec<u8> {
    video_entry("avc1", &boxed("avcC", &[1, profile, 0, 30, 0xff, 0xe0, 0]))
}

/// With two channels in its fields, and what its description says.
fn audio_entry(kind: &str, settings: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[0; 16], &[0, 2, 0, 16][..], &[0; 8], settings].concat())
}

/// With one channel, if it is AAC-LC at 44,100 samples a second.
fn esds(object_type: u8) -> Vec<u8> {
    let config = [&[0x04, 17, object_type, 0x15][..], &[0; 11], &[0x05, 2, 0x12, 0x08]].concat();
    let length = u8::try_from(config.len() + 6).unwrap();
    boxed("esds", &[&[0, 0, 0, 0, 0x03, length, 0, 1, 0][..], &config, &[0x06, 1, 2]].concat())
}

/// Runs of one frame each with these delays.
fn ctts(delays: &[u32]) -> Vec<u8> {
    let runs = delays.iter().flat_map(|delay| [&[0, 0, 0, 1][..], &delay.to_be_bytes()].concat());
    let count = u32::try_from(delays.len()).unwrap().to_be_bytes();
    boxed("ctts", &[&[0; 4][..], &count, &runs.collect::<Vec<_>>()].concat())
}

fn film(parts: &[u8]) -> Vec<u8> {
    [boxed("ftyp", b"isom\0\0\0\0isomavc1"), boxed("moov", parts), boxed("mdat", b"media")].concat()
}

fn found(bytes: &[u8]) -> Mp4 {
    match probed("video/mp4", bytes) {
        Facts::Mp4(mp4) => mp4,
        facts => panic!("{facts:?}"),
    }
}

#[test]
fn b_frames_show_in_delays_that_differ() {
    let fragments = boxed("mvex", b"");
    for (profile, rest, parts, b_frames) in [
        (77, vec![], vec![], BFrames::No),
        (77, ctts(&[]), vec![], BFrames::No),
        (77, ctts(&[512, 512, 512]), vec![], BFrames::No),
        (77, ctts(&[512, 1024, 0]), vec![], BFrames::Yes),
        (100, ctts(&[0, 1]), vec![], BFrames::Yes),
        (66, ctts(&[0, 1]), vec![], BFrames::No),
        (77, vec![], fragments.clone(), BFrames::Unknown),
        (66, vec![], fragments, BFrames::No),
    ] {
        let mp4 = found(&film(&[track("vide", &avc(profile), &rest), parts.clone()].concat()));
        let codec = VideoCodec::H264(H264 { profile, level: 30, b_frames });
        assert_eq!(mp4.tracks, [Track::Video { width: 640, height: 360, codec }]);
        assert_eq!(mp4.fragmented, !parts.is_empty());
    }
}

/// A fragment of the first track, whose frames have these delays; none of them says so if there are none.
fn moof(frames: u32, delays: &[u32]) -> Vec<u8> {
    let (flags, fields): (u8, Vec<u8>) = if delays.is_empty() {
        (0x02, vec![7; frames as usize * 4])
    } else {
        (0x0a, delays.iter().flat_map(|delay| [[0, 0, 0, 7], delay.to_be_bytes()].concat()).collect())
    };
    let trun = boxed("trun", &[&[0, 0, flags, 5][..], &frames.to_be_bytes(), &[0; 8], &fields].concat());
    let tfhd = boxed("tfhd", &[0, 2, 0, 0, 0, 0, 0, 1]);
    let other = boxed("traf", &[boxed("tfhd", &[0, 2, 0, 0, 0, 0, 0, 2]), trun_of_another()].concat());
    [boxed("moof", &[other, boxed("traf", &[tfhd, trun].concat())].concat()), boxed("mdat", b"media")]
        .concat()
}

/// With delays that differ, of a track that is not asked for.
fn trun_of_another() -> Vec<u8> {
    boxed("trun", &[&[0, 0, 8, 0, 0, 0, 0, 2][..], &[0, 0, 0, 1, 0, 0, 0, 9]].concat())
}

#[test]
fn b_frames_show_in_the_first_fragments() {
    let tkhd = boxed("tkhd", &[&[0; 12][..], &[0, 0, 0, 1], &[0; 68]].concat());
    let trak = track("vide", &avc(77), b"");
    let trak = boxed("trak", &[&tkhd, &trak[8..]].concat());
    let ftyp_and_moov = |parts: &[u8]| {
        [boxed("ftyp", b"isom\0\0\0\0isomavc1"), boxed("moov", &[parts, &boxed("mvex", b"")].concat())]
            .concat()
    };
    for (fragments, b_frames) in [
        (moof(3, &[1, 2, 0]), BFrames::Yes),
        (moof(3, &[1, 1, 1]), BFrames::No),
        (moof(3, &[]), BFrames::No),
        (moof(1, &[]), BFrames::Unknown),
        (moof(1, &[1]), BFrames::Unknown),
        ([moof(1, &[1]), moof(1, &[2])].concat(), BFrames::Yes),
        (vec![], BFrames::Unknown),
    ] {
        let Mp4 { tracks, .. } = found(&[ftyp_and_moov(&trak), fragments].concat());
        let codec = VideoCodec::H264(H264 { profile: 77, level: 30, b_frames });
        assert_eq!(tracks, [Track::Video { width: 640, height: 360, codec }]);
    }
}

#[test]
fn what_stands_behind_the_last_box_is_no_matter() {
    let whole = film(&track("vide", &avc(66), b""));
    for behind in [
        &[0; 4][..],
        &[0; 100],
        b"junk!!",
        b"some trailing junk",
        b"TAG by some music player",
        b"\r\n\r\n\r\n\r\n",
    ] {
        assert_eq!(found(&[&whole, behind].concat()), found(&whole), "{}", behind.escape_ascii());
    }
    for of_the_film in ["mdat", "moov", "moof"] {
        let cut_off = [&whole, &[0, 0, 1, 0][..], of_the_film.as_bytes(), &[0; 20]].concat();
        let expected = format!("its box `{of_the_film}` claims 256 bytes where there are 28");
        assert_eq!(super::damage("video/mp4", &cut_off), expected);
    }
}

#[test]
fn codecs_are_told_by_their_entries() {
    let other = |entry: &str| AudioCodec::Other { entry: entry.into() };
    for (entry, channels, codec) in [
        (audio_entry("mp4a", &esds(0x40)), 1, AudioCodec::Aac),
        (audio_entry("mp4a", &esds(0x67)), 1, AudioCodec::Aac),
        (audio_entry("mp4a", &esds(0x6b)), 2, other("mp4a.6b")),
        (audio_entry("mp4a", &boxed("esds", b"?")), 2, AudioCodec::Undescribed),
        (audio_entry("mp4a", b""), 2, AudioCodec::Undescribed),
        (audio_entry("samr", b""), 2, other("samr")),
        (audio_entry("Opus", b""), 2, other("Opus")),
    ] {
        let mp4 = found(&film(&track("soun", &entry, b"")));
        assert_eq!(mp4.tracks, [Track::Audio { channels, codec }]);
    }
    let mp4 =
        found(&film(&[track("vide", &video_entry("hvc1", b""), b""), track("text", b"", b"")].concat()));
    let codec = VideoCodec::Other { entry: "hvc1".into() };
    let subtitles = Track::Other { handler: "text".into() };
    assert_eq!(mp4.tracks, [Track::Video { width: 640, height: 360, codec }, subtitles]);
}

#[test]
fn the_header_of_a_film_says_its_brands_and_its_duration() {
    let mvhd = |timescale: u32, duration: u32| {
        let times = [timescale.to_be_bytes(), duration.to_be_bytes()].concat();
        boxed("mvhd", &[&[0; 12], &*times, &[0; 80]].concat())
    };
    for (timescale, duration, expected) in
        [(600, 1500, Some(2500)), (0, 5, Some(5000)), (600, 0, None), (600, u32::MAX, None)]
    {
        assert_eq!(found(&film(&mvhd(timescale, duration))).duration_ms, expected);
    }
    let film = found(&film(b""));
    assert_eq!((&*film.major_brand, film.compatible_brands.join(" ")), ("isom", "isom avc1".into()));
    assert_eq!((film.index, film.duration_ms), (Index::First, None));
    let empty_first = [boxed("mdat", b""), boxed("moov", b""), boxed("mdat", b"media")].concat();
    assert_eq!((found(&empty_first).index, found(&empty_first).has_media), (Index::First, true));
    let none = [boxed("moov", b""), boxed("mdat", b"")].concat();
    assert!(!found(&none).has_media);
    let last = [boxed("mdat", b"media"), boxed("moov", b"")].concat();
    assert_eq!((found(&last).index, found(&last).major_brand), (Index::Last, String::new()));
}
