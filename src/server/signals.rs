//! The signals that a server knows.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Those that stop it: SIGTERM, which programs send, and SIGINT, which a terminal does.
#[derive(Debug)]
pub struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

/// The one that has it read its configuration again: SIGHUP.
#[derive(Debug)]
pub struct HangUp(Signal);

/// Listens for all of them, from now on.
///
/// # Errors
/// If the system has no room for another listener.
pub fn listen() -> io::Result<(Stop, HangUp)> {
    let stop =
        Stop { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? };
    Ok((stop, HangUp(signal(SignalKind::hangup())?)))
}

impl Stop {
    /// Resolves at the next signal to stop.
    pub async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => (),
            _ = self.interrupt.recv() => (),
        }
    }
}

impl HangUp {
    /// Resolves at the next signal to read the configuration again. Several that came meanwhile are one.
    pub async fn told(&mut self) {
        // Signals go on until the runtime ends.
        let _went_on = self.0.recv().await;
    }
}
