//! A link to anywhere, explained by fetching it.

use std::io::BufReader;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;

use super::{Described, Explanation, Fields, SendAs, Subject, Timings, send_as};
use crate::caching::verdict::{Exchange, Link, verdicts};
use crate::clock::Clock;
use crate::examine::{self, Body, Ending, Examination, Limits, Unreachable, examine};
use crate::semantics::representation::Sha256;
use crate::semantics::{HttpDate, field_text};
use crate::store::{Agreement, blocking, media_type};
use crate::whatsapp::limits::Media;
use crate::whatsapp::probe::{Facts, probe};
use crate::whatsapp::{Finding, link, worst_first};

/// Explains a link by fetching it, within these limits. That nothing answers is an explanation too, and so is that the
/// link cannot be fetched as it is written.
pub async fn explain_url(url: &str, limits: &Limits, clock: &Clock) -> Explanation {
    match examine(url, limits, clock).await {
        Ok(examination) => answered(url, examination, clock).await,
        // What the link itself shows has this finding too.
        Err(Unreachable::Link(_)) => unanswered(url, Vec::new(), clock),
        Err(unreachable) => unanswered(url, vec![unreachable.finding()], clock),
    }
}

async fn answered(url: &str, examination: Examination, clock: &Clock) -> Explanation {
    let Examination { status, headers, body, timings, findings, requested, received, .. } = examination;
    let (requested, received) = (HttpDate::from(requested), HttpDate::from(received));
    let findings = with_lint(url, findings, clock);
    let in_order = !findings.iter().any(Finding::refuses);
    let fetched = if status == StatusCode::OK { read(url, body).await } else { None };
    let exchange = Exchange { status, headers: &headers, requested, received, link: Link::Bare };
    Explanation {
        caches: verdicts(&exchange).into(),
        subject: Subject::Url {
            url: without_login(url, clock.now()),
            timings_ms: Some(Timings::of(&timings)),
        },
        status: Some(status.as_u16()),
        headers: Fields::of(&headers),
        findings,
        send_as: fetched.as_ref().map(|fetched| fetched.send_as(in_order)).unwrap_or_default(),
        content: fetched.map(|fetched| fetched.content),
    }
}

fn unanswered(url: &str, findings: Vec<Finding>, clock: &Clock) -> Explanation {
    Explanation {
        subject: Subject::Url { url: without_login(url, clock.now()), timings_ms: None },
        status: None,
        headers: Fields::of(&HeaderMap::new()),
        findings: with_lint(url, findings, clock),
        content: None,
        send_as: Vec::new(),
        caches: Vec::new(),
    }
}

/// What the fetch found and what the link itself shows, the worst first. Whether its host can be reached is left to the
/// fetch, so that a server can be tried before it is on the Internet.
fn with_lint(url: &str, mut findings: Vec<Finding>, clock: &Clock) -> Vec<Finding> {
    let of_link = link::lint(url, clock.now()).into_iter();
    findings.extend(of_link.filter(|finding| finding.code != link::UNREACHABLE));
    worst_first(&mut findings);
    findings
}

/// The link as it is shown: a name and a password before the host are nobody's business.
fn without_login(url: &str, now: SystemTime) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    // Where the host cannot be told, the password may have one of these characters.
    let is_readable = authority.contains('@') || link::examine(url, "", now).is_ok();
    let login = if is_readable { authority.rsplit_once('@') } else { rest.rsplit_once('@') };
    match login {
        Some((login, _)) => format!("{scheme}://…{}", rest.strip_prefix(login).unwrap_or_default()),
        None => url.to_owned(),
    }
}

impl Timings {
    fn of(timings: &examine::Timings) -> Self {
        let milliseconds = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self {
            connect: milliseconds(timings.lookup + timings.connect + timings.tls.unwrap_or_default()),
            first_byte: milliseconds(timings.first_byte),
            whole: milliseconds(timings.whole),
        }
    }
}

/// A body, and whether the link's name says the same of it.
struct Fetched {
    content: Described,
    agreement: Agreement,
}

impl Fetched {
    /// Of the beginning of a file nothing is known of the rest.
    fn send_as(&self, in_order: bool) -> Vec<SendAs> {
        let Described { content_type, bytes, facts, whole, .. } = &self.content;
        let name_says = self.agreement.name_says();
        let media = Media { content_type, length: *bytes, facts, name_says };
        if *whole { send_as(&media, in_order) } else { Vec::new() }
    }
}

/// What a body is, by its bytes and the name at the end of the link; `None` if it cannot be read back.
async fn read(url: &str, body: Body) -> Option<Fetched> {
    let media = media_type::settle(&body.format, &file_name(url));
    let content_type = field_text(&media.content_type);
    let whole = body.ending == Ending::Whole;
    let (file, length) = (body.file, body.length);
    let essence = content_type.clone();
    // A reader of files calls one that is cut off damaged.
    let facts = if whole {
        blocking(move || probe(BufReader::new(file), length, &essence)).await.ok()?
    } else {
        Facts::Other
    };
    let sha256 = whole.then(|| Sha256(body.sha256).to_string());
    let content = Described { content_type, bytes: length, whole, sha256, facts };
    Some(Fetched { content, agreement: media.agreement })
}

/// The last segment of the link's path, decoded.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let segment = path.rsplit('/').next().unwrap_or(path);
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use sha2::Digest;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    use crate::caching::verdict::Cache;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

    /// Explains a link to a server that answers each request with these fields and bytes, and closes. Its clock shows so
    /// many seconds after 1994 as requests have been answered, a hundred for each.
    async fn explained(path: &str, fields: &str, body: &[u8]) -> Explanation {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/{path}", listener.local_addr().unwrap());
        let answer = [format!("HTTP/1.1 200 OK\r\n{fields}\r\n").as_bytes(), body].concat();
        let seconds = Arc::new(AtomicU64::new(784_111_777));
        let later = Arc::clone(&seconds);
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _head = stream.read(&mut [0; 4096]).await;
                later.fetch_add(100, Ordering::Relaxed);
                let _sent = stream.write_all(&answer).await;
                let _closed = stream.shutdown().await;
            }
        });
        let clock =
            Clock::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::Relaxed)));
        explain_url(&url, &Limits { bytes: 1 << 16, ..Limits::default() }, &clock).await
    }

    fn png_fields(more: &str) -> String {
        format!("Content-Type: image/png\r\nContent-Length: {}\r\n{more}", PNG.len())
    }

    fn accepted(explained: &Explanation) -> Vec<&'static str> {
        explained.send_as.iter().filter(|one| one.accepted).map(|one| one.kind.as_str()).collect()
    }

    #[tokio::test]
    async fn a_file_is_described_and_can_be_sent() {
        let explained =
            explained("a.txt", "Content-Type: text/plain\r\nContent-Length: 5\r\n", b"words").await;
        let content = explained.content.as_ref().unwrap();
        assert_eq!((content.bytes, content.whole), (5, true));
        assert_eq!(
            content.sha256,
            Some(Sha256(<[u8; 32]>::from(sha2::Sha256::digest(b"words"))).to_string())
        );
        assert!(!explained.findings.iter().any(Finding::refuses), "{:?}", explained.findings);
        assert_eq!(accepted(&explained), ["document"]);
    }

    #[tokio::test]
    async fn what_is_refused_for_its_answer_can_be_sent_as_nothing() {
        let wrong = "Content-Type: application/pdf\r\nContent-Length: 5\r\n";
        let explained = explained("a.txt", wrong, b"words").await;
        assert!(explained.findings.iter().any(Finding::refuses), "{:?}", explained.findings);
        assert_eq!(accepted(&explained), [""; 0], "{:?}", explained.send_as);
        assert_eq!((explained.can_be_sent(), explained.send_as.len()), (false, 5));
    }

    #[tokio::test]
    async fn the_beginning_of_a_file_is_not_passed_off_as_the_file() {
        let lengths = [("Content-Length: 1000000\r\n", PNG), ("Content-Length: 1000\r\n", PNG)];
        for (length, body) in lengths {
            let explained = explained("a.png", &format!("Content-Type: image/png\r\n{length}"), body).await;
            let content = explained.content.as_ref().unwrap();
            assert_eq!((content.bytes, content.whole), (PNG.len() as u64, false), "{length}");
            assert_eq!((&content.sha256, &content.facts), (&None, &Facts::Other), "{length}");
            assert!(explained.send_as.is_empty() && !explained.can_be_sent(), "{length}");
        }
    }

    /// The 100 seconds between the request and its answer count (RFC 9111 §4.2.3), and those of later requests do not.
    #[tokio::test]
    async fn the_age_of_an_answer_does_not_grow_with_what_is_asked_afterwards() {
        let fields = png_fields("Cache-Control: max-age=1000\r\nAge: 7\r\n");
        let explained = explained("a.png", &fields, PNG).await;
        let shared = explained.caches.iter().find(|verdict| verdict.cache == Cache::Shared).unwrap();
        assert!(shared.because.ends_with("it was 1 min 47 s old when it came"), "{}", shared.because);
    }

    #[tokio::test]
    async fn a_link_that_is_none_says_what_to_write() {
        let clock = Clock::system();
        for (url, code, remedy) in [
            ("https://a.example.com/a b.jpg", "link-not-encoded", "`/a%20b.jpg`"),
            ("https://a.example.com/ü.jpg", "link-not-encoded", "`/%C3%BC.jpg`"),
            ("https://bücher.example.com/a.jpg", "link-host-not-ascii", "xn--"),
            ("a.jpg", "not-a-link", "https://"),
        ] {
            let explained = explain_url(url, &Limits::default(), &clock).await;
            assert_eq!((explained.status, explained.can_be_sent()), (None, false));
            let worst = explained.findings.first().unwrap();
            assert_eq!(worst.code, code, "{url}");
            assert!(worst.remedy.as_ref().is_some_and(|said| said.contains(remedy)), "{worst:?}");
            assert_eq!(explained.findings.iter().filter(|finding| finding.refuses()).count(), 1, "{url}");
        }
    }

    #[tokio::test]
    async fn a_password_is_never_repeated() {
        for (url, shown) in [
            ("https://me:secret@a.example.com/a.jpg", "https://…@a.example.com/a.jpg"),
            ("https://me:secret@a.example.com/a b.jpg", "https://…@a.example.com/a b.jpg"),
            ("https://me:sec/ret@a.example.com/", "https://…@a.example.com/"),
            ("https://a.example.com/@secret/a.jpg", "https://a.example.com/@secret/a.jpg"),
        ] {
            assert_eq!(without_login(url, SystemTime::UNIX_EPOCH), shown);
        }
        let explained =
            explain_url("https://me:secret@a.example.com/a.jpg", &Limits::default(), &Clock::system()).await;
        assert!(!serde_json::to_string(&explained).unwrap().contains("secret"));
        let refused = explained.findings.iter().filter(|finding| finding.refuses());
        assert_eq!(refused.map(|finding| finding.code).collect::<Vec<_>>(), ["link-user-info"]);
    }
}
