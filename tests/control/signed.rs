//! Media for signed links alone, as the operator meets them.

use serde_json::json;
use tempfile::NamedTempFile;

use crate::server::Server;
use crate::{Answer, SAMPLES, copy};

/// A server of the samples whose invoices are for signed links, good for so long.
fn server(lifetime: &str) -> (Server, NamedTempFile) {
    let keys = NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), format!("2026-01:{}", "5ec7e7".repeat(11))).unwrap();
    let toml = format!(
        "public-url = 'https://media.shop.de/media'\n[signing]\nkeys-file = '{}'\nlifetime = '{lifetime}'\n\
         [[rule]]\npath = 'invoices/**'\ncache-control = 'private'\naccess = 'signed'\n",
        keys.path().display()
    );
    (Server::start(&toml, |root| copy(SAMPLES.as_ref(), root)), keys)
}

fn build(server: &Server, media: &serde_json::Value) -> Answer {
    let message = json!({"to": "+4915123456789", "type": "document", "document": media});
    Answer::of(&server.ask_with("POST /messages?explain", "", message.to_string().as_bytes())).expect(200)
}

fn status(server: &Server, link: &str) -> String {
    let got =
        server.get(link.strip_prefix("https://media.shop.de/media/").unwrap_or_else(|| panic!("{link}")));
    got.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[test]
fn the_links_in_messages_are_signed_and_deliver() {
    let (server, _keys) = server("45d");
    let old = "https://media.shop.de/media/invoices/invoice-0042.pdf?expires=1&key=a&signature=b";
    for media in [json!({"path": "invoices/invoice-0042.pdf"}), json!({"link": old})] {
        let built = build(&server, &media);
        let link = built.body["message"]["document"]["link"].as_str().unwrap();
        assert_eq!(status(&server, link), "200", "{link}");
        assert_eq!(status(&server, link.split_once('?').unwrap().0), "403");
        assert_eq!(built.body["warnings"][0]["code"], "link-expires", "{:#}", built.body);
        assert_eq!(built.body["warnings"][0]["severity"], "note");
        assert_eq!(
            built.body["media"][0]["caches"][2]["reuse"]["kind"], "never",
            "{:#}",
            built.body["media"]
        );
    }
    let open = build(&server, &json!({"path": "prices/price-list.pdf"}));
    assert!(!open.body.to_string().contains("signature="), "{:#}", open.body);
    let metrics = server.ask("/metrics", "");
    assert!(metrics.contains("media_origin_signature_failures_total{reason=\"missing\"} 2"), "{metrics}");
    assert!(metrics.contains("media_origin_signature_failures_total{reason=\"expired\"} 0"), "{metrics}");
}

#[test]
fn links_that_may_be_over_too_soon_are_warned_of_at_the_start_and_in_each_message() {
    let (server, _keys) = server("1h");
    let built = build(&server, &json!({"path": "invoices/invoice-0042.pdf"}));
    let warning = &built.body["warnings"][0];
    assert_eq!((&warning["code"], &warning["severity"]), (&json!("link-expires"), &json!("warn")));
    assert!(warning["detail"].as_str().unwrap().contains("30 days"), "{warning}");
    server.wait_for_log(&["links may be over before their messages arrive"]);
}

#[test]
fn an_explanation_has_a_good_link_and_says_what_is_wrong_with_another() {
    let (server, _keys) = server("45d");
    let explained = Answer::of(&server.ask("/explain/invoices/invoice-0042.pdf", "")).expect(200).body;
    assert_eq!((&explained["status"], &explained["access"]), (&json!(200), &json!("signed")));
    assert_eq!(explained["headers"]["Cache-Control"], "private");
    assert_eq!(
        (&explained["signature"]["state"], &explained["signature"]["key"]),
        (&json!("good"), &json!("2026-01"))
    );
    let link = explained["link"].as_str().unwrap();
    assert_eq!(status(&server, link), "200");
    for (link, state) in [
        (link.to_owned(), "good"),
        (link.split_once('?').unwrap().0.to_owned(), "missing"),
        (link.replace("expires=", "expires=9"), "wrong"),
        (link.replace("2026-01", "2026-02"), "unknown_key"),
    ] {
        let url = link.replace('%', "%25").replace('&', "%26").replace('?', "%3F");
        let explained = Answer::of(&server.ask(&format!("/explain?url={url}"), "")).expect(200).body;
        assert_eq!(explained["signature"]["state"], state, "{explained:#}");
        let expected = if state == "good" { 200 } else { 403 };
        assert_eq!(explained["status"], expected);
        assert_eq!(status(&server, &link), expected.to_string());
    }
    let open = Answer::of(&server.ask("/explain/logos/logo.png", "")).expect(200).body;
    assert_eq!((&open["access"], open.get("signature")), (&json!("public"), None));
}
