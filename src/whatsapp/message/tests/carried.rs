//! Media in parts that go on as they are.

use super::*;

const WITHOUT: &str = "/interactive/type not-checked?";

fn flow(header: Written) -> Written {
    of_type("interactive", json!({"type": "flow", "header": header}))
}

#[test]
fn other_kinds_go_on_as_they_are() {
    let flow = json!({"type": "flow", "body": {"text": "b"}, "action": {"name": "flow", "parameters": {"path": "/a", "n": 1}}});
    assert_remarks([(of_type("interactive", flow.clone()), &[WITHOUT])]);
    assert_eq!(sent(&of_type("interactive", flow.clone()))["interactive"], flow);
}

#[test]
fn what_a_flow_is_given_is_the_sender_s_own() {
    for data in [
        json!({"image": {"path": "a.jpg", "k": 1}}),
        json!({"image": {"id": 7}}),
        json!({"video": {"link": null}}),
    ] {
        for name in ["flow_action_payload", "flow_action_data"] {
            let flow = json!({"type": "flow", "action": {"parameters": {name: {"data": data}}}});
            assert_remarks([(of_type("interactive", flow.clone()), &[WITHOUT])]);
            assert_eq!(sent(&of_type("interactive", flow.clone()))["interactive"], flow);
        }
    }
}

#[test]
fn media_in_them_is_held_to_the_rules_of_media() {
    let at = "/interactive/header/image";
    for (media, line) in [
        (json!({"path": "a.jpg"}), None),
        (json!({"link": "https://a.example/a.jpg"}), None),
        (json!({"id": "1"}), None),
        (json!({"link": null}), Some("/link null-link!")),
        (json!({"link": ""}), Some("/link empty!")),
        (json!({"link": 5}), Some("/link wrong-type!")),
        (json!({"id": "https://a.example/a.jpg"}), Some("/id not-an-id!")),
        (json!({"link": "https://a.example/a.jpg", "id": "1"}), Some(" exactly-one-of!")),
        (json!({"link": "https://a.example/a.jpg", "caption": "c"}), Some("/caption unknown-key?")),
        (
            json!({"link": "https://a.example/a.jpg", "provider": {"name": "p"}}),
            Some("/provider unknown-key?"),
        ),
        (json!({"title": "no file"}), None),
        (json!("a.jpg"), None),
    ] {
        let expected = line.map(|line| format!("{at}{line}")).into_iter().chain([WITHOUT.to_owned()]);
        let message = flow(json!({"type": "image", "image": media}));
        assert_eq!(remarks(&message), expected.collect::<Vec<_>>(), "{media}");
    }
}

#[test]
fn media_is_found_under_every_key_and_at_every_depth() {
    let message = of_type(
        "interactive",
        json!({"type": "hologram", "x": [
            {"audio": {"path": "a", "voice": true}}, {"document": {"path": "b", "filename": "b.pdf"}},
            {"gif": {"path": "c"}}, {"image": {"path": "d", "y": {"image": {"path": "e"}}}},
            {"sticker": {"path": "f"}}, {"video": {"path": "g"}}, {"picture": {"path": "h"}},
        ]}),
    );
    let reading = read(message.to_string().as_bytes()).unwrap();
    let found: Vec<_> = reading.media.iter().map(|medium| (medium.kind.as_str(), medium.place)).collect();
    let kinds = ["audio", "document", "video", "image", "image", "sticker", "video"];
    assert_eq!(found, kinds.map(|kind| (kind, Place::Unchecked)));
    assert!(reading.media[0].voice);
    assert_eq!(reading.media[4].pointer.as_str(), "/interactive/x/3/image/y/image");

    let link = |path: &str| format!("https://media.example.com/{path}");
    assert_eq!(
        sent(&message)["interactive"]["x"],
        json!([
            {"audio": {"link": link("a"), "voice": true}}, {"document": {"link": link("b"), "filename": "b.pdf"}},
            {"gif": {"link": link("c")}}, {"image": {"link": link("d"), "y": {"image": {"link": link("e")}}}},
            {"sticker": {"link": link("f")}}, {"video": {"link": link("g")}}, {"picture": {"path": "h"}},
        ]),
        "what else stands there goes on"
    );
}

#[test]
fn media_is_found_wherever_a_known_message_has_a_part_that_is_not() {
    let image = || json!({"image": {"link": null}});
    let component = |component: Written| {
        of_type("template", json!({"name": "n", "language": {"code": "de"}, "components": [component]}))
    };
    let card = |index: u8| json!({"card_index": index, "type": "product", "header": image()});
    for message in [
        component(json!({"type": "button", "sub_type": "x", "parameters": [image()]})),
        component(json!({"type": "limited_time_offer", "parameters": [image()]})),
        component(json!({"type": "header", "parameters": [{"type": "product", "product": image()}]})),
        component(json!({"type": "header", "parameters": [{"type": "gif", "gif": {"link": null}}]})),
        component(
            json!({"type": "body", "parameters": [{"type": "date_time", "date_time": {"fallback_value": "x", "y": image()}}]}),
        ),
        of_type("interactive", json!({"type": "order_details", "header": image()})),
        of_type(
            "interactive",
            json!({"type": "carousel", "body": {"text": "b"}, "action": {"cards": [card(0), card(1)]}}),
        ),
    ] {
        let lines = remarks(&message);
        assert!(lines.iter().any(|line| line.ends_with("/link null-link!")), "{message}: {lines:?}");
    }
}
