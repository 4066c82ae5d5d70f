//! Carousels of media cards.

use super::interactive::{card, carousel, url};
use super::*;

fn quick(count: usize) -> Written {
    let reply = |id: usize| json!({"type": "quick_reply", "quick_reply": {"id": id.to_string(), "title": id.to_string()}});
    json!({"buttons": (0..count).map(reply).collect::<Vec<_>>()})
}

fn with_id(id: String) -> Written {
    json!({"buttons": [{"type": "quick_reply", "quick_reply": {"id": id, "title": "A"}}]})
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
        (changed("card_index", json!("1")), vec!["/1/card_index number-in-quotes?"]),
        (
            changed("card_index", json!("0")),
            vec!["/1/card_index number-in-quotes?", "/1/card_index not-unique!"],
        ),
        (changed("card_index", json!("one")), vec!["/1/card_index wrong-type!"]),
        (changed("card_index", json!("")), vec!["/1/card_index wrong-type!"]),
        (changed("card_index", json!(1.0)), vec!["/1/card_index wrong-type!"]),
        (two(card(1, &url()), card(0, &url())), vec!["/1/card_index card-order?"]),
        (
            changed("action", json!({"buttons": quick(1)["buttons"], "name": "cta_url", "parameters": {}})),
            vec![
                "/1 buttons-differ!",
                "/1/action/name buttons-and-url!",
                "/1/action/parameters buttons-and-url!",
            ],
        ),
        (
            two(card(0, &with_id("i".repeat(20))), card(1, &with_id("i".repeat(21)))),
            vec!["/1/action/buttons/0/quick_reply/id long-button-id?"],
        ),
        (changed("body", json!({"text": "b".repeat(161)})), vec!["/1/body/text too-long!"]),
        (changed("body", json!({"text": "a\n\n\nb"})), vec!["/1/body/text line-breaks?"]),
        (changed("header", json!({"type": "text", "text": "h"})), vec!["/1/header/type header-not-allowed!"]),
        (
            changed("header", json!({"type": "image", "image": {"id": "1"}})),
            vec!["/1/header/image id-not-documented?"],
        ),
        (changed("type", json!("cta_ulr")), vec!["/1/type unknown-type!"]),
        (changed("type", json!("product")), vec!["/1/type not-checked?"]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|line| format!("{at}{line}")).collect();
        assert_eq!(remarks(&message), expected, "{message}");
    }
}

#[test]
fn a_carousel_has_its_headers_in_its_cards_and_its_cards_have_types() {
    let two = |first: Written, second: Written| carousel(vec![first, second]);
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
fn a_number_that_is_none_says_why() {
    let detail = |index: &str| {
        let changed =
            card(1, &url()).to_string().replace("\"card_index\":1", &format!("\"card_index\":{index}"));
        let message = carousel(vec![card(0, &url()), serde_json::from_str(&changed).unwrap()]);
        finding(&message, "wrong-type").detail
    };
    assert!(detail("1.0").starts_with("this is a number that has a fraction or an exponent;"));
    assert!(detail("1e0").starts_with("this is a number that has a fraction or an exponent;"));
    assert!(detail("-1").starts_with("this is a number below zero;"));
    assert!(detail("true").starts_with("this is a boolean;"));
}
