//! `POST /messages`.

use std::path::Path;

use serde_json::{Value, json};

use crate::server::Server;
use crate::{Answer, server};

fn post(server: &Server, path: &str, message: &[u8]) -> Answer {
    Answer::of(&server.ask_with(&format!("POST {path}"), "", message))
}

fn build(server: &Server, message: &Value) -> Answer {
    post(server, "/messages", message.to_string().as_bytes())
}

fn message(kind: &str, media: &Value) -> Value {
    json!({"to": "+4915123456789", "type": kind, kind: media})
}

/// Each sample, and the kind that it is for.
const SAMPLES: &[(&str, &str)] = &[
    ("campaigns/summer.jpg", "image"),
    ("campaigns/summer.mp4", "video"),
    ("campaigns/teaser.3gp", "video"),
    ("catalogue/Crème brûlée & café.jpg", "image"),
    ("catalogue/lookbook.pptx", "document"),
    ("catalogue/opening-hours.txt", "document"),
    ("invoices/invoice-0042.pdf", "document"),
    ("invoices/terms.docx", "document"),
    ("logos/logo.png", "image"),
    ("prices/price-list.pdf", "document"),
    ("prices/price-list.xlsx", "document"),
    ("stickers/thanks.webp", "sticker"),
    ("stickers/wave.webp", "sticker"),
    ("voice/greeting.aac", "audio"),
    ("voice/greeting.amr", "audio"),
    ("voice/greeting.m4a", "audio"),
    ("voice/greeting.mp3", "audio"),
    ("voice/greeting.ogg", "audio"),
];

#[test]
fn each_sample_is_sent_as_what_it_is_and_its_link_delivers_its_bytes() {
    let server = server();
    for (path, kind) in SAMPLES {
        let answer = build(&server, &message(kind, &json!({"path": path}))).expect(200);
        let link = answer.body[kind]["link"].as_str().unwrap_or_else(|| panic!("{}", answer.body));
        assert!(link.is_ascii(), "{link}");
        let target = link.strip_prefix("http://127.0.0.1:8080/media/").unwrap();
        let got = server.get(target);
        assert!(got.starts_with("HTTP/1.1 200 OK"), "{link}: {got}");
        assert!(!got.contains("no-store"), "the pin is that of the bytes: {link}");
        for other in ["audio", "image", "sticker", "video"].iter().filter(|other| *other != kind) {
            let refused = build(&server, &message(other, &json!({"path": path}))).expect(422);
            let pointer = format!("/{other}/path");
            assert!(refused.errors().contains(&(pointer.as_str(), "type-not-taken")), "{path} as {other}");
        }
    }
}

#[test]
fn the_payload_is_what_the_api_takes_and_nothing_else() {
    let server = server();
    let built =
        build(&server, &message("image", &json!({"path": "logos/logo.png", "caption": "Hi"}))).expect(200);
    let keys: Vec<_> = built.body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.len(), 5, "{keys:?}");
    assert_eq!(built.body["messaging_product"], "whatsapp");
    assert_eq!(built.body["recipient_type"], "individual");
    assert_eq!(built.body["to"], "+4915123456789");
    assert_eq!(built.body["image"]["caption"], "Hi");
    assert_eq!(built.body["image"].as_object().unwrap().len(), 2, "path has become link");
}

#[test]
fn a_document_without_a_name_gets_that_of_its_file() {
    let server = server();
    let pdf = json!({"path": "invoices/invoice-0042.pdf"});
    let named = json!({"path": "invoices/invoice-0042.pdf", "filename": "Invoice.pdf"});
    let template = json!({"to": "+4915123456789", "type": "template", "template": {
        "name": "invoice", "language": {"code": "en_US"},
        "components": [{"type": "header", "parameters": [{"type": "document", "document": pdf}]}]}});
    let own = json!({"link": "http://127.0.0.1:8080/media/invoices/invoice-0042.pdf"});
    for (request, pointer, name) in [
        (message("document", &own), "/document/filename", "invoice-0042.pdf"),
        (message("document", &pdf), "/document/filename", "invoice-0042.pdf"),
        (message("document", &named), "/document/filename", "Invoice.pdf"),
        (template, "/template/components/0/parameters/0/document/filename", "invoice-0042.pdf"),
    ] {
        let built = post(&server, "/messages?explain", request.to_string().as_bytes()).expect(200);
        assert_eq!(built.body["message"].pointer(pointer), Some(&json!(name)), "{}", built.body);
        assert_eq!(warnings(&built), ["link-unreachable"], "and none of the name");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let server = server();
    let request = json!({"to": "+4915123456789", "type": "interactive", "interactive": {
    "type": "carousel", "body": {"text": "Look"}, "action": {"cards": [
        {"card_index": 0, "type": "cta_url", "header": {"type": "image", "image": {"path": "none.jpg"}},
         "action": {"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://example.com"}}},
        {"card_index": 1, "type": "cta_url", "header": {"type": "image", "image": {"path": "voice/greeting.ogg"}},
         "action": {"name": "cta_url", "parameters": {"display_text": "x".repeat(21), "url": "https://example.com"}}}
    ]}}});
    let refused = build(&server, &request).expect(422);
    let errors = refused.errors();
    for expected in [
        ("/interactive/action/cards/1/action/parameters/display_text", "too-long"),
        ("/interactive/action/cards/0/header/image/path", "no-such-asset"),
        ("/interactive/action/cards/1/header/image/path", "type-not-taken"),
    ] {
        assert!(errors.contains(&expected), "{expected:?} in {errors:?}");
    }
}

#[test]
fn a_path_that_names_no_asset_is_refused_where_it_stands() {
    let server = server();
    for (path, code) in [
        ("none.jpg", "no-such-asset"),
        ("campaigns", "no-such-asset"),
        ("CAMPAIGNS/summer.jpg", "no-such-asset"),
        ("campaigns/summer%2Ejpg", "no-such-asset"),
        ("../config/media-origin.toml", "not-an-asset-path"),
        ("/etc/passwd", "not-an-asset-path"),
        ("campaigns//summer.jpg", "not-an-asset-path"),
        (".source/make.sh", "not-an-asset-path"),
        ("a\u{0}b.jpg", "not-an-asset-path"),
    ] {
        let refused = build(&server, &message("image", &json!({"path": path}))).expect(422);
        assert_eq!(refused.errors(), [("/image/path", code)], "{path}");
    }
}

#[test]
fn a_link_of_this_origin_is_its_path_and_one_of_others_is_kept() {
    let server = server();
    let own = "HTTP://127.0.0.1:8080/media/logos/logo.png?v=0123456789abcdef";
    let built = build(&server, &message("image", &json!({"link": own}))).expect(200);
    let link = built.body["image"]["link"].as_str().unwrap();
    assert!(
        link.starts_with("http://127.0.0.1:8080/media/logos/logo.png?v=")
            && !link.contains("0123456789abcdef")
    );
    let foreign = "https://cdn.shop.de/a.jpg?x=1";
    let built = build(&server, &message("image", &json!({"link": foreign}))).expect(200);
    assert_eq!(built.body["image"]["link"], foreign);
    for (link, code) in [
        ("ftp://cdn.shop.de/a.jpg", "link-scheme"),
        ("https://me:secret@cdn.shop.de/a.jpg", "link-user-info"),
        ("https://scontent.whatsapp.net/v/a.jpg", "link-meta-cdn"),
        ("https://intranet/a.jpg", "link-unreachable"),
        ("https://cdn.shop.de/a b.jpg", "link-not-encoded"),
    ] {
        let refused = build(&server, &message("image", &json!({"link": link}))).expect(422);
        assert_eq!(refused.errors(), [("/image/link", code)], "{link}");
        assert!(!refused.body.to_string().contains("secret"), "{}", refused.body);
    }
}

#[test]
fn bodies_that_are_no_message_are_refused_with_their_place() {
    let server = server();
    let deep = [b"{\"a\":".repeat(200), b"1".to_vec(), b"}".repeat(200)].concat();
    let cases: [(&[u8], &str, &str); 9] = [
        (b"", "", "empty-body"),
        (b"{", "", "not-json"),
        (b"[]", "", "not-an-object"),
        (b"to=+49&type=image", "", "not-json"),
        (b"{\"to\":\"\xff\"}", "", "not-utf-8"),
        (b"\xef\xbb\xbf{}", "", "byte-order-mark"),
        (b"{\"to\":\"+1\",\"to\":\"+2\"}", "/to", "duplicate-key"),
        (b"{\"to\":\"\\ud800\"}", "", "not-json"),
        (&deep, &"/a".repeat(64), "too-deep"),
    ];
    for (body, pointer, code) in cases {
        let refused = post(&server, "/messages", body).expect(400);
        assert_eq!(refused.errors(), [(pointer, code)], "{}", body.escape_ascii());
    }
    let large = format!("{{\"to\":\"{}\"}}", "1".repeat(2 << 20));
    post(&server, "/messages", large.as_bytes()).expect(413);
    let unknown = build(&server, &json!({"to": "+4915123456789", "type": "imgae", "imgae": {}})).expect(422);
    assert!(unknown.errors().iter().any(|(pointer, _)| *pointer == "/type"), "{}", unknown.body);
}

#[test]
fn an_explanation_has_the_payload_and_what_was_found() {
    let server = server();
    let request = json!({"to": "4915123456789", "type": "video", "video": {"path": "campaigns/summer.mp4"}});
    for query in ["?explain", "?explain=1", "?a=b&explain=&c"] {
        let answer = post(&server, &format!("/messages{query}"), request.to_string().as_bytes()).expect(200);
        assert_eq!(answer.body["message"]["type"], "video");
        assert_eq!(warnings(&answer), ["to-without-plus", "link-unreachable"]);
        assert!(
            answer.head.contains("media-origin-warnings: to-without-plus link-unreachable"),
            "{}",
            answer.head
        );
        let medium = &answer.body["media"][0];
        assert_eq!((&medium["pointer"], &medium["path"]), (&json!("/video"), &json!("campaigns/summer.mp4")));
        assert_eq!(medium["content"]["facts"]["format"], "mp4");
        assert_eq!(medium["caches"][0]["cache"], "meta");
        assert_eq!(medium["link"], answer.body["message"]["video"]["link"]);
    }
}

#[test]
fn a_new_version_gets_a_new_link_at_once() {
    let server = server();
    let link = || {
        let built = build(&server, &message("image", &json!({"path": "logos/logo.png"}))).expect(200);
        built.body["image"]["link"].as_str().unwrap().to_owned()
    };
    let before = link();
    let other = std::fs::read(Path::new(crate::SAMPLES).join("campaigns/summer.jpg")).unwrap();
    server.assets.put("logos/logo.png", &other);
    // What is in memory is looked at once a second.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_ne!(before, link());
}

#[test]
fn nothing_personal_is_logged_nor_repeated_in_errors() {
    let server = server();
    let request = json!({"to": "4915123456789", "type": "image",
        "image": {"path": "none.jpg", "caption": "Dear Mrs Jones ".repeat(100)}});
    let refused = build(&server, &request).expect(422);
    let line = server.wait_for_log(&["POST /messages", "outcome=\"refused\""]);
    assert!(line.contains("found=\"too-long no-such-asset to-without-plus\""), "{line}");
    for text in [refused.body.to_string(), server.log()] {
        assert!(!text.contains("4915123456789") && !text.contains("Jones"), "{text}");
    }
    assert!(server.ask("/metrics", "").contains("media_origin_messages_total{outcome=\"refused\"} 1"));
}

/// The codes of what does not keep the message from being sent.
fn warnings(built: &Answer) -> Vec<&str> {
    let warnings = built.body["warnings"].as_array().unwrap();
    warnings.iter().map(|warning| warning["code"].as_str().unwrap()).collect()
}

#[test]
fn what_does_not_refuse_is_told_beside_the_payload() {
    let server = server();
    let template = |path: &str| {
        json!({"to": "+4915123456789", "type": "template", "template": {
            "name": "a", "language": {"code": "en_US"}, "components": [{"type": "header", "parameters": [
                {"type": "document", "document": {"path": path}}]}]}})
    };
    let foreign = |media: &Value| message("document", media);
    for (request, expected) in [
        (template("prices/price-list.pdf"), &["link-unreachable"][..]),
        (template("prices/price-list.xlsx"), &["link-unreachable", "template-document-not-pdf"]),
        (foreign(&json!({"link": "https://cdn.shop.de/a.pdf"})), &["document-without-filename"]),
        (foreign(&json!({"link": "https://cdn.shop.de/a.pdf", "filename": "a.pdf"})), &[]),
        (
            message("document", &json!({"path": "logos/logo.png"})),
            &["document-type-unsupported", "link-unreachable"],
        ),
    ] {
        let built = post(&server, "/messages?explain", request.to_string().as_bytes()).expect(200);
        assert_eq!(warnings(&built), expected, "{request}");
    }
}

#[test]
fn what_is_found_of_a_link_is_told_the_worst_first_and_mended_as_a_link() {
    let server = server();
    let link = "http://cdn.shop.de:8080/a+b.jpg";
    let built =
        post(&server, "/messages?explain", message("image", &json!({"link": link})).to_string().as_bytes());
    let findings = built.expect(200).body["media"][0]["findings"].clone();
    let found: Vec<_> =
        findings.as_array().unwrap().iter().map(|finding| finding["severity"].as_str().unwrap()).collect();
    assert!(
        found.len() > 2 && found.is_sorted_by(|a, b| a == b || (*a, *b) == ("warn", "note")),
        "{found:?}"
    );
    for (link, remedy) in [
        ("http://127.0.0.1:8080/media/none.jpg", "link to a file"),
        ("http://127.0.0.1:8080/media/media/logos/logo.png", "did you mean `logos/logo.png`?"),
    ] {
        let refused = build(&server, &message("image", &json!({"link": link}))).expect(422);
        let said = refused.body["errors"][0]["remedy"].as_str().unwrap();
        assert!(said.starts_with(remedy), "{said}");
    }
}

#[test]
fn a_voice_message_is_held_to_its_own_rules() {
    let server = server();
    for (path, voice, status) in [
        ("voice/greeting.ogg", true, 200),
        ("voice/greeting.mp3", false, 200),
        ("voice/greeting.mp3", true, 422),
    ] {
        let built = build(&server, &message("audio", &json!({"path": path, "voice": voice}))).expect(status);
        if status == 422 {
            assert_eq!(built.errors(), [("/audio/path", "voice-not-opus")]);
        }
    }
}
