//! Who is told of requests: the counters of each rule, and the log.

use std::sync::Arc;

use super::Metrics;
use super::metrics::RuleMetrics;
use crate::caching::rules::Rules;
use crate::log::AccessLog;

/// Who is told of the requests of one [`super::Origin`].
#[derive(Debug)]
pub struct Watch {
    metrics: Arc<Metrics>,
    /// In the order of the rules.
    rules: Vec<RuleMetrics>,
    /// Of what no rule governs.
    unruled: RuleMetrics,
    log: AccessLog,
}

impl Watch {
    /// The counters of these rules in `metrics`, and `log`.
    #[must_use]
    pub fn new(rules: &Rules, metrics: Arc<Metrics>, log: AccessLog) -> Self {
        let rules = rules.iter().map(|rule| metrics.of_rule(rule.pattern())).collect();
        Self { rules, unruled: metrics.of_rule(""), metrics, log }
    }

    /// Everything that is counted.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &AccessLog {
        &self.log
    }

    /// The counters of the rule at that index, or of what no rule governs.
    pub(super) fn rule(&self, index: Option<usize>) -> &RuleMetrics {
        index.and_then(|index| self.rules.get(index)).unwrap_or(&self.unruled)
    }
}
