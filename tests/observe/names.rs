//! The documentation, the dashboard and the alerts speak of the metrics that there are, and of no others.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::scrape::{Names, names, of_a_bucket, of_a_directory, with_a_certificate};

const DOCUMENTED: &str = include_str!("../../docs/observability.md");
const DASHBOARD: &str = include_str!("../../packaging/grafana/media-origin.json");
const ALERTS: &str = include_str!("../../packaging/prometheus/alerts.yml");

/// Every metric that a server can show.
fn shown() -> Names {
    let mut all = Names::new();
    for scrape in [of_a_directory(), of_a_bucket(), with_a_certificate()] {
        for (name, labels) in names(&scrape) {
            all.entry(name).or_default().extend(labels);
        }
    }
    all
}

/// The rows of the documentation's tables: a name, and labels.
fn documented() -> Names {
    let rows = DOCUMENTED.lines().filter_map(|line| line.strip_prefix("| `"));
    let row = |row: &str| {
        let (name, rest) = row.split_once("` |").unwrap_or_else(|| panic!("{row}"));
        let labels = rest.split('|').next().unwrap_or_default();
        let labels = labels.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (name.to_owned(), labels)
    };
    rows.map(row).filter(|(name, _)| is_ours(name)).collect()
}

fn is_ours(name: &str) -> bool {
    name.starts_with("media_origin_") || name.starts_with("process_")
}

/// The metrics that a text speaks of, be it of their samples.
fn spoken_of(text: &str, shown: &Names) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    let base = |word: &str| {
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| word.strip_suffix(suffix));
        base.filter(|base| shown.contains_key(*base)).unwrap_or(word).to_owned()
    };
    words.filter(|word| is_ours(word)).map(base).collect()
}

#[test]
fn the_documentation_lists_every_metric_with_its_labels_and_no_other() {
    assert_eq!(documented(), shown());
}

#[test]
fn the_dashboard_and_the_alerts_know_only_metrics_that_there_are() {
    let shown = shown();
    for (file, text) in [("dashboard", DASHBOARD), ("alerts", ALERTS)] {
        let spoken_of = spoken_of(text, &shown);
        assert!(spoken_of.len() > 10, "{file}: {spoken_of:?}");
        let unknown: Vec<_> = spoken_of.iter().filter(|name| !shown.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
}

#[test]
fn every_panel_is_described_here_and_there() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let panels: Vec<_> = panels.iter().filter(|panel| panel["type"] != "row").collect();
    assert!(panels.len() >= 18, "{}", panels.len());
    for panel in panels {
        let title = panel["title"].as_str().unwrap();
        assert!(panel["description"].as_str().is_some_and(|text| text.len() > 30), "{title}");
        assert!(DOCUMENTED.contains(&format!("\n- **{title}**: ")), "{title}");
        for target in panel["targets"].as_array().unwrap() {
            assert!(target["expr"].as_str().is_some_and(|expr| !expr.is_empty()), "{title}");
        }
    }
}

#[test]
fn every_alert_is_described() {
    let alerts = ALERTS.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
    let alerts: Vec<_> = alerts.collect();
    assert!(alerts.len() >= 12, "{alerts:?}");
    for alert in alerts {
        assert!(DOCUMENTED.contains(&format!("\n- **{alert}**: ")), "{alert}");
    }
}
