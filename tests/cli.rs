//! The commands, as a person runs them: what they print, and how they end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use sha2::Digest;
use tempfile::TempDir;

/// The program, run in a folder of its own that has `media/a.txt` and this configuration.
struct Scene(TempDir);

impl Scene {
    fn new(toml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("media/campaigns")).unwrap();
        std::fs::create_dir(folder.path().join("config")).unwrap();
        std::fs::write(folder.path().join("media/campaigns/a.txt"), "hello").unwrap();
        std::fs::write(folder.path().join("config/media-origin.toml"), toml).unwrap();
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        self.run_with(arguments, "")
    }

    /// The same, with this on standard input.
    fn run_with(&self, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
        let mut program = program(self.0.path());
        let pipes = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.args(arguments).spawn().unwrap();
        // A program that does not read has its reasons.
        let _sent = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is text");
        (status.code(), text(stdout), text(stderr))
    }
}

fn program(folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_media-origin"));
    program.current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).env_remove("RUST_LOG");
    program
}

const RULES: &str = "[[rule]]\npath = \"campaigns/**\"\ncache-control = \"public, max-age=60\"\n\
                     pinned-cache-control = \"public, max-age=31536000, immutable\"\n";

#[test]
fn help_has_an_example_of_each_command() {
    let scene = Scene::new("");
    for command in [
        "serve",
        "check",
        "explain",
        "message",
        "sign",
        "warm",
        "purge",
        "reload",
        "health",
        "completions",
        "man",
    ] {
        let (code, out, _) = scene.run(&[command, "--help"]);
        assert_eq!(code, Some(0));
        assert!(out.contains(&format!("Example:\n  media-origin {command}")), "{out}");
    }
    assert_eq!(scene.run(&["--version"]).0, Some(0));
}

#[test]
fn a_wrong_command_line_is_usage() {
    let scene = Scene::new("");
    let wrong: [&[&str]; 13] = [
        &[],
        &["warm"],
        &["warm", "a[b"],
        &["purge"],
        &["sign"],
        &["sign", "a", "--for", "soon"],
        &["sign", "a", "--for", "11years"],
        &["sign", "a", "--for", "30d", "--until", "2999-01-01T00:00:00Z"],
        &["sign", "a", "--until", "2001-01-01T00:00:00Z"],
        &["sevre"],
        &["serve", "--listen", "here"],
        &["explain"],
        &["serve", "--public-url", "ftp://a"],
    ];
    for arguments in wrong {
        let (code, out, err) = scene.run(arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(!err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn check_lists_each_rule_with_its_assets() {
    let scene = Scene::new(RULES);
    std::fs::write(scene.0.path().join("media/b.txt"), "hello").unwrap();
    let (code, out, err) = scene.run(&["check", "--strict"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("campaigns/**  line 2         1  public, max-age=60; pinned: public"), "{out}");
    assert!(out.contains("(no rule)                    1  no-cache"), "{out}");
    let (_, json, _) = scene.run(&["check", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(report["rules"][0]["assets"], 1);
    assert_eq!(report["rules"][1]["pattern"], serde_json::Value::Null);
}

#[test]
fn check_warns_and_under_strict_fails() {
    let rules = format!("{RULES}{}", RULES.replace("campaigns/**", "campaigns/b/*"));
    let scene = Scene::new(&rules);
    std::fs::write(scene.0.path().join("media/campaigns/not-a.jpg"), "hello").unwrap();
    let (code, _, err) = scene.run(&["check"]);
    assert_eq!(code, Some(0));
    assert!(err.contains("config/media-origin.toml:6:8"), "the rule that can never match: {err}");
    assert!(err.contains("campaigns/not-a.jpg: its name says image/jpeg, its bytes are text/plain"), "{err}");
    assert_eq!(scene.run(&["check", "--strict"]).0, Some(1));
}

#[test]
fn check_names_the_files_that_whatsapp_will_not_take() {
    let scene = Scene::new(RULES);
    std::fs::write(scene.0.path().join("media/campaigns/empty.txt"), "").unwrap();
    std::fs::write(scene.0.path().join("media/campaigns/empty.pdf"), "").unwrap();
    // One type by two names, of which WhatsApp takes neither.
    std::fs::write(scene.0.path().join("media/campaigns/a.wav"), b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0")
        .unwrap();
    let (code, _, err) = scene.run(&["check"]);
    assert_eq!((code, err.contains("a.wav")), (Some(0), false), "{err}");
    assert!(
        err.contains(
            "warning: campaigns/empty.txt: WhatsApp will not take it as document: the file is empty"
        ),
        "{err}"
    );
}

#[test]
fn an_invalid_configuration_stops_every_command_and_says_all_that_is_wrong() {
    let scene = Scene::new(
        "[listen]\nadress = \"0.0.0.0:80\"\n[[rule]]\npath = \"a\"\ncache-control = \"max-age\"\n",
    );
    for arguments in [&["check"][..], &["serve"], &["explain", "campaigns/a.txt"]] {
        let (code, out, err) = scene.run(arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        for part in
            ["config/media-origin.toml:2:1", "did you mean `address`?", "config/media-origin.toml:5:18"]
        {
            assert!(err.contains(part), "{part} in\n{err}");
        }
    }
}

#[test]
fn what_is_not_there_is_said_with_its_remedy() {
    let scene = Scene::new("");
    let (code, _, err) = scene.run(&["serve", "--config", "none.toml"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("none.toml"), "{err}");
    let (code, _, err) = scene.run(&["serve", "--root", "nowhere"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("nowhere") && err.contains("--root"), "{err}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, out, err) = scene.run(&["serve", "--listen", &address]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains(&format!("cannot listen on {address}")), "{err}");
}

#[test]
fn explain_shows_what_goes_out() {
    let scene = Scene::new(RULES);
    let digest = hex::encode(sha2::Sha256::digest("hello"));
    let (code, out, err) = scene.run(&["explain", "campaigns/a.txt"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let pin: String = digest.chars().take(16).collect();
    for part in [
        &format!("link      http://127.0.0.1:8080/media/campaigns/a.txt?v={pin}\n"),
        "rule      campaigns/**  (config/media-origin.toml:2)\n",
        "status    200\n",
        "Cache-Control: public, max-age=31536000, immutable\n",
        &format!("ETag: \"{digest}\"\n"),
        "unpinned  Cache-Control: public, max-age=60\n",
        "content   5 bytes of text/plain: UTF-8\n",
        "send as   document   yes\n",
        "          no         audio, image, sticker, video: none of them takes text/plain\n",
        "caches    meta       for 10 min, ",
        "          documented for 1 year, ",
        "          shared     for 1 year, ",
    ] {
        assert!(out.contains(part), "{part} in\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 110), "{out}");
    let (_, json, _) = scene.run(&["explain", "--json", "campaigns/a.txt"]);
    let explanation: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(explanation["headers"]["Cache-Control"], "public, max-age=31536000, immutable");
    assert_eq!(explanation["rule"]["line"], 2);
}

#[test]
fn explain_says_no_to_what_is_not_served() {
    let scene = Scene::new("");
    for path in ["none.txt", "campaigns", "../config/media-origin.toml", "/etc/passwd", ".hidden", ""] {
        let (code, out, err) = scene.run(&["explain", path]);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{path}");
        assert!(err.starts_with(&format!("error: {path}: ")), "{err}");
    }
}

#[test]
fn explain_names_a_disagreement() {
    let scene = Scene::new("");
    std::fs::write(scene.0.path().join("media/not-a.jpg"), "hello").unwrap();
    let (code, out, _) = scene.run(&["explain", "not-a.jpg"]);
    assert_eq!(code, Some(0), "it can be sent as a document");
    assert!(out.contains("document   yes, but: ") && out.contains("image/jpeg"), "{out}");
}

#[test]
fn health_says_no_where_nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (code, out, err) = Scene::new("").run(&["health", "--control", &free]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains(&format!("not reachable at {free}")), "{err}");
}

#[test]
fn warm_purge_and_reload_say_what_to_do_where_nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let scene = Scene::new("");
    for arguments in [&["warm", "**"][..], &["purge", "campaigns/a.txt"], &["reload"]] {
        let (code, out, err) = scene.run(&[arguments, &["--control", &free]].concat());
        assert_eq!((code, out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(err.starts_with(&format!("error: no server answers at {free}: ")), "{err}");
        assert!(err.contains("\nhelp: start the server first, or name its address with --control"), "{err}");
    }
}

/// The endpoint is one that nobody listens at: whoever asked would be told so.
#[test]
fn check_asks_a_bucket_only_if_it_is_told_to() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let scene = Scene::new(&format!(
        "{RULES}[store]\nkind = \"s3\"\nbucket = \"media\"\nregion = \"us-east-1\"\nendpoint = \"http://{free}\"\n"
    ));
    let (code, out, err) = scene.run(&["check"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("campaigns/**  line 2         -  public, max-age=60; pinned: public"), "{out}");
    assert!(out.ends_with("\n\nassets are not counted: --online asks the bucket\n"), "{out}");
    let (_, json, _) = scene.run(&["check", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(report["rules"][0]["assets"].is_null() && report["note"].is_string(), "{report:#}");
}

#[test]
fn check_of_a_directory_is_the_same_online() {
    let scene = Scene::new(RULES);
    assert_eq!(scene.run(&["check", "--online"]), scene.run(&["check"]));
}

#[test]
fn explain_takes_a_link_to_this_server() {
    let scene = Scene::new("");
    let link = "http://127.0.0.1:8080/media/campaigns/a%2Etxt?v=0123456789abcdef&x=1";
    let (code, out, _) = scene.run(&["explain", link]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("campaigns/a.txt\n"), "{out}");
}

#[test]
fn explain_says_no_where_the_answer_is_none() {
    let scene = Scene::new("[limits]\ntarget = \"256 B\"\n");
    let name = "ü".repeat(100) + ".txt";
    std::fs::write(scene.0.path().join("media").join(&name), "hello").unwrap();
    let (code, out, _) = scene.run(&["explain", &name]);
    assert_eq!(code, Some(1));
    assert!(out.contains("status    414\n"), "{out}");
}

#[test]
fn no_name_can_write_to_the_terminal() {
    let scene = Scene::new("");
    let name = "a\n\u{1b}[31mred\u{202e}.jpg";
    std::fs::write(scene.0.path().join("media").join(name), "hello").unwrap();
    let (_, check, warnings) = scene.run(&["check"]);
    let (_, explain, _) = scene.run(&["explain", name]);
    let (_, _, refused) = scene.run(&["explain", "\u{1b}[31mnone"]);
    for text in [check, warnings, explain, refused] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        assert!(!text.contains("\n["), "{text:?}");
    }
}

#[test]
fn a_root_that_is_none_stops_serve_and_check() {
    let scene = Scene::new("");
    std::fs::write(scene.0.path().join("file"), "hello").unwrap();
    for root in ["file", "none", "media/campaigns/a.txt"] {
        for command in ["serve", "check"] {
            let (code, out, err) = scene.run(&[command, "--root", root]);
            assert_eq!((code, out.as_str()), (Some(2), ""), "{command} {root}");
            assert!(err.contains(root), "{err}");
        }
    }
}

#[test]
fn explain_fetches_a_link_of_others_and_needs_no_configuration_for_that() {
    let folder = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = program(folder.path()).args(["explain", &format!("http://{free}/a.jpg")]).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(
        out.contains("status    none\n") && out.contains("found     error      nothing listens at"),
        "{out}"
    );
}

#[test]
fn explain_says_what_a_failure_report_means() {
    let scene = Scene::new("");
    let report = r#"{"id":"wamid.A","status":"failed","timestamp":"1750263773","recipient_id":"16505551234","errors":[
        {"code":131053,"title":"Media upload error","error_data":
        {"details":"Downloading media from weblink failed with http code 404, status message Not Found"}}]}"#;
    std::fs::write(scene.0.path().join("failed.json"), report).unwrap();
    let (code, out, err) = scene.run(&["explain", "--webhook", "failed.json"]);
    assert_eq!((code, err.as_str()), (Some(1), ""), "there is a failure");
    for part in [
        "wamid.A\n",
        "error     131053 Media upload error\n",
        "means     ",
        "do        ",
        "18 Jun 2025 16:22:53 GMT",
    ] {
        assert!(out.contains(part), "{part} in\n{out}");
    }
    assert!(!out.contains("16505551234"), "{out}");
    let (_, json, _) = scene.run(&["explain", "--json", "--webhook", "failed.json"]);
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(report["failures"][0]["cause"], "link-not-found");
    std::fs::write(scene.0.path().join("other.json"), r#"{"id":"wamid.A","status":"read"}"#).unwrap();
    assert_eq!(scene.run(&["explain", "--webhook", "other.json"]).0, Some(0));
}

#[test]
fn what_is_no_failure_report_is_told_from_a_failure() {
    let scene = Scene::new("");
    for (text, why) in [
        ("", "error: standard input is empty\n"),
        ("not JSON", "error: standard input: this is no JSON: "),
        ("{}", "error: standard input: this is JSON, but no webhook"),
    ] {
        let (code, out, err) = scene.run_with(&["explain", "--webhook", "-"], text);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{text}");
        assert!(err.starts_with(why) && err.contains("\nhelp: "), "{err}");
    }
    let (code, _, err) = scene.run(&["explain", "--webhook", "none.json"]);
    assert!(code == Some(2) && err.starts_with("error: none.json: ") && err.contains("\nhelp: "), "{err}");
}

#[test]
fn message_builds_what_flags_or_standard_input_say() {
    let scene = Scene::new("public-url = \"https://media.shop.de\"\n");
    let flags = ["message", "--to", "+4915123456789", "--type", "document", "--path", "campaigns/a.txt"];
    let (code, by_flags, err) = scene.run(&flags);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let message: serde_json::Value = serde_json::from_str(&by_flags).expect("JSON");
    assert_eq!(message["document"]["filename"], "a.txt");
    let link = message["document"]["link"].as_str().unwrap();
    assert!(link.starts_with("https://media.shop.de/campaigns/a.txt?v="), "{link}");
    let request = r#"{"to":"+4915123456789","type":"document","document":{"path":"campaigns/a.txt"}}"#;
    assert_eq!(scene.run_with(&["message"], request), (Some(0), by_flags, String::new()));
    let (code, explained, _) = scene.run(&[&flags[..], &["--explain"]].concat());
    let explained: serde_json::Value = serde_json::from_str(&explained).expect("JSON");
    assert_eq!((code, &explained["media"][0]["path"]), (Some(0), &serde_json::json!("campaigns/a.txt")));
}

#[test]
fn message_says_everything_that_is_wrong_and_prints_nothing_to_send() {
    let scene = Scene::new("");
    let flags =
        ["message", "--to", "4915123456789", "--type", "audio", "--path", "none.ogg", "--caption", "x"];
    let (code, out, err) = scene.run(&flags);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    for part in ["warning: /to: ", "error: /audio/caption: ", "error: /audio/path: ", "\n  help: "] {
        assert!(err.contains(part), "{part} in\n{err}");
    }
    let (code, out, err) = scene.run_with(&["message"], "{\"to\":");
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.starts_with("error: line 1, column "), "{err}");
    for flags in [&["message", "--path", "a.jpg"][..], &["message", "--type", "gif", "--to", "+1"]] {
        assert_eq!(scene.run(flags).0, Some(2), "{flags:?}");
    }
}

#[test]
fn links_that_only_this_machine_can_fetch_are_warned_of() {
    let scene = Scene::new("");
    let (code, out, err) =
        scene.run(&["message", "--to", "+4915123456789", "--type", "document", "--path", "campaigns/a.txt"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("http://127.0.0.1:8080/media/campaigns/a.txt?v="), "{out}");
    assert!(err.starts_with("warning: /document/path: ") && err.contains("public-url"), "{err}");
}

/// `campaigns/**` for signed links alone, and a file that is for everybody.
fn private() -> Scene {
    let rule = "[[rule]]\npath = \"campaigns/**\"\ncache-control = \"private\"\naccess = \"signed\"\n";
    let scene = Scene::new(&format!(
        "public-url = \"https://media.shop.de\"\n[signing]\nkeys-file = \"config/signing.keys\"\n{rule}"
    ));
    let key = format!("2026-01:{}\n", "5ec7e7".repeat(11));
    std::fs::write(scene.0.path().join("config/signing.keys"), key).unwrap();
    std::fs::write(scene.0.path().join("media/open.txt"), "hello").unwrap();
    scene
}

#[test]
fn sign_prints_a_link_and_warns_if_it_may_be_over_too_soon() {
    let scene = private();
    let pin: String = hex::encode(sha2::Sha256::digest("hello")).chars().take(16).collect();
    let begins = format!("https://media.shop.de/campaigns/a.txt?v={pin}&expires=");
    for (time, warned) in [
        (&["--for", "30d"][..], false),
        (&[], false),
        (&["--for", "29d"], true),
        (&["--until", "2999-01-31T00:00:00Z"], false),
    ] {
        let (code, out, err) = scene.run(&[&["sign", "campaigns/a.txt"], time].concat());
        assert!(
            code == Some(0) && out.starts_with(&begins) && out.contains("&key=2026-01&signature="),
            "{out}{err}"
        );
        assert_eq!(out.lines().count(), 1);
        assert_eq!(
            err.starts_with("warning: ") && err.contains("a message may wait 30 days"),
            warned,
            "{time:?} {err}"
        );
        assert!(warned || err.is_empty(), "{err}");
        let (code, explained, _) = scene.run(&["explain", out.trim()]);
        assert!(code == Some(0) && explained.contains("status    200\n"), "{explained}");
        assert!(explained.contains("  signature good, with the key 2026-01, until 2"), "{explained}");
    }
    let (code, json, err) =
        scene.run(&["sign", "campaigns/a.txt", "--until", "2999-01-31T00:00:00Z", "--json"]);
    let signed: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!((&signed["expires"], &signed["access"]), (&"2999-01-31T00:00:00Z".into(), &"signed".into()));
    assert!(signed["link"].as_str().unwrap().contains("&expires=32474736000&"), "{json}");
}

#[test]
fn sign_says_no_to_what_is_not_there_and_what_needs_no_signature() {
    let scene = private();
    let (code, out, err) = scene.run(&["sign", "media/campaigns/a.txt"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("help: did you mean campaigns/a.txt?"), "{err}");
    assert_eq!(scene.run(&["sign", "../secret"]).0, Some(1));
    let (code, out, err) = scene.run(&["sign", "open.txt"]);
    assert!(code == Some(0) && out.contains("/open.txt?v=") && !out.contains("signature"), "{out}");
    assert!(
        err.starts_with("warning: the link is not signed: ") && err.contains("access = \"signed\""),
        "{err}"
    );
}

#[test]
fn explain_and_check_tell_what_is_for_signed_links_alone() {
    let scene = private();
    let (code, out, _) = scene.run(&["explain", "campaigns/a.txt"]);
    assert_eq!(code, Some(0));
    for part in
        ["status    200\n", "access    for signed links alone: ", "Cache-Control: private\n", "&signature="]
    {
        assert!(out.contains(part), "{part} in\n{out}");
    }
    for (link, state, said) in [
        ("https://media.shop.de/campaigns/a.txt", "missing", "this one is not signed"),
        ("https://media.shop.de/campaigns/a.txt?signature=x", "malformed", "not of its form"),
        (
            "https://media.shop.de/campaigns/a.txt?expires=1&key=2026-01&signature=up51wzXI5CKHSkE9VgUTFfswtH6liuNchYyS5-WjJP0",
            "wrong, with the key 2026-01, until 1970-01-01T00:00:01Z",
            "the signature is of another path",
        ),
    ] {
        let (code, out, _) = scene.run(&["explain", link]);
        assert_eq!(code, Some(1), "{out}");
        for part in ["status    403\n", &format!("signature {state}\n"), said, "send a link that is good:\n"]
        {
            assert!(out.contains(part), "{part} in\n{out}");
        }
    }
    let (code, out, err) = scene.run(&["check", "--strict"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("1  private; to signed links alone\n"), "{out}");
    let (_, json, _) = scene.run(&["check", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&report["rules"][0]["access"], &report["rules"][1]["access"]),
        (&"signed".into(), &"public".into())
    );
    assert!(!(out + &json).contains("5ec7e7"));
}

#[test]
fn message_signs_by_itself() {
    let scene = private();
    let flags = ["message", "--to", "+4915123456789", "--type", "document", "--path", "campaigns/a.txt"];
    let (code, out, err) = scene.run(&flags);
    assert_eq!(code, Some(0));
    assert!(err.starts_with("note: /document/path: the link is signed, and good until 2"), "{err}");
    let message: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let link = message["document"]["link"].as_str().unwrap();
    assert_eq!(scene.run(&["explain", link]).0, Some(0), "{link}");
}
