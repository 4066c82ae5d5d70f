//! The files of `media/`: one for every type that WhatsApp takes.

use std::path::Path;

use media_origin::whatsapp::MediaKind::{self, Audio, Document, Image, Sticker, Video};
use media_origin::whatsapp::Severity;
use media_origin::whatsapp::limits::kinds_that_take;
use media_origin::whatsapp::media_type::MEDIA_TYPES;

use crate::support::{Sample, codes};

pub(crate) const SAMPLES: [(&str, MediaKind); 18] = [
    ("campaigns/summer.jpg", Image),
    ("campaigns/summer.mp4", Video),
    ("campaigns/teaser.3gp", Video),
    ("catalogue/Crème brûlée & café.jpg", Image),
    ("catalogue/lookbook.pptx", Document),
    ("catalogue/opening-hours.txt", Document),
    ("invoices/invoice-0042.pdf", Document),
    ("invoices/terms.docx", Document),
    ("logos/logo.png", Image),
    ("prices/price-list.pdf", Document),
    ("prices/price-list.xlsx", Document),
    ("stickers/thanks.webp", Sticker),
    ("stickers/wave.webp", Sticker),
    ("voice/greeting.aac", Audio),
    ("voice/greeting.amr", Audio),
    ("voice/greeting.m4a", Audio),
    ("voice/greeting.mp3", Audio),
    ("voice/greeting.ogg", Audio),
];

pub(crate) fn sample(path: &str) -> Sample {
    Sample::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("media").join(path))
}

#[test]
fn every_sample_is_taken_as_what_it_is_and_as_nothing_else() {
    for (path, own) in SAMPLES {
        let sample = sample(path);
        for kind in MediaKind::ALL {
            let findings = sample.judge(kind, false);
            let expected: &[_] = match kind {
                kind if kind == own => &[],
                Document => &[("document-type-unsupported", Severity::Warn)],
                _ => &[("type-not-taken", Severity::Refuse)],
            };
            let found: Vec<_> = findings.iter().map(|finding| (finding.code, finding.severity)).collect();
            assert_eq!(found, expected, "{path} as {kind}");
        }
    }
}

#[test]
fn a_refusal_by_type_names_the_kind_that_would_take_the_file() {
    for (path, own) in SAMPLES {
        let sample = sample(path);
        for kind in MediaKind::ALL.into_iter().filter(|kind| *kind != own) {
            let findings = sample.judge(kind, false);
            let remedy = findings[0].remedy.as_deref().unwrap();
            assert!(remedy.contains(&format!("send it as {own}")), "{path} as {kind}: {remedy}");
        }
    }
}

#[test]
fn a_voice_message_is_opus_in_ogg() {
    for (path, _) in SAMPLES.into_iter().filter(|(_, own)| *own == Audio) {
        let found = codes(&sample(path).judge(Audio, true));
        let expected: &[_] = if path == "voice/greeting.ogg" { &[] } else { &["voice-not-opus"] };
        assert_eq!(found, expected, "{path}");
    }
}

#[test]
fn every_media_type_has_exactly_one_kind() {
    for known in MEDIA_TYPES {
        assert_eq!(kinds_that_take(known.content_type).count(), 1, "{}", known.content_type);
    }
}

#[test]
fn a_name_that_says_otherwise_is_told() {
    let jpeg = sample("campaigns/summer.jpg").bytes;
    let named = Sample::named("summer.png", jpeg).judge(Image, false);
    assert_eq!(codes(&named), ["name-differs"]);
    assert_eq!(named[0].severity, Severity::Warn);
}

#[test]
fn audio_that_is_called_something_else_is_refused() {
    let aac = sample("voice/greeting.aac").bytes;
    let begun_late = [&[0x01; 10][..], &aac].concat();
    assert_eq!(codes(&Sample::named("greeting.mp3", begun_late).judge(Audio, false)), ["bytes-differ"]);
    let noise = vec![0x01; 5000];
    assert_eq!(codes(&Sample::named("greeting.mp3", noise).judge(Audio, false)), ["damaged"]);
}
