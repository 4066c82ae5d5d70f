//! The line that the log gets of each request, written when its answer has ended, one way or the other.

use std::sync::Arc;

use http::{Method, StatusCode};
use tokio::time::Instant;

use super::{Metrics, Pin};
use crate::peer::Peer;
use crate::signing::Fault;
use crate::store::CacheStatus;

/// What is known of a request and its answer; writes the line when it is dropped, which is when the last byte was
/// handed over, or when the client left. The query and the fields are left out: they may carry secrets.
#[derive(Debug)]
pub struct Record {
    metrics: Arc<Metrics>,
    peer: Peer,
    begun: Instant,
    method: String,
    path: String,
    rule: Option<String>,
    pin: Pin,
    cache: Option<CacheStatus>,
    signature: Option<Fault>,
    /// `None` until there is an answer.
    status: Option<StatusCode>,
    /// How many bytes the body has, and how many of them were handed over.
    length: u64,
    sent: u64,
    failure: Option<String>,
}

/// What was found for a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found<'a> {
    /// The pattern of the rule that governs the asset.
    pub rule: Option<&'a str>,
    /// What the link says of its version.
    pub pin: Pin,
    /// How it was come by, where it is of a bucket.
    pub cache: Option<CacheStatus>,
    /// Why the link gives no access to it, if it gives none.
    pub signature: Option<Fault>,
}

/// At most so many characters of a method or a path are logged.
const LONGEST: usize = 1000;

impl Record {
    /// A request that has just come in.
    #[must_use]
    pub fn begin(metrics: Arc<Metrics>, peer: Peer, method: &Method, path: &str) -> Self {
        Self {
            metrics,
            peer,
            begun: Instant::now(),
            method: method.as_str().chars().take(LONGEST).collect(),
            path: path.chars().take(LONGEST).collect(),
            rule: None,
            pin: Pin::Absent,
            cache: None,
            signature: None,
            status: None,
            length: 0,
            sent: 0,
            failure: None,
        }
    }

    /// Notes what was found.
    pub fn find(&mut self, found: &Found<'_>) {
        if self.rule.as_deref() != found.rule {
            self.rule = found.rule.map(str::to_owned);
        }
        self.pin = found.pin;
        self.cache = found.cache;
        self.signature = found.signature;
    }

    /// Notes the answer: its status, and how many bytes its body has.
    pub fn answer(&mut self, status: StatusCode, length: u64) {
        self.status = Some(status);
        self.length = length;
        self.metrics.answered(status);
        if matches!(self.pin, Pin::Differs | Pin::Malformed) {
            self.metrics.pin_mismatches.inc();
        }
        self.signature.inspect(|fault| self.metrics.forbidden(*fault));
    }

    /// Notes that so many more bytes of the body were handed over.
    pub fn send(&mut self, bytes: usize) {
        self.sent += bytes as u64;
        self.metrics.sent_bytes.inc_by(bytes as u64);
    }

    /// Notes why the body has to be cut short.
    pub fn fail(&mut self, why: String) {
        self.failure = Some(why);
    }

    /// Why the answer is not whole, if it is not.
    fn cut(&self) -> Option<&str> {
        match &self.failure {
            Some(why) => Some(why),
            None if self.status.is_none() => Some("the connection ended before the answer"),
            None if self.sent < self.length => Some("the connection ended"),
            None => None,
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let cut = self.cut();
        if cut.is_some() {
            self.metrics.cut_bodies.inc();
        }
        let duration_ms = self.begun.elapsed().as_secs_f64() * 1e3;
        tracing::info!(
            target: "media_origin::access",
            status = self.status.map(|status| status.as_u16()),
            sent_bytes = self.sent,
            duration_ms = format_args!("{duration_ms:.3}"),
            rule = self.rule,
            pin = self.pin.as_str(),
            cache = self.cache.map(CacheStatus::as_str),
            signature = self.signature.map(Fault::as_str),
            peer = %self.peer,
            cut,
            "{} {}",
            self.method,
            self.path,
        );
    }
}
