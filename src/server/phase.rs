//! From serving to stopped: which signals take a server from one phase to the next.

use std::convert::Infallible;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How far a server has come. Phases only go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It takes connections.
    Serving,
    /// It takes no more, and finishes the responses under way.
    Draining,
    /// What is not finished is cut.
    Stopping,
    /// No connection of the public listener is left.
    Stopped,
}

/// Resolves when the server has come to that phase.
pub async fn reached(mut phases: watch::Receiver<Phase>, wanted: Phase) {
    // A sender that is gone has nothing more to say: all phases are past.
    let _gone = phases.wait_for(|phase| *phase >= wanted).await;
}

/// The signals that a server knows.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Listens for them, from now on.
    ///
    /// # Errors
    /// If the system has no room for another listener.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Takes the server from phase to phase: the first SIGTERM or SIGINT drains it, for at most `drain`; a second one stops
    /// it at once.
    pub async fn advance(mut self, phase: &watch::Sender<Phase>, drain: Duration) -> Infallible {
        self.stop().await;
        tracing::info!(
            ?drain,
            "stopping: taking no more connections, finishing responses; a second signal cuts them"
        );
        phase.send_modify(|phase| *phase = (*phase).max(Phase::Draining));
        let _either = tokio::time::timeout(drain, self.stop()).await;
        phase.send_modify(|phase| *phase = (*phase).max(Phase::Stopping));
        std::future::pending().await
    }

    /// Resolves at the next signal to stop. SIGHUP is none: whoever sends it wants the configuration to be read again.
    async fn stop(&mut self) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => {
                    tracing::warn!("SIGHUP: the configuration is read at the start only; restart to read it again");
                }
            }
        }
    }
}
