//! The program itself, on ports of its own, ended by its process id.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::buckets::backend::Backend;
use crate::buckets::exchange;

/// A running `media-origin serve` over assets of its own.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    pub control: SocketAddr,
    log: Arc<Mutex<String>>,
    pub folder: TempDir,
    pub assets: Backend,
}

/// What becomes of what the server logs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Log {
    /// It is read: see [`Server::log`].
    Read,
    /// Its reader is gone.
    Closed,
    /// Its reader reads nothing.
    Stalled,
}

impl Server {
    /// Starts it with this configuration, once `fill` has put assets into a folder. It serves them from there, or from
    /// a bucket to which they are uploaded.
    pub fn start(toml: &str, fill: impl FnOnce(&Path)) -> Self {
        Self::over(Backend::filled(fill), toml, Log::Read)
    }

    /// Starts it with this configuration over these assets.
    pub fn over(assets: Backend, toml: &str, reading: Log) -> Self {
        Self::with_variables(assets, toml, reading, &[])
    }

    /// The same, with these variables in its environment.
    pub fn with_variables(assets: Backend, toml: &str, reading: Log, variables: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let config = folder.path().join("test.toml");
        std::fs::write(&config, assets.configure(toml)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_media-origin"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]);
        if let Backend::Directory { root, .. } = &assets {
            command.arg("--root").arg(root);
        }
        let mut child = command
            .arg("--config")
            .arg(&config)
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .env("AWS_ACCESS_KEY_ID", exchange::KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", exchange::SECRET_KEY)
            .env_remove("RUST_LOG")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = || {
            let Some(line) = lines.next() else { panic!("the server binds nothing: {}", said(&mut child)) };
            let line = line.unwrap();
            let (_, url) = line.split_once(" at http://").unwrap_or_else(|| panic!("{line}"));
            url.split('/').next().unwrap().parse().unwrap()
        };
        let (address, control) = (address(), address());
        let log = Arc::new(Mutex::new(String::new()));
        match reading {
            Log::Read => collect(child.stderr.take().unwrap(), Arc::clone(&log)),
            Log::Closed => drop(child.stderr.take()),
            Log::Stalled => {}
        }
        Self { child, address, control, log, folder, assets }
    }

    /// A connection to the public listener.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends bytes on a connection of their own and reads until the server closes it.
    pub fn exchange(&self, request: &[u8]) -> String {
        exchange(self.connect(), request)
    }

    /// A GET of an asset, on a connection of its own.
    pub fn get(&self, path: &str) -> String {
        self.exchange(get(path).as_bytes())
    }

    /// The same on the control listener.
    pub fn ask(&self, path: &str, fields: &str) -> String {
        self.ask_with(&format!("GET {path}"), fields, b"")
    }

    /// A request with content on the control listener.
    pub fn ask_with(&self, method_and_path: &str, fields: &str, content: &[u8]) -> String {
        let length = content.len();
        let head = format!(
            "{method_and_path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n{fields}Connection: close\r\n\r\n"
        );
        self.exchange_with_control(&[head.as_bytes(), content].concat())
    }

    /// Sends bytes to the control listener and reads until it closes the connection.
    pub fn exchange_with_control(&self, request: &[u8]) -> String {
        exchange(TcpStream::connect(self.control).unwrap(), request)
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until it has ended.
    pub fn wait(&mut self, at_most: Duration) -> ExitStatus {
        let deadline = Instant::now() + at_most;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server has not ended; its log:\n{}", self.log());
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until the log has a line with all of these.
    pub fn wait_for_log(&self, parts: &[&str]) -> String {
        for _ in 0..250 {
            if let Some(line) = self.log().lines().find(|line| parts.iter().all(|part| line.contains(part))) {
                return line.to_owned();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("no line with {parts:?} in\n{}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A request for an asset after which the connection is closed.
pub fn get(path: &str) -> String {
    format!("GET /media/{path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
}

fn exchange(mut stream: TcpStream, request: &[u8]) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The server may close before it has read all; what it answered is still there.
    let _sent = stream.write_all(request);
    let mut answer = Vec::new();
    let _end = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// What it has said of itself when it has ended.
fn said(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

fn collect(stderr: impl Read + Send + 'static, log: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut log = log.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
}
