use super::*;
use proptest::prelude::*;
use std::time::{Duration, UNIX_EPOCH};

const OURS: &str = "https://media.example.com/media";

/// 1 January 2026, noon, in seconds since 1970.
const NOON: u64 = 1_767_268_800;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOON)
}

/// The codes of what is found, with `!` where it refuses and `?` where it warns.
fn codes(link: &str) -> Vec<String> {
    let findings = match examine(link, OURS, now()) {
        Ok(examined) => examined.findings,
        Err(findings) => findings,
    };
    let mark = |severity| match severity {
        Severity::Refuse => "!",
        Severity::Warn => "?",
        Severity::Note => "",
    };
    findings.iter().map(|finding| format!("{}{}", finding.code, mark(finding.severity))).collect()
}

fn assert_codes<const N: usize>(table: [(&str, &[&str]); N]) {
    for (link, expected) in table {
        assert_eq!(codes(link), expected, "{link}");
    }
}

#[test]
fn our_links_are_known_in_every_spelling_of_the_server() {
    for (link, path, query) in [
        ("https://media.example.com/media/a/b.jpg", "a/b.jpg", None),
        ("HTTPS://Media.Example.COM:443/media/a%20b.jpg?v=1&x#f", "a%20b.jpg", Some("v=1&x")),
        ("https://media.example.com/media/", "", None),
        ("https://media.example.com/media?v=1", "", Some("v=1")),
        ("https://media.example.com/media//a", "/a", None),
    ] {
        let examined = examine(link, OURS, now()).expect(link);
        assert_eq!(examined.whose, Whose::Ours { path, query }, "{link}");
    }
    for (link, public_url, path) in [
        ("http://127.0.0.1:8080/a.jpg", "http://127.0.0.1:8080", "a.jpg"),
        ("http://127.0.0.1/a.jpg", "http://127.0.0.1:80", "a.jpg"),
    ] {
        let examined = examine(link, public_url, now()).expect(link);
        assert_eq!(examined, Examined { whose: Whose::Ours { path, query: None }, findings: vec![] });
    }
}

#[test]
fn what_only_looks_like_ours_is_not() {
    for link in [
        "http://media.example.com/media/a.jpg",
        "https://media.example.com:8443/media/a.jpg",
        "https://media.example.com/mediax/a.jpg",
        "https://media.example.com/Media/a.jpg",
        "https://media.example.com/a.jpg",
        "https://media.example.com.evil.example.org/media/a.jpg",
        "https://media.example.com@evil.example.org/media/a.jpg",
        "https://user@media.example.com/media/a.jpg",
    ] {
        let examined = examine(link, OURS, now()).expect(link);
        assert!(matches!(examined.whose, Whose::Foreign(_)), "{link}");
    }
}

#[test]
fn what_is_no_link_is_refused() {
    assert_codes([
        ("", &["not-a-link!"]),
        ("a.jpg", &["not-a-link!"]),
        ("/media/a.jpg", &["not-a-link!"]),
        ("//example.com/a.jpg", &["not-a-link!"]),
        ("https:/example.com/a.jpg", &["not-a-link!"]),
        ("https:example.com/a.jpg", &["not-a-link!"]),
        ("https://", &["not-a-link!"]),
        ("https:///a.jpg", &["not-a-link!"]),
        ("https://:443/a.jpg", &["not-a-link!"]),
        ("https://example.com:/a.jpg", &["not-a-link!"]),
        ("https://example.com:0/a.jpg", &["not-a-link!"]),
        ("https://example.com:65536/a.jpg", &["not-a-link!"]),
        ("https://example.com:80a/a.jpg", &["not-a-link!"]),
        ("ftp://example.com/a.jpg", &["link-scheme!"]),
        ("file:///a.jpg", &["link-scheme!"]),
        ("data:image/png;base64,AAAA", &["not-a-link!"]),
    ]);
}

#[test]
fn links_stand_in_the_characters_of_uris() {
    assert_codes([
        ("https://example.com/a.jpg", &[]),
        ("https://example.com/~a/b_c-(1)!$&',;=:@*.jpg?x=[1]", &[]),
        ("https://example.com/a b.jpg", &["link-not-encoded!"]),
        ("https://example.com/ä.jpg", &["link-not-encoded!"]),
        ("https://example.com/a\\b.jpg", &["link-not-encoded!"]),
        ("https://example.com/{a}.jpg", &["link-not-encoded!"]),
        ("https://example.com/a\t.jpg", &["link-not-encoded!"]),
        ("https://example.com/a.jpg?q=ä", &["link-not-encoded!"]),
        (" https://example.com/a.jpg", &["link-not-encoded!"]),
        ("https://example.com/a.jpg\n", &["link-not-encoded!"]),
        ("https://exämple.com/a.jpg", &["link-host-not-ascii!"]),
        ("https://exa mple.com/a b.jpg", &["link-host-not-ascii!", "link-not-encoded!"]),
        ("https:\\\\example.com\\a.jpg", &["not-a-link!"]),
        ("https://example.com\\a.jpg", &["link-backslash!"]),
        ("https://example.com/a.jpg#\r\nX: y", &["link-not-encoded!", "link-fragment?"]),
        ("https://example.com/a.jpg#\u{fc} x", &["link-not-encoded!", "link-fragment?"]),
        ("https://example.com/a.jpg#\u{202e}", &["link-not-encoded!", "link-fragment?"]),
        ("https://me:pw@127.0.0.1/a b.jpg", &["link-not-encoded!", "link-user-info!", "link-unreachable!"]),
        (
            "http://nas.local/a b",
            &["link-not-encoded!", "link-unreachable!", "link-http", "link-without-extension"],
        ),
        ("https://exämple.com/a.jpg?Expires=1&Signature=x", &["link-host-not-ascii!", "link-expired!"]),
        ("https://media.example.com/media/a b.jpg", &["link-not-encoded!"]),
        ("https://example.com/100%.jpg", &["link-percent!"]),
        ("https://example.com/%2.jpg", &["link-percent!"]),
        ("https://example.com/%zz.jpg", &["link-percent!"]),
        ("https://example.com/a+b.jpg", &["link-plus?"]),
        ("https://example.com/a.jpg?a+b", &[]),
        ("https://example.com/a/../b.jpg", &["link-dot-segments?"]),
        ("https://example.com/a/%2E%2e/b.jpg", &["link-dot-segments?"]),
        ("https://example.com/a..b/c.jpg", &[]),
        ("https://example.com/a.jpg?a=1&amp;b=2", &["link-html-escaped?"]),
        ("https://example.com/a.jpg#page", &["link-fragment?"]),
        ("https://example.com/a", &["link-without-extension"]),
        ("https://example.com/v1.2/download", &["link-without-extension"]),
    ]);
    let long = format!("https://example.com/{}.jpg", "a".repeat(2025));
    assert_codes([(&long, &["link-long?"]), (long.replacen('a', "", 1).as_str(), &[])]);
    assert_codes([(&("https://example.com/".to_owned() + &"a".repeat(65_515)), &["link-too-long!"])]);
    let remedy = |link| examine(link, OURS, now()).unwrap_err().remove(0).remedy.unwrap();
    assert_eq!(
        remedy("https://example.com/a b/%20ä.jpg?sig=secret"),
        "percent-encode them: the path is `/a%20b/%20%C3%A4.jpg`"
    );
    assert!(!remedy("https://example.com/a.jpg?sig=se cret").contains("cret"));
    assert_eq!(
        remedy("https://example.com/100% a+b%20%zz%.jpg"),
        "percent-encode them: the path is `/100%25%20a%2Bb%20%25zz%25.jpg`"
    );
}

#[test]
fn what_is_wrong_with_a_port_is_said_of_the_port() {
    let detail = |link| examine(link, OURS, now()).unwrap_err().remove(0).detail;
    assert_eq!(detail("https://x.com:99999/"), "99999 is no port: they are numbered from 1 to 65535");
    assert_eq!(detail("https://me@x.com:0/"), "0 is no port: they are numbered from 1 to 65535");
    assert_eq!(detail("https://x.com:/"), "there is no number behind the `:` of the port");
    assert!(!detail("https://x.com:secret/").contains("secret"));
}

#[test]
fn meta_must_be_able_to_reach_the_host() {
    assert_codes([
        ("https://user:password@example.com/a.jpg", &["link-user-info!"]),
        ("https://localhost/a.jpg", &["link-unreachable!"]),
        ("https://LOCALHOST./a.jpg", &["link-unreachable!"]),
        ("https://files/a.jpg", &["link-unreachable!"]),
        ("https://nas.local/a.jpg", &["link-unreachable!"]),
        ("https://a.svc.internal/a.jpg", &["link-unreachable!"]),
        ("https://notlocal.org/a.jpg", &[]),
        ("https://thelocal/a.jpg", &["link-unreachable!"]),
        ("https://127.0.0.1/a.jpg", &["link-unreachable!"]),
        ("https://10.1.2.3/a.jpg", &["link-unreachable!"]),
        ("https://172.31.0.1/a.jpg", &["link-unreachable!"]),
        ("https://172.32.0.1/a.jpg", &[]),
        ("https://192.168.0.1/a.jpg", &["link-unreachable!"]),
        ("https://169.254.169.254/a.jpg", &["link-unreachable!"]),
        ("https://100.64.0.1/a.jpg", &["link-unreachable!"]),
        ("https://0.0.0.0/a.jpg", &["link-unreachable!"]),
        ("https://255.255.255.255/a.jpg", &["link-unreachable!"]),
        ("https://8.8.8.8/a.jpg", &[]),
        ("https://2130706433/a.jpg", &["link-unreachable!"]),
        ("https://127.1/a.jpg", &["link-unreachable!"]),
        ("https://0x7f.0.0.0x1/a.jpg", &["link-unreachable!"]),
        ("https://[::1]/a.jpg", &["link-unreachable!"]),
        ("https://[::ffff:10.0.0.1]/a.jpg", &["link-unreachable!"]),
        ("https://[fd00::1]/a.jpg", &["link-unreachable!"]),
        ("https://[fe80::1]/a.jpg", &["link-unreachable!"]),
        ("https://[2606:4700::1111]/a.jpg", &[]),
        ("https://[2001:db8::1]/a.jpg", &["link-unreachable!"]),
        ("https://[2001:db8:ffff::1]/a.jpg", &["link-unreachable!"]),
        ("https://[2001:db9::1]/a.jpg", &[]),
        ("https://[64:ff9b::7f00:1]/a.jpg", &["link-unreachable!"]),
        ("https://[64:ff9b::808:808]/a.jpg", &[]),
        ("https://192.0.0.8/a.jpg", &["link-unreachable!"]),
        ("https://192.0.1.8/a.jpg", &[]),
        ("https://198.18.0.1/a.jpg", &["link-unreachable!"]),
        ("https://198.19.255.1/a.jpg", &["link-unreachable!"]),
        ("https://198.20.0.1/a.jpg", &[]),
        ("https://a..b.com/a.jpg", &["link-unreachable!"]),
        ("https://.b.com/a.jpg", &["link-unreachable!"]),
        ("https://b.com../a.jpg", &["link-unreachable!"]),
        ("https://b.com./a.jpg", &[]),
        ("https://-a.b.com/a.jpg", &["link-host-hyphen?"]),
        ("https://a-.b.com/a.jpg", &["link-host-hyphen?"]),
        ("https://a-b.c--d.com/a.jpg", &[]),
        (
            "https://waba-v2.360dialog.io/whatsapp_business/attachments/?mid=1",
            &["link-needs-key!", "link-without-extension"],
        ),
        ("https://docs.360dialog.io/a.jpg", &[]),
        ("https://graph.facebook.com/v23.0/1", &["link-needs-key?", "link-without-extension"]),
        ("https://drive.google.com/file/d/x/view?usp=sharing", &["link-web-page?", "link-without-extension"]),
        ("https://drive.google.com/uc?export=download&id=x", &["link-without-extension"]),
        ("https://www.dropbox.com/s/x/a.jpg?dl=0", &["link-web-page?"]),
        ("https://www.dropbox.com/scl/fi/x/a.jpg?rlkey=k", &["link-web-page?"]),
        ("https://www.dropbox.com/scl/fi/x/a.jpg?rlkey=k&dl=1", &[]),
        ("https://dl.dropboxusercontent.com/s/x/a.jpg", &[]),
    ]);
}

#[test]
fn the_host_must_serve_files_to_whoever_asks() {
    assert_codes([
        ("https://scontent.whatsapp.net/a.jpg", &["link-meta-cdn!"]),
        ("https://lookaside.fbsbx.com/a.jpg", &["link-meta-cdn!"]),
        ("https://scontent-fra3-1.xx.fbcdn.net/a.jpg", &["link-meta-cdn!"]),
        ("https://notfbcdn.net/a.jpg", &[]),
        ("https://ab12.ngrok-free.app/a.jpg", &["link-tunnel?"]),
        ("https://example.com:8443/a.jpg", &["link-port"]),
        ("https://example.com:443/a.jpg", &[]),
        ("http://example.com/a.jpg", &["link-http"]),
        ("http://example.com:443/a.jpg", &["link-port", "link-http"]),
    ]);
    assert_eq!(unreachable_origin("https://media.example.com./"), None);
    assert_eq!(unreachable_origin("https://a..b/").map(|finding| finding.severity), Some(Severity::Warn));
}

#[test]
fn a_signed_link_must_outlive_the_wait_for_the_recipient() {
    // The policy is {"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1767312000}}}]}, the token
    // has {"exp":1767312000} in the middle.
    let policy = "eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiKiIsIkNvbmRpdGlvbiI6eyJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTc2NzMxMjAwMH19fV19";
    let policy = format!("Policy={policy}&Signature=x&Key-Pair-Id=K");
    for (query, code) in [
        ("X-Amz-Date=20260101T110000Z&X-Amz-Expires=3600&X-Amz-Signature=x", "link-expires?"),
        ("X-Amz-Date=20260101T110000Z&X-Amz-Expires=3599&X-Amz-Signature=x", "link-expired!"),
        ("X-Goog-Date=20251201T000000Z&X-Goog-Expires=604800&X-Goog-Signature=x", "link-expired!"),
        ("x-oss-date=20260101T110000Z&x-oss-expires=86400&x-oss-signature=x", "link-expires?"),
        ("X-Amz-Date=20260101T110000Z&X-Amz-Expires=99999999999999999999&X-Amz-Signature=x", "link-signed?"),
        ("X-Amz-Date=20260101T110000Z&X-Amz-Expires=18446744073709551615&X-Amz-Signature=x", "link-signed?"),
        ("X-Amz-Date=2026-01-01&X-Amz-Expires=60&X-Amz-Signature=x", "link-signed?"),
        ("AWSAccessKeyId=A&Expires=1767268799&Signature=x", "link-expired!"),
        ("AWSAccessKeyId=A&Expires=1767268801&Signature=x", "link-expires?"),
        ("AWSAccessKeyId=A&Expires=18446744073709551615&Signature=x", ""),
        ("Expires=1767268799", ""),
        ("Expires=soon&Signature=x", "link-signed?"),
        ("sv=2024&se=2026-01-02T00%3A00%3A00Z&sig=x", "link-expires?"),
        ("se=2026-01-02T00:00Z&sig=x", "link-expires?"),
        ("se=2025-12-31&sig=x", "link-expired!"),
        ("se=2027-12-31&sig=x", ""),
        ("se=2025-12-31", ""),
        (policy.as_str(), "link-expires?"),
        ("Policy=!&Signature=x&Key-Pair-Id=K", "link-signed?"),
        ("token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjczMTIwMDB9.x", "link-expires?"),
        ("alt=media&token=0b5a1c4e-1f2d-4a3b-8c9d-0e1f2a3b4c5d", ""),
        ("v=0123456789abcdef", ""),
        ("token=x&expires=1767312000", "link-expires?"),
        ("token=x&expires=1767268799", "link-expired!"),
        ("expires=1767268799", ""),
        ("q-sign-algorithm=sha1&q-sign-time=1767225600;1767312000&q-signature=x", "link-expires?"),
        ("q-sign-time=1767225600%3B1767268799&q-signature=x", "link-expired!"),
        ("q-sign-time=never&q-signature=x", "link-signed?"),
        ("hdnts=st=1~exp=1767312000~acl=/*~hmac=x", "link-expires?"),
        ("__token__=exp=1767268799~hmac=x", "link-expired!"),
        ("hdnea=exp%3D1767312000~hmac=x", "link-expires?"),
        ("hdnts=hmac=x", "link-signed?"),
        ("ex=69570a80&is=6955b8c0&hm=x", "link-expires?"),
        ("ex=695661bf&is=6953b8c0&hm=x", "link-expired!"),
        ("ex=695661bf", ""),
        (
            "X-Amz-Date=20260101T110000Z&X-Amz-Expires=3600&X-Amz-Security-Token=t&X-Amz-Signature=x",
            "link-expires? link-session?",
        ),
        (
            "X-Amz-Date=20260101T110000Z&X-Amz-Expires=1&X-Amz-Security-Token=t&X-Amz-Signature=x",
            "link-expired!",
        ),
        ("token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjczMTIwMDB9.x&expires=1767268799", "link-expired!"),
    ] {
        let found = codes(&format!("https://bucket.example.com/a.jpg?{query}"));
        assert_eq!(found.join(" "), code, "{query}");
    }
    let link = "https://bucket.example.com/a.jpg?Expires=1767355200&Signature=x";
    let finding = examine(link, OURS, now()).unwrap().findings.remove(0);
    assert!(finding.detail.starts_with("the link ends at 2026-01-02T12:00:00Z;"), "{}", finding.detail);
}

#[test]
fn thirty_days_are_enough() {
    let at =
        |seconds: u64| codes(&format!("https://b.example.com/a.jpg?Expires={}&Signature=x", NOON + seconds));
    assert_eq!(at(30 * 86_400), Vec::<String>::new());
    assert_eq!(at(30 * 86_400 - 1), ["link-expires?"]);
}

proptest! {
    #[test]
    fn any_text_is_examined_or_refused(
        link in "(https?://)?([a-z.@:\\[\\]0-9]{0,12}|\\PC{0,8})(/\\PC{0,12})?(\\?[a-z=&%+0-9A-Z.-]{0,40})?(#(\\PC|[\r\n\t]){0,4})?",
        days in 0_u64..40_000,
    ) {
        let now = UNIX_EPOCH + Duration::from_secs(days * 86_400);
        match examine(&link, OURS, now) {
            Ok(examined) => {
                prop_assert!(link.bytes().all(|byte| byte.is_ascii_graphic()), "{:?}", link);
                if let Whose::Ours { path, .. } = examined.whose {
                    prop_assert!(link.contains(path) && !path.contains(['?', '#']));
                }
            }
            Err(findings) => prop_assert!(findings.iter().any(Finding::refuses)),
        }
    }

    #[test]
    fn the_path_of_the_remedy_can_be_taken(path in "\\PC{0,8} [%+0-9a-f]{0,8}\\PC{0,8}") {
        let path = path.replace(['?', '#'], "%");
        let findings = examine(&format!("https://example.com/{path}"), OURS, now()).unwrap_err();
        let remedy = findings.iter().find(|finding| finding.code == "link-not-encoded");
        let remedy = remedy.and_then(|finding| finding.remedy.clone()).expect("a space is not encoded");
        if let Some(encoded) = remedy.split('`').nth(1) {
            let again = codes(&format!("https://example.com{encoded}"));
            let of_characters = ["link-not-encoded!", "link-percent!", "link-plus?"];
            prop_assert!(!again.iter().any(|code| of_characters.contains(&code.as_str())), "{} {:?}", encoded, again);
        }
    }

    #[test]
    fn any_signature_is_read_or_not(
        name in "X-Amz-Date|se|Expires|Policy|token|q-sign-time|hdnts|ex",
        value in "[0-9TZ:.a-zA-Z%~_;=-]{0,24}",
        seconds in any::<u64>(),
    ) {
        let link = format!("https://a.example.com/a?{name}={value}&X-Amz-Expires={seconds}&sig=x&is=1&hm=1");
        let _codes = codes(&link);
    }
}
