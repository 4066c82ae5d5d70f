//! The program itself, on ports of its own, ended by its process id.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tempfile::TempDir;

use super::PATIENCE;
use super::authority::{Authority, Issued};

/// A folder with assets, certificates and a configuration.
pub struct Scene {
    pub folder: TempDir,
    pub authority: Authority,
}

/// A running `media-origin serve`.
pub struct Server {
    child: Child,
    pub plain: Option<SocketAddr>,
    pub control: SocketAddr,
    pub tls: Option<SocketAddr>,
    log: Arc<Mutex<String>>,
}

/// TLS with the certificate that every scene has.
pub const TLS: &str = "[tls]\naddress = \"127.0.0.1:0\"\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n";

/// Larger than what sockets hold.
pub const LARGE: usize = 24 << 20;

impl Scene {
    /// With a certificate for `localhost` and `127.0.0.1`, and three assets.
    pub fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap(), authority: Authority::new() };
        let media = scene.path("media");
        std::fs::create_dir(&media).unwrap();
        std::fs::write(media.join("a.txt"), "hello, this is some text\n").unwrap();
        std::fs::write(media.join("empty.txt"), "").unwrap();
        std::fs::write(media.join("large.bin"), vec![7; LARGE]).unwrap();
        scene.issue(&["localhost", "127.0.0.1"]).write(scene.folder.path());
        scene
    }

    pub fn issue(&self, names: &[&str]) -> Issued {
        self.authority.issue(names)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the configuration. All addresses are free ones.
    pub fn configure(&self, toml: &str) {
        let head = "public-url = \"https://localhost/media\"\n";
        let tail = "[control]\naddress = \"127.0.0.1:0\"\n[store]\nroot = \"media\"\ndigests = false\n";
        std::fs::write(self.path("test.toml"), format!("{head}{toml}\n{tail}")).unwrap();
    }

    fn command(&self, command: &str, toml: &str) -> Command {
        self.configure(toml);
        let mut program = Command::new(env!("CARGO_BIN_EXE_media-origin"));
        program.args([command, "--config", "test.toml"]).current_dir(self.folder.path());
        program.env("XDG_CACHE_HOME", self.path("cache")).env_remove("RUST_LOG");
        program
    }

    /// A command that ends: its status, and what it said on standard error.
    pub fn run(&self, command: &str, toml: &str) -> (Option<i32>, String) {
        let Output { status, stderr, .. } = self.command(command, toml).output().unwrap();
        (status.code(), String::from_utf8(stderr).unwrap())
    }

    pub fn serve(&self, toml: &str) -> Server {
        Server::start(self.command("serve", toml).env("RUST_LOG", "media_origin=debug"))
    }

    /// The same, without TLS on port 0 too.
    pub fn serve_both(&self, toml: &str) -> Server {
        self.serve(&both(toml))
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// This configuration, with a listener without TLS on a free port.
pub fn both(toml: &str) -> String {
    format!("[listen]\naddress = \"127.0.0.1:0\"\n{toml}")
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        collect(child.stderr.take().unwrap(), Arc::clone(&log));
        let (mut plain, mut tls, mut control) = (None, None, None);
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            let (what, url) = line.split_once(" at ").unwrap_or((&line, ""));
            let address = url.split_once("://").and_then(|(_, rest)| rest.split('/').next()?.parse().ok());
            match what {
                "control" => control = address,
                _ if what.starts_with("links begin") => {
                    let control = control.expect("a control listener");
                    return Self { child, plain, control, tls, log };
                }
                _ if url.starts_with("https") => tls = address,
                _ => plain = address,
            }
        }
        let status = child.wait().unwrap();
        panic!("the server ended with {status}: {}", log.lock().unwrap())
    }

    /// Where it speaks TLS.
    pub fn tls(&self) -> SocketAddr {
        self.tls.expect("a listener with TLS")
    }

    /// Where it speaks without TLS.
    pub fn plain(&self) -> SocketAddr {
        self.plain.expect("a listener without TLS")
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until it has ended.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the server has not ended; its log:\n{}", self.log());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until so many lines of the log hold this, and gives them.
    #[track_caller]
    pub fn wait_for_log(&self, part: &str, count: usize) -> Vec<String> {
        let deadline = Instant::now() + 2 * PATIENCE;
        loop {
            let log = self.log();
            let lines: Vec<_> = log.lines().filter(|line| line.contains(part)).map(str::to_owned).collect();
            if lines.len() >= count {
                return lines;
            }
            assert!(Instant::now() < deadline, "no {count} lines with {part:?} in\n{log}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
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
