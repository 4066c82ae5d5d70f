//! Requests as spans, as whoever collects traces gets them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::scrape::Program;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
const LONG: Duration = Duration::from_secs(30);

/// A STUB of a collector: it takes requests by OTLP over HTTP, keeps their bodies, and says that all is well.
struct Collector {
    address: SocketAddr,
    bodies: Receiver<Vec<u8>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, bodies) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let sender = sender.clone();
                std::thread::spawn(move || collect(&stream, &sender));
            }
        });
        Self { address, bodies }
    }

    /// The next span that arrives.
    fn span(&self) -> Span {
        let body = self.bodies.recv_timeout(LONG).expect("an export");
        let mut spans = fields(&body, 1).flat_map(|resource| fields(resource, 2).collect::<Vec<_>>());
        let span = spans.find_map(|scope| fields(scope, 2).next().map(<[u8]>::to_vec)).expect("a span");
        Span(span)
    }
}

/// Reads requests until the connection ends.
fn collect(stream: &TcpStream, bodies: &Sender<Vec<u8>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        while let Some(Ok(line)) = reader.by_ref().lines().next() {
            if line.is_empty() {
                break;
            }
            head.push(line.to_lowercase());
        }
        let Some(first) = head.first() else { return };
        assert_eq!(first, "post /v1/traces http/1.1");
        assert!(head.iter().any(|line| line == "content-type: application/x-protobuf"), "{head:?}");
        let length =
            head.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        bodies.send(body).unwrap();
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";
        (&*stream).write_all(answer.as_bytes()).unwrap();
    }
}

/// A number in base 128 (Protocol Buffers, "Base 128 Varints"), and what follows it.
fn varint(bytes: &[u8]) -> (u64, &[u8]) {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0).unwrap();
    let (digits, rest) = bytes.split_at(end + 1);
    (digits.iter().rev().fold(0, |number, digit| number << 7 | u64::from(digit & 0x7f)), rest)
}

/// The values of a message, each with its number: bytes as they are, numbers as their bytes.
fn message(mut bytes: &[u8]) -> Vec<(u64, &[u8])> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        let (key, rest) = varint(bytes);
        let (length, rest) = match key & 7 {
            0 => (rest.len() - varint(rest).1.len(), rest),
            1 => (8, rest),
            2 => {
                let (length, rest) = varint(rest);
                (usize::try_from(length).unwrap(), rest)
            }
            5 => (4, rest),
            kind => panic!("no such kind of value: {kind}"),
        };
        let (value, rest) = rest.split_at(length);
        values.push((key >> 3, value));
        bytes = rest;
    }
    values
}

fn fields(bytes: &[u8], number: u64) -> impl Iterator<Item = &[u8]> {
    message(bytes).into_iter().filter(move |(of, _)| *of == number).map(|(_, value)| value)
}

/// `opentelemetry.proto.trace.v1.Span`, as it came.
struct Span(Vec<u8>);

impl Span {
    fn hex(&self, number: u64) -> String {
        fields(&self.0, number).next().map(hex::encode).unwrap_or_default()
    }

    fn name(&self) -> String {
        text(fields(&self.0, 5).next().unwrap())
    }

    /// An attribute as text, be it a number.
    fn attribute(&self, name: &str) -> Option<String> {
        let named = |attribute: &&[u8]| fields(attribute, 1).next().map(text).as_deref() == Some(name);
        let attribute = fields(&self.0, 9).find(named)?;
        let value = fields(attribute, 2).next().unwrap();
        let number = fields(value, 3).next().map(|number| varint(number).0.to_string());
        fields(value, 1).next().map(text).or(number)
    }

    /// When it began and ended, in nanoseconds since 1970.
    fn times(&self) -> [u64; 2] {
        [7, 8].map(|number| u64::from_le_bytes(fields(&self.0, number).next().unwrap().try_into().unwrap()))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const RULE: &str = "[[rule]]\npath = \"logos/**\"\ncache-control = \"no-cache\"\n";

fn exporting(collector: &Collector, delay: &str) -> Program {
    let endpoint = format!("http://{}", collector.address);
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", delay)];
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/media");
    Program::start(RULE, &["--root", samples], &variables)
}

#[test]
fn a_request_is_a_span_of_the_trace_that_it_belongs_to() {
    let collector = Collector::start();
    let program = exporting(&collector, "50");
    let fields =
        format!("traceparent: 00-{TRACE}-{PARENT}-01\r\nX-Request-Id: edge-7\r\nUser-Agent: test/1\r\n");
    let answer = Program::ask(program.public, "/media/logos/logo.svg?v=secret", &fields);
    let status = answer.split(' ').nth(1).unwrap();
    let span = collector.span();
    assert_eq!((span.hex(1).as_str(), span.hex(4).as_str()), (TRACE, PARENT));
    assert!(span.hex(2).len() == 16 && span.hex(2) != PARENT, "{}", span.hex(2));
    assert_eq!(span.hex(6), "02", "SPAN_KIND_SERVER");
    let [begun, ended] = span.times();
    assert!(begun < ended, "{begun} {ended}");
    for (name, value) in [
        ("http.request.method", "GET"),
        ("url.path", "/media/logos/logo.svg"),
        ("http.response.status_code", status),
        ("network.protocol.version", "1.1"),
        ("client.address", "127.0.0.1"),
        ("user_agent.original", "test/1"),
        ("media_origin.request_id", "edge-7"),
    ] {
        assert_eq!(span.attribute(name).as_deref(), Some(value), "{name}");
    }
    assert!(!String::from_utf8_lossy(&span.0).contains("secret"), "the query is left out");
}

#[test]
fn a_request_without_a_trace_begins_one_and_one_that_is_not_sampled_is_not_sent() {
    let collector = Collector::start();
    let program = exporting(&collector, "50");
    Program::ask(program.public, "/media/logos/none", &format!("traceparent: 00-{TRACE}-{PARENT}-00\r\n"));
    Program::ask(program.public, "/media/logos/logo.png", "");
    let span = collector.span();
    assert!(span.hex(1) != TRACE && span.hex(1).len() == 32 && span.hex(4).is_empty(), "{}", span.hex(1));
    assert_eq!(span.attribute("http.route").as_deref(), Some("logos/**"));
    assert_eq!(span.name(), "GET logos/**");
}

#[test]
fn what_is_left_is_sent_at_the_end() {
    let collector = Collector::start();
    let mut program = exporting(&collector, "3600000");
    Program::ask(program.public, "/media/none", "");
    let ended = Command::new("kill").args(["-TERM", &program.child.id().to_string()]).status().unwrap();
    assert!(ended.success());
    assert_eq!(collector.span().attribute("http.response.status_code").as_deref(), Some("404"));
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_collector_that_is_not_there_stops_no_answer() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (_, bodies) = channel();
    let mut program = exporting(&Collector { address: gone, bodies }, "1");
    for _ in 0..50 {
        let answer = Program::ask(program.public, "/media/logos/logo.png", "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let ended = Command::new("kill").args(["-TERM", &program.child.id().to_string()]).status().unwrap();
    assert!(ended.success());
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_is_asked_for_and_not_here_is_said() {
    for (variable, value, said) in [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "spans are sent by http/protobuf alone, not by `grpc`"),
        ("OTEL_TRACES_EXPORTER", "zipkin", "OTEL_TRACES_EXPORTER is `otlp` or `none` here, not `zipkin`"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_media-origin"))
            .args(["serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"])
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
            .env(variable, value)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(said), "{stderr}");
    }
}
