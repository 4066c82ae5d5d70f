//! What is counted, and how it is handed out.

use std::io::Write;

use crate::scrape::{body, eventually};
use crate::server::{Log, Server, get};

const RULE: &str = "[[rule]]\npath = \"*.txt\"\ncache-control = \"no-cache\"\n";

fn server(toml: &str) -> Server {
    Server::start(toml, |root| std::fs::write(root.join("a.txt"), "hello").unwrap())
}

/// Waits until the scrape has these lines.
fn expect_counted(server: &Server, lines: &[&str]) {
    let mut scrape = String::new();
    let counted = eventually(|| {
        scrape = body(&server.ask("/metrics", ""));
        lines.iter().all(|line| scrape.lines().any(|shown| shown == *line))
    });
    assert!(counted, "{lines:#?} are not all in\n{scrape}");
}

#[test]
fn answers_are_counted_by_rule_outcome_and_where_they_came_from() {
    let server = server(RULE);
    let ask = |line: &str| {
        server.exchange(format!("{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes())
    };
    let tag = ask("GET /media/a.txt").lines().find_map(|line| line.strip_prefix("etag: ").map(str::to_owned));
    ask("HEAD /media/a.txt");
    ask("GET /media/none");
    ask("POST /media/a.txt");
    let conditional = format!("If-None-Match: {}\r\nHost", tag.unwrap());
    server.exchange(get("a.txt").replace("Host", &conditional).as_bytes());
    server.exchange(get("a.txt").replace("Host", "Range: bytes=1-2\r\nHost").as_bytes());
    server.get("a.txt?v=0123456789abcdef");
    expect_counted(
        &server,
        &[
            "media_origin_requests_total{rule=\"*.txt\",outcome=\"full\",status=\"200\"} 3",
            "media_origin_requests_total{rule=\"*.txt\",outcome=\"not_modified\",status=\"304\"} 1",
            "media_origin_requests_total{rule=\"*.txt\",outcome=\"partial\",status=\"206\"} 1",
            "media_origin_requests_total{rule=\"\",outcome=\"refused\",status=\"404\"} 1",
            "media_origin_requests_total{rule=\"\",outcome=\"refused\",status=\"405\"} 1",
            "media_origin_sent_bytes_total{rule=\"*.txt\"} 12",
            "media_origin_pin_mismatches_total 1",
            "media_origin_request_duration_seconds_count 7",
        ],
    );
}

mod directory_only {
    use super::*;

    #[test]
    fn the_first_answer_comes_from_the_disk_and_the_next_from_memory() {
        let server = server(RULE);
        // Long after the file was written, so that it is kept.
        for _ in 0..3 {
            server.get("a.txt");
        }
        expect_counted(
            &server,
            &[
                "media_origin_answers_total{tier=\"disk\"} 1",
                "media_origin_answers_total{tier=\"memory\"} 2",
                "media_origin_first_byte_seconds_count{tier=\"memory\"} 2",
                "media_origin_digests_total 1",
                "media_origin_digested_bytes_total 5",
            ],
        );
    }
}

#[test]
fn who_asks_for_open_metrics_gets_it() {
    let server = server("");
    let classic = server.ask("/metrics", "");
    assert!(classic.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{classic}");
    assert!(classic.contains("\n# TYPE media_origin_requests_total counter\n"), "{classic}");
    let open = server.ask("/metrics", "Accept: application/openmetrics-text; version=1.0.0\r\n");
    assert!(open.contains("content-type: application/openmetrics-text; version=1.0.0"), "{open}");
    assert!(open.ends_with("\n# EOF\n"), "{open}");
}

#[test]
fn lines_that_nobody_reads_are_counted() {
    let assets = crate::buckets::backend::Backend::chosen();
    assets.put("a.txt", b"hello");
    let server = Server::over(assets, "", Log::Closed);
    // The reader is gone: what is written to it is lost, and said to be.
    server.connect().write_all(get("a.txt").as_bytes()).unwrap();
    let lost = || {
        server.get("a.txt");
        let scrape = body(&server.ask("/metrics", ""));
        let dropped =
            scrape.lines().find_map(|line| line.strip_prefix("media_origin_log_lines_dropped_total "));
        dropped.unwrap().parse::<u64>().unwrap() > 0
    };
    assert!(eventually(lost));
}
