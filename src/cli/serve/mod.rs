//! `media-origin serve`: both listeners, until a signal.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::store::{self, Remember};
use super::{Configured, Exit, complain, log, say};
use crate::clock::Clock;
use crate::config::{self, Config, Loaded};
use crate::control;
use crate::origin::Origin;
use crate::peer::Peer;
use crate::server::connections::{Drained, Front, serve};
use crate::server::http::{ConnectionLimits, Protocol};
use crate::server::listener::Listener;
use crate::server::phase::{Phase, Signals, reached};
use crate::store::Bucket;
use crate::whatsapp::link;

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

/// Bytes of a header section that are neither target nor fields, at most: the gate, which knows how to refuse, is to
/// see what is a little too large.
const HEAD_PUNCTUATION: usize = 4096;

/// How long the end waits for the ledger's disk.
const LEDGER_PATIENCE: Duration = Duration::from_secs(5);

/// What is served, and on what.
struct Bound {
    origin: Arc<Origin>,
    public: Listener,
    control: Listener,
}

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
    let bound = match prepare(config, wait).await {
        Ok(bound) => bound,
        Err(exit) => return exit,
    };
    let store = Arc::clone(bound.origin.store());
    let warm_up = store.directory().map(|directory| tokio::spawn(Arc::clone(directory).warm_up()));
    let drained = serve_both(config, bound, signals).await;
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

/// Asks the bucket whether it can be used. If not, that is the end of it, unless it is to be waited for.
async fn answers(bucket: &Bucket, wait: bool) -> Result<(), Exit> {
    match bucket.client().probe().await {
        Ok(access) => {
            access.warning().inspect(|warning| tracing::warn!("{warning}"));
            Ok(())
        }
        Err(why) if wait => {
            tracing::error!(
                help = why.help,
                "serving without the bucket, until it answers: {}",
                why.sentence
            );
            Ok(())
        }
        Err(why) => {
            complain(&why.to_string());
            Err(Exit::No)
        }
    }
}

/// Binds both listeners and opens the store, or says why not.
async fn prepare(config: &Config, wait: bool) -> Result<Bound, Exit> {
    let refused = |why: String| {
        complain(&format!("error: {why}"));
        Exit::No
    };
    let (public, public_address) = Listener::bind(config.listen).await.map_err(refused)?;
    let (control, control_address) = Listener::bind(config.control.address).await.map_err(refused)?;
    let store = Arc::new(store::open(config, Remember::AsConfigured, Clock::system())?);
    if let Some(bucket) = store.bucket() {
        answers(bucket, wait).await?;
    }
    let media = described(&config.store);
    say(&format!("serving {media} at http://{public_address}{}/", config.public_url.mount()));
    say(&format!("control at http://{control_address}/"));
    let trial =
        link::unreachable_origin(config.public_url.as_str()).map(|_| " (for trials: Meta cannot reach it)");
    say(&format!("links begin with {}/{}", config.public_url.as_str(), trial.unwrap_or_default()));
    if leads_elsewhere(config.public_url.as_str(), public_address) {
        tracing::warn!("links lead to another port of this machine: set public-url, or give --public-url");
    }
    Ok(Bound { origin: Arc::new(Origin::new(config, store, Clock::system())), public, control })
}

/// What is served, for a person.
fn described(store: &config::Store) -> String {
    match store {
        config::Store::Directory(config::Directory { root, .. }) => {
            root.canonicalize().unwrap_or_else(|_| root.clone()).display().to_string()
        }
        config::Store::Bucket(config::Bucket { name, prefix, .. }) => format!("the bucket {name}/{prefix}"),
    }
}

/// Whether links name a loopback address at which this server does not listen.
fn leads_elsewhere(public_url: &str, bound: SocketAddr) -> bool {
    let authority =
        public_url.parse::<http::Uri>().ok().and_then(|url| url.authority()?.as_str().parse().ok());
    authority.is_some_and(|linked: SocketAddr| linked.ip().is_loopback() && linked.port() != bound.port())
}

async fn serve_both(config: &Config, bound: Bound, signals: Signals) -> Drained {
    let Bound { origin, public, control } = bound;
    let limits = ConnectionLimits {
        header_timeout: config.limits.header_timeout,
        head: config.limits.headers + config.limits.target + HEAD_PUNCTUATION,
    };
    let front = || Arc::new(Front { protocol: Protocol::new(limits) });
    let (phase, phases) = watch::channel(Phase::Serving);
    let assets = |peer: Peer| {
        let origin = Arc::clone(&origin);
        service_fn(move |request: Request<Incoming>| {
            let origin = Arc::clone(&origin);
            async move { Ok::<_, Infallible>(origin.respond(&request.into_parts().0, peer).await) }
        })
    };
    let control_routes = control::router(Arc::clone(&origin), config.control.token.clone(), phases.clone());
    let operator = |_peer: Peer| TowerToHyperService::new(control_routes.clone());
    let reached = |wanted| reached(phases.clone(), wanted);
    let public = async {
        let drained =
            serve(public, front(), assets, reached(Phase::Draining), reached(Phase::Stopping)).await;
        phase.send_replace(Phase::Stopped);
        drained
    };
    // The operator is answered until there is nothing left to ask about.
    let control = serve(control, front(), operator, reached(Phase::Stopped), reached(Phase::Stopped));
    tokio::select! {
        (drained, _control) = async { tokio::join!(public, control) } => drained,
        never = signals.advance(&phase, config.drain) => match never {},
    }
}
