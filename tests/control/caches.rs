//! `POST /warm` and `POST /purge`.

use serde_json::json;

use crate::server::Server;
use crate::{Answer, server};

fn warm(server: &Server, path: &str) -> Answer {
    Answer::of(&server.ask_with(&format!("POST /warm/{path}"), "", b""))
}

fn purge(server: &Server, path: &str) -> Answer {
    Answer::of(&server.ask_with(&format!("POST /purge/{path}"), "", b""))
}

#[test]
fn what_is_warmed_is_in_memory_until_it_is_purged() {
    let server = server();
    let length = std::fs::metadata(server.folder.path().join("media/campaigns/summer.jpg")).unwrap().len();
    let path = "campaigns/summer.jpg";
    let expected = |fetched: u64| json!({ "path": path, "bytes": length, "fetched_bytes": fetched, "content_type": "image/jpeg" });
    assert_eq!(warm(&server, path).expect(200).body, expected(length));
    assert_eq!(warm(&server, path).expect(200).body, expected(0), "it is there already");
    let forgotten = |slices: u64, bytes: u64| json!({ "path": path, "slices": slices, "bytes": bytes });
    assert_eq!(purge(&server, path).expect(200).body, forgotten(1, length));
    assert_eq!(purge(&server, path).expect(200).body, forgotten(0, 0), "it is gone already");
    assert_eq!(warm(&server, path).expect(200).body, expected(length));
    server.wait_for_log(&["POST /warm", "campaigns/summer.jpg", "fetched_bytes=0"]);
    server.wait_for_log(&["POST /purge", "campaigns/summer.jpg", "slices=1"]);
}

#[test]
fn a_faulty_asset_is_warmed_and_said_to_be_faulty() {
    let server = Server::start("", |root| {
        std::fs::write(root.join("not-a.jpg"), "hello").unwrap();
        std::fs::write(root.join("empty.txt"), "").unwrap();
        std::fs::write(root.join("good.txt"), "hello").unwrap();
    });
    for (path, warning) in [
        ("not-a.jpg", Some("its name says image/jpeg, its bytes are text/plain")),
        ("empty.txt", Some("WhatsApp will not take it as document: the file is empty")),
        ("good.txt", None),
    ] {
        let answer = warm(&server, path).expect(200);
        let said = answer.body["warning"].as_str();
        assert_eq!(said.is_some(), warning.is_some(), "{:#}", answer.body);
        assert!(said.unwrap_or_default().contains(warning.unwrap_or_default()), "{:#}", answer.body);
    }
}

#[test]
fn what_is_no_asset_is_told_from_what_has_nothing_to_forget() {
    let server = server();
    for (path, warmed, purged) in [
        ("none.jpg", 404, 200),
        ("campaigns", 404, 200),
        ("..%2f..%2fetc%2fpasswd", 404, 404),
        (".hidden", 404, 404),
        ("100%.jpg", 400, 400),
    ] {
        warm(&server, path).expect(warmed);
        purge(&server, path).expect(purged);
    }
    for route in ["GET /warm/logos/logo.png", "GET /purge/logos/logo.png"] {
        Answer::of(&server.ask_with(route, "", b"")).expect(405);
    }
}
