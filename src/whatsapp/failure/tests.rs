use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Cause, Failure, NotAWebhook, Report, classify, explain};

/// A webhook with this status in it.
fn webhook(status: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+1 631 555 0000", "phone_number_id": "106540352242922"},
        "statuses": [status]}}]}]})
}

/// A status that failed with this error.
fn failed(error: &Value) -> Value {
    json!({"id": "wamid.A", "status": "failed", "timestamp": "1750263773", "recipient_id": "16505551234",
        "errors": [error]})
}

fn media_error(details: &str) -> Value {
    json!({"code": 131_053, "title": "Media upload error", "message": "Media upload error",
        "error_data": {"details": details},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"})
}

fn report(json: &Value) -> Report {
    explain(json.to_string().as_bytes()).unwrap_or_else(|why| panic!("{why}: {json}"))
}

fn only(json: &Value) -> Failure {
    let mut report = report(json);
    assert_eq!((report.failures.len(), report.without_failure), (1, 0), "{report:?}");
    report.failures.remove(0)
}

/// Every sentence that somebody reported, the cause it has, and a part of what is said of it.
const SEEN: &[(&str, &str, &str)] = &[
    ("Downloading media from weblink failed with http code 404", "link-not-found", "no file"),
    (
        "Downloading media from weblink failed with http code 404, status message Not Found",
        "link-not-found",
        "404",
    ),
    (
        "Downloading media from weblink failed with http code 410, status message Gone",
        "link-not-found",
        "410",
    ),
    (
        "Downloading media from weblink failed with http code 403, status message Forbidden",
        "link-forbidden",
        "403",
    ),
    ("Downloading media from weblink failed with http code 401", "link-forbidden", "401"),
    (
        "Downloading media from weblink failed with http code 400, status message Bad Request",
        "link-bad-request",
        "400",
    ),
    (
        "Downloading media from weblink failed with http code 429, status message Too Many Requests, \
                   ratelimit reason: Request ratelimit by fwdproxy. Details: [GlobalCountingRatelimiter] Ratelimited, \
                   destination matcher asn_list: 47583",
        "meta-egress-limited",
        "AS47583",
    ),
    ("… http code 429 … [GlobalCountingRatelimiter] … asn_list", "meta-egress-limited", "your provider;"),
    (
        "DOWNLOADING MEDIA FROM WEBLINK FAILED WITH HTTP CODE 429, RATELIMIT BY FWDPROXY, ASN_LIST: 1",
        "meta-egress-limited",
        "AS1)",
    ),
    (
        "Downloading media from weblink failed with http code 502, proxied by fwdproxy",
        "link-server-error",
        "502",
    ),
    ("Unsupported image MIME type Text/HTML", "html-instead-of-media", "web page"),
    ("Downloading media from weblink failed with http code 429", "link-rate-limited", "429"),
    ("Downloading media from weblink failed with http code 500", "link-server-error-or-slow", "so slow"),
    ("Downloading media from weblink failed with http code 503", "link-server-error", "503"),
    (
        "Downloading media from weblink failed with http code 302, status message Found",
        "link-redirect",
        "302",
    ),
    ("Downloading media from weblink failed with http code 418", "link-unexpected-status", "418"),
    ("Downloading media from weblink failed with http code 99999", "link-not-fetched", "99999"),
    ("Downloading media from weblink failed", "link-not-fetched", "could not fetch"),
    (
        "Unsupported Image mime type text/html. Please use one of image/png, image/jpeg.",
        "html-instead-of-media",
        "web page",
    ),
    (
        "Unsupported Audio mime type audio/opus. Please use one of audio/ogg; codecs=opus, audio/mpeg, audio/amr, \
             audio/mp4, audio/aac.",
        "content-type-not-taken",
        "as audio",
    ),
    ("Unsupported Voice mime type audio/opus", "content-type-not-taken", "`audio/opus`"),
    (
        "Audio file uploaded with mimetype as audio/ogg; codecs=opus, however on processing it is of type \
             application/octet-stream. Please choose a different file.",
        "wrong-content-type",
        "found it to be `application/octet-stream`",
    ),
    (
        "Video file uploaded with mimetype as video/mp4, however on processing it is of type video/mp4, \
             videoCodec=h264, audioCodec=unknown. Please choose a different file.",
        "codec-not-taken",
        "videoCodec=h264, audioCodec=unknown",
    ),
    ("Something new.", "media-not-taken", "Meta wrote: Something new"),
];

#[test]
fn every_sentence_that_was_seen_has_its_cause() {
    for &(details, code, part) in SEEN {
        let failure = only(&webhook(&failed(&media_error(details))));
        assert_eq!(failure.cause.as_str(), code, "{details}");
        assert!(failure.explanation.contains(part), "{details}: {}", failure.explanation);
        assert_eq!(failure.details.as_deref(), Some(details));
        is_complete(&failure);
    }
}

fn is_complete(failure: &Failure) {
    for text in [&failure.explanation, &failure.remedy] {
        assert!(!text.is_empty() && !text.ends_with('.'), "{failure:?}");
    }
    assert!(!failure.source.is_empty(), "{failure:?}");
}

#[test]
fn what_the_sentence_names_is_taken_out_of_it() {
    let taken = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    for (details, cause) in [
        ("ratelimit by fwdproxy asn_list: 47583, 12345", Cause::EgressLimited(vec![47_583, 12_345])),
        (
            "ratelimit by fwdproxy asn_list: [47583]. Try later in 5 minutes",
            Cause::EgressLimited(vec![47_583]),
        ),
        ("ratelimit by fwdproxy asn_list: 99999999999999999999", Cause::EgressLimited(vec![])),
        (
            "Unsupported Document mime type application/vnd.oasis.opendocument.text. Please use one of text/plain, application/pdf.",
            Cause::TypeNotTaken {
                kind: "Document".into(),
                declared: "application/vnd.oasis.opendocument.text".into(),
                taken: taken(&["text/plain", "application/pdf"]),
            },
        ),
        (
            "Unsupported Audio mime type audio/opus. Please use one of audio/ogg; codecs=opus, audio/aac.",
            Cause::TypeNotTaken {
                kind: "Audio".into(),
                declared: "audio/opus".into(),
                taken: taken(&["audio/ogg; codecs=opus", "audio/aac"]),
            },
        ),
        (
            "Audio file uploaded with mimetype as audio/mpeg, however on processing it is of type audio/x-wav. Please",
            Cause::TypeDiffers { declared: "audio/mpeg".into(), found: "audio/x-wav".into() },
        ),
        (
            "Video file uploaded with mimetype as video/mp4, however on processing it is of type video/mp4, videoCodec=hevc.",
            Cause::CodecNotTaken { declared: "video/mp4".into(), codecs: taken(&["videoCodec=hevc"]) },
        ),
    ] {
        assert_eq!(classify(Some(131_053), details), cause, "{details}");
    }
}

#[test]
fn a_type_that_is_not_taken_gets_the_remedy_that_fits() {
    let one_of = "Please use one of audio/ogg; codecs=opus, audio/mp4.";
    for (details, remedy) in [
        (
            format!("Unsupported Audio mime type audio/opus. {one_of}"),
            "send `Content-Type: audio/ogg; codecs=opus`",
        ),
        (
            format!("Unsupported Audio mime type audio/ogg. {one_of}"),
            "send `Content-Type: audio/ogg; codecs=opus`",
        ),
        (format!("Unsupported Audio mime type audio/x-m4a. {one_of}"), "send `Content-Type: audio/mp4`"),
        (
            "Unsupported Image mime type image/jpg. Please use one of image/png, image/jpeg.".into(),
            "send `Content-Type: image/jpeg`: it is the same type",
        ),
        (
            "Unsupported Image mime type image/jpeg; charset=utf-8. Please use one of image/png, image/jpeg."
                .into(),
            "send `Content-Type: image/jpeg` alone",
        ),
        ("Unsupported Audio mime type audio/mp3".into(), "send `Content-Type: audio/mpeg`"),
        (
            format!("Unsupported Audio mime type application/ogg. {one_of}"),
            "send `Content-Type: audio/ogg; codecs=opus`",
        ),
        (
            format!("Unsupported Audio mime type audio/ogg; codecs=vorbis. {one_of}"),
            "convert the file to audio/ogg; codecs=opus, or",
        ),
        (
            "Unsupported Image mime type image/jpg. Please use one of image/png.".into(),
            "convert the file to image/png",
        ),
        ("Unsupported Voice mime type audio/opus".into(), "send `Content-Type: audio/ogg; codecs=opus`"),
        (
            format!("Unsupported Audio mime type audio/x-wav. {one_of}"),
            "convert the file to audio/ogg; codecs=opus, or",
        ),
        ("Unsupported Image mime type binary/octet-stream.".into(), "let the server, or the bucket,"),
        (
            "Unsupported Image mime type image/webp. Please use one of image/png.".into(),
            "send it as a sticker",
        ),
    ] {
        let failure = only(&failed(&media_error(&details)));
        assert!(failure.remedy.starts_with(remedy), "{details}: {}", failure.remedy);
    }
}

#[test]
fn a_file_is_encoded_anew_as_what_it_was() {
    for (declared, codec, command) in [
        ("video/mp4", "videoCodec=hevc", "libx264"),
        ("audio/mp4", "audioCodec=alac", "-vn -c:a aac OUT.m4a"),
        ("audio/ogg; codecs=opus", "audioCodec=vorbis", "-vn -c:a libopus -ac 1 OUT.ogg"),
        ("application/x-thing", "codec=none", "make the file anew"),
    ] {
        let details = format!(
            "File file uploaded with mimetype as {declared}, however on processing it is of type {declared}, {codec}."
        );
        let failure = only(&failed(&media_error(&details)));
        assert_eq!(failure.cause.as_str(), "codec-not-taken", "{details}");
        assert!(failure.remedy.contains(command), "{failure:?}");
        assert_eq!(failure.remedy.contains("libx264"), declared.starts_with("video/"), "{failure:?}");
    }
}

#[test]
fn reports_may_follow_one_another_and_begin_with_a_mark() {
    let one = failed(&media_error("Downloading media from weblink failed with http code 404"));
    let expected = only(&one);
    for text in [format!("\u{feff}{one}"), format!("\r\n{one}\r\n")] {
        assert_eq!(explain(text.as_bytes()).unwrap().failures, std::slice::from_ref(&expected));
    }
    let lines = format!("{one}\n{}\n{one}\n", json!({"id": "wamid.B", "status": "read"}));
    let report = explain(lines.as_bytes()).unwrap();
    assert_eq!((report.failures, report.without_failure), (vec![expected.clone(), expected], 1));
    let broken = format!("{one}\n{{");
    let why = explain(broken.as_bytes()).unwrap_err().to_string();
    assert!(why.contains("line 2"), "{why}");
}

#[test]
fn details_beside_the_title_are_read_too() {
    let failure =
        only(&json!({"errors": [{"code": 1013, "title": "User is not valid", "details": "No such user"}]}));
    assert_eq!((failure.code, failure.details.as_deref()), (Some(1013), Some("No such user")));
}

#[test]
fn of_a_short_number_nothing_is_shown() {
    let failure = only(&json!({"id": "wamid.A", "status": "failed", "recipient_id": "12345"}));
    assert_eq!(failure.recipient, None);
}

#[test]
fn a_code_has_a_meaning_of_its_own() {
    for (code, cause) in [
        (100, "invalid-request"),
        (130_429, "too-many-messages"),
        (131_008, "missing-parameter"),
        (131_009, "invalid-value"),
        (131_026, "undeliverable"),
        (131_047, "window-closed"),
        (131_051, "unsupported-message"),
        (131_052, "inbound-media"),
        (131_053, "media-not-taken"),
        (131_056, "too-many-to-recipient"),
        (131_062, "recipient-not-supported"),
        (132_012, "template-parameter"),
        (999_999, "unknown"),
    ] {
        for error in [json!({"code": code}), json!({"code": code.to_string(), "title": "A title"})] {
            let failure = only(&failed(&error));
            assert_eq!((failure.cause.as_str(), failure.code), (cause, Some(code)));
            is_complete(&failure);
        }
    }
}

#[test]
fn what_nobody_knows_is_shown_as_it_is() {
    let failure = only(&failed(&json!({"code": 131_000, "title": "Something went wrong"})));
    assert_eq!(failure.explanation, "Meta wrote: Something went wrong");
    let failure = only(&json!({"id": "wamid.A", "status": "failed"}));
    assert_eq!((failure.cause, failure.code), (Cause::Unknown, None));
    assert_eq!(failure.explanation, "Meta gave no reason");
}

#[test]
fn the_words_for_a_link_are_not_used_of_a_file_that_came_in() {
    let details = "Downloading media from weblink failed with http code 404";
    assert_eq!(classify(Some(131_052), details), Cause::InboundMedia);
    assert_eq!(classify(None, details), Cause::Status(404));
}

#[test]
fn a_report_is_known_in_every_wrapping() {
    let status = failed(&media_error("Downloading media from weblink failed with http code 404"));
    let whole = webhook(&status);
    let expected = only(&whole);
    assert_eq!(expected.message_id.as_deref(), Some("wamid.A"));
    assert_eq!(expected.when, Some(1_750_263_773));
    assert_eq!(expected.status.as_deref(), Some("failed"));
    assert_eq!(expected.recipient.as_deref(), Some("165…34"));
    let entry = &whole["entry"][0];
    let change = &entry["changes"][0];
    for part in [&json!([whole]), entry, change, &change["value"], &status, &json!([status])] {
        assert_eq!(only(part), expected, "{part}");
    }
    let mut number = status.clone();
    number["timestamp"] = json!(1_750_263_773);
    number["recipient_id"] = json!(16_505_551_234_u64);
    assert_eq!(only(&number), expected);
}

#[test]
fn all_that_failed_is_told_and_the_rest_is_counted() {
    let sent = json!({"id": "wamid.B", "status": "delivered", "timestamp": "1"});
    let mut twice = failed(&media_error("Downloading media from weblink failed with http code 404"));
    twice["errors"].as_array_mut().unwrap().push(json!({"code": 131_026}));
    let value = json!({"statuses": [sent, twice, sent], "errors": [{"code": 130_429}],
        "messages": [{"id": "wamid.C", "timestamp": "2", "errors": [{"code": 131_052}]}, {"id": "wamid.D"}]});
    let report = report(
        &json!({"entry": [{"changes": [{"value": value}]}, {"changes": [{"value": {"statuses": [sent]}}]}]}),
    );
    let told: Vec<_> = report.failures.iter().map(|f| (f.message_id.as_deref(), f.cause.as_str())).collect();
    assert_eq!(
        told,
        [
            (None, "too-many-messages"),
            (Some("wamid.C"), "inbound-media"),
            (Some("wamid.A"), "link-not-found"),
            (Some("wamid.A"), "undeliverable"),
        ]
    );
    assert_eq!(report.without_failure, 3);
}

#[test]
fn a_refusal_at_once_is_read_too() {
    let refusal = |message: &str, code: u64, details: Option<&str>| {
        let data = details.map(|details| json!({"messaging_product": "whatsapp", "details": details}));
        json!({"error": {"message": message, "type": "OAuthException", "code": code, "error_data": data,
            "fbtrace_id": "A"}})
    };
    for (json, cause) in [
        (
            refusal("(#100) Unexpected key \"caption\" on param \"audio\".", 100, None),
            Cause::UnexpectedKey { key: "caption".into(), parameter: "audio".into() },
        ),
        (
            refusal(
                "(#132012) Parameter format does not match format in the created template",
                132_012,
                Some("header: Format mismatch, expected IMAGE, received UNKNOWN"),
            ),
            Cause::TemplateHeader { expected: "IMAGE".into(), received: "UNKNOWN".into() },
        ),
        (
            refusal("(#131009) Parameter value is not valid", 131_009, Some("link is not a URI")),
            Cause::InvalidValue,
        ),
    ] {
        let failure = only(&json);
        assert_eq!(failure.cause, cause);
        assert_eq!((failure.message_id.as_deref(), failure.status.as_deref()), (None, None));
        is_complete(&failure);
    }
}

#[test]
fn telephone_numbers_cannot_be_read() {
    let details =
        "Message to 16505551234 from +16315550000, also +4915112345678, asn 47583 and trace 1750263773";
    let failure = only(&webhook(&failed(&media_error(details))));
    let shown = serde_json::to_string(&failure).unwrap();
    for number in ["16505551234", "6315550000", "15112345678"] {
        assert!(!shown.contains(number), "{shown}");
    }
    let expected = "Message to 165…34 from +163…00, also +491…78, asn 47583 and trace 1750263773";
    assert_eq!(failure.details.as_deref(), Some(expected));
}

#[test]
fn a_failure_as_json_names_its_cause() {
    let failure = only(&failed(&media_error("Downloading media from weblink failed with http code 404")));
    let json = serde_json::to_value(&failure).unwrap();
    assert_eq!(json["cause"], "link-not-found");
    assert_eq!(json["when"], 1_750_263_773);
}

#[test]
fn what_is_no_report_says_so() {
    for text in ["", " \n", "\u{feff}"] {
        assert_eq!(explain(text.as_bytes()), Err(NotAWebhook::Empty), "{text}");
    }
    for text in ["{", "wamid", "{\"entry\": [}"] {
        assert!(matches!(explain(text.as_bytes()), Err(NotAWebhook::NotJson(_))), "{text}");
    }
    for text in [
        "{}",
        "[]",
        "1",
        "null",
        "\"a\"",
        "{\"a\": 1}",
        "{\"entry\": []}",
        "{\"value\": {}}",
        "{\"error\": 1}",
    ] {
        assert_eq!(explain(text.as_bytes()), Err(NotAWebhook::NotAReport), "{text}");
    }
}

/// Any JSON, mostly with the names that reports have.
fn any_json() -> impl Strategy<Value = Value> {
    let names = "entry|changes|value|statuses|messages|errors|error|error_data|details|id|status|code|title|timestamp|recipient_id";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "(http code |asn_list:|fwdproxy|ratelimit|Unsupported | mime type |[0-9+. ,]){0,8}"
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..5)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_read_without_a_panic(json in any_json()) {
        if let Ok(report) = explain(json.to_string().as_bytes()) {
            report.failures.iter().for_each(is_named);
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
        let _report = explain(&bytes);
    }

    #[test]
    fn any_sentence_is_classified_without_a_panic(code: Option<u64>, details: String) {
        let _cause = classify(code, &details);
    }
}

fn is_named(failure: &Failure) {
    assert!(
        !failure.cause.as_str().is_empty() && !failure.explanation.is_empty() && !failure.remedy.is_empty()
    );
}
