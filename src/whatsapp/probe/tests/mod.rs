//! Files made by the encoders of other hands, or byte by byte where none makes what breaks.

mod documents;
mod films;
mod pictures;
mod streams;

use std::io::Cursor;

use super::facts::{Ogg, OggCodec};
use super::{Facts, probe};

fn probed(content_type: &str, bytes: &[u8]) -> Facts {
    probe(Cursor::new(bytes), bytes.len() as u64, content_type).unwrap()
}

fn damage(content_type: &str, bytes: &[u8]) -> String {
    match probed(content_type, bytes) {
        Facts::Damaged { what } => what,
        facts => panic!("{facts:?}"),
    }
}

#[test]
fn what_is_not_looked_into_is_something_else() {
    for content_type in ["image/gif", "video/quicktime", "", ";", "image/heic"] {
        assert_eq!(probed(content_type, b"GIF89a"), Facts::Other, "{content_type}");
    }
    assert_eq!(probed("application/octet-stream", b"\0GIF"), Facts::Other);
    assert!(matches!(probed("application/octet-stream", b"<html>"), Facts::Text(_)));
}

#[test]
fn facts_are_written_down_as_one_object() {
    let facts = Facts::Ogg(Ogg { codec: OggCodec::Opus, channels: Some(1), streams: 1, has_media: true });
    let json = serde_json::to_string(&facts).unwrap();
    assert_eq!(json, r#"{"format":"ogg","codec":"opus","channels":1,"streams":1,"has_media":true}"#);
}
