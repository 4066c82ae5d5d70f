//! Video: H.264 that Android decodes, AAC or silence, and the index first.

use super::audio::{not_aac, without_media};
use super::remedy::{self, convert};
use super::{Media, note, refuse, warn};
use crate::whatsapp::Finding;
use crate::whatsapp::probe::Facts;
use crate::whatsapp::probe::facts::{BFrames, H264, Index, Mp4, VideoCodec};

pub(super) fn rules(media: &Media<'_>) -> Vec<Finding> {
    let Facts::Mp4(mp4) = media.facts else { return Vec::new() };
    let mut findings = picture_rules(mp4);
    findings.extend(without_media(mp4));
    findings.extend(sound_rules(mp4));
    findings.extend(order_rule(mp4));
    findings
}

fn picture_rules(mp4: &Mp4) -> Vec<Finding> {
    if mp4.video_codecs().next().is_none() {
        let detail = "it has no pictures, only sound or nothing";
        let finding = refuse("video-without-pictures", detail);
        let remedy = mp4.audio_codecs().next().map(|_| convert(remedy::TO_M4A));
        return vec![match remedy {
            Some(convert) => finding.remedy(format!("{convert} and send it as audio")),
            None => finding,
        }];
    }
    let findings = mp4.video_codecs().flat_map(|codec| match codec {
        VideoCodec::H264(h264) => h264_rules(*h264),
        VideoCodec::Other { entry } => {
            vec![refuse("video-not-h264", format!("its pictures are `{entry}`, and H.264 is taken"))]
        }
    });
    let several = (mp4.video_codecs().count() > 1)
        .then(|| warn("video-several-pictures", "it has several tracks of pictures, and one is expected"));
    findings.chain(several).map(|finding| finding.remedy(convert(remedy::TO_MP4))).collect()
}

/// "High profile and B-frames are not supported by Android": such a film arrives, and may not play.
fn h264_rules(h264: H264) -> Vec<Finding> {
    let profile = match h264.profile {
        66 | 77 | 88 => None,
        100 => Some("High"),
        110 => Some("High 10"),
        122 => Some("High 4:2:2"),
        244 => Some("High 4:4:4"),
        _ => Some("an unusual one"),
    };
    let profile = profile.map(|name| {
        warn("h264-profile", format!("its H.264 profile is {name}, and Android plays Baseline and Main"))
    });
    let b_frames = (h264.b_frames == BFrames::Yes)
        .then(|| warn("h264-b-frames", "it has B-frames, which WhatsApp on Android does not play"));
    profile.into_iter().chain(b_frames).collect()
}

fn sound_rules(mp4: &Mp4) -> Vec<Finding> {
    let tracks = mp4.audio_codecs().count();
    let several = (tracks > 1).then(|| {
        let detail = format!("it has {tracks} sound tracks, and one or none is taken");
        refuse("video-several-sounds", detail).remedy(convert(remedy::TO_FASTSTART))
    });
    let codec = mp4.audio_codecs().find_map(|codec| not_aac("video-sound-not-aac", codec, remedy::TO_MP4));
    several.into_iter().chain(codec).collect()
}

fn order_rule(mp4: &Mp4) -> Option<Finding> {
    let finding = if mp4.fragmented {
        // Refused as audio by one report; of films none is known.
        let detail = "it is in fragments, as browsers record it, and such files were refused as audio";
        note("mp4-fragmented", detail)
    } else if mp4.index == Index::Last {
        warn(
            "mp4-index-last",
            "its index (`moov`) comes after its media data, so nothing plays before all is there",
        )
    } else {
        return None;
    };
    Some(finding.remedy(convert(remedy::TO_FASTSTART)))
}
