//! The program in a folder of its own, wherever it listens; proxies in front of it; and plain requests. Whatever is
//! started is ended by its process id.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

/// How long to wait for what has to become true.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with `media/a.txt`, in which sockets may be made.
pub(crate) struct Scene(TempDir);

/// A program that runs, and what it says.
pub(crate) struct Running {
    child: Child,
    /// The lines that it printed until it served.
    pub(crate) printed: Vec<String>,
    log: Arc<Mutex<String>>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("media")).unwrap();
        std::fs::write(folder.path().join("media/a.txt"), "hello").unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, in which `@FOLDER@` is the folder.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let folder = self.0.path().to_str().unwrap();
        std::fs::write(self.path(name), text.replace("@FOLDER@", folder)).unwrap();
        self.path(name)
    }

    /// Writes a certificate for that host, `certificate.pem`, which is its own authority, and its `key.pem`.
    pub(crate) fn certify(&self, host: &str) -> PathBuf {
        let pem = |label: &str, der: &[u8]| {
            format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
        };
        let certified = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
        let key = self.write("key.pem", &pem("PRIVATE KEY", &certified.signing_key.serialize_der()));
        std::fs::set_permissions(key, Permissions::from_mode(0o600)).unwrap();
        self.write("certificate.pem", &pem("CERTIFICATE", certified.cert.der()))
    }

    /// The program, run in the folder with this configuration.
    pub(crate) fn command(&self, name: &str, toml: &str) -> Command {
        self.write("test.toml", toml);
        let mut command = Command::new(env!("CARGO_BIN_EXE_media-origin"));
        command.args([name, "--config", "test.toml"]);
        self.at_home(&mut command);
        command
    }

    fn at_home(&self, command: &mut Command) {
        command.current_dir(self.0.path()).env("HOME", self.0.path()).env_remove("RUST_LOG");
    }

    /// Starts the server, and waits until it serves. Both listeners take a free port unless the configuration says more.
    pub(crate) fn serve(&self, toml: &str) -> Running {
        let mut command = self.command("serve", toml);
        if !toml.contains("[listen]\naddress") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        if !toml.contains("[control]\naddress") {
            command.args(["--control", "127.0.0.1:0"]);
        }
        Running::start(command)
    }

    /// Starts it by way of another program, to which it is an argument.
    pub(crate) fn serve_by(&self, mut launcher: Command, toml: &str) -> Running {
        let program = self.command("serve", toml);
        launcher.arg(program.get_program()).args(program.get_args());
        self.at_home(&mut launcher);
        Running::start(launcher)
    }
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        collect(child.stderr.take().unwrap(), Arc::clone(&log));
        let mut running = Self { child, printed: Vec::new(), log };
        for line in BufReader::new(running.child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if line.starts_with("links begin") {
                return running;
            }
            running.printed.push(line);
        }
        panic!("it does not serve:\n{}", running.log());
    }

    /// The addresses that it says to have bound with a port, in the order in which it does.
    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        let address = |line: &String| line.split_once("://")?.1.split('/').next()?.parse().ok();
        self.printed.iter().filter_map(address).collect()
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until the log has a line with all of these.
    pub(crate) fn wait_for_log(&self, parts: &[&str]) -> String {
        eventually(|| {
            self.log().lines().find(|line| parts.iter().all(|part| line.contains(part))).map(str::to_owned)
        })
        .unwrap_or_else(|| panic!("no line with {parts:?} in\n{}", self.log()))
    }

    /// Sends it a signal, and waits until it has ended.
    pub(crate) fn end(&mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        eventually(|| self.child.try_wait().unwrap()).expect("it ends")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A proxy, until it is dropped.
pub(crate) struct Proxy(Child);

impl Proxy {
    /// Starts it, and waits until it listens there.
    pub(crate) fn start(mut command: Command, address: SocketAddr) -> Self {
        let mut proxy = Self(command.stdin(Stdio::null()).spawn().unwrap());
        let listens = || TcpStream::connect(address).ok();
        eventually(listens).unwrap_or_else(|| panic!("nobody listens: {:?}", proxy.0.try_wait()));
        proxy
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Its workers end with it only if it is asked to.
        let _asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if eventually(|| self.0.try_wait().unwrap_or(None)).is_none() {
            let _ended = self.0.kill();
        }
        let _reaped = self.0.wait();
    }
}

/// What comes to be within half a minute.
pub(crate) fn eventually<T>(mut found: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = found() {
            return Some(found);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    None
}

pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A GET after which the connection is closed, with more field lines.
pub(crate) fn get(path: &str, fields: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}Connection: close\r\n\r\n")
}

/// Sends bytes and reads until the server closes.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    whole(&mut stream, request)
}

/// The same from another address of this machine.
pub(crate) fn exchange_from(own: &str, address: SocketAddr, request: &[u8]) -> String {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::new(own.parse().unwrap(), 0).into()).unwrap();
    socket.connect(&address.into()).unwrap();
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    whole(&mut stream, request)
}

/// The same by a Unix socket.
pub(crate) fn exchange_by(path: &Path, request: &[u8]) -> String {
    let mut stream = UnixStream::connect(path).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    whole(&mut stream, request)
}

fn whole(stream: &mut (impl Read + Write), request: &[u8]) -> String {
    // The server may close before it has read all; what it answered is still there.
    let _sent = stream.write_all(request);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("it is left open"),
        _ => String::from_utf8_lossy(&answer).into_owned(),
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
