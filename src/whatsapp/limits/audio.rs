//! Audio: Opus in Ogg with one channel, AAC in MP4, and what a voice message needs.

use super::remedy::{self, convert};
use super::table::Size;
use super::{Media, refuse, warn};
use crate::whatsapp::Finding;
use crate::whatsapp::probe::Facts;
use crate::whatsapp::probe::facts::{AudioCodec, Mp4, Ogg, OggCodec};

const AUDIO_PAGE: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/audio-messages";
const FRAGMENTED: &str = "github.com/sarrazola/openlivery/pull/31";

/// A voice message has its waveform and its play button up to here.
const WAVEFORM: Size = Size::KB(512);

pub(super) fn rules(voice: bool, media: &Media<'_>) -> Vec<Finding> {
    let mut findings = match media.facts {
        Facts::Ogg(ogg) => ogg_rules(ogg),
        Facts::Mp4(mp4) => mp4_rules(mp4),
        Facts::Amr(amr) if amr.wideband || amr.multichannel => vec![amr_unusual()],
        Facts::MpegAudio(mpeg) if mpeg.layer != 3 => vec![mpeg_layer(mpeg.layer)],
        _ => Vec::new(),
    };
    if voice {
        findings.extend(voice_rule(media));
    }
    findings
}

fn ogg_rules(ogg: &Ogg) -> Vec<Finding> {
    let channels = ogg.channels.filter(|channels| *channels != 1).map(|channels| {
        let detail = format!("it has {channels} channels, and of Opus one channel is taken");
        refuse("ogg-not-mono", detail).remedy(convert(remedy::TO_OPUS))
    });
    let streams = (ogg.streams > 1).then(|| {
        let detail = format!("it has {} streams, and one is expected", ogg.streams);
        warn("ogg-several-streams", detail).remedy(convert(remedy::TO_OPUS))
    });
    let silent = (!ogg.has_media)
        .then(|| warn("ogg-without-sound", "it has headers and no sound behind them: it may be cut off"));
    channels.into_iter().chain(streams).chain(silent).collect()
}

fn mp4_rules(mp4: &Mp4) -> Vec<Finding> {
    let codecs: Vec<_> = mp4.audio_codecs().collect();
    let sound = match codecs.as_slice() {
        [] => Some(refuse("audio-without-sound", "it has no sound track")),
        [_, _, ..] => Some(
            warn(
                "audio-several-tracks",
                format!("it has {} sound tracks, and one is expected", codecs.len()),
            )
            .remedy(convert(remedy::TO_M4A)),
        ),
        [_] => None,
    };
    let codec = codecs.iter().find_map(|codec| not_aac("audio-not-aac", codec, remedy::TO_M4A));
    let fragmented = mp4.fragmented.then(|| {
        let detail =
            "it is in fragments, as browsers record it, and such files were refused after they were accepted";
        Finding { source: FRAGMENTED, ..warn("mp4-fragmented", detail) }
            .remedy(convert(remedy::TO_OPUS_BY_SAMPLES))
    });
    let pictures = mp4.video_codecs().next().map(|_| {
        let detail = "it has pictures beside its sound, and what Meta takes it for is not known";
        warn("audio-with-pictures", detail).remedy(convert(remedy::TO_M4A))
    });
    [without_media(mp4), sound, codec, pictures, fragmented].into_iter().flatten().collect()
}

/// What is said of an index of nothing.
pub(super) fn without_media(mp4: &Mp4) -> Option<Finding> {
    (!mp4.has_media).then(|| {
        let detail = "it has an index (`moov`) and no media data (`mdat`), so there is nothing to play";
        refuse("mp4-without-media", detail).remedy("record or export it again")
    })
}

/// What is said of sound in MP4 that is not AAC, in a film or alone.
pub(super) fn not_aac(code: &'static str, codec: &AudioCodec, command: &str) -> Option<Finding> {
    match codec {
        AudioCodec::Aac => None,
        AudioCodec::Undescribed => Some(
            warn("aac-undescribed", "its sound has no description that can be read, so it may not be AAC")
                .remedy(convert(command)),
        ),
        AudioCodec::Other { entry } => Some(
            refuse(code, format!("its sound is `{entry}`, and in MP4 AAC is taken")).remedy(convert(command)),
        ),
    }
}

fn amr_unusual() -> Finding {
    let detail = "it is AMR-WB or has several channels, and what is known to be taken is AMR with one";
    warn("amr-not-narrowband", detail).remedy(convert(remedy::TO_OPUS))
}

fn mpeg_layer(layer: u8) -> Finding {
    let detail = format!("it is MPEG audio of layer {layer}, and MP3 is layer 3");
    warn("mpeg-not-layer-3", detail).remedy(convert(remedy::TO_OPUS))
}

fn voice_rule(media: &Media<'_>) -> Option<Finding> {
    let is_opus = matches!(media.facts, Facts::Ogg(Ogg { codec: OggCodec::Opus, .. }));
    let finding = if !is_opus {
        let detail = format!("a voice message must be Opus in Ogg, and this is {}", media.content_type);
        refuse("voice-not-opus", detail)
    } else if media.length > WAVEFORM.decimal() {
        let detail =
            format!("a voice message above {WAVEFORM} has no waveform: it must be downloaded to be heard");
        warn("voice-large", detail)
    } else {
        return None;
    };
    Some(Finding { source: AUDIO_PAGE, ..finding }.remedy(convert(remedy::TO_OPUS)))
}
