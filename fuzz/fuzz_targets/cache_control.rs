//! Any `Cache-Control`: what is accepted reads back as itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use media_origin::caching::directive::CacheControl;

fuzz_target!(|text: &str| {
    match CacheControl::parse(text) {
        Ok(parsed) => {
            let _warnings = parsed.contradictions();
            let sent = parsed.header_value().to_str().expect("a field value is visible ASCII");
            assert_eq!(CacheControl::parse(sent).as_ref(), Ok(&parsed));
        }
        Err(errors) => {
            for error in errors.iter() {
                assert!(text.get(error.range()).is_some(), "the place is in the text");
                assert!(!error.to_string().is_empty());
            }
        }
    }
});
