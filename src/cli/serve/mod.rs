//! `media-origin serve`: all listeners, until a signal.
//!
//! | file | holds |
//! |---|---|
//! | `prepare` | what must be there before the first request |
//! | `listeners` | what is served on which listener |

mod listeners;
mod prepare;

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::prepare::{Prepared, prepare};
use super::{Configured, Exit, complain, log};
use crate::config::{Config, Loaded};
use crate::server::connections::Drained;
use crate::server::phase::{Phase, Signals};

/// Serve the assets until SIGTERM or SIGINT
///
/// Prints the addresses it bound, then one line a request on standard error. `RUST_LOG` says how much is logged: "warn"
/// leaves the requests out. The first signal finishes the responses under way, the second cuts them.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin serve --root media --listen 127.0.0.1:8080\n  \
                        curl -I http://127.0.0.1:8080/media/campaigns/summer.jpg")]
pub(super) struct Serve {
    /// Serve also while the bucket cannot be used, and go on asking it
    #[arg(long)]
    wait_for_store: bool,
    #[command(flatten)]
    configured: Configured,
}

/// How long the end waits for the ledger's disk.
const LEDGER_PATIENCE: Duration = Duration::from_secs(5);

impl Serve {
    pub(super) fn run(self) -> Exit {
        let log = match log::start() {
            Ok(log) => log,
            Err(exit) => return exit,
        };
        let Loaded { config, warnings } = match self.configured.load() {
            Ok(loaded) => loaded,
            Err(exit) => return exit,
        };
        for warning in &warnings {
            complain(&warning.to_string());
        }
        let runtime = match tokio::runtime::Runtime::new() {
            Ok(runtime) => runtime,
            Err(error) => {
                complain(&format!("error: the runtime cannot be started: {error}"));
                return Exit::No;
            }
        };
        let exit = runtime.block_on(serve_until_stopped(&config, self.wait_for_store));
        // What is still being read for clients that are gone is not waited for.
        runtime.shutdown_background();
        log::finish(log);
        exit
    }
}

async fn serve_until_stopped(config: &Config, wait: bool) -> Exit {
    // Before anything is bound, so that no signal is missed.
    let signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => {
            complain(&format!("error: signals cannot be received: {error}"));
            return Exit::No;
        }
    };
    let Prepared { origin, listeners } = match prepare(config, wait).await {
        Ok(prepared) => prepared,
        Err(exit) => return exit,
    };
    let store = Arc::clone(origin.store());
    let warm_up = store.directory().map(|directory| tokio::spawn(Arc::clone(directory).warm_up()));
    let (phase, _) = watch::channel(Phase::Serving);
    let drained = tokio::select! {
        drained = listeners.serve(config, origin, &phase) => drained,
        never = signals.advance(&phase, config.shutdown.drain) => match never {},
    };
    warm_up.inspect(JoinHandle::abort);
    if tokio::time::timeout(LEDGER_PATIENCE, store.close()).await.is_err() {
        tracing::warn!("the disk is slow: some digests will be computed again after the next start");
    }
    match drained {
        Drained::Whole => tracing::info!("stopped; every response was finished"),
        Drained::Cut => tracing::warn!("stopped; some responses were cut"),
    }
    Exit::Success
}
