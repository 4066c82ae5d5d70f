//! Links examined over real connections of loopback: to a server that answers exact bytes, to one with certificates
//! that are wrong in one way each, and to our own.

#![expect(unreachable_pub, reason = "one crate: what its servers offer is public in it")]
#![expect(clippy::disallowed_methods, reason = "the harness of the server waits by the clock")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod answers;
#[expect(dead_code, reason = "what spoils a bucket's answers is for the tests of buckets")]
#[path = "../buckets/mod.rs"]
mod buckets;
mod lengths;
mod ours;
mod repeats;
mod scripted;
mod tls;
mod unreachable;

use std::time::Duration;

use media_origin::clock::Clock;
use media_origin::examine::{Examination, Limits, Trust, Unreachable, examine, examine_trusting};
use media_origin::whatsapp::{Finding, Severity};

/// Limits that a test can wait for.
const BRISK: Limits = Limits {
    connect: Duration::from_secs(5),
    first_byte: Duration::from_millis(800),
    whole: Duration::from_millis(2500),
    again: Duration::from_secs(1),
    all: Duration::from_secs(10),
    bytes: 1 << 20,
};

/// Examines a link that answers.
async fn examined(url: &str) -> Examination {
    examine(url, &BRISK, &Clock::system()).await.unwrap_or_else(|why| panic!("{url}: {why}"))
}

/// Examines a link that does not.
async fn not_examined(url: &str) -> Unreachable {
    examine(url, &BRISK, &Clock::system()).await.expect_err(url)
}

/// What was found, apart from the note that every server of these tests is on loopback.
fn codes(examination: &Examination) -> Vec<(&'static str, Severity)> {
    let findings = examination.findings.iter().filter(|finding| finding.code != "not-public");
    findings.map(|finding| (finding.code, finding.severity)).collect()
}

/// The finding of that name.
fn finding<'a>(examination: &'a Examination, code: &str) -> &'a Finding {
    let found = examination.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("no {code} in {:?}", examination.findings))
}

/// What a server answers.
type Script = fn(&scripted::Request) -> scripted::Reply;

/// A row of a table: a finding that a change to the honest server leads to.
type Row = (&'static str, Severity, Script);

/// Each change leads to exactly that finding, which is complete.
async fn each_is_found(rows: &[Row]) {
    for &(code, severity, reply) in rows {
        let server = scripted::Server::start(reply).await;
        let examination = examined(&server.link()).await;
        assert_eq!(codes(&examination), [(code, severity)], "{:?}", examination.findings);
        is_complete(finding(&examination, code));
    }
}

/// A finding says what to do, and each part of it is there.
fn is_complete(finding: &Finding) {
    assert!(!finding.detail.is_empty() && !finding.detail.ends_with('.'), "{finding:?}");
    assert!(finding.remedy.as_ref().is_some_and(|remedy| !remedy.ends_with('.')), "{finding:?}");
    assert!(!finding.source.is_empty(), "{finding:?}");
}

#[test]
fn an_examination_can_move_between_threads() {
    fn is_send(_: &impl Send) {}
    let (limits, clock) = (Limits::default(), Clock::system());
    is_send(&examine("http://localhost/", &limits, &clock));
    is_send(&examine_trusting(&Trust::public_web(), "http://localhost/", &limits, &clock));
}
