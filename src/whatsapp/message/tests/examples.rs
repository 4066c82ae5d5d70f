//! Every shape of message that is documented goes through unchanged.

use super::*;

fn header(kind: &str, media: Written) -> Written {
    json!({"type": kind, kind: media})
}

fn replies(key: &str) -> Written {
    json!([{"type": key, key: {"id": "change", "title": "Change"}}, {"type": key, key: {"id": "cancel", "title": "Cancel"}}])
}

fn url_action() -> Written {
    json!({"name": "cta_url", "parameters": {"display_text": "See dates", "url": "https://www.example.com/?clickID=1"}})
}

fn card(index: u8, header: Written, action: Written) -> Written {
    json!({"card_index": index, "type": "cta_url", "header": header, "body": {"text": "*Blue*\n\nA rosette."}, "action": action})
}

fn template_card(index: u8) -> Written {
    json!({"card_index": index, "components": [
        {"type": "header", "parameters": [header("image", json!({"id": "24230790383178626"}))]},
        {"type": "body", "parameters": [{"type": "text", "text": "10OFF"}]},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "a"}]},
    ]})
}

fn template(components: Written) -> Written {
    of_type("template", json!({"name": "invoice", "language": {"code": "en_US"}, "components": components}))
}

/// Messages with links or ids about which there is nothing to say.
fn documented() -> Vec<Written> {
    [media(), interactive(), templates()].concat()
}

fn media() -> Vec<Written> {
    vec![
        of_type("audio", json!({"id": "1013859600285441"})),
        of_type("audio", json!({"link": "https://www.example.com/a.ogg", "voice": true})),
        of_type("audio", json!({"link": "https://www.example.com/a.ogg", "voice": false})),
        of_type(
            "document",
            json!({"link": "https://www.example.com/a", "filename": "a.pdf", "caption": "Yours"}),
        ),
        of_type(
            "image",
            json!({"link": "https://www.example.com/a.png", "caption": "The best succulent ever?"}),
        ),
        of_type("sticker", json!({"id": "798882015472548"})),
        of_type("video", json!({"id": "1166846181421424", "caption": "A succulent eclipse!"})),
    ]
}

fn interactive() -> Vec<Written> {
    let image = || header("image", json!({"link": "https://www.example.com/a.png"}));
    let video = || header("video", json!({"link": "https://www.example.com/a.mp4"}));
    let rows = json!([{"id": "express", "title": "Express", "description": "Next day"}, {"id": "mail", "title": "Mail"}]);
    vec![
        of_type(
            "interactive",
            json!({
                "type": "button", "header": image(), "body": {"text": "Hi"}, "footer": {"text": "Small"},
                "action": {"buttons": replies("reply")}
            }),
        ),
        of_type(
            "interactive",
            json!({
                "type": "button", "header": {"type": "text", "text": "Head"}, "body": {"text": "Hi"},
                "action": {"buttons": replies("reply")}
            }),
        ),
        of_type(
            "interactive",
            json!({
                "type": "cta_url", "header": header("document", json!({"link": "https://example.com/a", "filename": "a.pdf"})),
                "body": {"text": "Tap"}, "footer": {"text": "Dates may change."}, "action": url_action()
            }),
        ),
        of_type(
            "interactive",
            json!({
                "type": "list", "header": {"type": "text", "text": "Choose"}, "body": {"text": "Which?"},
                "footer": {"text": "Small"}, "action": {"button": "Options", "sections": [{"title": "Soon", "rows": rows}]}
            }),
        ),
        of_type(
            "interactive",
            json!({
                "type": "carousel", "body": {"text": "Offers"},
                "action": {"cards": [card(0, image(), url_action()), card(1, video(), url_action())]}
            }),
        ),
        of_type(
            "interactive",
            json!({
                "type": "carousel", "body": {"text": "Offers"}, "action": {"cards": [
                    card(0, image(), json!({"buttons": replies("quick_reply")})),
                    card(1, image(), json!({"buttons": replies("quick_reply")})),
                ]}
            }),
        ),
    ]
}

fn templates() -> Vec<Written> {
    vec![
        of_type(
            "template",
            json!({"name": "hello_world", "language": {"code": "en_US", "policy": "deterministic"}}),
        ),
        template(json!([
            {"type": "header", "parameters": [header("document", json!({"link": "https://x.example.com/1", "filename": "Invoice 12.pdf"}))]},
            {"type": "body", "parameters": [
                {"type": "text", "text": "Pablo", "parameter_name": "name"},
                {"type": "currency", "currency": {"fallback_value": "$100.99", "code": "USD", "amount_1000": 100_990}},
                {"type": "date_time", "date_time": {"fallback_value": "February 25, 1977", "day_of_week": 5}},
            ]},
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "P"}]},
        ])),
        template(
            json!([{"type": "header", "parameters": [header("image", json!({"id": "2871834006348767"}))]}]),
        ),
        template(json!([{"type": "header", "parameters": [{"type": "text", "text": "June"}]}])),
        template(json!([
            {"type": "body", "parameters": [{"type": "text", "text": "20OFF"}]},
            {"type": "carousel", "cards": [template_card(0), template_card(1)]},
        ])),
    ]
}

#[test]
fn what_is_documented_goes_through_unchanged_but_for_the_two_keys_that_are_filled_in() {
    for message in documented() {
        assert_eq!(remarks(&message), Vec::<String>::new(), "{message}");
        let mut expected = message.clone();
        expected["messaging_product"] = "whatsapp".into();
        expected["recipient_type"] = "individual".into();
        assert_eq!(sent(&message), expected);
        assert_eq!(sent(&expected), expected, "a message that was sent can be sent again");
    }
}

#[test]
fn keys_are_written_in_the_order_of_metas_examples() {
    let written = br#"{"image": {"caption": "c", "path": "a.jpg"}, "type": "image", "biz_opaque_callback_data": "d",
        "context": {"message_id": "wamid.1"}, "recipient_identity_key_hash": "h", "to": "+1 (650) 555-1234"}"#;
    let message = read(written).unwrap().message.unwrap();
    assert_eq!(
        serde_json::to_string(&linked(message)).unwrap(),
        concat!(
            r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+1 (650) 555-1234","#,
            r#""recipient_identity_key_hash":"h","context":{"message_id":"wamid.1"},"biz_opaque_callback_data":"d","#,
            r#""type":"image","image":{"link":"https://media.example.com/a.jpg","caption":"c"}}"#
        )
    );
}

#[test]
fn every_path_becomes_a_link_and_documents_can_be_named_on_the_way() {
    let header = |kind: &str, path: &str| json!({"type": "header", "parameters": [header(kind, json!({"path": path}))]});
    let card =
        |index: u8, kind: &str, path: &str| json!({"card_index": index, "components": [header(kind, path)]});
    let cards = json!([card(0, "image", "b.jpg"), card(1, "video", "c.mp4")]);
    let message = template(json!([header("document", "a.pdf"), {"type": "carousel", "cards": cards}]));
    let reading = read(message.to_string().as_bytes()).unwrap();
    let found: Vec<_> =
        reading.media.iter().map(|m| (m.reference().to_string(), m.kind.as_str(), m.place)).collect();
    let card = "/template/components/1/cards";
    assert_eq!(
        found,
        [
            (
                "/template/components/0/parameters/0/document/path".to_owned(),
                "document",
                Place::TemplateHeader
            ),
            (format!("{card}/0/components/0/parameters/0/image/path"), "image", Place::TemplateCard),
            (format!("{card}/1/components/0/parameters/0/video/path"), "video", Place::TemplateCard),
        ]
    );

    let mut media = reading.media.into_iter();
    let filled = reading.message.unwrap().try_map(|slot| {
        let medium = media.next().expect("a medium for each slot");
        assert_eq!(slot.media, medium.requested, "the same order");
        if let Some(name) = slot.filename {
            *name = Some("Invoice.pdf".to_owned());
        }
        Ok::<_, ()>(Sendable::Link(format!("https://media.example.com/{:?}", medium.kind)))
    });
    let sent = serde_json::to_value(filled.unwrap()).unwrap();
    assert_eq!(
        sent.pointer("/template/components/0/parameters/0/document"),
        Some(&json!({"link": "https://media.example.com/Document", "filename": "Invoice.pdf"}))
    );
    assert_eq!(
        sent.pointer("/template/components/1/cards/1/components/0/parameters/0/video"),
        Some(&json!({"link": "https://media.example.com/Video"}))
    );
    assert!(!sent.to_string().contains("\"path\""));
}

#[test]
fn a_step_that_fails_ends_the_filling() {
    let reading = read(of_type("image", json!({"path": "a.jpg"})).to_string().as_bytes()).unwrap();
    assert_eq!(
        reading.message.unwrap().try_map(|_| Err::<Sendable, _>("no such file")).unwrap_err(),
        "no such file"
    );
}

#[test]
fn numbers_go_on_digit_by_digit() {
    let numbers = "[1e400,123456789012345678901234567890,1.10,-0,0.1000000000000000000001,1E+2]";
    let written =
        format!(r#"{{"to":"+1","type":"interactive","interactive":{{"type":"flow","data":{numbers}}}}}"#);
    let message = read(written.as_bytes()).unwrap().message.unwrap();
    assert!(serde_json::to_string(&linked(message)).unwrap().contains(numbers));
}
