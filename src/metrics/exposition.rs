//! The two text formats that metrics are read in.
//!
//! Prometheus asks for OpenMetrics 1.0.0. Whoever asks for nothing gets the older format 0.0.4, which every tool reads:
//! `promtool`, agents of other systems, people with curl.

use std::collections::HashMap;
use std::fmt::Write as _;

/// A format of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposition {
    /// OpenMetrics 1.0.0.
    OpenMetrics,
    /// Prometheus's own, 0.0.4.
    Classic,
}

impl Exposition {
    /// The format to answer with, by the `Accept` field of the request.
    #[must_use]
    pub fn wanted(accept: Option<&str>) -> Self {
        let accepts = |range: &str| range.trim_start().starts_with("application/openmetrics-text");
        let wanted = accept.is_some_and(|accept| accept.split(',').any(accepts));
        if wanted { Self::OpenMetrics } else { Self::Classic }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Classic => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// Metrics in this format, from those in OpenMetrics.
    #[must_use]
    pub fn of(self, open_metrics: String) -> String {
        match self {
            Self::OpenMetrics => open_metrics,
            Self::Classic => classic(&open_metrics),
        }
    }
}

/// OpenMetrics names a counter without its `_total`, an info without its `_info`, and ends with a mark; the older format
/// knows neither infos nor units.
fn classic(open_metrics: &str) -> String {
    let kinds: HashMap<_, _> =
        open_metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
    let mut text = String::with_capacity(open_metrics.len() + 1024);
    for line in open_metrics.lines() {
        let Some(comment) = line.strip_prefix("# ") else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        let mut words = comment.splitn(3, ' ');
        let (Some(keyword @ ("HELP" | "TYPE")), Some(name), Some(rest)) =
            (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let suffix = match kinds.get(name) {
            Some(&"counter") => "_total",
            Some(&"info") => "_info",
            _ => "",
        };
        let rest = if (keyword, rest) == ("TYPE", "info") { "gauge" } else { rest };
        // Writing to a string cannot fail.
        let _written = writeln!(text, "# {keyword} {name}{suffix} {rest}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_format_says_the_same() {
        let open_metrics = "# HELP a_requests Requests.\n# TYPE a_requests counter\na_requests_total{b=\"# c\"} 1\n\
            # HELP a_build Build.\n# TYPE a_build info\na_build_info{version=\"1\"} 1\n\
            # HELP a_seconds Took.\n# TYPE a_seconds histogram\n# UNIT a_seconds seconds\na_seconds_count 1\n# EOF\n";
        let classic = "# HELP a_requests_total Requests.\n# TYPE a_requests_total counter\na_requests_total{b=\"# c\"} 1\n\
            # HELP a_build_info Build.\n# TYPE a_build_info gauge\na_build_info{version=\"1\"} 1\n\
            # HELP a_seconds Took.\n# TYPE a_seconds histogram\na_seconds_count 1\n";
        assert_eq!(Exposition::Classic.of(open_metrics.to_owned()), classic);
        assert_eq!(Exposition::OpenMetrics.of(open_metrics.to_owned()), open_metrics);
    }

    #[test]
    fn who_asks_for_open_metrics_gets_it() {
        let prometheus =
            "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        for (accept, wanted) in [
            (Some(prometheus), Exposition::OpenMetrics),
            (Some("text/plain, application/openmetrics-text; version=1.0.0"), Exposition::OpenMetrics),
            (Some("text/plain;version=0.0.4"), Exposition::Classic),
            (Some("*/*"), Exposition::Classic),
            (None, Exposition::Classic),
        ] {
            assert_eq!(Exposition::wanted(accept), wanted, "{accept:?}");
        }
    }
}
