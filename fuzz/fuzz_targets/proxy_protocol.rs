//! Any bytes where a PROXY protocol header should be: what is awaited is never more than a header can have, and what was
//! read of the beginning stays what it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use media_origin::server::proxy_protocol::{Progress, parse};

fuzz_target!(|input: &[u8]| {
    let whole = parse(input);
    for end in 0..input.len() {
        match parse(&input[..end]) {
            Ok(Progress::Needs(missing)) => assert!(missing > 0 && end + missing <= 16 + 65535),
            Ok(Progress::Whole(header, length)) => {
                assert!(length <= end);
                assert_eq!(whole, Ok(Progress::Whole(header, length)));
            }
            Err(_) => assert!(whole.is_err()),
        }
    }
});
