//! Any file, as any media type: looked into without a panic, and judged as every kind of media.
//!
//! The first byte of an input selects the media type, the second lets the file seem longer than it is.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use media_origin::whatsapp::MediaKind;
use media_origin::whatsapp::limits::{Media, judge};
use media_origin::whatsapp::media_type::MEDIA_TYPES;
use media_origin::whatsapp::probe::probe;

/// What the bytes may be served as besides what WhatsApp takes.
const OTHERS: [&str; 4] = ["audio/ogg", "video/ogg", "application/x-cfb", "application/octet-stream"];

fuzz_target!(|input: &[u8]| {
    let [selector, longer, bytes @ ..] = input else { return };
    let known = MEDIA_TYPES.iter().map(|known| known.content_type).chain(OTHERS);
    let content_type = known.clone().nth(usize::from(*selector) % known.count()).expect("it is below the count");
    let length = bytes.len() as u64 + (u64::from(*longer) << 20);
    let facts = probe(Cursor::new(bytes), length, content_type).expect("memory can be read");
    for kind in MediaKind::ALL {
        let media = Media { content_type, length, facts: &facts, name_says: None };
        let findings = judge(kind, true, &media);
        assert!(findings.is_sorted_by(|a, b| a.severity >= b.severity), "the worst comes first");
        assert!(findings.iter().all(|finding| !finding.detail.is_empty() && !finding.detail.ends_with('.')));
    }
});
