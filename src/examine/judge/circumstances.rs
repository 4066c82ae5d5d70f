//! What is not about the file: where the server is, how fast, what it says to caches and about the time.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::{DATE, ETAG, LAST_MODIFIED, SET_COOKIE};

use super::super::unreachable::{HAVE_IT_READY, SLOW_ORIGIN};
use super::Observed;
use crate::caching::received::Received;
use crate::semantics::{EntityTag, HttpDate, field_text};
use crate::whatsapp::link::is_public;
use crate::whatsapp::{Finding, Severity};

/// Clocks further apart than this are not explained by the way between.
const SKEW: Duration = Duration::from_mins(1);

pub(super) fn findings(observed: &Observed<'_>) -> Vec<Finding> {
    let found = [
        private_host(observed),
        slow(observed),
        certificate(observed),
        validators(observed),
        vary(observed),
        cookie(observed),
        skew(observed),
    ];
    found.into_iter().flatten().collect()
}

fn private_host(observed: &Observed<'_>) -> Option<Finding> {
    let address = observed.first.opened.remote.ip();
    (!is_public(address)).then(|| {
        let detail = format!("{address}, which answered, can be reached from this network only");
        Finding::new(Severity::Note, "not-public", detail, "RFC 6890")
            .remedy("send a link with a public host name; examine that one too, from outside this network")
    })
}

/// Half of what is allowed: a first send may fail where a later one works. With the default limits that is 5 s.
fn slow(observed: &Observed<'_>) -> Option<Finding> {
    let took = observed.first.first_byte;
    (took > observed.limits.first_byte / 2).then(|| {
        let detail = format!("the answer began only after {:.1} s", took.as_secs_f64());
        Finding::new(Severity::Warn, "slow-first-byte", detail, SLOW_ORIGIN).remedy(HAVE_IT_READY)
    })
}

fn certificate(observed: &Observed<'_>) -> Option<Finding> {
    observed.first.opened.certificate_expires_soon.then(|| {
        let detail = "the server's certificate expires within two days: it was not renewed in time";
        Finding::new(Severity::Warn, "certificate-expires-soon", detail, "RFC 9110 §4.3.4")
            .remedy("renew it now (`certbot renew`), and find out why that did not happen by itself")
    })
}

fn validators(observed: &Observed<'_>) -> Option<Finding> {
    let headers = observed.headers();
    if let Some(tag) = headers.get(ETAG) {
        return EntityTag::parse(tag.as_bytes()).is_none().then(|| {
            let detail = format!("`ETag: {}` is no entity tag", field_text(tag));
            Finding::new(Severity::Note, "malformed-etag", detail, "RFC 9110 §8.8.3")
                .remedy("write it between double quotes")
        });
    }
    let none = !headers.contains_key(LAST_MODIFIED) && observed.first.response.status() == StatusCode::OK;
    none.then(|| {
        let detail = "the answer has neither ETag nor Last-Modified: a cache can only fetch all of it again";
        Finding::new(Severity::Note, "missing-validators", detail, "RFC 9110 §8.8")
            .remedy("send an ETag that changes with the bytes")
    })
}

fn vary(observed: &Observed<'_>) -> Option<Finding> {
    let first = observed.first;
    let (requested, received) = (HttpDate::from(first.requested), HttpDate::from(first.received));
    let read = Received::read(first.response.status(), observed.headers(), requested, received);
    read.varies_on_everything.then(|| {
        let detail = "a `*` in Vary forbids every cache to use the answer twice";
        Finding::new(Severity::Note, "vary-star", detail, "RFC 9111 §4.1").remedy("send no Vary with media")
    })
}

fn cookie(observed: &Observed<'_>) -> Option<Finding> {
    observed.headers().contains_key(SET_COOKIE).then(|| {
        let detail = "the answer sets a cookie, as an application does and a file does not";
        Finding::new(Severity::Note, "set-cookie", detail, "RFC 9111 §7.3").remedy(
            "serve media without sessions: shared caches may pass the cookie on, or refuse to store the file",
        )
    })
}

fn skew(observed: &Observed<'_>) -> Option<Finding> {
    let date = httpdate::parse_http_date(observed.headers().get(DATE)?.to_str().ok()?).ok()?;
    let apart = distance(date, observed.first.received);
    (apart > SKEW).then(|| {
        let detail = format!("the server's Date is {} s away from the time here", apart.as_secs());
        Finding::new(Severity::Note, "clock-skew", detail, "RFC 9110 §6.6.1")
            .remedy("let both machines follow a time server: `timedatectl set-ntp true`")
    })
}

fn distance(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|later| later.duration())
}
