//! Who, in reply to what, and which type.

use super::*;

/// A message of which this is added to what is always right.
fn with(more: Written) -> Written {
    let mut message = of_type("image", json!({"path": "a.jpg"}));
    for (key, value) in more.as_object().unwrap() {
        message[key] = value.clone();
    }
    message
}

fn without(key: &str) -> Written {
    let mut message = with(json!({}));
    message.as_object_mut().unwrap().remove(key);
    message
}

#[test]
fn what_is_filled_in_may_be_given_if_it_is_the_same() {
    assert_remarks([
        (with(json!({"messaging_product": "whatsapp"})), &[]),
        (with(json!({"messaging_product": "sms"})), &["/messaging_product messaging-product!"]),
        (with(json!({"messaging_product": null})), &["/messaging_product null!"]),
        (with(json!({"recipient_type": "individual"})), &[]),
        (with(json!({"recipient_type": "Individual"})), &["/recipient_type recipient-type!"]),
    ]);
}

#[test]
fn telephone_numbers_have_a_plus_and_are_never_repeated() {
    assert_remarks([
        (with(json!({"to": "+1 (650) 555-1234"})), &[]),
        (with(json!({"to": "(+49) 176 1234567"})), &[]),
        (with(json!({"to": "16505551234"})), &["/to to-without-plus?"]),
        (with(json!({"to": "004917612345678"})), &["/to to-without-plus?"]),
        (with(json!({"to": "+"})), &["/to to-not-a-number!"]),
        (with(json!({"to": "49+176"})), &["/to to-not-a-number!"]),
        (with(json!({"to": "+49/176"})), &["/to to-not-a-number!"]),
        (with(json!({"to": "+４９"})), &["/to to-not-a-number!"]),
        (with(json!({"to": "+49.176.1234"})), &["/to to-not-a-number!"]),
        (with(json!({"to": ""})), &["/to empty!"]),
        (with(json!({"to": 16_505_551_234_i64})), &["/to wrong-type!"]),
        (with(json!({"to": "+1234567890123456"})), &["/to to-too-long?"]),
        (without("to"), &["/to required!"]),
    ]);
}

#[test]
fn others_than_telephone_numbers_can_be_recipients() {
    let user = |id: &str| {
        let mut message = without("to");
        message["recipient"] = id.into();
        message
    };
    assert_remarks([
        (user("US.13491208655302741918"), &[]),
        (user("DE.ENT.a1B2"), &[]),
        (user("DE.ENT"), &[]),
        (user(&("DE.".to_owned() + &"a".repeat(128))), &[]),
        (user(&("DE.".to_owned() + &"a".repeat(129))), &["/recipient not-a-user-id!"]),
        (user("de.1"), &["/recipient not-a-user-id!"]),
        (user("DE.ENT."), &["/recipient not-a-user-id!"]),
        (user("DE.a b"), &["/recipient not-a-user-id!"]),
        (user("16505551234"), &["/recipient not-a-user-id!"]),
        (with(json!({"recipient": "US.1"})), &["/recipient two-recipients?"]),
        (with(json!({"recipient_type": "group", "to": "Y2FwaV9ncm91cDo"})), &[]),
        (
            json!({"recipient_type": "group", "recipient": "US.1", "type": "image", "image": {"path": "a"}}),
            &["/to required!"],
        ),
    ]);
    assert_eq!(sent(&user("US.1"))["recipient"], "US.1");
    let both = sent(&with(json!({"recipient": "US.1"})));
    assert_eq!((both.get("to"), both.get("recipient")), (Some(&json!("+16505551234")), None), "`to` wins");
    assert_eq!(sent(&with(json!({"recipient_type": "group", "to": "Y2Fw"})))["recipient_type"], "group");
}

#[test]
fn the_rest_of_the_envelope_is_checked() {
    let template = |context: Written| json!({"to": "+1", "type": "template", "template": {"name": "n", "language": {"code": "de"}}, "context": context});
    assert_remarks([
        (with(json!({"context": {"message_id": "wamid.1"}})), &[]),
        (with(json!({"context": {}})), &["/context/message_id required!"]),
        (
            with(json!({"context": {"id": "1", "message_id": ""}})),
            &["/context/id unknown-key!", "/context/message_id empty!"],
        ),
        (template(json!({"message_id": "wamid.1"})), &["/context reply-without-bubble"]),
        (with(json!({"biz_opaque_callback_data": "é".repeat(512)})), &[]),
        (
            with(json!({"biz_opaque_callback_data": "a".repeat(513)})),
            &["/biz_opaque_callback_data too-long!"],
        ),
        (with(json!({"recipient_identity_key_hash": ""})), &["/recipient_identity_key_hash empty!"]),
        (with(json!({"preview_url": true})), &["/preview_url unknown-key!"]),
    ]);
}

#[test]
fn the_type_says_what_is_sent() {
    let audio = json!({"path": "a.ogg"});
    assert_remarks([
        (without("type"), &["/type required!"]),
        (without("image"), &["/image required!"]),
        (json!({"to": "+1"}), &["/type required!"]),
        (
            json!({"to": "+1", "image": {"path": "a"}, "audio": {"path": "a", "caption": "c"}}),
            &["/audio/caption caption-not-allowed!", "/type required!"],
        ),
        (with(json!({"type": "imgae"})), &["/type unknown-type!"]),
        (with(json!({"type": "Image"})), &["/type unknown-type!"]),
        (with(json!({"type": "postcard"})), &["/type unknown-type!"]),
        (with(json!({"type": 5})), &["/type wrong-type!"]),
        (with(json!({"audio": audio})), &["/audio unknown-key!"]),
        (with(json!({"text": {"body": "x"}})), &["/text unknown-key!"]),
        (with(json!({"type": "audio"})), &["/image unknown-key!", "/audio required!"]),
        (json!({"to": "+1", "type": "text", "text": {"body": "x"}}), &["/type type-without-media!"]),
        (json!({"to": "+1", "type": "reaction", "reaction": {"emoji": "x"}}), &["/type type-without-media!"]),
    ]);
    let reading = read(without("type").to_string().as_bytes()).unwrap();
    assert_eq!(reading.remarks[0].finding.remedy.as_deref(), Some("add `\"type\": \"image\"`"));
    assert_eq!(reading.media.len(), 1, "what it must be is read all the same");
}

#[test]
fn media_is_found_in_order_whatever_the_type_is() {
    for (message, pointers) in [
        (r#"{"type": "postcard", "image": {"path": "a"}}"#, &["/image"][..]),
        (r#"{"type": "imgae", "image": {"path": "a"}, "video": {"path": "b"}}"#, &["/image"]),
        (r#"{"video": {"path": "b"}, "image": {"path": "a"}}"#, &["/video", "/image"]),
    ] {
        let reading = read(message.as_bytes()).unwrap();
        let found: Vec<_> = reading.media.iter().map(|medium| medium.pointer.as_str()).collect();
        assert_eq!(found, pointers, "{message}");
        assert_eq!(reading.message, None);
    }
}

#[test]
fn what_marketing_messages_have_besides_goes_with_templates_alone() {
    let template = |key: &str, value: Written| {
        let mut message = of_type("template", json!({"name": "n", "language": {"code": "de"}}));
        message[key] = value;
        message
    };
    assert_remarks([
        (template("product_policy", json!("STRICT")), &["/product_policy marketing-only"]),
        (template("message_activity_sharing", json!(true)), &["/message_activity_sharing marketing-only"]),
        (
            template("message_activity_sharing", json!("true")),
            &["/message_activity_sharing marketing-only", "/message_activity_sharing wrong-type!"],
        ),
        (with(json!({"product_policy": "STRICT"})), &["/product_policy unknown-key!"]),
    ]);
    assert_eq!(sent(&template("product_policy", json!("STRICT")))["product_policy"], "STRICT");
    assert_eq!(sent(&template("message_activity_sharing", json!(false)))["message_activity_sharing"], false);
}

#[test]
fn a_file_that_is_named_beside_its_property_is_told_where_it_belongs() {
    let message = json!({"to": "+1", "type": "image", "link": "https://a.example/a.jpg"});
    assert_remarks([(message.clone(), &["/link unknown-key!", "/image required!"])]);
    let remedy = finding(&message, "unknown-key").remedy.unwrap();
    assert_eq!(remedy, "put `link` inside `image`: `\"image\": {\"link\": …}`");
}

#[test]
fn names_of_keys_are_repeated_cut_short_and_on_one_line() {
    let key = "\u{1b}[31m\n".to_owned() + &"k".repeat(100);
    let reading = read(with(json!({ key: 1 })).to_string().as_bytes()).unwrap();
    let detail = &reading.remarks[0].finding.detail;
    assert!(detail.starts_with("`\\u{1b}[31m\\nkkk") && detail.contains("k…`"), "{detail}");
    assert!(!detail.chars().any(char::is_control));
}
