//! `SeaweedFS`: S3, right in all that was looked at.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tempfile::TempDir;

use super::process::Process;
use super::{repository, wait_until};

/// Where `scripts/with-bucket` says that a server runs.
const ENDPOINT: &str = "MEDIA_ORIGIN_TEST_S3";

/// What is said last when it starts, once the bucket is there.
const READY: &str = "All enabled components are running";

/// A server with an empty bucket `media`.
pub struct SeaweedFs {
    process: Process,
    port: u16,
    folder: TempDir,
}

impl SeaweedFs {
    /// Starts one on ports and in a folder of its own. It takes a second.
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        for _ in 0..20 {
            let port = next_port();
            let mut server = Self::spawn(&folder, port);
            if is_ready(&mut server, &folder) {
                return Self { process: server, port, folder };
            }
            server.end();
            remove_sockets(port);
        }
        panic!("{}", std::fs::read_to_string(folder.path().join("log")).unwrap());
    }

    /// The server that the tests of one run share: the one of the environment, or one that ends with its last user.
    pub fn shared() -> Shared {
        static STARTED: Mutex<Weak<SeaweedFs>> = Mutex::new(Weak::new());
        if let Ok(endpoint) = std::env::var(ENDPOINT) {
            let address = endpoint.strip_prefix("http://").and_then(|address| address.parse().ok());
            let address =
                address.unwrap_or_else(|| panic!("{ENDPOINT} is no http://ADDRESS:PORT: {endpoint}"));
            return Shared { address, _server: None };
        }
        // A test that failed while it started one leaves nothing half done.
        let mut started = STARTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let server = started.upgrade().unwrap_or_else(|| Arc::new(Self::start()));
        *started = Arc::downgrade(&server);
        Shared { address: server.address(), _server: Some(server) }
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Ends it as a crash would. Connections to it are reset, new ones are refused; what was written is on disk.
    pub fn kill(&mut self) {
        self.process.end();
        remove_sockets(self.port);
    }

    /// Starts it again where it was, with what it had.
    pub fn restart(&mut self) {
        self.kill();
        self.process = Self::spawn(&self.folder, self.port);
        assert!(is_ready(&mut self.process, &self.folder), "it does not start again");
    }

    /// Stops it in whatever it does. The system goes on taking connections and bytes for it; nothing answers.
    pub fn pause(&self) {
        self.process.signal("STOP");
    }

    /// Lets it go on where it was stopped.
    pub fn resume(&self) {
        self.process.signal("CONT");
    }

    /// Stops it for so long.
    pub fn stop_for(&self, time: Duration) {
        self.pause();
        std::thread::sleep(time);
        self.resume();
    }

    fn spawn(folder: &TempDir, port: u16) -> Process {
        let mut command = Command::new(repository("scripts/seaweedfs"));
        Process::spawn(command.arg(folder.path()).arg(port.to_string()), &folder.path().join("log"))
    }
}

impl Drop for SeaweedFs {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A server that other tests use too.
pub struct Shared {
    address: SocketAddr,
    _server: Option<Arc<SeaweedFs>>,
}

impl Shared {
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Whether it has come up; not if it ended, or took another port than it was told.
fn is_ready(process: &mut Process, folder: &TempDir) -> bool {
    let log = || std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
    let mut ended = false;
    wait_until("SeaweedFS is not ready", || {
        ended = process.has_ended();
        ended || log().contains(READY)
    });
    !ended
}

/// The first of five ports in a row below those that the system gives to clients; 10000 higher it takes five more.
fn next_port() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let process = u16::try_from(std::process::id() % 400).unwrap();
    20_000 + (process + TAKEN.fetch_add(1, Ordering::Relaxed)) % 500 * 5
}

/// What it leaves behind outside of its folder.
fn remove_sockets(port: u16) {
    for part in ["admin", "filer", "master", "s3", "volume"] {
        for port in port + 10_000..port + 10_005 {
            let socket = PathBuf::from(format!("/tmp/seaweedfs-{part}-grpc-{port}.sock"));
            let _was_there = std::fs::remove_file(socket);
        }
    }
}
