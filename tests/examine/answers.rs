//! What kind of answer it is: media, or something in its place.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use media_origin::clock::Clock;
use media_origin::examine::{Ending, examine};
use media_origin::whatsapp::Severity::{Note, Refuse, Warn};

use crate::scripted::{FIELDS, Reply, Server, answer, honest, honest_with, png};
use crate::{BRISK, Script, codes, each_is_found, examined, finding};

#[tokio::test]
async fn nothing_is_found_where_nothing_is_wrong() {
    let server = Server::start(|request| Reply::Send(honest(request))).await;
    let examination = examined(&server.link()).await;
    assert_eq!(codes(&examination), []);
    assert_eq!(finding(&examination, "not-public").severity, Note);
    assert_eq!(examination.status, 200);
    assert_eq!(examination.headers["etag"], "\"one\"");
    assert_eq!(examination.remote, server.address);
    assert_eq!((examination.body.length, examination.body.ending), (3000, Ending::Whole));
    let bytes = std::io::read_to_string(hexed(examination.body.file)).unwrap();
    assert_eq!(bytes, hex::encode(png()));
    assert_eq!(examination.body.sha256[..], <sha2::Sha256 as sha2::Digest>::digest(png())[..]);
    let timings = examination.timings;
    assert!(timings.tls.is_none() && timings.whole >= timings.first_byte, "{timings:?}");
}

/// The bytes of a file as text.
fn hexed(mut file: impl std::io::Read) -> impl std::io::Read {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    std::io::Cursor::new(hex::encode(bytes))
}

#[tokio::test]
async fn the_requests_are_those_of_a_plain_fetcher_on_one_connection() {
    let server = Server::start(|request| {
        let fields = format!("{FIELDS}Set-Cookie: a=b\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        Reply::Send(honest_with(request, &fields, &png()))
    })
    .await;
    let examination = examined(&server.link()).await;
    assert_eq!(codes(&examination), [("set-cookie", Note)]);
    let asked = server.asked();
    let lines: Vec<_> = asked.iter().map(|request| request.head.lines().next().unwrap()).collect();
    let [get, head] = ["GET /a.png?v=1 HTTP/1.1", "HEAD /a.png?v=1 HTTP/1.1"];
    assert_eq!(lines, [get, head, get, get, get]);
    assert!(asked[2].field("if-none-match") == Some("\"one\""));
    assert!(asked[2].field("if-modified-since") == Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert!(asked[3].is_range() && asked[3].field("range") == Some("bytes=0-1023"));
    assert!(asked[4].field("if-range").is_some());
    for request in asked {
        assert_eq!(request.connection, 0, "{request:?}");
        assert_eq!(request.field("host"), Some(&*server.address.to_string()));
        assert_eq!(request.field("accept-encoding"), Some("identity"));
        assert!(request.field("user-agent").unwrap().starts_with("media-origin/"));
        for absent in ["cookie", "referer", "content-length", "transfer-encoding", "authorization"] {
            assert_eq!(request.field(absent), None, "{request:?}");
        }
    }
}

#[tokio::test]
async fn what_comes_in_place_of_the_media_is_told_apart() {
    each_is_found(&[
        ("redirect", Refuse, |_| Reply::Send(answer("302 Found", "Location: /b.png\r\n", b""))),
        ("redirect", Refuse, |_| Reply::Send(answer("301 Moved Permanently", "", b""))),
        ("redirect", Refuse, |_| {
            Reply::Send(answer("308 Permanent Redirect", "Location: https://example.com/\r\n", b""))
        }),
        ("not-found", Refuse, |_| {
            Reply::Send(answer("404 Not Found", "Content-Type: text/html\r\n", b"<html>"))
        }),
        ("not-found", Refuse, |_| Reply::Send(answer("410 Gone", "", b""))),
        ("forbidden", Refuse, |_| Reply::Send(answer("403 Forbidden", "", b"no"))),
        ("forbidden", Refuse, |_| Reply::Send(answer("401 Unauthorized", "", b"no"))),
        ("rate-limited", Refuse, |_| Reply::Send(answer("429 Too Many Requests", "", b""))),
        ("server-error", Refuse, |_| Reply::Send(answer("503 Service Unavailable", "", b""))),
        ("unexpected-status", Refuse, |_| Reply::Send(answer("206 Partial Content", FIELDS, &png()))),
        ("unexpected-status", Refuse, |_| Reply::Send(answer("418 I'm a teapot", "", b""))),
        ("unexpected-status", Refuse, |_| Reply::Send(b"HTTP/1.1 204 No Content\r\n\r\n".into())),
        ("unexpected-status", Refuse, |_| Reply::Send(b"HTTP/1.1 304 Not Modified\r\n\r\n".into())),
        ("not-found", Refuse, |_| {
            let chunks = "Transfer-Encoding: chunked\r\n\r\n4\r\ngone\r\n0\r\n\r\n";
            Reply::Send(format!("HTTP/1.1 404 Not Found\r\n{chunks}").into_bytes())
        }),
        ("server-error", Refuse, |_| Reply::Close(b"HTTP/1.1 500 Oh\r\nContent-Length: 9\r\n\r\n".into())),
        ("error-instead-of-media", Refuse, |request| {
            let fields = "Content-Type: application/json\r\nETag: \"one\"\r\n";
            Reply::Send(honest_with(request, fields, br#"{"error": {"message": "no such media"}}"#))
        }),
        ("error-instead-of-media", Refuse, |request| {
            let fields = "Content-Type: application/xml\r\nETag: \"one\"\r\n";
            let body = b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>";
            Reply::Send(honest_with(request, fields, body))
        }),
        ("html-instead-of-media", Refuse, |request| {
            let fields = "Content-Type: text/html; charset=utf-8\r\nETag: \"one\"\r\n";
            Reply::Send(honest_with(request, fields, b"<!doctype html><title>Log in</title>"))
        }),
        ("html-instead-of-media", Refuse, |request| {
            Reply::Send(honest_with(request, FIELDS, b"<!doctype html><title>Log in</title>"))
        }),
        ("html-instead-of-media", Refuse, |request| {
            let fields = "Content-Type: text/html\r\nETag: \"one\"\r\n";
            Reply::Send(honest_with(request, fields, b"Please log in"))
        }),
        ("security-interstitial", Refuse, |_| {
            let fields = "cf-mitigated: challenge\r\nContent-Type: text/html\r\n";
            Reply::Send(answer("403 Forbidden", fields, b"<html>"))
        }),
        ("security-interstitial", Refuse, |_| {
            Reply::Send(answer("404 Not Found", "ngrok-error-code: ERR_NGROK_3200\r\n", b"<html>"))
        }),
    ])
    .await;
}

#[tokio::test]
async fn a_status_is_named_if_it_has_a_name() {
    let rows: [(Script, &str); 3] = [
        (|_| Reply::Send(answer("999 Denied", "", b"")), "the link answers 999, and only 200 brings a file"),
        (
            |_| Reply::Send(b"HTTP/1.1 204 No Content\r\n\r\n".into()),
            "the link answers 204 No Content: there is no file in such an answer",
        ),
        (
            |_| Reply::Send(b"HTTP/1.1 304 Not Modified\r\n\r\n".into()),
            "the link answers 304 Not Modified: there is no file in such an answer, and the request had no condition",
        ),
    ];
    for (reply, expected) in rows {
        let server = Server::start(reply).await;
        let examination = examined(&server.link()).await;
        assert_eq!(finding(&examination, "unexpected-status").detail, expected);
    }
}

#[tokio::test]
async fn a_redirect_is_named_and_not_followed() {
    let server = Server::start(|_| Reply::Send(answer("302 Found", "Location: /b.png\r\n", b""))).await;
    let examination = examined(&server.link()).await;
    let finding = finding(&examination, "redirect");
    let target = format!("http://{}/b.png", server.address);
    assert!(finding.detail.ends_with(&target) && finding.remedy.as_ref().unwrap().ends_with(&target));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn the_type_is_judged_by_the_field_and_by_the_bytes() {
    each_is_found(&[
        ("no-content-type", Refuse, |request| Reply::Send(honest_with(request, "ETag: \"one\"\r\n", &png()))),
        ("no-content-type", Refuse, |request| typed(request, "", &png())),
        ("empty-body", Refuse, |request| Reply::Send(honest_with(request, FIELDS, b""))),
        ("wrong-content-type", Refuse, |request| typed(request, "image/jpeg", &png())),
        ("wrong-content-type", Refuse, |request| typed(request, "application/octet-stream", &png())),
        ("wrong-content-type", Refuse, |request| typed(request, "text/html", &png())),
        ("wrong-content-type", Refuse, |request| typed(request, "image/png", b"\x01\x02\x03\x80")),
        ("wrong-content-type", Refuse, |request| typed(request, "application/pdf", b"words")),
        ("wrong-content-type", Refuse, |request| {
            typed(request, "audio/ogg; codecs=opus", b"\x01\x02\x03\x80")
        }),
        ("wrong-content-type", Refuse, |request| typed(request, "audio/ogg", &png())),
        ("wrong-content-type", Refuse, |request| typed(request, "image/jpg", &png())),
        ("wrong-content-type", Refuse, |request| typed(request, "application/ogg", &png())),
        ("content-type-spelling", Refuse, |request| typed(request, "image/jpg", JPEG)),
        ("content-type-spelling", Refuse, |request| typed(request, "image/pjpeg; charset=utf-8", JPEG)),
        ("content-type-spelling", Refuse, |request| typed(request, "audio/mp3", b"\xff\xfb\x90\x64")),
        ("content-type-spelling", Refuse, |request| typed(request, "audio/x-aac", b"\x01\x02\x03\x80")),
        ("content-type-spelling", Refuse, |request| typed(request, "application/x-pdf", b"%PDF-1.7\n")),
        ("content-type-spelling", Refuse, |request| typed(request, "application/ogg", &opus())),
        ("unsupported-content-type", Warn, |request| typed(request, "application/ogg", &vorbis())),
        ("unsupported-content-type", Warn, |request| typed(request, "audio/ogg", &vorbis())),
        ("content-type-without-codec", Warn, |request| typed(request, "audio/ogg; codecs=vorbis", &opus())),
        ("content-type-parameter", Note, |request| typed(request, "image/jpeg; charset=utf-8", JPEG)),
        ("wrong-content-type", Warn, |request| typed(request, DOCX, EMPTY_ZIP)),
        ("content-type-spelling", Refuse, |request| typed(request, "audio/opus", &opus())),
        ("content-type-without-codec", Warn, |request| typed(request, "audio/ogg", &opus())),
        ("unsupported-content-type", Warn, |request| {
            typed(request, "application/x-thing", b"\x01\x02\x03\x80")
        }),
        ("unsupported-content-type", Warn, |request| {
            typed(request, "application/octet-stream", b"\x01\x02\x03\x80")
        }),
    ])
    .await;
}

#[tokio::test]
async fn a_type_that_is_spelled_as_meta_wants_is_no_finding() {
    for reply in [
        |request: &_| typed(request, "image/png", &png()),
        |request: &_| typed(request, "IMAGE/PNG", &png()),
        |request: &_| typed(request, "audio/ogg; codecs=opus", &opus()),
        |request: &_| typed(request, "audio/ogg;codecs=\"opus\"", &opus()),
        |request: &_| typed(request, "text/plain; charset=utf-8", b"words"),
        |request: &_| typed(request, "audio/aac", b"\x01\x02\x03\x80"),
    ] {
        let server = Server::start(reply).await;
        assert_eq!(codes(&examined(&server.link()).await), []);
    }
}

#[tokio::test]
async fn the_remedy_for_a_name_is_the_name_and_what_was_sent_is_quoted() {
    let rows: [(Script, &str, &str, &str); 4] = [
        (
            |request| typed(request, "image/jpg", JPEG),
            "content-type-spelling",
            "`image/jpg`",
            "send `Content-Type: image/jpeg`",
        ),
        (
            |request| typed(request, "application/ogg", &opus()),
            "content-type-spelling",
            "`application/ogg`",
            "send `Content-Type: audio/ogg; codecs=opus`",
        ),
        (
            |request| typed(request, "image/jpeg; charset=utf-8", JPEG),
            "content-type-parameter",
            "`charset=utf-8`",
            "send `Content-Type: image/jpeg` alone",
        ),
        (
            |request| typed(request, "audio/ogg; codecs=vorbis", &opus()),
            "content-type-without-codec",
            "`audio/ogg; codecs=vorbis`",
            "send `Content-Type: audio/ogg; codecs=opus`",
        ),
    ];
    for (reply, code, quoted, remedy) in rows {
        let server = Server::start(reply).await;
        let examination = examined(&server.link()).await;
        let finding = finding(&examination, code);
        assert!(finding.detail.contains(quoted), "{finding:?}");
        assert!(finding.remedy.as_ref().unwrap().starts_with(remedy), "{finding:?}");
    }
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const EMPTY_ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

fn typed(request: &crate::scripted::Request, content_type: &str, body: &[u8]) -> Reply {
    Reply::Send(honest_with(request, &format!("Content-Type: {content_type}\r\nETag: \"one\"\r\n"), body))
}

/// The first page of an Ogg stream of Opus.
fn opus() -> Vec<u8> {
    let mut page = b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01\x01".to_vec();
    page.resize(47, 0);
    page
}

/// The same of Vorbis.
fn vorbis() -> Vec<u8> {
    let mut page =
        b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x1e\x01vorbis\0\0\0\0\x02".to_vec();
    page.resize(58, 0);
    page
}

#[tokio::test]
async fn what_does_not_lose_the_message_is_said_too() {
    each_is_found(&[
        ("content-coding", Warn, |request| {
            let fields = format!("{FIELDS}Content-Encoding: gzip\r\n");
            Reply::Send(honest_with(request, &fields, b"\x1f\x8b\x08\0"))
        }),
        ("vary-star", Note, |request| {
            Reply::Send(honest_with(request, &format!("{FIELDS}Vary: *\r\n"), &png()))
        }),
        ("vary-star", Note, |request| {
            let fields = format!("{FIELDS}Vary: Accept-Encoding\r\nVary: Origin, *\r\n");
            Reply::Send(honest_with(request, &fields, &png()))
        }),
        ("set-cookie", Note, |request| {
            Reply::Send(honest_with(request, &format!("{FIELDS}Set-Cookie: a=b\r\n"), &png()))
        }),
        ("missing-validators", Note, |request| {
            Reply::Send(honest_with(request, "Content-Type: image/png\r\n", &png()))
        }),
        ("malformed-etag", Note, |request| {
            let fields = "Content-Type: image/png\r\nETag: one\r\n";
            let mut unasked = request.clone();
            unasked.head = unasked.head.replace("if-none-match: one", "if-none-match: \"one\"");
            Reply::Send(honest_with(&unasked, fields, &png()))
        }),
        ("clock-skew", Note, |request| {
            let fields = format!("{FIELDS}Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
            Reply::Send(honest_with(request, &fields, &png()))
        }),
    ])
    .await;
}

#[tokio::test]
async fn a_clock_that_agrees_within_a_minute_is_no_finding() {
    let server = Server::start(|request| {
        let fields = format!("{FIELDS}Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        Reply::Send(honest_with(request, &fields, &png()))
    })
    .await;
    for (seconds, found) in [(784_111_777 - 60, 0), (784_111_777 + 60, 0), (784_111_777 + 61, 1)] {
        let clock = Clock::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let examination = examine(&server.link(), &BRISK, &clock).await.unwrap();
        assert_eq!(codes(&examination).len(), found, "{seconds}");
    }
}

/// Each request takes a hundred seconds of this clock: those after the GET make no skew.
#[tokio::test]
async fn times_are_those_of_the_get() {
    let server = Arc::new(
        Server::start(|request| {
            let fields = format!("{FIELDS}Date: Sun, 06 Nov 1994 08:51:17 GMT\r\n");
            Reply::Send(honest_with(request, &fields, &png()))
        })
        .await,
    );
    let at = |requests: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 + 100 * requests);
    let asked = Arc::clone(&server);
    let clock = Clock::new(move || at(asked.asked().len() as u64));
    let examination = examine(&server.link(), &BRISK, &clock).await.unwrap();
    assert_eq!((examination.requested, examination.received), (at(0), at(1)));
    assert_eq!(codes(&examination), []);
    assert_eq!(server.asked().len(), 5);
}

#[tokio::test]
async fn a_slow_first_byte_is_a_warning_before_it_is_a_refusal() {
    let server = Server::start(|request| {
        let wait = if request.is_first() { Duration::from_millis(500) } else { Duration::ZERO };
        Reply::Late(wait, honest(request))
    })
    .await;
    let examination = examined(&server.link()).await;
    assert_eq!(codes(&examination), [("slow-first-byte", Warn)]);
    assert!(examination.timings.first_byte >= Duration::from_millis(500));
}
