//! `POST /warm` and `POST /purge`, and the commands that ask for them.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::buckets::backend::Backend;
use crate::buckets::exchange::{KEY_ID, SECRET_KEY};
use crate::server::Server;
use crate::{Answer, SAMPLES, server};

fn warm(server: &Server, path: &str) -> Answer {
    Answer::of(&server.ask_with(&format!("POST /warm/{path}"), "", b""))
}

fn purge(server: &Server, path: &str) -> Answer {
    Answer::of(&server.ask_with(&format!("POST /purge/{path}"), "", b""))
}

/// A command for this server, run to its end.
fn command(server: &Server, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_media-origin"));
    program.args(arguments).arg("--config").arg(server.folder.path().join("test.toml"));
    program.args(["--control", &server.control.to_string()]);
    program.env("AWS_ACCESS_KEY_ID", KEY_ID).env("AWS_SECRET_ACCESS_KEY", SECRET_KEY);
    if let Backend::Directory { root, .. } = &server.assets {
        program.arg("--root").arg(root);
    }
    let Output { status, stdout, stderr } = program.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn what_is_warmed_is_in_memory_until_it_is_purged() {
    let server = server();
    let path = "campaigns/summer.jpg";
    let length = std::fs::metadata(Path::new(SAMPLES).join(path)).unwrap().len();
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
        ("not-a.jpg", Some("says image/jpeg, its bytes are text/plain")),
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

#[test]
fn the_command_warms_what_matches_and_sums_it_up() {
    let server = Server::start("", |root| {
        std::fs::create_dir(root.join("new year")).unwrap();
        std::fs::write(root.join("new year/a+b%.txt"), "hello").unwrap();
        std::fs::write(root.join("new year/not-a.jpg"), "hello").unwrap();
        std::fs::write(root.join("other.txt"), "hello").unwrap();
    });
    let (code, out, err) = command(&server, &["warm", "new year/*", "none/**"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    for part in [
        "warmed 2 of 2 assets: 10 B, of which 10 B were fetched and 0 B were there already\n",
        "faulty: 1\n  new year/not-a.jpg: its ",
    ] {
        assert!(out.contains(part), "{part} in\n{out}");
    }
    let (code, out, _) = command(&server, &["warm", "--json", "**"]);
    let summary: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(0));
    let counts = ["matched", "warmed", "bytes", "fetched_bytes", "cached_bytes"].map(|key| &summary[key]);
    assert_eq!(counts, [3, 3, 15, 5, 10], "{summary:#}");
    let (code, out, err) = command(&server, &["warm", "nothing/*"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(err.starts_with("error: no asset matches\nhelp: "), "{err}");
}

#[test]
fn many_assets_are_warmed_over_few_connections() {
    let server = Server::start("", |root| {
        for n in 0..200 {
            std::fs::write(root.join(format!("{n}.txt")), n.to_string()).unwrap();
        }
    });
    let (code, out, err) = command(&server, &["warm", "*.txt"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("warmed 200 of 200 assets: 490 B, of which 490 B were fetched"), "{out}");
}

#[test]
fn the_command_purges_by_path() {
    let server = server();
    warm(&server, "logos/logo.png").expect(200);
    let (code, out, err) = command(&server, &["purge", "logos/logo.png", "./none.jpg"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("logos/logo.png: 1 body or slice, "), "{out}");
    assert!(out.ends_with("\nnone.jpg: none of it was cached\n"), "{out}");
    let (code, out, err) = command(&server, &["purge", "--json", "../a", "logos/logo.png"]);
    let forgotten: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &forgotten[0]["slices"]), (Some(1), &json!(0)));
    assert!(err.starts_with("error: ../a: no asset can have such a name"), "{err}");
}

#[test]
fn the_commands_present_the_token_and_say_where_it_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "0123456789abcdef0123456789abcdef\n").unwrap();
    let toml = format!("[control]\ntoken-file = {:?}\n", token.to_str().unwrap());
    let server = Server::start(&toml, |root| std::fs::write(root.join("a.txt"), "hello").unwrap());
    for arguments in [["warm", "**"], ["purge", "a.txt"]] {
        assert_eq!(command(&server, &arguments).0, Some(0), "{arguments:?}");
    }
    std::fs::write(server.folder.path().join("test.toml"), "").unwrap();
    for arguments in [["warm", "**"], ["purge", "a.txt"]] {
        let (code, _, err) = command(&server, &arguments);
        assert_eq!(code, Some(1), "{arguments:?}");
        assert!(
            err.contains("this route needs a bearer token\nhelp: ") && err.contains("token-file"),
            "{err}"
        );
    }
}

mod directory_only {
    use super::*;

    #[test]
    fn the_command_names_what_cannot_be_warmed() {
        let server = Server::start("", |root| {
            std::fs::write(root.join("a.txt"), "hello").unwrap();
            std::fs::write(root.join("b.txt"), "hello").unwrap();
            std::fs::write(root.join("b\\c.txt"), "no link can name it").unwrap();
        });
        // What is listed here is of another directory than the server's.
        let more = tempfile::tempdir().unwrap();
        for name in ["a.txt", "gone.txt"] {
            std::fs::write(more.path().join(name), "hello").unwrap();
        }
        std::fs::write(more.path().join("b\\c.txt"), "no link can name it").unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_media-origin"));
        program.args(["warm", "**", "--config"]).arg(server.folder.path().join("test.toml"));
        program.arg("--root").arg(more.path()).args(["--control", &server.control.to_string()]);
        let output = program.output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{out}");
        for part in [
            "warmed 1 of 2 assets: 5 B",
            "not warmed: 1\n  gone.txt: there is no such asset\n",
            "no link can name: 1\n  b\\c.txt: its name has a backslash\n",
        ] {
            assert!(out.contains(part), "{part} in\n{out}");
        }
    }
}
