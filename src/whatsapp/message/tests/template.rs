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
            &["/template/language/code required!", "/template/language/locale unknown-key!"],
        ),
        (
            of_type("template", json!({"name": "n", "language": {"code": "en"}, "namespace": "x"})),
            &["/template/namespace namespace?"],
        ),
        (template(json!({})), &["/template/components wrong-type!"]),
        (template(json!([{"parameters": []}])), &["/template/components/0/type required!"]),
        (
            template(json!([{"type": "HEADER", "parameters": []}])),
            &["/template/components/0/parameters count!", "/template/components/0/type unknown-type!"],
        ),
        (
            template(json!([{"type": "limited_time_offer", "parameters": []}])),
            &["/template/components/0/type not-checked?"],
        ),
        (
            template(
                json!([{"type": "button", "sub_type": "url", "parameters": [{"type": "image", "image": {"path": "a"}}]}]),
            ),
            &["/template/components/0/parameters/0/image/path path-not-read!"],
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
            vec!["/0/image required!", "/0/link unknown-key!"],
        ),
        (json!([{"type": "text", "text": "https://a.example/a.jpg"}]), vec!["/0/text url-in-text-header?"]),
        (json!([{"type": "text", "text": {"link": "a"}}]), vec!["/0/text wrong-type!"]),
        (json!([{"type": "location", "location": {"latitude": "37.4"}}]), vec!["/0/type not-checked?"]),
        (
            json!([{"type": "gif", "gif": {"path": "a.mp4"}}]),
            vec!["/0/gif/path path-not-read!", "/0/type not-checked?"],
        ),
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
            vec!["/0/currency/fallback_value required!", "/0/currency/amount_1000 wrong-type!"],
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
fn cards_are_checked() {
    let card = |index: usize, media: Written| json!({"card_index": index, "components": [{"type": "header", "parameters": [media]}]});
    let carousel = |cards: Vec<Written>| template(json!([{"type": "carousel", "cards": cards}]));
    let by_id = |index| card(index, json!({"type": "image", "image": {"id": "1"}}));
    let media = "/template/components/0/cards/0/components/0/parameters/0";
    assert_remarks([
        (carousel((0..10).map(by_id).collect()), &[]),
        (carousel((0..11).map(by_id).collect()), &["/template/components/0/cards count!"]),
        (carousel(vec![]), &["/template/components/0/cards count!"]),
        (carousel(vec![by_id(0), by_id(0)]), &["/template/components/0/cards/1/card_index not-unique!"]),
        (
            carousel(vec![card(0, json!({"type": "video", "video": {"path": "a"}}))]),
            &[&format!("{media}/video link-not-documented?")],
        ),
        (
            carousel(vec![card(
                0,
                json!({"type": "document", "document": {"id": "1", "filename": "a.pdf"}}),
            )]),
            &[&format!("{media}/type media-not-allowed!")],
        ),
    ]);
}
