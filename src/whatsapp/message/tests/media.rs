//! The five types.

use super::*;

fn image(content: Written) -> Written {
    of_type("image", content)
}

fn document(content: Written) -> Written {
    of_type("document", content)
}

#[test]
fn exactly_one_key_names_the_file() {
    assert_remarks([
        (image(json!({"path": "a.jpg"})), &[]),
        (image(json!({})), &["/image exactly-one-of!"]),
        (image(json!({"path": "a.jpg", "link": "https://a.example/a.jpg"})), &["/image exactly-one-of!"]),
        (image(json!({"path": "a", "link": "https://a.example/a", "id": "1"})), &["/image exactly-one-of!"]),
        (image(json!({"link": null})), &["/image/link null-link!"]),
        (image(json!({"id": null, "path": "a"})), &["/image exactly-one-of!", "/image/id null-link!"]),
        (image(json!({"path": ""})), &["/image/path empty!"]),
        (image(json!({"link": " \n"})), &["/image/link empty!"]),
        (image(json!({"id": 798_882_015_472_548_i64})), &["/image/id wrong-type!"]),
        (image(json!({"path": ["a.jpg"]})), &["/image/path wrong-type!"]),
        (image(json!("a.jpg")), &["/image wrong-type!"]),
        (image(json!(null)), &["/image null!"]),
        (
            image(json!({"url": "https://a.example/a"})),
            &["/image/url unknown-key!", "/image exactly-one-of!"],
        ),
        (
            image(json!({"link": "https://a.example/a", "provider": "p"})),
            &["/image/provider provider-not-allowed!"],
        ),
    ]);
}

#[test]
fn what_is_wrong_with_the_keys_is_said_in_their_number() {
    let detail = |media: Written| finding(&image(media), "exactly-one-of").detail;
    assert_eq!(
        detail(json!({"path": "a", "link": "b"})),
        "`path` and `link` are both there, and each names a file"
    );
    assert_eq!(
        detail(json!({"path": "a", "link": "b", "id": "1"})),
        "`path`, `link` and `id` are all there, and each names a file"
    );
    let remedy = finding(&image(json!({"url": "https://a.example/a"})), "unknown-key").remedy;
    assert_eq!(remedy.as_deref(), Some("did you mean `link`?"));
}

#[test]
fn ids_are_those_of_uploads() {
    let id = |id: &str| image(json!({ "id": id }));
    assert_remarks([
        (id("1013859600285441"), &[]),
        (id("null"), &["/image/id odd-id?"]),
        (id("{{1}}"), &["/image/id odd-id?"]),
        (id("4::aW1hZ2U="), &["/image/id odd-id?"]),
        (id("1 2"), &["/image/id not-an-id!"]),
        (id("12\n"), &["/image/id not-an-id!"]),
        (id("https://a.example/a.jpg"), &["/image/id not-an-id!"]),
    ]);
    let remedy = finding(&id(" HTTP://a.example/a.jpg"), "not-an-id").remedy;
    assert_eq!(remedy.as_deref(), Some("name it `link`"));
}

#[test]
fn positions_put_what_is_found_elsewhere_into_the_order_of_the_document() {
    let message =
        br#"{"to": 1, "type": "image", "image": {"caption": null, "path": "a.jpg", "x": 1}, "y": 2}"#;
    let reading = read(message).unwrap();
    let at = reading.media[0].at;
    let before: Vec<_> = reading.remarks.iter().filter(|remark| remark.at < at).map(line).collect();
    let after: Vec<_> = reading.remarks.iter().filter(|remark| remark.at > at).map(line).collect();
    assert_eq!(before, ["/to wrong-type!", "/image/caption null!"]);
    assert_eq!(after, ["/image/x unknown-key!", "/y unknown-key!"]);
    assert!(!serde_json::to_string(&reading.remarks).unwrap().contains("\"at\""), "for programs only");
}

#[test]
fn captions_stand_where_they_may_and_are_counted_in_characters() {
    let long = |character: &str, count| json!({"path": "a", "caption": character.repeat(count)});
    assert_remarks([
        (image(long("é", 1024)), &[]),
        (image(long("a", 1025)), &["/image/caption too-long!"]),
        (of_type("video", long("👩‍🦰", 342)), &["/video/caption too-long!"]),
        (document(long("a", 1025)), &["/document/caption too-long!"]),
        (image(json!({"path": "a", "caption": ""})), &["/image/caption empty-caption?"]),
        (image(json!({"path": "a", "caption": null})), &["/image/caption null!"]),
        (image(json!({"path": "a", "caption": 5})), &["/image/caption wrong-type!"]),
        (of_type("audio", json!({"path": "a", "caption": "x"})), &["/audio/caption caption-not-allowed!"]),
        (
            of_type("sticker", json!({"path": "a", "caption": null})),
            &["/sticker/caption caption-not-allowed!"],
        ),
    ]);
    let reading = read(image(long("👩‍🦰", 342)).to_string().as_bytes()).unwrap();
    assert_eq!(reading.remarks[0].finding.detail, "the text has 1026 characters, where 1024 are taken");
    assert_eq!(reading.remarks[0].finding.remedy.as_deref(), Some("shorten it by 2"));
}

#[test]
fn names_and_voices_stand_where_they_may() {
    let named = |filename: &str| document(json!({"link": "https://a.example/a", "filename": filename}));
    assert_remarks([
        (image(json!({"path": "a", "filename": "a.jpg"})), &["/image/filename filename-not-allowed!"]),
        (
            of_type("sticker", json!({"path": "a", "filename": "a"})),
            &["/sticker/filename filename-not-allowed!"],
        ),
        (of_type("video", json!({"path": "a", "voice": true})), &["/video/voice voice-not-allowed!"]),
        (of_type("audio", json!({"path": "a", "voice": "true"})), &["/audio/voice wrong-type!"]),
        (document(json!({"path": "a.pdf"})), &[]),
        (document(json!({"id": "1"})), &["/document document-without-filename?"]),
        (named("Invoice 12.pdf"), &[]),
        (named("Rechnung Müller.tar.gz"), &[]),
        (named(""), &["/document/filename empty!"]),
        (named("Invoice"), &["/document/filename filename-without-extension?"]),
        (named(".pdf"), &["/document/filename filename-without-extension?"]),
        (named("Nr. 5 a"), &["/document/filename filename-without-extension?"]),
        (named("a/b.pdf"), &["/document/filename filename-with-slash?"]),
        (named("a\\b.pdf"), &["/document/filename filename-with-slash?"]),
        (named("a\u{202e}fdp.exe.pdf"), &["/document/filename filename-bidi?"]),
        (named("a\u{2069}.pdf"), &["/document/filename filename-bidi?"]),
        (named("a\u{200f}.pdf"), &[]),
        (named("a\n.pdf"), &["/document/filename not-a-filename!"]),
        (named(&("a".repeat(237) + ".pdf")), &["/document/filename long-filename?"]),
        (named(&("a".repeat(236) + ".pdf")), &[]),
        (document(json!({"path": "a", "filename": null})), &["/document/filename null!"]),
    ]);
}

#[test]
fn everything_is_said_at_once_and_in_order_and_the_media_is_found_all_the_same() {
    let message = br#"{"too": "+1", "type": "audio", "audio": {"voise": "x", "path": "a.ogg", "voice": 1, "filename": "b"},
        "context": {}}"#;
    let reading = read(message).unwrap();
    let lines: Vec<_> = reading.remarks.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "/too unknown-key!",
            "/audio/voise unknown-key!",
            "/audio/voice wrong-type!",
            "/audio/filename filename-not-allowed!",
            "/context/message_id required!",
            "/to required!",
        ]
    );
    assert_eq!(reading.media.len(), 1);
    assert_eq!(reading.media[0].requested, Requested::Path("a.ogg".to_owned()));
    assert_eq!(reading.media[0].reference().as_str(), "/audio/path");
    assert_eq!(reading.remarks[1].finding.remedy.as_deref(), Some("did you mean `voice`?"));
}

#[test]
fn a_message_that_is_made_to_have_many_remarks_has_a_bounded_number() {
    let mut message = image(json!({"path": "a.jpg"}));
    for index in 0..10_000 {
        message[format!("{index}{}", "x".repeat(100))] = json!(1);
    }
    let reading = read(message.to_string().as_bytes()).unwrap();
    assert_eq!(reading.remarks.len(), 201);
    let last = reading.remarks.last().unwrap();
    assert_eq!((line(last).as_str(), reading.message), (" more-remarks!", None));
}

#[test]
fn only_voice_messages_are_voice_messages() {
    for (content, voice) in [
        (json!({"path": "a.ogg", "voice": true}), true),
        (json!({"path": "a.ogg", "voice": false}), false),
        (json!({"path": "a.ogg"}), false),
    ] {
        let reading = read(of_type("audio", content).to_string().as_bytes()).unwrap();
        assert_eq!(reading.media[0].voice, voice);
    }
}
