//! `GET /explain`.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

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
fn a_text_that_is_no_link_is_answered_with_what_to_write() {
    let server = server();
    for (url, detail) in [
        ("https%3A%2F%2Fa.shop.de%2Fa%20b.jpg", "the path is `/a%20b.jpg`"),
        ("https%3A%2F%2Fb%C3%BCcher.de%2Fa.jpg", "`xn--`"),
        ("a.jpg", "write `https://`"),
    ] {
        let answer = Answer::of(&server.ask(&format!("/explain?url={url}"), "")).expect(400);
        assert!(answer.body["detail"].as_str().unwrap().contains(detail), "{:#}", answer.body);
    }
    let login = "/explain?url=http%3A%2F%2Fme%3Asecret%40127.0.0.1%2Fa.jpg";
    let answer = Answer::of(&server.ask(login, "")).expect(200);
    assert_eq!(answer.body["findings"][0]["code"], "link-user-info", "{:#}", answer.body);
    assert!(!answer.body.to_string().contains("secret"), "{:#}", answer.body);
}

#[test]
fn explanations_are_neither_counted_nor_logged_as_requests() {
    let server = server();
    Answer::of(&server.ask("/explain/logos/logo.png", "")).expect(200);
    let metrics = server.ask("/metrics", "");
    let mut counts = metrics.lines().filter(|line| line.starts_with("media_origin_requests_total{"));
    assert!(counts.all(|count| count.ends_with(" 0")), "{metrics}");
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
    assert_eq!(explained.body["findings"][0]["code"], "pin-differs");
}

#[test]
fn a_link_of_this_origin_is_explained_as_it_is_written() {
    let server = server();
    let of_path = Answer::of(&server.ask("/explain/campaigns/summer.jpg", "")).expect(200);
    let pinned = of_path.body["link"].as_str().unwrap().to_owned();
    let pin = pinned.split_once("?v=").unwrap().1.to_owned();
    let bare = "http://127.0.0.1:8080/media/campaigns/summer.jpg";
    let (week, year) = ("public, max-age=604800", "public, max-age=31536000, immutable");
    for (query, cache_control, is_pinned) in [
        (String::new(), week, false),
        (format!("?v={pin}"), year, true),
        (format!("?v={pin}&utm=1"), year, true),
        (format!("?xv={pin}"), week, false),
        (format!("?x=?v={pin}"), week, false),
        ("?v=zz".to_owned(), "no-store", false),
    ] {
        let url = format!("{bare}{query}").replace(':', "%3A").replace('?', "%3F").replace('&', "%26");
        let explained = Answer::of(&server.ask(&format!("/explain?url={url}"), "")).expect(200);
        assert_eq!(explained.body["link"], format!("{bare}{query}"));
        assert_eq!(explained.body["headers"]["Cache-Control"], cache_control, "{query}");
        let because = explained.body["caches"][0]["because"].as_str().unwrap();
        assert_eq!(because.contains("a replaced file has a new link"), is_pinned, "{query}: {because}");
    }
}

#[test]
fn so_many_links_are_fetched_at_a_time_and_the_rest_is_asked_to_come_again() {
    let server = server();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let ask = format!(
        "GET /explain?url=http%3A%2F%2F{}%2Fa.jpg HTTP/1.1\r\nHost: localhost\r\n\r\n",
        silent.local_addr().unwrap()
    );
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let mut stream = TcpStream::connect(server.control).unwrap();
            stream.write_all(ask.as_bytes()).unwrap();
            // The server is being asked by now, and says nothing.
            (stream, silent.accept().unwrap())
        })
        .collect();
    let refused = Answer::of(
        &server.exchange_with_control(ask.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").as_bytes()),
    );
    let refused = refused.expect(503);
    assert!(refused.head.contains("retry-after: 5"), "{}", refused.head);
    assert!(server.get("logos/logo.png").starts_with("HTTP/1.1 200"), "the public listener does not wait");
    drop(waiting);
    for _ in 0..50 {
        let other = Answer::of(&server.ask("/explain?url=http%3A%2F%2F127.0.0.1%3A1%2Fa.jpg", ""));
        if other.status == 200 {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the turns are not given back");
}

#[test]
fn that_nothing_answers_is_an_explanation_too() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let answer =
        Answer::of(&server().ask(&format!("/explain?url=http%3A%2F%2F{free}%2Fa.jpg"), "")).expect(200);
    assert_eq!(answer.body["status"], serde_json::Value::Null);
    assert_eq!(answer.body["findings"][0]["code"], "connection-refused");
}
