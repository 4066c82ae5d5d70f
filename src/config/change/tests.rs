use super::*;
use crate::config::{Environment, Overrides};

fn config(text: &str) -> Config {
    with_secrets(text, "", "")
}

fn with_token(text: &str, token: &str) -> Config {
    with_secrets(text, token, "")
}

fn with_secrets(text: &str, token: &str, keys: &str) -> Config {
    let secrets = [("MEDIA_ORIGIN_CONTROL_TOKEN", token), ("MEDIA_ORIGIN_SIGNING_KEYS", keys)];
    let environment: Environment = secrets.into_iter().filter(|(_, secret)| !secret.is_empty()).collect();
    let parsed = Config::parse("a.toml", text, Overrides::default(), &environment);
    parsed.unwrap_or_else(|error| panic!("{error}")).config
}

/// What is told of each list.
fn told(changes: &Changes) -> [Vec<String>; 2] {
    [&changes.applied, &changes.needs_restart].map(|list| list.iter().map(Change::to_string).collect())
}

/// A configuration in which every key that can be set beside a directory has another value than by default.
const ALL: &str = "public-url = \"https://b.example/c\"\ntrusted-proxies = [\"10.0.0.0/8\", \"unix\"]\n\
    client-header = \"forwarded\"\n[listen]\naddress = [\"127.0.0.2:1\", \"unix:a\"]\nmode = \"0666\"\nproxy-protocol = true\n\
    [control]\naddress = \"127.0.0.2:2\"\nmode = \"0660\"\n[store]\nroot = \"b\"\ndigests = \"d\"\n\
    [memory]\nhot = \"64 MiB\"\nlargest = \"1 MiB\"\nbuffers = \"64 MiB\"\n[links]\npin = false\non-mismatch = \"not-found\"\n\
    [limits]\nheader-field = \"4 KiB\"\nheaders = \"16 KiB\"\ntarget = \"300 B\"\nheader-timeout = \"5s\"\n\
    header-fields = 50\nidle-timeout = \"10s\"\nsend-timeout = \"10s\"\nmin-rate = \"2 KiB\"\nconnections = 20\n\
    connections-per-address = 5\nstreams = 10\nresets = 50\n\
    [shutdown]\ngrace = \"10s\"\ndrain = \"1m\"\n[signing]\nlifetime = \"60d\"\n\
    [log]\nformat = \"json\"\naccess = \"combined\"\n\
    [[rule]]\npath = \"a/**\"\ncache-control = \"no-store\"\naccess = \"signed\"\n";

#[test]
fn every_key_changes_at_once_or_needs_a_restart_and_is_told_with_both_values() {
    let (old, new) = (config(""), with_secrets(ALL, "0123456789abcdef", &key("2026-11", "ab")));
    let (successor, changes) = old.succeeded_by(new.clone());
    let [applied, needs_restart] = told(&changes);
    assert_eq!(
        applied,
        [
            r#"public-url: "http://127.0.0.1:8080/media" → "https://b.example/c""#,
            "listen.proxy-protocol: false → true",
            r#"trusted-proxies: [] → ["10.0.0.0/8", "unix"]"#,
            r#"client-header: "x-forwarded-for" → "forwarded""#,
            "control.token-file: none → a token",
            "links.pin: true → false",
            r#"links.on-mismatch: "serve-current" → "not-found""#,
            "signing.keys-file: none → 2026-11",
            r#"signing.lifetime: "45d" → "60d""#,
            r#"limits.header-field: "8 KiB" → "4 KiB""#,
            r#"limits.headers: "32 KiB" → "16 KiB""#,
            r#"limits.target: "8 KiB" → "300 B""#,
            "limits.header-fields: 100 → 50",
            r#"limits.header-timeout: "10s" → "5s""#,
            r#"limits.idle-timeout: "1m 15s" → "10s""#,
            r#"limits.send-timeout: "1m" → "10s""#,
            r#"limits.min-rate: "1 KiB" → "2 KiB""#,
            "limits.connections-per-address: 1000 → 5",
            "limits.streams: 100 → 10",
            "limits.resets: 500 → 50",
            r#"shutdown.grace: "0s" → "10s""#,
            r#"shutdown.drain: "30s" → "1m""#,
            r#"log.access: "text" → "combined""#,
            r#"rule "a/**": none → no-store; access: signed"#,
        ]
    );
    assert_eq!(
        needs_restart,
        [
            r#"listen.address: "127.0.0.1:8080" → ["127.0.0.2:1", "unix:a"]"#,
            r#"listen.mode: "0660" → "0666""#,
            r#"control.address: "127.0.0.1:8081" → "127.0.0.2:2""#,
            r#"control.mode: "0600" → "0660""#,
            r#"store.root: "media" → "b""#,
            r#"store.digests: none → "d""#,
            r#"memory.hot: "256 MiB" → "64 MiB""#,
            r#"memory.largest: "32 MiB" → "1 MiB""#,
            r#"memory.buffers: "256 MiB" → "64 MiB""#,
            "limits.connections: none → 20",
            r#"log.format: "text" → "json""#,
        ]
    );
    let Config { listen, store, memory, .. } = old;
    let log = Log { format: old.log.format, access: new.log.access };
    let control = Control { token: new.control.token.clone(), ..old.control };
    let listen = Listen { proxy_protocol: true, ..listen };
    let limits = Limits { connections: None, ..new.limits };
    assert_eq!(successor, Config { listen, control, store, memory, limits, log, ..new });
}

#[test]
fn what_needs_a_restart_is_told_each_time_and_what_was_taken_only_once() {
    let read = with_secrets(ALL, "", &key("2026-11", "ab"));
    let (successor, first) = config("").succeeded_by(read.clone());
    let (again, second) = successor.succeeded_by(read);
    assert_eq!(again, successor);
    assert_eq!((second.applied, second.needs_restart), (vec![], first.needs_restart));
    let (back, _) = successor.succeeded_by(config(""));
    assert_eq!(back, config(""));
    assert!(back.succeeded_by(config("")).1.is_empty());
}

const S3: &str = "[store]\nkind = \"s3\"\nbucket = \"media\"\n";

#[test]
fn no_key_of_a_bucket_changes_without_a_restart() {
    let text = "[store]\nkind = \"gcs\"\nbucket = \"other\"\nprefix = \"p\"\nendpoint = \"http://127.0.0.1:1\"\n\
                versions = true\nfresh-for = \"1s\"\nmissing-for = \"1s\"\nstale-if-error = \"1s\"\n\
                timeout = \"1s\"\nslice = \"2 MiB\"\ncache-dir = \"c\"\ncache-size = \"1 GiB\"\n";
    let old = config(&format!("{S3}region = \"eu-west-1\"\n"));
    let (successor, changes) = old.succeeded_by(config(text));
    assert_eq!(successor, old);
    let [applied, needs_restart] = told(&changes);
    assert_eq!(applied, [""; 0]);
    let keys: Vec<_> = changes.needs_restart.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(
        keys.join(" ").replace("store.", ""),
        "kind bucket prefix region endpoint versions fresh-for missing-for stale-if-error timeout slice \
         cache-dir cache-size"
    );
    assert_eq!(needs_restart[0], r#"store.kind: "s3" → "gcs""#);
    assert_eq!(needs_restart[11], r#"store.cache-dir: none → "c""#);
}

#[test]
fn another_kind_of_store_is_one_change() {
    let (successor, changes) = config("").succeeded_by(config(S3));
    assert_eq!(told(&changes)[1], [r#"store.kind: "directory" → "s3""#]);
    assert_eq!(successor, config(""));
}

/// Were the token taken away, the listener would stay open to other machines, and ask for nothing.
#[test]
fn a_token_stays_while_the_address_needs_one() {
    let open = with_token("[control]\naddress = \"0.0.0.0:8081\"\n", "0123456789abcdef");
    let (successor, changes) = open.succeeded_by(config(""));
    assert_eq!(successor.control, open.control);
    let keys: Vec<_> = changes.needs_restart.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(keys, ["control.address", "control.token-file"]);
    let closed = with_token("", "0123456789abcdef");
    let (successor, changes) = closed.succeeded_by(config(""));
    assert_eq!((successor.control.token, changes.needs_restart), (None, vec![]));
}

#[test]
fn a_secret_is_not_told() {
    let [old, new] = ["0123456789abcdef", "fedcba9876543210"].map(|token| with_token("", token));
    let (successor, changes) = old.succeeded_by(new.clone());
    assert_eq!(told(&changes)[0], ["control.token-file: a token → another token"]);
    assert_eq!(successor, new);
}

#[test]
fn rules_are_told_by_their_patterns() {
    let rule = |path: &str, rest: &str| format!("[[rule]]\npath = \"{path}\"\n{rest}\n");
    let a_day = "cache-control = \"max-age=86400\"";
    let pinned = "cache-control = \"max-age=86400\"\npinned-cache-control = \"immutable, max-age=1\"";
    let [a, b] = [rule("a", a_day), rule("b", a_day)];
    for (old, new, expected) in [
        (
            a.clone(),
            rule("a", pinned),
            vec!["rule \"a\": max-age=86400 → max-age=86400; pinned: immutable, max-age=1"],
        ),
        (a.clone(), rule("a", "send = [\"etag\"]"), vec!["rule \"a\": max-age=86400 → no-cache; send: etag"]),
        (a.clone(), b.clone() + &a, vec!["rule \"b\": none → max-age=86400"]),
        (a.clone() + &b, b.clone(), vec!["rule \"a\": max-age=86400 → none"]),
        (a.clone() + &b, b.clone() + &a, vec!["rule: a, b → b, a"]),
        (a.clone(), format!("\n# moved\n{a}"), vec![]),
    ] {
        let (successor, changes) = config(&old).succeeded_by(config(&new));
        assert_eq!(told(&changes)[0], expected);
        let lines = |config: &Config| config.rules.iter().map(|rule| rule.place().line).collect::<Vec<_>>();
        assert_eq!(lines(&successor), lines(&config(&new)), "explanations name the line that it is now");
    }
}

/// A key of that name, whose secret is these two digits again and again.
fn key(name: &str, digits: &str) -> String {
    format!("{name}:{}", digits.repeat(32))
}

#[test]
fn keys_are_told_by_their_names() {
    for (old, new, expected) in [
        (key("a", "ab"), [key("b", "cd"), key("a", "ab")].join("\n"), "signing.keys-file: a → b, a"),
        (key("a", "ab"), key("a", "cd"), "signing.keys-file: a → others of these names"),
        (key("a", "ab"), String::new(), "signing.keys-file: a → none"),
    ] {
        let [old, new] = [old, new].map(|keys| with_secrets("", "", &keys));
        assert_eq!(told(&old.succeeded_by(new).1), [vec![expected.to_owned()], vec![]]);
    }
}

#[test]
fn certificates_change_at_once_and_listeners_after_a_restart() {
    let tls = |rest: &str| config(&format!("public-url = \"https://a.example\"\n{rest}"));
    let files = |head: &str, address, certificate| {
        tls(&format!("{head}[tls]\naddress = \"{address}\"\ncertificate = \"{certificate}\"\nkey = \"k\"\n"))
    };
    let acme = "[tls]\naddress = \"127.0.0.1:1\"\nminimum-version = \"1.3\"\n[tls.acme]\ncache-dir = \"c\"\n";
    let old = files("", "127.0.0.1:1", "a");
    for (new, applied, needs_restart) in [
        (files("", "127.0.0.1:1", "a"), vec![], vec![]),
        (files("", "127.0.0.1:1", "b"), vec![r#"tls.certificate: "a" with "k" → "b" with "k""#], vec![]),
        (files("", "127.0.0.1:2", "a"), vec![], vec![r#"tls.address: "127.0.0.1:1" → "127.0.0.1:2""#]),
        (
            tls(acme),
            vec![
                r#"tls.minimum-version: "1.2" → "1.3""#,
                r#"tls.certificate: "a" with "k" → for a.example from "https://acme-v02.api.letsencrypt.org/directory", kept in "c""#,
            ],
            vec![],
        ),
        (
            files("[listen]\nplain = \"not-found\"\n", "127.0.0.1:1", "a"),
            vec![r#"listen.plain: "serve" → "not-found""#],
            vec![],
        ),
        (
            files("[listen]\nplain = \"off\"\n", "127.0.0.1:1", "a"),
            vec![],
            vec![r#"listen.plain: "serve" → "off""#],
        ),
        (tls(""), vec![], vec![r#"tls: "127.0.0.1:1" → none"#]),
    ] {
        let (successor, changes) = old.succeeded_by(new.clone());
        assert_eq!(told(&changes), [applied, needs_restart.clone()]);
        assert_eq!(successor, if needs_restart.is_empty() { new } else { old.clone() });
    }
}
