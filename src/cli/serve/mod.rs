//! `media-origin serve`: all listeners, until a signal.
//!
//! | file | holds |
//! |---|---|
//! | `prepare` | what must be there before the first request |
//! | `current` | what follows from the configuration that is in force |
//! | `listeners` | what is served on which listener |
//! | `security` | TLS, and what keeps its certificates new |
//! | `reload` | puts another configuration in force |
//! | `supervisor` | what systemd is told of all that |

mod current;
mod listeners;
mod prepare;
mod reload;
mod security;
mod supervisor;

use std::convert::Infallible;
use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::Args;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

use self::current::{Counting, Current, InForce};
use self::listeners::Working;
use self::prepare::{Prepared, prepare};
use self::reload::Reloader;
use self::supervisor::supervisor;
use super::log::Logs;
use super::{Configured, Exit, complain, log, rendered};
use crate::config::{Config, Environment, Loaded};
use crate::control::Lasting;
use crate::server::connections::Drained;
use crate::server::listener::PassedSockets;
use crate::server::metrics::ServerMetrics;
use crate::server::phase::{Phase, advance};
use crate::server::pulse::Heart;
use crate::server::signals::{self, HangUp};
use crate::server::workers::Workers;
use crate::store::MediaStore;

/// Serve the assets until SIGTERM or SIGINT
///
/// Prints the addresses it bound, then one line a request on standard error. `RUST_LOG` says how much is logged: "warn"
/// leaves the requests out.
///
/// SIGHUP reads the configuration again, as `media-origin reload` does; one with an error is refused. The first SIGTERM
/// or SIGINT finishes the responses under way: /readyz says no, after `shutdown.grace` the listeners close, and after
/// `shutdown.drain` what is left is cut. The second signal cuts it at once.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin serve --root media --listen 127.0.0.1:8080\n  \
                        curl -I http://127.0.0.1:8080/media/campaigns/summer.jpg\n\n\
                        Exit status: 0 stopped, every response was finished, 1 a port is taken, or the bucket\n\
                        cannot be used, 2 the configuration or the command line is invalid, 3 stopped, some\n\
                        responses were cut.")]
pub(super) struct Serve {
    /// Serve also while the bucket cannot be used, and go on asking it
    #[arg(long)]
    wait_for_store: bool,
    #[command(flatten)]
    configured: Configured,
}

/// How long the end waits for the ledger's disk.
const LEDGER_PATIENCE: Duration = Duration::from_secs(5);

/// How many may wait for the configuration to be read again.
const RELOADS: usize = 16;

/// What a server is started with.
struct Start {
    configured: Configured,
    environment: Environment,
    config: Config,
    passed: PassedSockets,
    wait_for_store: bool,
}

impl Serve {
    pub(super) fn run(self) -> Exit {
        self.serve().unwrap_or_else(|exit| exit)
    }

    fn serve(self) -> Result<Exit, Exit> {
        // Before there is another thread.
        let passed = PassedSockets::take();
        let Self { wait_for_store, configured } = self;
        let environment = Environment::process();
        let Loaded { config, warnings } = configured.read(&environment).map_err(|error| {
            complain(&rendered(&error));
            Exit::Usage
        })?;
        let log = log::start(config.log.format)?;
        for warning in &warnings {
            complain(&warning.to_string());
        }
        // Connections are taken here, and served by threads of their own.
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|error| unstarted(&error))?;
        let exit = runtime
            .block_on(Start { configured, environment, config, passed, wait_for_store }.until_stopped(&log));
        // What is still being read for clients that are gone is not waited for.
        runtime.shutdown_background();
        log.finish();
        exit
    }
}

/// Says that the system has no threads or descriptors for a runtime.
fn unstarted(error: &io::Error) -> Exit {
    complain(&format!("error: the runtime cannot be started: {error}"));
    Exit::No
}

/// A server at work.
struct Running {
    working: Working,
    in_force: Arc<InForce>,
    /// What goes on beside it, until this is dropped.
    _beside: JoinSet<Infallible>,
}

impl Start {
    async fn until_stopped(mut self, log: &Logs) -> Result<Exit, Exit> {
        // Before anything is bound, so that no signal is missed.
        let (mut stop, hang_up) = signals::listen().map_err(|error| {
            complain(&format!("error: signals cannot be received: {error}"));
            Exit::No
        })?;
        let prepared =
            prepare(&self.config, std::mem::take(&mut self.passed), self.wait_for_store, log).await?;
        let store = Arc::clone(prepared.origin.store());
        let warm_up = store.directory().map(|directory| tokio::spawn(Arc::clone(directory).warm_up()));
        let phase = watch::Sender::new(Phase::Serving);
        let mut heart = Heart::default();
        let cores = available_parallelism().map_or(1, NonZero::get);
        let workers = Arc::new(Workers::start(cores, &mut heart).map_err(|error| unstarted(&error))?);
        let Running { working, in_force, _beside } =
            self.begin(prepared, &workers, heart, &phase.subscribe(), hang_up);
        let times = || in_force.load().config.shutdown;
        let drained = tokio::select! {
            drained = working.finish(&phase) => drained,
            never = advance(&phase, async || stop.told().await, times) => match never {},
        };
        warm_up.inspect(JoinHandle::abort);
        close(&store).await;
        drop(workers);
        Ok(ended(drained))
    }

    /// Begins to serve, and says so.
    fn begin(
        self,
        prepared: Prepared,
        workers: &Arc<Workers>,
        mut heart: Heart,
        phases: &watch::Receiver<Phase>,
        hang_up: HangUp,
    ) -> Running {
        let (reloads, asked) = mpsc::channel(RELOADS);
        let lasting = Lasting::new(phases.clone(), reloads);
        let security = prepared.security.map(Arc::new);
        let ServerMetrics { connections, certificates, reloads } = prepared.metrics;
        let counting = Counting { admission: prepared.admission, connections, certificates };
        let current = Current::new(self.config, prepared.origin, security, counting, lasting.clone());
        let in_force = Arc::new(InForce::from_pointee(current));
        let working = prepared.listeners.begin(workers, &in_force, phases, &mut heart);
        let (supervisor, watchdog) = supervisor();
        supervisor.ready();
        let reloader = Reloader {
            configured: Arc::new(self.configured),
            environment: Arc::new(self.environment),
            in_force: Arc::clone(&in_force),
            lasting,
            metrics: reloads,
        };
        let mut beside = JoinSet::new();
        beside.spawn(reloader.run(hang_up, asked, supervisor.clone()));
        beside.spawn(supervisor.clone().follow(phases.clone()));
        watchdog.map(|waits| beside.spawn(supervisor.give_signs_of_life(waits, heart)));
        Running { working, in_force, _beside: beside }
    }
}

/// Lets the store remember what it has found out.
async fn close(store: &MediaStore) {
    if tokio::time::timeout(LEDGER_PATIENCE, store.close()).await.is_err() {
        tracing::warn!("the disk is slow: some digests will be computed again after the next start");
    }
}

/// Says how it ended.
fn ended(drained: Drained) -> Exit {
    match drained {
        Drained::Whole => {
            tracing::info!("stopped; every response was finished");
            Exit::Success
        }
        Drained::Cut(connections) => {
            tracing::warn!(connections, "stopped; some responses were cut");
            Exit::Cut
        }
    }
}
