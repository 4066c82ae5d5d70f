//! Buttons, lists and carousels.

use super::*;

fn interactive(content: Written) -> Written {
    of_type("interactive", content)
}

/// Reply buttons of which this is changed.
fn button(key: &str, value: Written) -> Written {
    let mut content = json!({
        "type": "button", "body": {"text": "b"}, "action": {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "A"}}]}
    });
    content[key] = value;
    interactive(content)
}

fn replies(titles: &[&str]) -> Written {
    let reply = |(id, title): (usize, &&str)| json!({"type": "reply", "reply": {"id": id.to_string(), "title": title}});
    json!({"buttons": titles.iter().enumerate().map(reply).collect::<Vec<_>>()})
}

fn cta_url(header: Written) -> Written {
    let action =
        json!({"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://example.com"}});
    interactive(json!({"type": "cta_url", "header": header, "body": {"text": "b"}, "action": action}))
}

fn list(rows: &[usize]) -> Written {
    let mut ids = 0..;
    let mut row = || json!({"id": ids.next().unwrap().to_string(), "title": "t"});
    let mut section = |count: &usize| {
        let rows: Vec<_> = (0..*count).map(|_| row()).collect();
        json!({"title": "s", "rows": rows})
    };
    let sections: Vec<_> = rows.iter().map(&mut section).collect();
    interactive(
        json!({"type": "list", "body": {"text": "b"}, "action": {"button": "o", "sections": sections}}),
    )
}

fn card(index: u8, action: &Written) -> Written {
    json!({"card_index": index, "type": "cta_url", "header": {"type": "image", "image": {"path": "a.jpg"}}, "action": action})
}

fn url() -> Written {
    json!({"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://example.com"}})
}

fn quick(count: usize) -> Written {
    let reply = |id: usize| json!({"type": "quick_reply", "quick_reply": {"id": id.to_string(), "title": id.to_string()}});
    json!({"buttons": (0..count).map(reply).collect::<Vec<_>>()})
}

fn carousel(cards: Vec<Written>) -> Written {
    interactive(json!({"type": "carousel", "body": {"text": "b"}, "action": {"cards": cards}}))
}

#[test]
fn headers_are_checked() {
    let at = "/interactive/header";
    let image = |media: Written| json!({"type": "image", "image": media});
    let remarks_of = |header: Written| remarks(&button("header", header));
    for (header, expected) in [
        (image(json!({"path": "a"})), vec![]),
        (image(json!({"id": "1"})), vec!["/image id-in-header"]),
        (image(json!({"path": "a", "caption": "c"})), vec!["/image/caption caption-not-allowed!"]),
        (image(json!({"path": "a", "filename": "c"})), vec!["/image/filename filename-not-allowed!"]),
        (image(json!({"link": null})), vec!["/image/link null-link!"]),
        (json!({"type": "image", "video": {"path": "a"}}), vec!["/image required!", "/video unknown-key!"]),
        (json!({"image": {"path": "a"}}), vec!["/type required!"]),
        (json!({"type": "document", "document": {"path": "a"}}), vec![]),
        (
            json!({"type": "document", "document": {"path": "a", "caption": "c"}}),
            vec!["/document/caption caption-not-allowed!"],
        ),
        (json!({"type": "text", "text": "t".repeat(60)}), vec![]),
        (json!({"type": "text", "text": "t".repeat(61)}), vec!["/text too-long!"]),
        (json!({"type": "text", "text": ""}), vec!["/text empty!"]),
        (json!({"type": "sticker", "sticker": {"path": "a"}}), vec!["/type header-not-allowed!"]),
        (json!({"type": "gallery"}), vec!["/type unknown-type!"]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|line| format!("{at}{line}")).collect();
        assert_eq!(remarks_of(header.clone()), expected, "{header}");
    }
    assert_remarks([
        (cta_url(image(json!({"path": "a"}))), &[]),
        (cta_url(image(json!({"id": "1"}))), &["/interactive/header/image id-not-documented?"]),
    ]);
}

#[test]
fn reply_buttons_are_checked() {
    assert_remarks([
        (button("body", json!({"text": "b".repeat(1025)})), &["/interactive/body/text too-long!"]),
        (button("body", json!({})), &["/interactive/body/text required!"]),
        (button("footer", json!({"text": "b".repeat(61)})), &["/interactive/footer/text too-long!"]),
        (button("action", replies(&["A", "B", "C"])), &[]),
        (button("action", replies(&["A", "B", "C", "D"])), &["/interactive/action/buttons count!"]),
        (button("action", replies(&[])), &["/interactive/action/buttons count!"]),
        (button("action", replies(&["A", "A"])), &["/interactive/action/buttons/1/reply/title not-unique!"]),
        (
            button("action", replies(&["123456789012345678901"])),
            &["/interactive/action/buttons/0/reply/title too-long!"],
        ),
        (
            button("action", json!({"buttons": [{"type": "url", "reply": {"id": "1"}}]})),
            &[
                "/interactive/action/buttons/0/reply/title required!",
                "/interactive/action/buttons/0/type unknown-type!",
            ],
        ),
        (
            button("action", json!({"button": []})),
            &["/interactive/action/buttons required!", "/interactive/action/button unknown-key!"],
        ),
        (button("type", json!("buton")), &["/interactive/type unknown-type!"]),
    ]);
}

#[test]
fn url_buttons_are_checked() {
    let changed = |pointer: &str, value: Written| {
        let mut message = cta_url(json!({"type": "text", "text": "h"}));
        *message.pointer_mut(pointer).unwrap() = value;
        message
    };
    let parameters = "/interactive/action/parameters";
    assert_remarks([
        (changed("/interactive/action/name", json!("url")), &["/interactive/action/name unknown-type!"]),
        (
            changed(parameters, json!({})),
            &[
                "/interactive/action/parameters/display_text required!",
                "/interactive/action/parameters/url required!",
            ],
        ),
        (
            changed(parameters, json!({"display_text": "x".repeat(21), "url": "example.com"})),
            &[
                "/interactive/action/parameters/display_text too-long!",
                "/interactive/action/parameters/url not-a-url?",
            ],
        ),
    ]);
}

#[test]
fn lists_are_checked() {
    let mut with_image = list(&[1]);
    with_image["interactive"]["header"] = json!({"type": "image", "image": {"path": "a"}});
    let mut without_title = list(&[1, 1]);
    without_title["interactive"]["action"]["sections"][1] =
        json!({"rows": [{"id": "0", "title": "t".repeat(25)}]});
    assert_remarks([
        (list(&[10]), &[]),
        (list(&[1; 10]), &[]),
        (list(&[6, 5]), &["/interactive/action/sections count!"]),
        (list(&[1; 11]), &["/interactive/action/sections count!"]),
        (list(&[0]), &["/interactive/action/sections/0/rows count!"]),
        (with_image, &["/interactive/header/type header-not-allowed!"]),
        (
            without_title,
            &[
                "/interactive/action/sections/1/title required!",
                "/interactive/action/sections/1/rows/0/id not-unique!",
                "/interactive/action/sections/1/rows/0/title too-long!",
            ],
        ),
    ]);
}

#[test]
fn carousels_are_checked() {
    let at = "/interactive/action/cards";
    let two = |first: Written, second: Written| carousel(vec![first, second]);
    let changed = |key: &str, value: Written| {
        let mut card = card(1, &url());
        card[key] = value;
        two(self::card(0, &url()), card)
    };
    for (message, expected) in [
        (two(card(0, &quick(2)), card(1, &quick(2))), vec![]),
        (carousel((0..10).map(|index| card(index, &url())).collect()), vec![]),
        (carousel((0..11).map(|index| card(index, &url())).collect()), vec![" count!"]),
        (carousel(vec![card(0, &url())]), vec![" count!"]),
        (two(card(0, &url()), card(0, &url())), vec!["/1/card_index not-unique!"]),
        (two(card(0, &url()), card(1, &quick(1))), vec!["/1 buttons-differ!"]),
        (two(card(0, &quick(1)), card(1, &quick(2))), vec!["/1 buttons-differ!"]),
        (
            two(card(0, &quick(0)), card(1, &quick(0))),
            vec!["/0/action/buttons count!", "/1/action/buttons count!"],
        ),
        (changed("card_index", json!(10)), vec!["/1/card_index card-index!"]),
        (changed("card_index", json!("1")), vec!["/1/card_index wrong-type!"]),
        (changed("body", json!({"text": "b".repeat(161)})), vec!["/1/body/text too-long!"]),
        (changed("body", json!({"text": "a\n\n\nb"})), vec!["/1/body/text line-breaks?"]),
        (changed("header", json!({"type": "text", "text": "h"})), vec!["/1/header/type header-not-allowed!"]),
        (
            changed("header", json!({"type": "image", "image": {"id": "1"}})),
            vec!["/1/header/image id-not-documented?"],
        ),
        (changed("type", json!("cta_ulr")), vec!["/1/type unknown-type!"]),
        (
            changed("type", json!("product")),
            vec!["/1/header/image/path path-not-read!", "/1/type not-checked?"],
        ),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|line| format!("{at}{line}")).collect();
        assert_eq!(remarks(&message), expected, "{message}");
    }
    let mut with_header = two(card(0, &url()), card(1, &url()));
    with_header["interactive"]["header"] = json!({"type": "text", "text": "h"});
    let mut without_type = two(card(0, &url()), card(1, &url()));
    without_type["interactive"]["action"]["cards"][0].as_object_mut().unwrap().remove("type");
    assert_remarks([
        (with_header, &["/interactive/header unknown-key!"]),
        (without_type, &["/interactive/action/cards/0/type card-without-type?"]),
    ]);
}

#[test]
fn other_kinds_go_on_as_they_are_but_no_path_does() {
    let flow = json!({"type": "flow", "body": {"text": "b"}, "action": {"name": "flow", "parameters": {"path": "/a", "n": 1}}});
    let product = json!({"type": "product", "header": {"type": "image", "image": {"path": "a.jpg"}}});
    assert_remarks([
        (interactive(flow.clone()), &["/interactive/type not-checked?"]),
        (
            interactive(product),
            &["/interactive/header/image/path path-not-read!", "/interactive/type not-checked?"],
        ),
        (
            interactive(json!({"type": "hologram", "x": [{"gif": {"path": "a"}}]})),
            &["/interactive/type not-checked?", "/interactive/x/0/gif/path path-not-read!"],
        ),
        (interactive(json!({})), &["/interactive/type required!"]),
    ]);
    assert_eq!(sent(&interactive(flow.clone()))["interactive"], flow);
}
