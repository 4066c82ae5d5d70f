//! What a supervisor is told of this server, such as systemd for `Type=notify-reload`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::control::{NotReloaded, Reload};
use crate::server::notify::{Notifier, State, Supervision};
use crate::server::phase::{Phase, reached};
use crate::server::pulse::Heart;

/// For how much longer a server that stops asks at a time, and how often.
const PATIENCE: Duration = Duration::from_secs(30);
const ASKING: Duration = Duration::from_secs(10);

/// Whoever supervises this server, if anybody does.
#[derive(Clone)]
pub(super) struct Supervisor(Arc<Notifier>);

/// The supervisor, and how long it waits for a sign of life.
pub(super) fn supervisor() -> (Supervisor, Option<Duration>) {
    let supervision = Supervision::of(|name| std::env::var_os(name), std::process::id());
    let supervision = supervision.unwrap_or_else(|error| {
        tracing::warn!(%error, "nobody is told how this server is: NOTIFY_SOCKET is not understood");
        Supervision::default()
    });
    (Supervisor(Arc::new(supervision.notifier)), supervision.watchdog)
}

impl Supervisor {
    /// All listeners are bound, and the store answers.
    pub(super) fn ready(&self) {
        self.0.tell(&[State::Ready, State::Status("serving")]);
    }

    /// The configuration is read again.
    pub(super) fn reloading(&self) {
        self.0.tell(&[State::reloading(), State::Status("reading the configuration")]);
    }

    /// It was read; or the old one stays.
    pub(super) fn reloaded(&self, reload: &Reload) {
        let status = match reload {
            Ok(reloaded) if reloaded.needs_restart.is_empty() => "serving".to_owned(),
            Ok(reloaded) => {
                let keys: Vec<_> = reloaded.needs_restart.iter().map(|change| change.key.as_str()).collect();
                format!("serving; needs a restart: {}", keys.join(", "))
            }
            Err(NotReloaded::Refused(error)) => {
                format!("serving by the old configuration: {}", error.summary())
            }
            Err(NotReloaded::Fault) => "serving by the old configuration".to_owned(),
        };
        self.0.tell(&[State::Ready, State::Status(&status)]);
    }

    /// Tells when the server stops, and asks for patience as long as that takes.
    pub(super) async fn follow(self, phases: watch::Receiver<Phase>) -> Infallible {
        reached(phases, Phase::Leaving).await;
        self.0.tell(&[State::Stopping, State::Status("stopping: finishing responses")]);
        let mut asking = interval(ASKING);
        loop {
            asking.tick().await;
            self.0.tell(&[State::ExtendTimeout(PATIENCE)]);
        }
    }

    /// Gives signs of life, twice in the time that the supervisor waits for one, while there is life: this task is run, and
    /// so is every loop that takes connections. A bucket that does not answer is no reason to be ended.
    pub(super) async fn give_signs_of_life(self, waits: Duration, mut heart: Heart) -> Infallible {
        let mut signs = interval(waits / 2);
        signs.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            signs.tick().await;
            match heart.beat() {
                Ok(()) => self.0.tell(&[State::Watchdog]),
                Err(hanging) => {
                    tracing::error!(hanging, "listeners hang; the supervisor is not told otherwise");
                }
            }
        }
    }
}
