//! The program itself before the bucket, and what it takes of the machine.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;

use super::report;
use crate::buckets::exchange::{KEY_ID, SECRET_KEY};

/// A running `media-origin serve`. It is killed when this is dropped.
pub struct Origin {
    child: Child,
    pub public: SocketAddr,
    pub control: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
    _folder: TempDir,
}

impl Origin {
    /// Starts it with these keys of `[store]` and this rest of the configuration; slices are cached on disk too.
    pub fn start(store: &str, rest: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let (config, slices) = (folder.path().join("storm.toml"), folder.path().join("slices"));
        let cache = format!("cache-dir = {:?}\ncache-size = \"64 MiB\"\n", slices.to_str().unwrap());
        std::fs::write(&config, format!("[store]\n{store}{cache}\n{rest}")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_media-origin"))
            .args(["serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--config"])
            .arg(&config)
            .envs([("AWS_ACCESS_KEY_ID", KEY_ID), ("AWS_SECRET_ACCESS_KEY", SECRET_KEY)])
            .env_remove("RUST_LOG")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::default();
        collect(child.stderr.take().unwrap(), Arc::clone(&log));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = || {
            let line = lines.next().map(Result::unwrap).unwrap_or_default();
            let url = line.split_once(" at http://").map(|(_, url)| url);
            let url = url.unwrap_or_else(|| panic!("the server binds nothing: {:?}", log.lock().unwrap()));
            url.split('/').next().unwrap().parse().unwrap()
        };
        let (public, control) = (address(), address());
        Self { child, public, control, log, _folder: folder }
    }

    /// What it has logged, line by line, once there are lines of so many requests; or without some of them, if they
    /// do not come.
    pub fn log_of(&self, requests: usize) -> Vec<String> {
        for _ in 0..100 {
            if report::lines(&self.log.lock().unwrap()) >= requests {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.log.lock().unwrap().clone()
    }

    /// How many files and connections it has open.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    /// The most memory that it ever had, in MiB.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak.expect("VmHWM").parse::<u64>().unwrap() / 1024
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn collect(stderr: impl std::io::Read + Send + 'static, log: Arc<Mutex<Vec<String>>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            log.lock().unwrap().push(line);
        }
    });
}
