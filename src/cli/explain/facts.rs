//! What is inside a file, in a few words.

use crate::whatsapp::probe::Facts;
use crate::whatsapp::probe::facts::{
    Amr, AudioCodec, BFrames, Compound, Encoding, Index, JpegCoding, JpegColour, Mp4, Office, OggCodec,
    Ooxml, Pdf, PngColour, Track, VideoCodec, WebP,
};

/// The words for what was found; empty where nothing was looked into.
pub(super) fn words(facts: &Facts) -> String {
    match facts {
        Facts::Jpeg(jpeg) => {
            let coding = if jpeg.coding == JpegCoding::Progressive { ", progressive" } else { "" };
            let end = cut_off(jpeg.complete);
            let colour = jpeg_colour(jpeg.colour);
            format!("{} × {}, {}-bit {colour}{coding}{end}", jpeg.width, jpeg.height, jpeg.bits)
        }
        Facts::Png(png) => {
            let motion = if png.animated { ", moving" } else { "" };
            let end = cut_off(png.complete);
            let colour = png_colour(png.colour);
            format!("{} × {}, {}-bit {colour}{motion}{end}", png.width, png.height, png.bits)
        }
        Facts::WebP(webp) => webp_words(webp),
        Facts::Ogg(ogg) => {
            let media = if ogg.has_media { "" } else { ", headers only" };
            format!("{}{}{media}", ogg_codec(ogg.codec), channels(ogg.channels.map(u16::from)))
        }
        Facts::Mp4(mp4) => mp4_words(mp4),
        Facts::Adts(adts) => format!("AAC{}, {} Hz", channels(Some(adts.channels.into())), adts.sample_rate),
        Facts::MpegAudio(audio) => {
            format!(
                "MPEG layer {}{}, {} Hz",
                audio.layer,
                channels(Some(audio.channels.into())),
                audio.sample_rate
            )
        }
        Facts::Amr(Amr { wideband, .. }) => if *wideband { "AMR, wideband" } else { "AMR" }.to_owned(),
        Facts::Pdf(Pdf { version, encrypted, complete }) => {
            format!("PDF {version}{}{}", locked(*encrypted), cut_off(*complete))
        }
        Facts::Ooxml(Ooxml { program, macros }) => {
            format!("{}{}", program.map_or("Office", office), with_macros(*macros))
        }
        Facts::Compound(Compound { program, macros, encrypted }) => {
            let program = program.map_or("Office", office);
            format!("{program}{}{}", with_macros(*macros), locked(*encrypted))
        }
        Facts::Text(text) => encoding(&text.encoding),
        Facts::Other => String::new(),
        Facts::Unexplored => "too much before its content to be looked into".to_owned(),
        Facts::Damaged { what } => format!("damaged: {what}"),
    }
}

fn cut_off(complete: bool) -> &'static str {
    if complete { "" } else { ", cut off" }
}

fn locked(encrypted: bool) -> &'static str {
    if encrypted { ", encrypted" } else { "" }
}

fn with_macros(macros: bool) -> &'static str {
    if macros { ", with macros" } else { "" }
}

fn jpeg_colour(colour: JpegColour) -> &'static str {
    match colour {
        JpegColour::Grey => "grey",
        JpegColour::Rgb => "RGB",
        JpegColour::Cmyk | JpegColour::Ycck => "CMYK",
        JpegColour::Unknown => "of unknown colours",
    }
}

fn png_colour(colour: PngColour) -> &'static str {
    match colour {
        PngColour::Grey => "grey",
        PngColour::GreyAlpha => "grey with transparency",
        PngColour::Palette => "palette",
        PngColour::Rgb => "RGB",
        PngColour::Rgba => "RGBA",
    }
}

fn webp_words(webp: &WebP) -> String {
    let motion = match &webp.animation {
        None => "still".to_owned(),
        Some(animation) => format!("{} frames, {}", animation.frames, seconds(animation.duration_ms)),
    };
    format!("{} × {}, {motion}", webp.width, webp.height)
}

fn ogg_codec(codec: OggCodec) -> &'static str {
    match codec {
        OggCodec::Opus => "Opus",
        OggCodec::Vorbis => "Vorbis",
        OggCodec::Flac => "FLAC",
        OggCodec::Speex => "Speex",
        OggCodec::Theora => "Theora",
        OggCodec::Unknown => "an unknown codec",
    }
}

fn channels(count: Option<u16>) -> String {
    match count {
        None | Some(0) => String::new(),
        Some(1) => ", mono".to_owned(),
        Some(2) => ", stereo".to_owned(),
        Some(count) => format!(", {count} channels"),
    }
}

fn mp4_words(mp4: &Mp4) -> String {
    let tracks = mp4.tracks.iter().map(track);
    let length = mp4.duration_ms.map(seconds);
    let index = match (mp4.fragmented, mp4.index) {
        _ if !mp4.has_media => Some("no media data".to_owned()),
        (true, _) => Some("in fragments".to_owned()),
        (false, Index::Last) => Some("index at the end".to_owned()),
        (false, Index::First) => None,
    };
    tracks.chain(length).chain(index).collect::<Vec<_>>().join(", ")
}

fn track(track: &Track) -> String {
    match track {
        Track::Video { width, height, codec } => format!("{width} × {height} {}", video_codec(codec)),
        Track::Audio { channels: count, codec } => {
            format!("{}{}", audio_codec(codec), channels(Some(*count)))
        }
        Track::Other { handler } => format!("a `{handler}` track"),
    }
}

fn video_codec(codec: &VideoCodec) -> String {
    match codec {
        VideoCodec::H264(h264) => {
            let frames = if h264.b_frames == BFrames::Yes { " with B-frames" } else { "" };
            format!("H.264 {}{frames}", profile(h264.profile))
        }
        VideoCodec::Other { entry } => entry.clone(),
    }
}

/// The usual name of a `profile_idc` (ITU-T H.264 Annex A).
fn profile(number: u8) -> String {
    match number {
        66 => "Baseline".to_owned(),
        77 => "Main".to_owned(),
        88 => "Extended".to_owned(),
        100 => "High".to_owned(),
        other => format!("profile {other}"),
    }
}

fn audio_codec(codec: &AudioCodec) -> &str {
    match codec {
        AudioCodec::Aac => "AAC",
        AudioCodec::Undescribed => "sound without a description",
        AudioCodec::Other { entry } => entry,
    }
}

fn office(program: Office) -> &'static str {
    match program {
        Office::Word => "Word",
        Office::Excel => "Excel",
        Office::PowerPoint => "PowerPoint",
    }
}

fn encoding(encoding: &Encoding) -> String {
    match encoding {
        Encoding::Utf8 { cut_off, .. } => format!("UTF-8{}", self::cut_off(!cut_off)),
        Encoding::Wide { form } => (*form).to_owned(),
        Encoding::Other { guess } => format!("{guess}, most likely"),
        Encoding::Binary => "not text".to_owned(),
    }
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}
