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

pub(super) fn card(index: u8, action: &Written) -> Written {
    json!({"card_index": index, "type": "cta_url", "header": {"type": "image", "image": {"path": "a.jpg"}}, "action": action})
}

pub(super) fn url() -> Written {
    json!({"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://example.com"}})
}

pub(super) fn carousel(cards: Vec<Written>) -> Written {
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
        (json!({"type": "image", "video": {"path": "a"}}), vec!["/video unknown-key!", "/image required!"]),
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
            &["/interactive/action/button unknown-key!", "/interactive/action/buttons required!"],
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
                "/interactive/action/parameters/url not-a-url!",
            ],
        ),
    ]);
    for (url, opens) in [
        ("https://example.com", true),
        ("HTTP://example.com:8080/a b?ü", true),
        ("https://müller.example?x", true),
        ("https://", false),
        ("https:///a", false),
        ("https://?q", false),
        ("https://:443/", false),
        ("https://a b/", false),
        ("https://{{1}}/", false),
        ("tel:+1", false),
        ("ftp://example.com", false),
        ("not a url", false),
    ] {
        let message = changed("/interactive/action/parameters/url", json!(url));
        assert_eq!(remarks(&message).is_empty(), opens, "{url}");
    }
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
                "/interactive/action/sections/1/rows/0/id not-unique!",
                "/interactive/action/sections/1/rows/0/title too-long!",
                "/interactive/action/sections/1/title required!",
            ],
        ),
    ]);
}

#[test]
fn a_type_that_is_missing_is_inferred_and_hides_nothing() {
    let without = |pointer: &str, mut message: Written| {
        message.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove("type");
        message
    };
    let long = || json!({"text": "b".repeat(5000)});
    let header = |header: Written| button("header", header);
    let carousel = carousel(vec![card(0, &url()), card(0, &url())]);
    let mut cta_url = cta_url(json!({"type": "text", "text": "h"}));
    cta_url["interactive"]["body"] = long();
    let mut list = list(&[1]);
    list["interactive"]["body"] = long();
    assert_remarks([
        (
            without("/interactive", button("body", long())),
            &["/interactive/body/text too-long!", "/interactive/type required!"],
        ),
        (
            without("/interactive", cta_url),
            &["/interactive/body/text too-long!", "/interactive/type required!"],
        ),
        (without("/interactive", list), &["/interactive/body/text too-long!", "/interactive/type required!"]),
        (
            without("/interactive", carousel),
            &["/interactive/action/cards/1/card_index not-unique!", "/interactive/type required!"],
        ),
        (
            interactive(json!({"header": {"image": {"link": null}}})),
            &["/interactive/header/image/link null-link!", "/interactive/type required!"],
        ),
        (
            header(json!({"image": {"link": null}})),
            &["/interactive/header/image/link null-link!", "/interactive/header/type required!"],
        ),
        (
            header(json!({"type": 5, "text": "t".repeat(61)})),
            &["/interactive/header/text too-long!", "/interactive/header/type wrong-type!"],
        ),
        (
            header(json!({"type": "image", "path": "a"})),
            &["/interactive/header/path unknown-key!", "/interactive/header/image required!"],
        ),
    ]);
    let remedy = finding(&header(json!({"image": {"path": "a"}})), "required").remedy;
    assert_eq!(remedy.as_deref(), Some("add `\"type\": \"image\"`"));
}

#[test]
fn case_does_not_matter_but_is_spoken_of() {
    let message = button("header", json!({"type": "IMAGE", "image": {"path": "a.jpg"}}));
    assert_remarks([
        (message.clone(), &["/interactive/header/type type-case?"]),
        (button("type", json!("Button")), &["/interactive/type type-case?"]),
    ]);
    assert_eq!(sent(&message)["interactive"]["header"]["type"], "IMAGE", "it goes on as it was written");
}
