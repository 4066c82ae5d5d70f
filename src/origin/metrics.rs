//! What is counted of requests, in the text format of Prometheus.
//!
//! What every request counts was looked up when the [`super::Origin`] was made: to count is an addition.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::abort::Abort;
use crate::metrics::Histogram;
use crate::metrics::process::Process;
use crate::signing::Fault;
use crate::store::Tier;

/// What is counted, and where it is shown. It outlives a configuration that is read again.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    traffic: Arc<Traffic>,
    messages: Family<Composed, Counter>,
}

/// What is counted of all requests together.
#[derive(Debug)]
pub struct Traffic {
    requests: Family<Answered, Counter>,
    sent_bytes: Family<Ruled, Counter>,
    answers: [Counter; TIERS.len()],
    first_byte: [Histogram; TIERS.len()],
    duration: Histogram,
    aborted: [Counter; Abort::ALL.len()],
    pin_mismatches: Counter,
    signature_failures: [Counter; Fault::ALL.len()],
}

/// What is counted of the requests that one rule governs, or none.
#[derive(Debug)]
pub struct RuleMetrics {
    rule: Box<str>,
    answered: [OnceLock<Counter>; STATUSES.len()],
    sent_bytes: Counter,
    traffic: Arc<Traffic>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    rule: String,
    outcome: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Ruled {
    rule: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Tiered {
    tier: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Composed {
    outcome: &'static str,
}

/// The statuses that are counted without a look-up.
const STATUSES: [u16; 20] =
    [200, 206, 304, 204, 400, 403, 404, 405, 412, 414, 416, 421, 429, 431, 500, 501, 502, 503, 504, 505];

/// So many of them, from the first on, are shown for every rule from the start: an alert needs to see the first one.
const SHOWN: usize = 3;

/// Where the bytes of an answer may come from; the last is of those that carry none.
const TIERS: [Option<Tier>; 4] = [Some(Tier::Memory), Some(Tier::Disk), Some(Tier::Bucket), None];

/// From a body in memory, on loopback, to a bucket that is slower than anybody waits for.
const FIRST_BYTE: [Duration; 16] = [
    Duration::from_micros(100),
    Duration::from_micros(250),
    Duration::from_micros(500),
    Duration::from_millis(1),
    Duration::from_micros(2500),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(25),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_millis(2500),
    Duration::from_secs(5),
    Duration::from_secs(10),
];

/// From a picture to a machine next door, to a document of 100 MB to a telephone.
const DURATION: [Duration; 15] = [
    Duration::from_millis(1),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(25),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_millis(2500),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(5),
];

impl Metrics {
    /// All at zero, with what `register` adds to them, under names that begin with `media_origin_`.
    #[must_use]
    pub fn new(register: impl FnOnce(&mut Registry)) -> Self {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Process));
        let ours = registry.sub_registry_with_prefix("media_origin");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        ours.register("build", "The program", version);
        let traffic = Arc::new(Traffic::shown_in(ours));
        let messages = Family::<Composed, Counter>::default();
        ours.register("messages", "Messages asked for, by outcome", messages.clone());
        register(ours);
        let metrics = Self { registry, traffic, messages };
        for built in [true, false] {
            drop(metrics.messages.get_or_create(&Composed::of(built)));
        }
        metrics
    }

    /// What is counted of the requests that the rule with this pattern governs; `""` is for those that none does. It is
    /// the same whoever asks, so that counts go on when the configuration is read again.
    #[must_use]
    pub fn of_rule(&self, pattern: &str) -> RuleMetrics {
        let metrics = RuleMetrics {
            rule: pattern.into(),
            answered: [const { OnceLock::new() }; STATUSES.len()],
            sent_bytes: self.traffic.sent_bytes.get_or_create_owned(&Ruled { rule: pattern.to_owned() }),
            traffic: Arc::clone(&self.traffic),
        };
        for (status, counter) in STATUSES.into_iter().zip(&metrics.answered).take(SHOWN) {
            let _first = counter.set(metrics.counter(status));
        }
        metrics
    }

    /// Counts a message that was built, or refused.
    pub fn composed(&self, built: bool) {
        self.messages.get_or_create(&Composed::of(built)).inc();
    }

    /// All of them, in the format of OpenMetrics.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _written = encode(&mut text, &self.registry);
        text
    }
}

impl Composed {
    fn of(built: bool) -> Self {
        Self { outcome: if built { "built" } else { "refused" } }
    }
}

impl Traffic {
    fn shown_in(registry: &mut Registry) -> Self {
        let (requests, sent_bytes) = (Family::default(), Family::default());
        registry.register(
            "requests",
            "Requests answered, by rule, outcome and status",
            Family::clone(&requests),
        );
        let help = "Bytes of bodies handed to connections, by rule";
        registry.register("sent_bytes", help, Family::clone(&sent_bytes));
        let answers = Family::<Tiered, Counter>::default();
        let help = "Answers, by the farthest place that their bytes came from; none where they carry none of an asset";
        registry.register("answers", help, answers.clone());
        let first_byte = Family::<Tiered, Histogram, _>::new_with_constructor(|| Histogram::new(&FIRST_BYTE));
        let help = "From a request to the first byte of its answer's body, by where that came from";
        registry.register("first_byte_seconds", help, first_byte.clone());
        let duration = Histogram::new(&DURATION);
        registry.register(
            "request_duration_seconds",
            "From a request to the end of its answer",
            duration.clone(),
        );
        let aborted = Family::<Reason, Counter>::default();
        registry.register(
            "aborted_bodies",
            "Answers that did not come to their end, by reason",
            aborted.clone(),
        );
        let pin_mismatches = Counter::default();
        let help = "Requests whose pin names another version";
        registry.register("pin_mismatches", help, pin_mismatches.clone());
        let signature_failures = Family::<Reason, Counter>::default();
        let help = "Requests whose link gives no access, by what is wrong with its signature";
        registry.register("signature_failures", help, signature_failures.clone());
        let failed =
            |fault: Fault| signature_failures.get_or_create_owned(&Reason { reason: fault.as_str() });
        let tiered = |tier: Option<Tier>| Tiered { tier: tier.map_or("none", Tier::as_str) };
        Self {
            requests,
            sent_bytes,
            answers: TIERS.map(|tier| answers.get_or_create_owned(&tiered(tier))),
            first_byte: TIERS.map(|tier| first_byte.get_or_create_owned(&tiered(tier))),
            duration,
            aborted: Abort::ALL.map(|why| aborted.get_or_create_owned(&Reason { reason: why.as_str() })),
            pin_mismatches,
            signature_failures: Fault::ALL.map(failed),
        }
    }
}

impl RuleMetrics {
    /// The pattern of the rule, or nothing.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.rule
    }

    /// Counts an answer whose bytes come from `tier`.
    pub fn answered(&self, status: StatusCode, tier: Option<Tier>) {
        let status = status.as_u16();
        match STATUSES.iter().zip(&self.answered).find(|(known, _)| **known == status) {
            Some((_, counter)) => _ = counter.get_or_init(|| self.counter(status)).inc(),
            None => _ = self.counter(status).inc(),
        }
        if let Some(answers) = self.traffic.answers.get(place(tier)) {
            answers.inc();
        }
    }

    /// Counts a pin that names another version, or none.
    pub fn pin_mismatched(&self) {
        self.traffic.pin_mismatches.inc();
    }

    /// Counts a request whose link gives no access.
    pub fn forbidden(&self, fault: Fault) {
        if let Some(failures) = self.traffic.signature_failures.get(fault as usize) {
            failures.inc();
        }
    }

    /// Counts bytes of a body.
    pub fn sent(&self, bytes: u64) {
        self.sent_bytes.inc_by(bytes);
    }

    /// Counts how long the first byte of a body took.
    pub fn began(&self, tier: Option<Tier>, first_byte: Duration) {
        if let Some(histogram) = self.traffic.first_byte.get(place(tier)) {
            histogram.observe(first_byte);
        }
    }

    /// Counts how long an answer took, and why it did not come to its end, if so.
    pub fn ended(&self, duration: Duration, aborted: Option<Abort>) {
        self.traffic.duration.observe(duration);
        if let Some(counter) = aborted.and_then(|why| self.traffic.aborted.get(why as usize)) {
            counter.inc();
        }
    }

    fn counter(&self, status: u16) -> Counter {
        let answered = Answered { rule: self.rule.to_string(), outcome: outcome(status), status };
        self.traffic.requests.get_or_create_owned(&answered)
    }
}

/// The place of a tier in [`TIERS`].
fn place(tier: Option<Tier>) -> usize {
    tier.map_or(TIERS.len() - 1, |tier| tier as usize)
}

/// What a status says of the request.
fn outcome(status: u16) -> &'static str {
    match status {
        200 => "full",
        204 => "options",
        206 => "partial",
        304 => "not_modified",
        412 => "precondition_failed",
        416 => "range_not_satisfiable",
        500.. => "failed",
        _ => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_and_reasons_stand_at_their_places() {
        assert!(TIERS.iter().enumerate().all(|(at, tier)| place(*tier) == at));
        assert!(Abort::ALL.into_iter().enumerate().all(|(at, why)| why as usize == at));
        assert!(Fault::ALL.into_iter().enumerate().all(|(at, fault)| fault as usize == at));
        assert!(FIRST_BYTE.is_sorted() && DURATION.is_sorted());
    }

    #[test]
    fn counts_go_on_when_a_rule_is_made_again() {
        let metrics = Metrics::new(|_| ());
        for _ in 0..2 {
            let rule = metrics.of_rule("a/**");
            rule.answered(StatusCode::OK, Some(Tier::Disk));
            rule.answered(StatusCode::IM_A_TEAPOT, None);
            rule.sent(10);
        }
        let text = metrics.text();
        for line in [
            r#"media_origin_requests_total{rule="a/**",outcome="full",status="200"} 2"#,
            r#"media_origin_requests_total{rule="a/**",outcome="not_modified",status="304"} 0"#,
            r#"media_origin_requests_total{rule="a/**",outcome="refused",status="418"} 2"#,
            r#"media_origin_answers_total{tier="disk"} 2"#,
            r#"media_origin_answers_total{tier="none"} 2"#,
            r#"media_origin_sent_bytes_total{rule="a/**"} 20"#,
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line} is not in\n{text}");
        }
    }
}
