//! Templates.

use super::*;

fn template(components: Written) -> Written {
    of_type("template", json!({"name": "n", "language": {"code": "en_US"}, "components": components}))
}

fn component(kind: &str, parameters: Written) -> Written {
    template(json!([{"type": kind, "parameters": parameters}]))
}

#[test]
fn the_frame_is_checked() {
    assert_remarks([
        (of_type("template", json!({})), &["/template/name required!", "/template/language required!"]),
        (
            of_type("template", json!({"name": "", "language": "en"})),
            &["/template/language wrong-type!", "/template/name empty!"],
        ),
        (
            of_type("template", json!({"name": "n", "language": {"locale": "en"}})),
            &["/template/language/locale unknown-key!", "/template/language/code required!"],
        ),
        (
            of_type("template", json!({"name": "n", "language": {"code": "en"}, "namespace": "x"})),
            &["/template/namespace namespace?"],
        ),
        (template(json!({})), &["/template/components wrong-type!"]),
        (template(json!([{"parameters": []}])), &["/template/components/0/type required!"]),
        (
            template(json!([{"type": "HEADER", "parameters": []}])),
            &["/template/components/0/parameters count!", "/template/components/0/type type-case?"],
        ),
        (
            template(json!([{"type": "limited_time_offer", "parameters": []}])),
            &["/template/components/0/type not-checked?"],
        ),
        (
            template(
                json!([{"type": "button", "sub_type": "url", "parameters": [{"type": "image", "image": {"path": "a"}}]}]),
            ),
            &[],
        ),
    ]);
}

#[test]
fn headers_take_one_medium_or_one_text() {
    let at = "/template/components/0/parameters";
    let image = || json!({"type": "image", "image": {"path": "a"}});
    for (parameters, expected) in [
        (json!([image()]), vec![]),
        (json!([{"type": "document", "document": {"path": "a"}}]), vec![]),
        (
            json!([{"type": "document", "document": {"id": "1"}}]),
            vec!["/0/document document-without-filename?"],
        ),
        (
            json!([{"type": "video", "video": {"path": "a", "caption": "c"}}]),
            vec!["/0/video/caption caption-not-allowed!"],
        ),
        (json!([{"type": "audio", "audio": {"path": "a"}}]), vec!["/0/type media-not-allowed!"]),
        (
            json!([{"type": "image", "link": "https://a.example/a"}]),
            vec!["/0/link unknown-key!", "/0/image required!"],
        ),
        (json!([{"type": "text", "text": "https://a.example/a.jpg"}]), vec!["/0/text url-in-text-header?"]),
        (json!([{"type": "text", "text": {"link": "a"}}]), vec!["/0/text wrong-type!"]),
        (json!([{"type": "location", "location": {"latitude": "37.4"}}]), vec!["/0/type not-checked?"]),
        (json!([{"type": "gif", "gif": {"path": "a.mp4"}}]), vec!["/0/type not-checked?"]),
        (json!([image(), image()]), vec![" count!"]),
        (json!([]), vec![" count!"]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|line| format!("{at}{line}")).collect();
        assert_eq!(remarks(&component("header", parameters.clone())), expected, "{parameters}");
    }
}

#[test]
fn there_is_one_component_of_a_kind_but_any_number_of_buttons() {
    let header = || json!({"type": "header", "parameters": [{"type": "image", "image": {"path": "a"}}]});
    let button = || json!({"type": "button", "sub_type": "url", "index": 0, "parameters": []});
    assert_remarks([
        (template(json!([header(), button(), button()])), &[]),
        (template(json!([header(), header()])), &["/template/components/1/type repeated-component!"]),
    ]);
}

#[test]
fn the_number_of_media_is_bounded() {
    let media: Vec<_> = (0..100).map(|_| json!({"type": "image", "image": {"path": "a"}})).collect();
    let message = component("body", media.into());
    let reading = read(message.to_string().as_bytes()).unwrap();
    assert_eq!(reading.media.len(), 32);
    assert!(reading.remarks.iter().any(|remark| remark.finding.code == "too-many-media"));
}

#[test]
fn bodies_take_values_and_no_media() {
    let at = "/template/components/0/parameters";
    for (parameters, expected) in [
        (json!([]), vec![]),
        (json!([{"type": "text", "text": "https://a.example/a.jpg"}]), vec![]),
        (json!([{"type": "image", "image": {"path": "a"}}]), vec!["/0/type media-not-allowed!"]),
        (
            json!([{"type": "currency", "currency": {"code": "EUR", "amount_1000": 1.5}}]),
            vec!["/0/currency/amount_1000 wrong-type!", "/0/currency/fallback_value required!"],
        ),
        (json!([{"type": "date_time", "date_time": {}}]), vec!["/0/date_time/fallback_value required!"]),
        (json!([{"type": "hologram", "hologram": 1}]), vec!["/0/type not-checked?"]),
        (json!(["Pablo"]), vec!["/0 wrong-type!"]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|line| format!("{at}{line}")).collect();
        assert_eq!(remarks(&component("body", parameters.clone())), expected, "{parameters}");
    }
}

#[test]
fn texts_stand_in_one_line() {
    for kind in ["body", "header"] {
        for (text, fits) in [
            ("one line", true),
            ("four    spaces", true),
            ("five     spaces", false),
            ("two\nlines", false),
            ("two\rlines", false),
            ("a\ttab", false),
            ("a trailing line feed\n", false),
        ] {
            let message = component(kind, json!([{"type": "text", "text": text}]));
            let expected: &[&str] =
                if fits { &[] } else { &["/template/components/0/parameters/0/text template-text!"] };
            assert_eq!(remarks(&message), expected, "{text:?}");
        }
    }
}

#[test]
fn a_type_that_is_missing_is_inferred_and_hides_nothing() {
    let image = || json!([{"type": "image", "image": {"link": null}}]);
    assert_remarks_at(
        "/template/components/0",
        |component| template(json!([component])),
        vec![
            (json!({"parameters": image()}), vec!["/parameters/0/image/link null-link!", "/type required!"]),
            (
                json!({"type": "header", "parameters": [{"image": {"link": null}}]}),
                vec!["/parameters/0/image/link null-link!", "/parameters/0/type required!"],
            ),
            (
                json!({"parameters": [{"type": "text", "text": "a\nb"}]}),
                vec!["/parameters/0/text template-text!", "/type required!"],
            ),
            (
                json!({"sub_type": "url", "index": 0, "parameters": image()}),
                vec!["/parameters/0/image/link null-link!", "/type required!"],
            ),
            (json!({"cards": []}), vec!["/cards count!", "/type required!"]),
            (
                json!({"type": 5, "x": {"image": {"link": null}}}),
                vec!["/type wrong-type!", "/x/image/link null-link!"],
            ),
        ],
    );
}

#[test]
fn case_does_not_matter_but_is_spoken_of() {
    let message = template(json!([
        {"type": "HEADER", "parameters": [{"type": "IMAGE", "image": {"id": "1"}}]},
        {"type": "BODY", "parameters": [{"type": "TEXT", "text": "a"}]},
    ]));
    let at = "/template/components";
    assert_remarks([(
        message.clone(),
        &[
            &format!("{at}/0/parameters/0/type type-case?"),
            &format!("{at}/0/type type-case?"),
            &format!("{at}/1/parameters/0/type type-case?"),
            &format!("{at}/1/type type-case?"),
        ],
    )]);
    assert_eq!(sent(&message)["template"], message["template"], "it goes on as it was written");
    let gif = component("header", json!([{"type": "GIF", "gif": {"link": null}}]));
    assert_remarks([(
        gif,
        &[
            "/template/components/0/parameters/0/gif/link null-link!",
            "/template/components/0/parameters/0/type not-checked?",
        ],
    )]);
}

#[test]
fn cards_are_checked() {
    let card = |index: usize, media: Written| json!({"card_index": index, "components": [{"type": "header", "parameters": [media]}]});
    let carousel = |cards: Written| template(json!([{"type": "carousel", "cards": cards}]));
    let by_id = |index| card(index, json!({"type": "image", "image": {"id": "1"}}));
    let two = |second: Written| json!([by_id(0), second]);
    let nested = json!({"type": "carousel", "cards": [{"image": {"link": null}}]});
    let mut with_carousel = by_id(1);
    with_carousel["components"].as_array_mut().unwrap().push(nested);
    assert_remarks_at(
        "/template/components/0/cards",
        carousel,
        vec![
            ((0..10).map(by_id).collect(), vec![]),
            ((0..11).map(by_id).collect(), vec![" count!"]),
            (json!([]), vec![" count!"]),
            (json!([by_id(0)]), vec![" one-card?"]),
            (two(by_id(0)), vec!["/1/card_index not-unique!"]),
            (json!([by_id(1), by_id(0)]), vec!["/1/card_index card-order?"]),
            (
                two(card(1, json!({"type": "image", "image": {"path": "a"}}))),
                vec!["/1/components/0/parameters/0/image link-not-documented?"],
            ),
            (two(card(1, json!({"type": "video", "video": {"id": "1"}}))), vec!["/1 headers-differ?"]),
            (
                two(card(1, json!({"type": "document", "document": {"id": "1", "filename": "a.pdf"}}))),
                vec!["/1 headers-differ?", "/1/components/0/parameters/0/type media-not-allowed!"],
            ),
            (two(json!({"card_index": 1, "components": []})), vec!["/1/components card-without-header?"]),
            (
                two(with_carousel),
                vec!["/1/components/1 nested-carousel!", "/1/components/1/cards/0/image/link null-link!"],
            ),
        ],
    );
}
