//! What is counted and logged of each request, told when its answer has ended, one way or the other.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::{REFERER, USER_AGENT};
use http::request::Parts;
use tokio::time::Instant;

use super::abort::Abort;
use super::metrics::RuleMetrics;
use super::watch::Watch;
use super::{Client, Pin};
use crate::log::{Exchange, RequestId, TraceContext};
use crate::malformed::Malformed;
use crate::signing::Fault;
use crate::store::{CacheStatus, Tier};

/// What is known of a request and its answer; tells it when it is dropped, which is when the last byte was handed over,
/// or when the client left.
#[derive(Debug)]
pub struct Record {
    watch: Arc<Watch>,
    begun: Instant,
    /// What is for the log alone, if there is one.
    asked: Option<Asked>,
    found: Found,
    /// `None` until there is an answer.
    status: Option<StatusCode>,
    first_byte: Option<Duration>,
    /// How many bytes the body has, and how many of them were handed over.
    length: u64,
    sent: u64,
    failure: Option<(Abort, String)>,
}

/// What was asked, by whom.
#[derive(Debug)]
struct Asked {
    begun: SystemTime,
    client: Client,
    request: Arc<Parts>,
}

/// What was found for a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// The index of the rule that governs the asset.
    pub rule: Option<usize>,
    /// What the link says of its version.
    pub pin: Pin,
    /// How it was come by, where it is of a bucket.
    pub cache: Option<CacheStatus>,
    /// Why the link gives no access to it, if it gives none.
    pub signature: Option<Fault>,
    /// Where its bytes come from.
    pub tier: Option<Tier>,
}

impl Record {
    /// A request that has just come in, at `now`. Who sent it is asked if there is a log to tell.
    #[must_use]
    pub fn begin(
        watch: Arc<Watch>,
        request: &Arc<Parts>,
        client: impl FnOnce() -> Client,
        now: SystemTime,
    ) -> Box<Self> {
        let is_told = watch.log().is_on();
        let asked = is_told.then(|| Asked { begun: now, client: client(), request: Arc::clone(request) });
        Box::new(Self {
            watch,
            begun: Instant::now(),
            asked,
            found: Found::default(),
            status: None,
            first_byte: None,
            length: 0,
            sent: 0,
            failure: None,
        })
    }

    /// Notes what was found.
    pub fn find(&mut self, found: Found) {
        self.found = found;
    }

    /// Notes the answer: its status, and how many bytes its body has.
    pub fn answer(&mut self, status: StatusCode, length: u64) {
        let of_asset = matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT) && length > 0;
        self.found.tier = self.found.tier.filter(|_| of_asset);
        self.status = Some(status);
        self.length = length;
        if length == 0 {
            self.begin_body();
        }
        let rule = self.rule();
        rule.answered(status, self.found.tier);
        if matches!(self.found.pin, Pin::Differs | Pin::Malformed) {
            rule.pin_mismatched();
        }
        if let Some(fault) = self.found.signature {
            rule.forbidden(fault);
        }
    }

    /// Notes that so many more bytes of the body were handed over.
    pub fn send(&mut self, bytes: usize) {
        if self.sent == 0 {
            self.begin_body();
        }
        self.sent += bytes as u64;
        self.rule().sent(bytes as u64);
    }

    /// Notes why the body has to be cut short.
    pub fn fail(&mut self, why: &io::Error) {
        self.failure = Some((Abort::from(why), why.to_string()));
    }

    fn begin_body(&mut self) {
        let took = self.begun.elapsed();
        self.first_byte = Some(took);
        self.rule().began(self.found.tier, took);
    }

    fn rule(&self) -> &RuleMetrics {
        self.watch.rule(self.found.rule)
    }

    /// Why the answer is not whole, if it is not.
    fn cut(&self) -> Option<(Abort, &str)> {
        match &self.failure {
            Some((reason, why)) => Some((*reason, why)),
            None if self.status.is_none() => {
                Some((Abort::Unanswered, "the connection ended before the answer"))
            }
            None if self.sent < self.length => Some((Abort::Connection, "the connection ended")),
            None => None,
        }
    }

    /// Has the log told.
    fn tell(&self, asked: &Asked, duration: Duration) {
        let Asked { begun, client, request } = asked;
        let headers = &request.headers;
        let is_malformed = request.extensions.get::<Malformed>().is_some();
        let shown = |text| if is_malformed { "-" } else { text };
        self.watch.log().tell(&Exchange {
            begun: *begun,
            duration,
            first_byte: self.first_byte,
            peer: client.peer,
            client: client.forwarded_for(),
            method: shown(request.method.as_str()),
            path: shown(request.uri.path()),
            version: request.version,
            status: self.status,
            sent_bytes: self.sent,
            rule: self.rule().pattern(),
            pin: self.found.pin.as_str(),
            cache: self.found.cache.map(CacheStatus::as_str),
            tier: self.found.tier.map(Tier::as_str),
            signature: self.found.signature.map(Fault::as_str),
            cut: self.cut().map(|(_, why)| why),
            request_id: &RequestId::of(headers),
            trace: TraceContext::of(headers),
            span: None,
            user_agent: headers.get(USER_AGENT),
            referer: headers.get(REFERER),
        });
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let duration = self.begun.elapsed();
        self.rule().ended(duration, self.cut().map(|(reason, _)| reason));
        if let Some(asked) = &self.asked {
            self.tell(asked, duration);
        }
    }
}
