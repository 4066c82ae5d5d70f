//! Any path: what is accepted stays below the root and has one link.
#![no_main]

use libfuzzer_sys::fuzz_target;
use media_origin::store::AssetPath;

fuzz_target!(|text: &str| {
    let Ok(path) = AssetPath::decode(text) else { return };
    assert!(path.as_str().split('/').all(|segment| !segment.is_empty() && !segment.starts_with('.')));
    assert!(!path.as_str().contains(['\0', '\\']));
    assert!(path.encoded().bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%/".contains(&b)));
    assert_eq!(AssetPath::decode(&path.encoded()), Ok(path));
});
