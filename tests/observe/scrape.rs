//! What `/metrics` shows, by name.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use media_origin::metrics::exposition::Exposition;
use media_origin::origin::Metrics;
use media_origin::server::metrics::ServerMetrics;
use media_origin::server::tls::identity::Facts;
use tempfile::TempDir;

use crate::server::{Server, get};

/// The metrics of a scrape, each with the names of its labels.
pub type Names = BTreeMap<String, BTreeSet<String>>;

/// What a scrape in the older text format names.
pub fn names(scrape: &str) -> Names {
    let kinds = scrape.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let mut names: Names = kinds.clone().map(|(name, _)| (name.to_owned(), BTreeSet::new())).collect();
    let histograms: BTreeSet<_> =
        kinds.filter(|(_, kind)| *kind == "histogram").map(|(name, _)| name).collect();
    for sample in scrape.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, rest) = sample.split_at(sample.find(['{', ' ']).unwrap());
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
        let name = base.filter(|base| histograms.contains(base)).unwrap_or(name);
        let labels =
            rest.strip_prefix('{').and_then(|rest| rest.rsplit_once('}')).map_or("", |(labels, _)| labels);
        let keys = labels.split("\",").filter_map(|label| label.split_once("=\"")).map(|(key, _)| key);
        let metric = names.get_mut(name).unwrap_or_else(|| panic!("{name} has no type"));
        metric.extend(keys.filter(|key| *key != "le").map(str::to_owned));
    }
    names
}

/// What a server of a directory shows after it answered in every way.
pub fn of_a_directory() -> String {
    let server = Server::start("[[rule]]\npath = \"a.txt\"\ncache-control = \"no-cache\"\n", |root| {
        std::fs::write(root.join("a.txt"), "hello").unwrap();
    });
    for path in ["a.txt", "a.txt?v=0123456789abcdef", "none"] {
        server.get(path);
    }
    server.exchange(get("a.txt").replace("Host", "Range: bytes=1-2\r\nHost").as_bytes());
    body(&server.ask("/metrics", ""))
}

/// What a server shows whose bucket cannot be reached.
pub fn of_a_bucket() -> String {
    let slices = tempfile::tempdir().unwrap();
    let toml = format!(
        "[store]\nkind = \"s3\"\nbucket = \"media\"\nendpoint = \"http://127.0.0.1:9\"\ntimeout = \"1s\"\n\
         cache-dir = \"{}\"\ncache-size = \"64 MiB\"\n",
        slices.path().join("slices").display()
    );
    let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")];
    let program = Program::start(&toml, &["--wait-for-store"], &keys);
    body(&Program::ask(program.control, "/metrics", ""))
}

/// What the parts of a server show that has a certificate.
pub fn with_a_certificate() -> String {
    let now = SystemTime::UNIX_EPOCH + Duration::from_hours(1);
    let server = ServerMetrics::started(now);
    let names = vec!["media.example.com".to_owned()];
    server.certificates.are(&[Facts { names, not_before: now, not_after: now }]);
    Exposition::Classic.of(Metrics::new(|registry| server.register(registry)).text())
}

/// What follows the header section.
pub fn body(answer: &str) -> String {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    body.to_owned()
}

/// Waits until this is so, half a minute at most.
pub fn eventually(mut is_so: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline {
        if is_so() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// The program itself, with arguments and variables of the test's choosing. It is ended when nobody needs it any more.
pub struct Program {
    pub child: Child,
    #[cfg_attr(
        not(feature = "opentelemetry"),
        expect(dead_code, reason = "what is exported is of requests")
    )]
    pub public: SocketAddr,
    pub control: SocketAddr,
    _folder: TempDir,
}

impl Program {
    pub fn start(toml: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("test.toml");
        std::fs::write(&config, toml).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_media-origin"))
            .args(["serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--config"])
            .arg(config)
            .args(arguments)
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .env("RUST_LOG", "error")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut address = || {
            let line = lines.find(|line| line.contains(" at http://")).expect("it binds");
            line.split_once("http://").unwrap().1.split('/').next().unwrap().parse().unwrap()
        };
        let (public, control) = (address(), address());
        Self { child, public, control, _folder: folder }
    }

    /// The answer to a GET with these fields.
    pub fn ask(listener: SocketAddr, path: &str, fields: &str) -> String {
        let mut stream = TcpStream::connect(listener).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {listener}\r\n{fields}Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _end = std::io::Read::read_to_end(&mut stream, &mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
