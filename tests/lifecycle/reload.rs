//! Another configuration while clients ask: all of it or nothing of it, and no request is dropped.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::clients::{Answer, Client, Load, Version};
use crate::server::Server;
use crate::{begin_large, configure, ends_whole, eventually, server, with_small_memory};

/// How often the configuration is replaced, four times each.
const ROUNDS: usize = 25;

/// Two configurations of which every part of an answer tells which it was made by.
fn configuration(of: Of) -> String {
    let (lines, age, send) = match of {
        Of::One => (0, 1, r#""cache-control", "etag""#),
        Of::Other => (7, 2, r#""cache-control", "last-modified""#),
    };
    let rule = format!("[[rule]]\npath = \"**\"\ncache-control = \"max-age={age}\"\nsend = [{send}]");
    format!("public-url = \"https://{age}.example/media\"\n{}{rule}", "\n".repeat(lines))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    One,
    Other,
}

/// Which configuration an answer on the public listener is by, if it is by one.
fn made_by(answer: &Answer) -> Option<Of> {
    let has = |name| answer.field(name).is_some();
    match (answer.field("cache-control")?, has("etag"), has("last-modified"), &answer.body[..]) {
        ("max-age=1", true, false, b"hello") => Some(Of::One),
        ("max-age=2", false, true, b"hello") => Some(Of::Other),
        _ => None,
    }
}

/// The same of an explanation, for which the origin is asked several times.
fn explained_by(answer: &Answer) -> Option<Of> {
    let explanation: Value = serde_json::from_slice(&answer.body).ok()?;
    let link = explanation["link"].as_str()?.split('/').nth(2)?;
    match (link, explanation["headers"]["Cache-Control"].as_str()?, explanation["rule"]["line"].as_u64()?) {
        ("1.example", "max-age=1", 3) => Some(Of::One),
        ("2.example", "max-age=2", 10) => Some(Of::Other),
        _ => None,
    }
}

/// How many answers were by which configuration; the last number is of those by neither.
#[derive(Clone, Default)]
struct Tally(Arc<[AtomicUsize; 3]>);

impl Tally {
    fn count(&self, of: Option<Of>) {
        self.0[of.map_or(2, |of| of as usize)].fetch_add(1, Ordering::Relaxed);
    }

    fn counts(&self) -> [usize; 3] {
        [0, 1, 2].map(|index| self.0[index].load(Ordering::Relaxed))
    }
}

fn post(server: &Server) -> (u16, Value) {
    let answer = server.ask_with("POST /reload", "", b"");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
}

/// Sends SIGHUP, and waits until the log has one more line of that kind.
fn hang_up(server: &Server, line: &str) {
    let lines = || server.log().lines().filter(|logged| logged.contains(line)).count();
    let before = lines();
    server.signal("HUP");
    assert!(eventually(|| lines() > before), "no line about it in\n{}", server.log());
}

#[test]
fn no_request_is_dropped_and_each_answer_is_by_one_configuration() {
    let server = server(&configuration(Of::One));
    let mut load = Load::new();
    let (tally, explained) = (Tally::default(), Tally::default());
    for version in [Version::Http1, Version::Http1, Version::Http1, Version::Http2, Version::Http2] {
        let tally = tally.clone();
        let look = move |answer: Answer| tally.count(made_by(&answer));
        load.client((server.address, version), "/media/a.txt", true, look);
    }
    let counted = explained.clone();
    let look = move |answer: Answer| counted.count(explained_by(&answer));
    load.client((server.control, Version::Http1), "/explain/a.txt", true, look);
    let in_flight = begin_large(&server);
    let mut probes = [Version::Http1, Version::Http2].map(|version| Client::new(server.address, version));
    for round in 0..ROUNDS {
        for (of, by_signal) in [(Of::Other, false), (Of::One, true)] {
            refuse_a_bad_one(&server, round, !by_signal);
            configure(&server, &with_small_memory(&configuration(of)));
            if by_signal {
                hang_up(&server, "the configuration was read again");
            } else {
                assert_eq!(post(&server).0, 200);
            }
            for probe in &mut probes {
                assert_eq!(made_by(&load.ask(probe, "/media/a.txt")), Some(of), "from now on");
            }
            let answered = load.answered();
            assert!(eventually(|| load.answered() > answered + 20), "clients go on");
        }
    }
    assert!(ends_whole(in_flight), "what was under way goes on as it began");
    assert!(probes.iter().all(|probe| probe.connections == 1), "no connection ends");
    let counts = load.finish();
    let ((answered, connections), failures) = (counts.answered(), counts.failures());
    println!(
        "{answered} requests on {connections} connections during {} reloads, as many refused: {} failed; by either \
         configuration and by neither: {:?}, explanations: {:?}",
        2 * ROUNDS,
        failures.len() + counts.refused(),
        tally.counts(),
        explained.counts(),
    );
    assert_eq!((failures, counts.refused()), (vec![], 0));
    assert_eq!(connections, 6, "each client has kept its connection");
    for [one, other, neither] in [tally.counts(), explained.counts()] {
        assert!(one > ROUNDS && other > ROUNDS && neither == 0, "{one}, {other}, {neither}");
    }
}

/// What is wrong with it is told, and it changes nothing.
fn refuse_a_bad_one(server: &Server, round: usize, by_signal: bool) {
    configure(
        server,
        &with_small_memory(
            "[limits]\ntraget = \"1 KiB\"\n[[rule]]\npath = \"a\"\ncache-control = \"max-age\"",
        ),
    );
    if by_signal {
        hang_up(server, "the configuration is refused, and the old one stays in force");
        return;
    }
    let (status, problem) = post(server);
    assert_eq!(status, 422, "round {round}: {problem:#}");
    let errors = problem["errors"].as_array().unwrap();
    let places: Vec<_> =
        errors.iter().map(|error| (error["line"].as_u64(), error["column"].as_u64())).collect();
    assert_eq!(places, [(Some(2), Some(1)), (Some(5), Some(18))], "{problem:#}");
    assert_eq!(errors[0]["detail"], "unknown key `traget` in `[limits]`");
    assert_eq!(errors[0]["expected"], "did you mean `target`?");
    assert!(errors.iter().all(|error| error["file"].as_str().unwrap().ends_with("test.toml")), "{problem:#}");
}

#[test]
fn what_was_changed_and_what_needs_a_restart_is_answered_and_logged() {
    let server = server("");
    assert_eq!(post(&server), (200, serde_json::json!({"changed": [], "needs_restart": [], "warnings": []})));
    configure(
        &server,
        "[limits]\ntarget = \"300 B\"\n[links]\npin = false\n[memory]\nhot = \"2 MB\"\nlargest = \"1 MB\"\n",
    );
    let expected = serde_json::json!({
        "changed": [
            {"key": "links.pin", "old": "true", "new": "false"},
            {"key": "limits.target", "old": "\"8 KiB\"", "new": "\"300 B\""},
        ],
        "needs_restart": [{"key": "memory.hot", "old": "\"1000000 B\"", "new": "\"2000000 B\""}],
        "warnings": [],
    });
    assert_eq!(post(&server), (200, expected));
    server.wait_for_log(&["needs a restart: memory.hot: \"1000000 B\" → \"2000000 B\""]);
    let line = server.wait_for_log(&["the configuration was read again", "POST /reload", "limits.target"]);
    assert!(line.contains("links.pin: true → false; limits.target: "), "{line}");
    let long = server.get(&"a".repeat(400));
    assert!(long.starts_with("HTTP/1.1 414"), "it is in force: {long}");
    // The flags of the start still override the file.
    configure(
        &server,
        &with_small_memory(
            "public-url = \"http://a.example/elsewhere\"\n[listen]\naddress = \"127.0.0.1:1\"",
        ),
    );
    let (status, reloaded) = post(&server);
    assert_eq!((status, &reloaded["needs_restart"]), (200, &serde_json::json!([])));
    let moved = server.exchange(b"GET /elsewhere/a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(moved.starts_with("HTTP/1.1 200"), "{moved}");
    assert!(server.get("a.txt").starts_with("HTTP/1.1 404"), "the old place is gone");
}

#[test]
fn many_who_ask_at_once_are_served_in_turn() {
    let server = server("");
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..24).map(|_| scope.spawn(|| post(&server).0)).collect();
        for asked in asked {
            assert_eq!(asked.join().unwrap(), 200);
        }
    });
}

#[test]
fn a_token_is_replaced_without_a_restart() {
    const OLD: &str = "0123456789abcdef";
    const NEW: &str = "fedcba9876543210";
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, OLD).unwrap();
    let server = server(&format!("[control]\ntoken-file = {:?}\n", token.to_str().unwrap()));
    let ask = |method: &str, token: &str| {
        server.ask_with(method, &format!("Authorization: Bearer {token}\r\n"), b"")
    };
    assert!(server.ask_with("POST /reload", "", b"").starts_with("HTTP/1.1 401"), "it is the operator's");
    std::fs::write(&token, NEW).unwrap();
    let answer = ask("POST /reload", OLD);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("another token"), "{answer}");
    assert!(ask("GET /metrics", OLD).starts_with("HTTP/1.1 401"));
    assert!(ask("GET /metrics", NEW).starts_with("HTTP/1.1 200"));
    assert!(!server.log().contains(OLD) && !server.log().contains(NEW));
}

/// A key that is new signs, and the old one is believed until it is taken away.
#[test]
fn signing_keys_are_rotated_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let [old, new] = [("old", "0d"), ("new", "2e")].map(|(id, hex)| format!("{id}:{}\n", hex.repeat(32)));
    std::fs::write(&keys, &old).unwrap();
    let signing = format!("[signing]\nkeys-file = {:?}\n", keys.to_str().unwrap());
    let server = server(&format!(
        "{signing}[[rule]]\npath = \"**\"\naccess = \"signed\"\ncache-control = \"private\""
    ));
    let signed = || {
        let answer = server.ask("/explain/a.txt", "");
        let explanation: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        explanation["link"].as_str().unwrap().split_once("/media/").unwrap().1.to_owned()
    };
    let is_answered = |link: &str| server.get(link).starts_with("HTTP/1.1 200");
    let by_old = signed();
    assert!(is_answered(&by_old) && !is_answered("a.txt"), "{by_old}");
    std::fs::write(&keys, format!("{new}{old}")).unwrap();
    assert_eq!(post(&server).0, 200);
    let by_new = signed();
    assert_ne!(by_old, by_new, "the first key signs");
    assert!(is_answered(&by_old) && is_answered(&by_new), "both are believed");
    std::fs::write(&keys, &new).unwrap();
    assert_eq!(post(&server).0, 200);
    assert!(server.get(&by_old).starts_with("HTTP/1.1 403"), "the old one is not any more");
    assert!(is_answered(&by_new));
}

#[test]
fn the_command_says_what_the_server_made_of_it() {
    let server = server("");
    let reload = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_media-origin"));
        let config = server.folder.path().join("test.toml");
        let control = server.control.to_string();
        let output = command.args(["reload", "--control", &control]).arg("--config").arg(config).output();
        let output = output.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    assert_eq!(reload(), (Some(0), "nothing has changed\n".into(), String::new()));
    configure(&server, "[links]\npin = false\n[memory]\nhot = \"2 MB\"\nlargest = \"1 MB\"\n");
    let told = "in force      links.pin: true → false\n\
                needs restart memory.hot: \"1000000 B\" → \"2000000 B\"\n";
    assert_eq!(reload(), (Some(0), told.into(), String::new()));
    configure(&server, "[links]\npinn = false\n");
    let (code, out, err) = reload();
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("did you mean `pin`?"), "{err}");
}
