//! Any file, as any media type: told by its bytes, settled with its name, looked into without a panic, and judged as
//! every kind of media.
//!
//! The first byte of an input selects the media type, the second lets the file seem longer than it is, and the third
//! selects what its name stands for.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use media_origin::store::media_type::settle;
use media_origin::store::sniff::{Format, sniff};
use media_origin::whatsapp::MediaKind;
use media_origin::whatsapp::limits::{Media, judge};
use media_origin::whatsapp::media_type::MEDIA_TYPES;
use media_origin::whatsapp::probe::{Facts, probe};

/// What the bytes may be served as besides what WhatsApp takes.
const OTHERS: [&str; 12] = [
    "audio/ogg",
    "video/ogg",
    "application/ogg",
    "image/apng",
    "audio/amr-wb",
    "audio/x-m4a",
    "application/x-cfb",
    "application/encrypted",
    "application/vnd.ms-word.document.macroenabled.12",
    "text/csv",
    "application/octet-stream",
    "application/zip",
];

/// What the name may end with.
const EXTENSIONS: [&str; 16] = [
    "", ".jpg", ".png", ".webp", ".mp4", ".3gp", ".m4b", ".ogg", ".aac", ".mp3", ".pdf", ".doc", ".xlsx", ".txt",
    ".html", ".csv",
];

fuzz_target!(|input: &[u8]| {
    let [selector, longer, named, bytes @ ..] = input else { return };
    let known = MEDIA_TYPES.iter().map(|known| known.content_type).chain(OTHERS);
    let content_type = known.clone().nth(usize::from(*selector) % known.count()).expect("it is below the count");
    let length = bytes.len() as u64 + (u64::from(*longer) << 20);
    let facts = probe(Cursor::new(bytes), length, content_type).expect("memory can be read");
    judged_as_all(content_type, length, &facts, None);

    let name = format!("file{}", EXTENSIONS[usize::from(*named) % EXTENSIONS.len()]);
    let format = sniff(Cursor::new(bytes)).expect("memory can be read");
    assert_eq!(Format::named(&format.name()), format, "a format is read back as it was written");
    let settled = settle(&format, &name);
    let content_type = settled.content_type.to_str().expect("a media type is ASCII");
    let facts = probe(Cursor::new(bytes), bytes.len() as u64, content_type).expect("memory can be read");
    judged_as_all(content_type, bytes.len() as u64, &facts, settled.agreement.name_says());
});

fn judged_as_all(content_type: &str, length: u64, facts: &Facts, name_says: Option<&str>) {
    for kind in MediaKind::ALL {
        for voice in [false, true] {
            let findings = judge(kind, voice, &Media { content_type, length, facts, name_says });
            assert!(findings.is_sorted_by(|a, b| a.severity >= b.severity), "the worst comes first");
            assert!(findings.iter().all(|finding| !finding.detail.is_empty() && !finding.detail.ends_with('.')));
        }
    }
}
