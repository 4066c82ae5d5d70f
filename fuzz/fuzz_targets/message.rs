//! Any message: what is accepted is written so that it is accepted again, and says the same.
#![no_main]

use std::time::UNIX_EPOCH;

use libfuzzer_sys::fuzz_target;
use media_origin::whatsapp::message::{self, Requested, Sendable};
use media_origin::whatsapp::link;

fuzz_target!(|input: &[u8]| {
    let Ok(reading) = message::read(input) else { return };
    let refused = reading.remarks.iter().any(|remark| remark.finding.refuses());
    assert_eq!(reading.message.is_none(), refused, "a message is refused with a reason, and only then");
    assert!(reading.remarks.len() <= 201 && reading.media.len() <= 32, "what is made of a message is bounded");
    for medium in &reading.media {
        if let Requested::Link(link) = &medium.requested {
            let examined = link::examine(link, "https://media.example.com/media", UNIX_EPOCH);
            assert!(examined.is_err() || link.bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }
    let Some(message) = reading.message else { return };
    let mut media = reading.media.iter();
    let filled = message.try_map(|slot| {
        assert_eq!(Some(&slot.media), media.next().map(|medium| &medium.requested));
        Ok::<_, ()>(Sendable::Link("https://media.example.com/media/a".to_owned()))
    });
    assert!(media.next().is_none(), "every medium has its slot");
    let sent = serde_json::to_vec(&filled.expect("no step fails")).expect("a message is JSON");
    let again = message::read(&sent).expect("what is sent is JSON");
    let again = again.message.expect("what is sent is accepted");
    let again = again.try_map(|slot| match slot.media {
        Requested::Link(link) => Ok(Sendable::Link(link)),
        other => Err(other),
    });
    assert_eq!(serde_json::to_vec(&again.expect("links only")).expect("a message is JSON"), sent);
});
