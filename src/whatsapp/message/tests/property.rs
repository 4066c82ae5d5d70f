//! Whatever comes in: no panic, no message without a reason, and nothing that is repeated.

use super::*;
use proptest::prelude::*;

const WORDS: [&str; 47] = [
    "to",
    "type",
    "image",
    "document",
    "audio",
    "sticker",
    "video",
    "interactive",
    "template",
    "header",
    "body",
    "action",
    "cards",
    "components",
    "parameters",
    "text",
    "link",
    "id",
    "path",
    "caption",
    "filename",
    "voice",
    "button",
    "buttons",
    "carousel",
    "cta_url",
    "list",
    "sections",
    "rows",
    "card_index",
    "context",
    "message_id",
    "recipient",
    "individual",
    "group",
    "+1",
    "",
    "a.pdf",
    "https://a.example/a.jpg",
    "messaging_product",
    "whatsapp",
    "language",
    "flow",
    "gif",
    "IMAGE",
    "url",
    "index",
];

/// JSON of the words of messages, so that it is often nearly right.
fn value() -> impl Strategy<Value = Written> {
    let words = prop::sample::select(&WORDS[..]);
    let leaf = prop_oneof![
        Just(Written::Null),
        any::<bool>().prop_map(Written::from),
        any::<i64>().prop_map(Written::from),
        words.clone().prop_map(Written::from),
        "\\PC{0,8}".prop_map(Written::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let members = prop::collection::vec((words.clone(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Written::from),
            members.prop_map(|m| m
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v))
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

fn assert_consistent(reading: Reading) {
    let refused = reading.remarks.iter().any(|remark| remark.finding.refuses());
    assert_eq!(reading.message.is_none(), refused);
    assert!(
        reading.remarks.is_sorted_by_key(|remark| remark.at)
            && reading.media.is_sorted_by_key(|medium| medium.at)
    );
    let Some(message) = reading.message else { return };
    let mut media = reading.media.iter();
    let filled = message.try_map(|slot| {
        assert_eq!(Some(&slot.media), media.next().map(|medium| &medium.requested));
        Ok::<_, ()>(Sendable::Link("https://media.example.com/a".to_owned()))
    });
    assert!(media.next().is_none(), "every medium has its slot");
    let sent = serde_json::to_vec(&filled.unwrap()).unwrap();
    assert!(read(&sent).unwrap().message.is_some(), "what is sent can be read");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        match read(&bytes) {
            Ok(reading) => assert_consistent(reading),
            Err(error) => prop_assert!(error.finding().refuses()),
        }
    }

    #[test]
    fn any_json_is_read_or_refused(value in value()) {
        match read(value.to_string().as_bytes()) {
            Ok(reading) => assert_consistent(reading),
            Err(error) => prop_assert!(!value.is_object(), "{}", error),
        }
    }

    #[test]
    fn any_content_of_any_type_is_read_or_refused(
        name in prop::sample::select(vec!["image", "document", "audio", "sticker", "interactive", "template"]),
        content in value(),
    ) {
        assert_consistent(read(of_type(name, content).to_string().as_bytes()).unwrap());
    }

    #[test]
    fn any_part_that_is_not_known_goes_on_with_its_media(content in value()) {
        assert_consistent(read(of_type("interactive", json!({"type": "flow", "x": content})).to_string().as_bytes()).unwrap());
    }

    #[test]
    fn what_reads_as_json_here_reads_as_json_elsewhere(text in "[\\[\\]{}\",:0-9eE+.truefalsn\\\\u \\-]{0,24}") {
        let ours = parse::parse(text.as_bytes());
        let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text);
        if ours.is_ok() {
            prop_assert!(theirs.is_ok(), "{}", text);
        }
    }

    #[test]
    fn no_text_of_the_sender_is_repeated(secret in "[a-z]{12}x") {
        let secret = secret.as_str();
        for message in [
            json!({"to": secret, "type": "image", "image": {"link": "https://a.example.com/a", "caption": secret.repeat(200)}}),
            json!({"to": "49".to_owned() + secret, "recipient": secret, "type": "document", "document": {"link": "", "filename": secret}}),
            json!({"to": "+1", "context": secret, "biz_opaque_callback_data": secret.repeat(50), "type": "template", "template": {
                "name": secret.repeat(50), "components": [{"type": "header", "parameters": [{"type": "text", "text": "http://".to_owned() + secret}]}]}}),
        ] {
            let reading = read(message.to_string().as_bytes()).unwrap();
            prop_assert!(!reading.remarks.is_empty());
            let said = serde_json::to_string(&reading.remarks).unwrap();
            prop_assert!(!said.contains(secret), "{}", said);
        }
    }
}
