//! What is found about a message, a link, or the bytes behind it: one shape for all of them.
//!
//! A finding is what a person reads, so it says what is wrong and what to do; and what a program goes by, so it has a
//! code that does not change.

use std::cmp::Reverse;

use serde::Serialize;
use utoipa::ToSchema;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// Its name, in kebab case: `jpeg-cmyk`. It stays the same when the sentences are improved.
    pub code: &'static str,
    /// What follows from it.
    pub severity: Severity,
    /// What is so: a sentence, without a full stop at its end.
    pub detail: String,
    /// What to do about it: a sentence or a command, where there is anything to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Where the rule stands: the vendor's page, the RFC's section, or the report in which the failure was seen.
    pub source: &'static str,
}

/// What follows from a finding, the lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; the message will arrive.
    Note,
    /// The message may fail, or not look as meant.
    Warn,
    /// The message would fail, so it is refused now.
    Refuse,
}

impl Finding {
    /// A finding without a remedy.
    #[must_use]
    pub fn new(
        severity: Severity,
        code: &'static str,
        detail: impl Into<String>,
        source: &'static str,
    ) -> Self {
        Self { code, severity, detail: detail.into(), remedy: None, source }
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    /// Whether the message must not be sent like this.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.severity == Severity::Refuse
    }
}

/// Puts the worst first, and leaves those of one severity in their order.
pub fn worst_first(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| Reverse(finding.severity));
}
