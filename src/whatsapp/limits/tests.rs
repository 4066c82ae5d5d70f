//! Every rule, as a truth table over what may be found in a file.

use super::*;
use crate::whatsapp::MediaKind::{Audio, Document, Image, Sticker, Video};
use crate::whatsapp::Severity::{Note, Refuse, Warn};
use crate::whatsapp::media_type::MEDIA_TYPES;
use crate::whatsapp::probe::facts::*;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const OPUS: &str = "audio/ogg; codecs=opus";

fn judged(kind: MediaKind, voice: bool, content_type: &str, length: u64, facts: &Facts) -> Vec<Finding> {
    judge(kind, voice, &Media { content_type, length, facts, name_says: None })
}

fn summary(findings: &[Finding]) -> Vec<(&'static str, Severity)> {
    findings.iter().map(|finding| (finding.code, finding.severity)).collect()
}

fn jpeg(colour: JpegColour, bits: u8, coding: JpegCoding, complete: bool) -> Facts {
    Facts::Jpeg(Jpeg { width: 640, height: 480, bits, colour, coding, complete })
}

fn png(colour: PngColour, bits: u8, animated: bool, complete: bool) -> Facts {
    Facts::Png(Png { width: 640, height: 480, bits, colour, animated, complete })
}

fn webp(side: u32, frames: Option<u32>) -> Facts {
    let animation = frames.map(|frames| Animation { frames, duration_ms: 1000 });
    Facts::WebP(WebP { width: side, height: 512, alpha: true, animation })
}

fn ogg(codec: OggCodec, channels: u8, streams: usize) -> Facts {
    Facts::Ogg(Ogg { codec, channels: Some(channels), streams, has_media: true })
}

fn h264(profile: u8, b_frames: BFrames) -> Track {
    Track::Video { width: 640, height: 360, codec: VideoCodec::H264(H264 { profile, level: 30, b_frames }) }
}

fn video(entry: &str) -> Track {
    Track::Video { width: 640, height: 360, codec: VideoCodec::Other { entry: entry.into() } }
}

fn aac() -> Track {
    Track::Audio { channels: 2, codec: AudioCodec::Aac }
}

fn sound(entry: &str) -> Track {
    Track::Audio { channels: 2, codec: AudioCodec::Other { entry: entry.into() } }
}

fn mp4(tracks: &[Track]) -> Mp4 {
    Mp4 {
        major_brand: "isom".into(),
        compatible_brands: Vec::new(),
        duration_ms: Some(5000),
        index: Index::First,
        fragmented: false,
        has_media: true,
        tracks: tracks.to_vec(),
    }
}

fn text(encoding: Encoding) -> Facts {
    Facts::Text(Text { encoding, bytes_read: 100 })
}

/// What is found in a file of that type with those facts.
fn expect(kind: MediaKind, content_type: &str, facts: &Facts, expected: &[(&str, Severity)]) {
    let findings = judged(kind, false, content_type, 1000, facts);
    assert_eq!(summary(&findings), expected, "{content_type} as {kind}: {facts:?}");
}

#[test]
fn an_image_has_eight_bits_and_is_rgb() {
    use JpegCoding::{Progressive, Rare, Sequential};
    use JpegColour::{Cmyk, Grey, Rgb, Unknown, Ycck};
    for (colour, bits, coding, complete, expected) in [
        (Rgb, 8, Sequential, true, &[][..]),
        (Rgb, 8, Progressive, true, &[]),
        (Cmyk, 8, Sequential, true, &[("jpeg-cmyk", Refuse)]),
        (Ycck, 8, Progressive, true, &[("jpeg-cmyk", Refuse)]),
        (Unknown, 8, Sequential, true, &[("jpeg-colours", Refuse)]),
        (Grey, 8, Sequential, true, &[("image-grey", Warn)]),
        (Rgb, 12, Sequential, true, &[("jpeg-not-8-bit", Refuse)]),
        (Rgb, 8, Rare, true, &[("jpeg-coding", Warn)]),
        (Rgb, 8, Sequential, false, &[("image-cut-off", Warn)]),
        (
            Cmyk,
            12,
            Sequential,
            false,
            &[("jpeg-cmyk", Refuse), ("jpeg-not-8-bit", Refuse), ("image-cut-off", Warn)],
        ),
    ] {
        expect(Image, "image/jpeg", &jpeg(colour, bits, coding, complete), expected);
    }
    for (colour, bits, animated, complete, expected) in [
        (PngColour::Rgb, 8, false, true, &[][..]),
        (PngColour::Rgba, 8, false, true, &[]),
        (PngColour::Rgba, 16, false, true, &[("png-16-bit", Refuse)]),
        (PngColour::Grey, 1, false, true, &[("image-grey", Warn)]),
        (PngColour::GreyAlpha, 16, false, true, &[("png-16-bit", Refuse), ("image-grey", Warn)]),
        (PngColour::Palette, 4, false, true, &[("image-palette", Warn)]),
        (PngColour::Rgba, 8, true, true, &[("png-animated", Note)]),
        (PngColour::Rgba, 8, true, false, &[("image-cut-off", Warn), ("png-animated", Note)]),
    ] {
        expect(Image, "image/png", &png(colour, bits, animated, complete), expected);
    }
}

#[test]
fn a_sticker_is_a_square_of_512_pixels() {
    expect(Sticker, "image/webp", &webp(512, None), &[]);
    expect(Sticker, "image/webp", &webp(512, Some(12)), &[]);
    expect(Sticker, "image/webp", &webp(511, None), &[("sticker-size", Warn)]);
    expect(Sticker, "image/webp", &webp(1024, Some(2)), &[("sticker-size", Warn)]);
}

#[test]
fn audio_is_opus_with_one_channel_or_aac() {
    let fragments = Mp4 { fragmented: true, ..mp4(&[aac()]) };
    let no_media = Mp4 { has_media: false, ..mp4(&[aac()]) };
    let silent = Facts::Ogg(Ogg { codec: OggCodec::Opus, channels: Some(1), streams: 1, has_media: false });
    let undescribed = Track::Audio { channels: 1, codec: AudioCodec::Undescribed };
    let amr = |wideband, multichannel| Facts::Amr(Amr { wideband, multichannel });
    let mpeg = |layer| Facts::MpegAudio(MpegAudio { layer, channels: 2, sample_rate: 44_100 });
    for (content_type, facts, expected) in [
        (OPUS, ogg(OggCodec::Opus, 1, 1), &[][..]),
        (OPUS, ogg(OggCodec::Opus, 2, 1), &[("ogg-not-mono", Refuse)]),
        (OPUS, ogg(OggCodec::Opus, 1, 2), &[("ogg-several-streams", Warn)]),
        ("audio/ogg", ogg(OggCodec::Vorbis, 1, 1), &[("ogg-not-opus", Refuse)]),
        ("video/ogg", ogg(OggCodec::Theora, 0, 2), &[("ogg-not-opus", Refuse)]),
        ("audio/ogg", ogg(OggCodec::Opus, 1, 1), &[("type-not-taken", Refuse)]),
        ("audio/mp4", Facts::Mp4(mp4(&[aac()])), &[]),
        (OPUS, silent, &[("ogg-without-sound", Warn)]),
        ("audio/mp4", Facts::Mp4(mp4(&[])), &[("audio-without-sound", Refuse)]),
        ("audio/mp4", Facts::Mp4(mp4(&[aac(), h264(66, BFrames::No)])), &[("audio-with-pictures", Warn)]),
        ("audio/mp4", Facts::Mp4(no_media), &[("mp4-without-media", Refuse)]),
        ("audio/mpeg", Facts::Unexplored, &[("unexplored", Warn)]),
        ("audio/mp4", Facts::Mp4(mp4(&[aac(), aac()])), &[("audio-several-tracks", Warn)]),
        ("audio/mp4", Facts::Mp4(mp4(&[sound("alac")])), &[("audio-not-aac", Refuse)]),
        ("audio/mp4", Facts::Mp4(mp4(&[undescribed])), &[("aac-undescribed", Warn)]),
        ("audio/mp4", Facts::Mp4(fragments), &[("mp4-fragmented", Warn)]),
        ("audio/amr", amr(false, false), &[]),
        ("audio/amr", amr(true, false), &[("amr-not-narrowband", Warn)]),
        ("audio/amr", amr(false, true), &[("amr-not-narrowband", Warn)]),
        ("audio/mpeg", mpeg(3), &[]),
        ("audio/mpeg", mpeg(2), &[("mpeg-not-layer-3", Warn)]),
        ("audio/aac", mpeg(3), &[("bytes-differ", Refuse)]),
        ("audio/aac", Facts::Damaged { what: "it is cut off".into() }, &[("damaged", Refuse)]),
    ] {
        expect(Audio, content_type, &facts, expected);
    }
}

#[test]
fn a_voice_message_is_opus_and_small() {
    let opus = ogg(OggCodec::Opus, 1, 1);
    let mp3 = Facts::MpegAudio(MpegAudio { layer: 3, channels: 1, sample_rate: 44_100 });
    for (content_type, facts, length, expected) in [
        (OPUS, &opus, 512_000, &[][..]),
        (OPUS, &opus, 512_001, &["voice-large"]),
        ("audio/mpeg", &mp3, 1000, &["voice-not-opus"]),
        ("audio/ogg", &ogg(OggCodec::Vorbis, 1, 1), 1000, &["ogg-not-opus"]),
    ] {
        let codes: Vec<_> =
            judged(Audio, true, content_type, length, facts).iter().map(|finding| finding.code).collect();
        assert_eq!(codes, expected, "{content_type}, {length} bytes");
    }
}

#[test]
fn a_video_is_h264_and_aac_as_android_plays_them() {
    let main = || h264(77, BFrames::No);
    let good = mp4(&[main(), aac()]);
    for (film, expected) in [
        (good.clone(), &[][..]),
        (mp4(&[h264(66, BFrames::No)]), &[]),
        (mp4(&[main(), Track::Other { handler: "text".into() }]), &[]),
        (mp4(&[h264(100, BFrames::No)]), &[("h264-profile", Warn)]),
        (mp4(&[h264(244, BFrames::No)]), &[("h264-profile", Warn)]),
        (mp4(&[h264(77, BFrames::Yes)]), &[("h264-b-frames", Warn)]),
        (mp4(&[h264(77, BFrames::Unknown)]), &[]),
        (mp4(&[video("hvc1"), aac()]), &[("video-not-h264", Refuse)]),
        (mp4(&[main(), video("jpeg")]), &[("video-not-h264", Refuse), ("video-several-pictures", Warn)]),
        (mp4(&[main(), main()]), &[("video-several-pictures", Warn)]),
        (Mp4 { has_media: false, ..good.clone() }, &[("mp4-without-media", Refuse)]),
        (mp4(&[h264(88, BFrames::No)]), &[]),
        (mp4(&[aac()]), &[("video-without-pictures", Refuse)]),
        (mp4(&[main(), sound("samr")]), &[("video-sound-not-aac", Refuse)]),
        (mp4(&[main(), aac(), aac()]), &[("video-several-sounds", Refuse)]),
        (Mp4 { index: Index::Last, ..good.clone() }, &[("mp4-index-last", Warn)]),
        (Mp4 { fragmented: true, ..good }, &[("mp4-fragmented", Note)]),
    ] {
        for content_type in ["video/mp4", "video/3gpp"] {
            expect(Video, content_type, &Facts::Mp4(film.clone()), expected);
        }
    }
}

#[test]
fn a_document_is_delivered_and_may_not_open() {
    let pdf = |encrypted, complete| Facts::Pdf(Pdf { version: "1.7".into(), encrypted, complete });
    let ooxml = |macros| Facts::Ooxml(Ooxml { program: Some(Office::Word), macros });
    let compound = |macros, encrypted| Facts::Compound(Compound { program: None, macros, encrypted });
    let unsupported = ("document-type-unsupported", Warn);
    for (content_type, facts, expected) in [
        ("application/pdf", pdf(false, true), &[][..]),
        ("application/pdf", pdf(true, true), &[("pdf-encrypted", Note)]),
        ("application/pdf", pdf(false, false), &[("pdf-cut-off", Warn)]),
        (DOCX, ooxml(false), &[]),
        (DOCX, ooxml(true), &[("office-macros", Warn)]),
        ("application/msword", compound(false, false), &[]),
        ("application/msword", compound(true, false), &[("office-macros", Warn)]),
        ("application/x-cfb", compound(false, true), &[unsupported, ("office-encrypted", Note)]),
        ("text/plain", text(Encoding::Utf8 { byte_order_mark: true, cut_off: false }), &[]),
        ("text/plain", text(Encoding::Wide { form: "UTF-16" }), &[("text-not-utf-8", Warn)]),
        ("text/plain", text(Encoding::Other { guess: "windows-1252" }), &[("text-not-utf-8", Warn)]),
        ("text/plain", text(Encoding::Wide { form: "UTF-32LE" }), &[("text-not-utf-8", Warn)]),
        (
            "text/plain",
            text(Encoding::Utf8 { byte_order_mark: false, cut_off: true }),
            &[("text-cut-off", Warn)],
        ),
        ("text/plain", text(Encoding::Binary), &[("text-binary", Warn)]),
        (DOCX, compound(false, true), &[("office-encrypted", Note)]),
        ("application/octet-stream", text(Encoding::Wide { form: "UTF-16" }), &[unsupported]),
        ("video/mp4", Facts::Damaged { what: "it ends too soon".into() }, &[unsupported, ("damaged", Warn)]),
        ("image/jpeg", Facts::Unexplored, &[unsupported]),
        ("text/csv", text(Encoding::Wide { form: "UTF-16" }), &[unsupported]),
        ("application/zip", Facts::Other, &[unsupported]),
        ("image/gif", Facts::Other, &[unsupported]),
        (DOCX, Facts::Damaged { what: "it has no directory".into() }, &[("damaged", Refuse)]),
    ] {
        expect(Document, content_type, &facts, expected);
    }
}

#[test]
fn mb_and_kb_are_read_both_ways() {
    let still = webp(512, None);
    let moving = webp(512, Some(12));
    let opus = ogg(OggCodec::Opus, 1, 1);
    let film = Facts::Mp4(mp4(&[h264(77, BFrames::No)]));
    let picture = png(PngColour::Rgb, 8, false, true);
    let pdf = Facts::Pdf(Pdf { version: "1.7".into(), encrypted: false, complete: true });
    for (kind, content_type, facts, decimal, binary) in [
        (Audio, OPUS, &opus, 16_000_000, 16_777_216),
        (Document, "application/pdf", &pdf, 100_000_000, 104_857_600),
        (Image, "image/png", &picture, 5_000_000, 5_242_880),
        (Sticker, "image/webp", &still, 100_000, 102_400),
        (Sticker, "image/webp", &moving, 500_000, 512_000),
        (Video, "video/mp4", &film, 16_000_000, 16_777_216),
    ] {
        for (length, expected) in [
            (decimal, &[][..]),
            (decimal + 1, &[("size-near-limit", Warn)]),
            (binary, &[("size-near-limit", Warn)]),
            (binary + 1, &[("too-large", Refuse)]),
            (u64::MAX, &[("too-large", Refuse)]),
        ] {
            let findings = judged(kind, false, content_type, length, facts);
            assert_eq!(summary(&findings), expected, "{length} bytes as {kind}");
        }
    }
}

#[test]
fn a_film_that_is_too_large_can_go_as_a_document_while_that_is_larger() {
    let film = Facts::Mp4(mp4(&[h264(77, BFrames::No)]));
    let remedy =
        |length| judged(Video, false, "video/mp4", length, &film)[0].remedy.clone().unwrap_or_default();
    assert!(remedy(20_000_000).ends_with("or send it as document"));
    assert!(!remedy(200_000_000).contains("document"));
}

#[test]
fn bytes_that_are_nothing_known_are_refused_by_the_kind_that_their_name_stands_for() {
    let page = text(Encoding::Utf8 { byte_order_mark: false, cut_off: false });
    let (not_taken, unsupported) = (("type-not-taken", Refuse), ("document-type-unsupported", Warn));
    let (damaged, named) = (("damaged", Refuse), ("name-differs", Warn));
    for (name, facts, kind, expected) in [
        ("image/jpeg", &Facts::Other, Image, &[damaged][..]),
        ("image/jpeg", &Facts::Other, Video, &[not_taken, named]),
        ("image/jpeg", &Facts::Other, Document, &[unsupported, named]),
        ("application/pdf", &Facts::Other, Document, &[damaged]),
        ("image/jpeg", &page, Image, &[damaged]),
        ("text/plain", &page, Document, &[unsupported, named]),
        ("application/vnd.ms-excel", &page, Document, &[unsupported, named]),
    ] {
        let content_type = "application/octet-stream";
        let file = Media { content_type, length: 1000, facts, name_says: Some(name) };
        let findings = judge(kind, false, &file);
        assert_eq!(summary(&findings), expected, "{name} as {kind}");
        let says_browser = findings[0].detail.contains("HTML");
        assert_eq!(says_browser, *facts != Facts::Other && !matches!(kind, Video), "{}", findings[0].detail);
    }
}

#[test]
fn a_remedy_takes_out_only_what_is_in_the_file() {
    let film = |tracks: &[Track]| Facts::Mp4(mp4(tracks));
    let theora = |streams| ogg(OggCodec::Theora, 0, streams);
    let main = || h264(77, BFrames::No);
    for (kind, content_type, facts, command, send_as) in [
        (Audio, "video/mp4", film(&[main(), aac()]), Some(remedy::TO_OPUS), Some("video")),
        (Audio, "video/mp4", film(&[main()]), None, Some("video")),
        (Audio, "video/mp4", film(&[video("hvc1")]), None, Some("document")),
        (Image, "video/mp4", film(&[main()]), Some(remedy::TO_JPEG), Some("video")),
        (Image, "audio/mp4", film(&[aac()]), None, Some("audio")),
        (Video, "video/3gpp", film(&[]), None, None),
        (Video, "video/3gpp", film(&[aac()]), Some(remedy::TO_M4A), Some("audio")),
        (Audio, "video/ogg", theora(1), None, None),
        (Audio, "video/ogg", theora(2), Some(remedy::TO_OPUS), None),
        (Video, "video/ogg", theora(1), Some(remedy::TO_MP4), Some("document")),
        (Document, "image/gif", Facts::Other, None, None),
        (Document, "video/mp4", film(&[main()]), None, Some("video")),
        (Document, "video/mp4", film(&[video("hvc1")]), None, None),
        (Document, "image/jpeg", Facts::Damaged { what: "it ends too soon".into() }, None, None),
        (Image, "image/webp", Facts::Damaged { what: "it ends too soon".into() }, None, Some("document")),
        (Document, "application/zip", Facts::Other, Some("export it as PDF"), None),
    ] {
        let findings = judged(kind, false, content_type, 1000, &facts);
        let remedy = findings[0].remedy.as_deref().unwrap_or_default();
        match command {
            Some(command) => assert!(remedy.contains(command), "{content_type} as {kind}: {remedy}"),
            None => assert!(!remedy.contains(['`', 'P']), "{content_type} as {kind}: {remedy}"),
        }
        let named = send_as.map(|kind| format!("send it as {kind}"));
        let says = remedy.split_once("send it as ").map(|(_, kind)| format!("send it as {kind}"));
        assert_eq!(says, named, "{content_type} as {kind}: {remedy}");
    }
}

#[test]
fn one_conversion_mends_all_that_a_conversion_can_mend() {
    let bad = Mp4 { index: Index::Last, ..mp4(&[h264(100, BFrames::Yes), sound("samr")]) };
    for (length, command, with) in [(1000, remedy::TO_MP4, 0), (20_000_000, remedy::TO_SMALLER_MP4, 1)] {
        let findings = judged(Video, false, "video/mp4", length, &Facts::Mp4(bad.clone()));
        let remedies: Vec<_> = findings.iter().filter_map(|finding| finding.remedy.as_deref()).collect();
        assert_eq!(remedies.len(), 1, "{remedies:#?}");
        assert!(remedies[0].contains(command), "{remedies:#?}");
        assert!(findings[with].remedy.is_some(), "{findings:#?}");
    }
}

#[test]
fn encodings_are_named_as_iconv_names_them() {
    for (guess, named) in [
        ("windows-1252", "iconv -f windows-1252 "),
        ("Shift_JIS", "iconv -f CP932 "),
        ("EUC-KR", "iconv -f CP949 "),
        ("windows-874", "iconv -f CP874 "),
        ("ISO-8859-8-I", "iconv -f ISO-8859-8 "),
    ] {
        let findings = judged(Document, false, "text/plain", 1000, &text(Encoding::Other { guess }));
        assert!(findings[0].remedy.as_deref().unwrap().contains(named), "{guess}: {findings:?}");
    }
}

#[test]
fn two_spellings_of_a_type_are_no_disagreement() {
    let name_says = |name, content_type| {
        let file = Media { content_type, length: 1000, facts: &Facts::Other, name_says: Some(name) };
        judge(Document, false, &file).iter().any(|finding| finding.code == "name-differs")
    };
    assert!(name_says("image/png", "image/jpeg"));
    assert!(name_says("image/png", "image/heic"));
    assert!(!name_says("audio/wav", "audio/vnd.wave"));
    assert!(!name_says(OPUS, "audio/ogg"));
}

#[test]
fn the_table_has_every_type_that_meta_spells_and_no_other() {
    let mut listed: Vec<_> = table::LIMITS.iter().flat_map(|limit| limit.content_types).copied().collect();
    let mut spelled: Vec<_> = MEDIA_TYPES.iter().map(|known| known.content_type).collect();
    listed.sort_unstable();
    spelled.sort_unstable();
    assert_eq!(listed, spelled);
    assert_eq!(table::LIMITS.map(|limit| limit.kind), MediaKind::ALL);
}
