//! A server of someone else, which cannot outlive its test.

use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::repository;

/// A running server. It is killed when this is dropped, and when the test is killed.
pub struct Process {
    child: Child,
    /// Open as long as the server may run: see `scripts/tethered`.
    lifeline: Option<ChildStdin>,
}

impl Process {
    /// Starts a program of `.tools/bin`, which writes what it has to say to this file.
    pub fn start(program: &str, arguments: &[impl AsRef<OsStr>], log: &Path) -> Self {
        let program = repository(".tools/bin").join(program);
        assert!(program.exists(), "{} is not there: scripts/test installs it", program.display());
        Self::spawn(Command::new(repository("scripts/tethered")).arg(program).args(arguments), log)
    }

    /// The same of a command that is tethered already.
    pub fn spawn(command: &mut Command, log: &Path) -> Self {
        let log = File::create(log).unwrap();
        let command = command.stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut child = command.spawn().unwrap();
        let lifeline = child.stdin.take();
        Self { child, lifeline }
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Kills it, if it runs, and waits until it is gone.
    pub fn end(&mut self) {
        drop(self.lifeline.take());
        let _status = self.child.wait();
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
