//! Files that broke on their way, or were made to break those who read them.

use std::io::Cursor;

use media_origin::whatsapp::limits::{Media, judge};
use media_origin::whatsapp::probe::{Facts, probe};
use media_origin::whatsapp::{MediaKind, Severity};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::samples::{SAMPLES, sample};
use crate::support::{Counting, Sample, codes};

/// What may be read of a file that is no text, in bytes.
const BOUND: u64 = 4 << 20;

fn probed_within_bounds(bytes: &[u8], length: u64, content_type: &str) -> Facts {
    let mut counting = Counting::new(Cursor::new(bytes));
    let facts = probe(&mut counting, length, content_type).unwrap();
    assert!(counting.bytes <= BOUND, "{} bytes read", counting.bytes);
    for kind in MediaKind::ALL {
        let media = Media { content_type, length, facts: &facts, name_says: None };
        let findings = judge(kind, true, &media);
        assert!(findings.is_sorted_by(|a, b| a.severity >= b.severity), "the worst first");
    }
    facts
}

#[test]
fn a_file_that_was_cut_off_is_noticed() {
    for (path, own, expected) in [
        ("campaigns/summer.jpg", MediaKind::Image, "image-cut-off"),
        ("logos/logo.png", MediaKind::Image, "image-cut-off"),
        ("stickers/thanks.webp", MediaKind::Sticker, "damaged"),
        ("stickers/wave.webp", MediaKind::Sticker, "damaged"),
        ("campaigns/summer.mp4", MediaKind::Video, "damaged"),
        ("campaigns/teaser.3gp", MediaKind::Video, "damaged"),
        ("voice/greeting.m4a", MediaKind::Audio, "damaged"),
        ("invoices/invoice-0042.pdf", MediaKind::Document, "pdf-cut-off"),
        ("invoices/terms.docx", MediaKind::Document, "damaged"),
    ] {
        let mut bytes = sample(path).bytes;
        bytes.truncate(bytes.len() * 9 / 10);
        let name = path.rsplit('/').next().unwrap();
        let findings = Sample::named(name, bytes).judge(own, false);
        assert_eq!(findings[0].code, expected, "{path}: {findings:?}");
    }
}

#[test]
fn an_empty_file_is_refused_as_anything() {
    for (path, _) in SAMPLES {
        let empty = Sample::named(path, Vec::new());
        for kind in MediaKind::ALL {
            let findings = empty.judge(kind, false);
            assert_eq!(codes(&findings), ["empty"], "{path} as {kind}");
            assert_eq!(findings[0].severity, Severity::Refuse);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_sample_with_bytes_changed_is_probed_within_bounds(
        changes in vec((any::<Index>(), any::<u8>()), 0..20),
        early in vec((0..400_usize, any::<u8>()), 0..6),
        cut: Option<Index>,
    ) {
        for (path, _) in SAMPLES {
            let Sample { mut bytes, content_type, .. } = sample(path);
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            for &(at, byte) in &early {
                if let Some(there) = bytes.get_mut(at) {
                    *there = byte;
                }
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            probed_within_bounds(&bytes, bytes.len() as u64, &content_type);
        }
    }

    #[test]
    fn any_bytes_are_probed_as_any_type(bytes in vec(any::<u8>(), 0..2000), longer in 0..100_000_000_u64) {
        for (path, _) in SAMPLES {
            let content_type = Sample::named(path, Vec::new()).content_type;
            probed_within_bounds(&bytes, bytes.len() as u64 + longer, &content_type);
        }
    }

    #[test]
    fn the_head_of_a_sample_with_anything_behind_is_probed_within_bounds(
        head in 0..300_usize,
        rest in vec(any::<u8>(), 0..600),
    ) {
        for (path, _) in SAMPLES {
            let Sample { mut bytes, content_type, .. } = sample(path);
            bytes.truncate(head);
            bytes.extend_from_slice(&rest);
            probed_within_bounds(&bytes, bytes.len() as u64, &content_type);
        }
    }
}
