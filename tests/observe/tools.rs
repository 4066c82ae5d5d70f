//! What other programs make of the metrics and of the log: promtool and goaccess, by Debian.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::scrape::{eventually, of_a_bucket, of_a_directory, with_a_certificate};
use crate::server::{Server, get};

const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/bin");
const PACKAGING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/prometheus");

fn run(tool: &str, arguments: &[&str], folder: &Path, input: &str) -> Output {
    let mut command = Command::new(format!("{TOOLS}/{tool}"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{tool}: {error}"));
    // One that does not read is done before.
    let _sent = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn promtool(arguments: &[&str], input: &str) {
    let output = run("promtool", arguments, Path::new(PACKAGING), input);
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "promtool {arguments:?}: {said}");
}

#[test]
#[ignore = "needs promtool: scripts/test"]
fn promtool_finds_no_fault_with_the_metrics() {
    for scrape in [of_a_directory(), of_a_bucket(), with_a_certificate()] {
        promtool(&["check", "metrics"], &scrape);
    }
}

#[test]
#[ignore = "needs promtool: scripts/test"]
fn promtool_finds_the_alerts_in_order_and_they_fire_when_they_should() {
    promtool(&["check", "rules", "--lint-fatal", "alerts.yml"], "");
    promtool(&["test", "rules", "alerts_test.yml"], "");
}

#[test]
#[ignore = "needs promtool: scripts/test"]
fn promtool_reads_every_expression_of_the_dashboard() {
    let dashboard: Value =
        serde_json::from_str(include_str!("../../packaging/grafana/media-origin.json")).unwrap();
    let targets =
        dashboard["panels"].as_array().unwrap().iter().filter_map(|panel| panel["targets"].as_array());
    let expressions = targets.flatten().map(|target| target["expr"].as_str().unwrap());
    let plain =
        |expr: &str| expr.replace("$__rate_interval", "5m").replace("$job", ".*").replace("$instance", ".*");
    let rules = expressions.map(plain).enumerate().map(|(index, expr)| {
        serde_json::json!({ "record": format!("dashboard:expression:number{index}"), "expr": expr })
    });
    let rules = rules.collect::<Vec<_>>();
    // JSON is YAML.
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        &file,
        serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] }).to_string(),
    )
    .unwrap();
    promtool(&["check", "rules", file.path().to_str().unwrap()], "");
}

#[test]
#[ignore = "needs goaccess: scripts/test"]
fn goaccess_reads_every_line_whatever_clients_send() {
    let server = Server::start("[log]\naccess = \"combined\"\n", |root| {
        std::fs::write(root.join("a.txt"), "hello").unwrap();
    });
    let hostile: [&[u8]; 6] = [
        b"plain/1.0",
        b"\"",
        b"\\",
        b"\" 200 0 \"-\" \"",
        b"\xff\xfe \xe2\x80\xae",
        b"[06/Nov/1994:08:49:37 +0000]",
    ];
    for agent in hostile {
        let fields =
            [b"User-Agent: ", agent, b"\r\nReferer: https://example.com/", agent, b"\r\nHost"].concat();
        let (line, rest) =
            ("GET /media/a.txt HTTP/1.1\r\n", get("").split_once("Host").unwrap().1.to_owned());
        server.exchange(&[line.as_bytes(), &fields, rest.as_bytes()].concat());
    }
    assert!(eventually(|| server.log().matches("GET /media/a.txt").count() == hostile.len()));
    let folder = tempfile::tempdir().unwrap();
    let lines: String =
        server.log().split_inclusive('\n').filter(|line| line.contains("GET /media/")).collect();
    std::fs::write(folder.path().join("access.log"), lines).unwrap();
    let arguments = ["access.log", "--log-format=COMBINED", "--no-global-config", "-o", "report.json"];
    let output = run("goaccess", &arguments, folder.path(), "");
    let report = std::fs::read_to_string(folder.path().join("report.json"));
    let report: Value = serde_json::from_str(&report.unwrap_or_else(|_| panic!("{output:?}"))).unwrap();
    let general = &report["general"];
    assert_eq!(general["valid_requests"].as_u64(), Some(hostile.len() as u64), "{general}");
    assert_eq!(general["failed_requests"].as_u64(), Some(0), "{general}");
    assert_eq!(general["bandwidth"].as_u64(), Some(5 * hostile.len() as u64), "{general}");
}
