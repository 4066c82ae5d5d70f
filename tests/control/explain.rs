//! `GET /explain`.

use std::net::TcpListener;

use crate::{Answer, server};

#[test]
fn an_asset_is_explained_by_its_path() {
    let server = server();
    let answer = Answer::of(&server.ask("/explain/stickers/thanks.webp", "")).expect(200);
    assert_eq!(answer.body["path"], "stickers/thanks.webp");
    assert_eq!(answer.body["status"], 200);
    assert_eq!(answer.body["rule"]["pattern"], "stickers/**");
    assert!(answer.body["rule"]["line"].is_u64());
    assert_eq!(answer.body["headers"]["Content-Type"], "image/webp");
    let accepted: Vec<_> = answer.body["send_as"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|kind| kind["accepted"] == true)
        .map(|kind| kind["kind"].as_str().unwrap())
        .collect();
    assert_eq!(accepted, ["document", "sticker"]);
    let caches: Vec<_> = answer.body["caches"].as_array().unwrap().iter().map(|one| &one["cache"]).collect();
    assert_eq!(caches, ["meta", "documented", "shared"]);
}

#[test]
fn what_is_no_asset_is_no_server_error() {
    let server = server();
    for (path, status) in [
        ("/explain/none.jpg", 404),
        ("/explain/campaigns", 404),
        ("/explain//explain/logos/logo.png", 404),
        ("/explain/..%2f..%2fetc%2fpasswd", 404),
        ("/explain/%2e%2e/config", 404),
        ("/explain/100%.jpg", 400),
        ("/explain", 400),
        ("/explain?url=", 400),
        ("/explain?url=ftp%3A%2F%2Fa%2Fb", 400),
        ("/explain?url=a&url=b", 400),
        ("/none", 404),
    ] {
        Answer::of(&server.ask(path, "")).expect(status);
    }
    Answer::of(&server.ask_with("DELETE /explain/a.jpg", "", b"")).expect(405);
}

#[test]
fn explanations_are_neither_counted_nor_logged_as_requests() {
    let server = server();
    Answer::of(&server.ask("/explain/logos/logo.png", "")).expect(200);
    assert!(!server.ask("/metrics", "").contains("media_origin_requests_total{"));
    assert!(!server.log().contains("logo.png"), "{}", server.log());
}

#[test]
fn a_link_is_fetched_and_one_of_this_origin_is_not() {
    let server = server();
    let link = format!("http%3A%2F%2F{}%2Fmedia%2Fcampaigns%2Fsummer.jpg", server.address);
    let fetched = Answer::of(&server.ask(&format!("/explain?url={link}"), "")).expect(200);
    assert_eq!(fetched.body["content"]["facts"]["format"], "jpeg", "{:#}", fetched.body);
    assert!(fetched.body["timings_ms"]["whole"].is_u64());
    server.wait_for_log(&["GET /media/campaigns/summer.jpg", "status=200"]);
    let own = "http%3A%2F%2F127.0.0.1%3A8080%2Fmedia%2Flogos%2Flogo.png%3Fv%3D0123456789abcdef";
    let explained = Answer::of(&server.ask(&format!("/explain?url={own}"), "")).expect(200);
    assert_eq!(explained.body["path"], "logos/logo.png");
    assert_eq!(explained.body["headers"]["Cache-Control"], "no-store", "the pin is of another version");
}

#[test]
fn that_nothing_answers_is_an_explanation_too() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let answer =
        Answer::of(&server().ask(&format!("/explain?url=http%3A%2F%2F{free}%2Fa.jpg"), "")).expect(200);
    assert_eq!(answer.body["status"], serde_json::Value::Null);
    assert_eq!(answer.body["findings"][0]["code"], "connection-refused");
}
