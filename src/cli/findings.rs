//! Findings as a person reads them.

use super::printable;
use crate::whatsapp::{Finding, Severity};

/// What a compiler would call it.
pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Refuse => "error",
        Severity::Warn => "warning",
        Severity::Note => "note",
    }
}

/// A finding about the value or the thing that `place` names, with its remedy on a line of its own.
pub(super) fn finding_lines(place: &str, finding: &Finding) -> String {
    let word = word(finding.severity);
    let place = if place.is_empty() { String::new() } else { format!("{}: ", printable(place)) };
    let help = finding.remedy.iter().map(|remedy| format!("\n  help: {}", printable(remedy)));
    format!("{word}: {place}{}{}", printable(&finding.detail), help.collect::<String>())
}
