//! Any configuration: accepted, or told what is wrong, with a place in the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use media_origin::config::{Config, Environment, Overrides};

fuzz_target!(|text: &str| {
    let parsed = Config::parse("fuzz.toml", text, Overrides::default(), &Environment::default());
    if let Err(error) = parsed {
        assert!(!error.problems.is_empty());
        assert!(!error.to_string().is_empty());
    }
});
