//! `media-origin serve`: both listeners, until a signal.

use std::convert::Infallible;
use std::future::Future;
use std::io::{IsTerminal, stderr};
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use super::{Configured, Exit, complain, open_ledger, open_store, say};
use crate::clock::Clock;
use crate::config::{Config, Loaded};
use crate::control;
use crate::origin::Origin;
use crate::server::bind;
use crate::server::connections::{ConnectionLimits, Drained, serve};

/// Serve the assets until SIGTERM or SIGINT
///
/// Prints the addresses it bound, then one line a request on standard error. `RUST_LOG` says how much is logged: "warn"
/// leaves the requests out.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin serve --root media --listen 127.0.0.1:8080\n  \
                        curl -I http://127.0.0.1:8080/media/campaigns/summer.jpg")]
pub(super) struct Serve {
    #[command(flatten)]
    configured: Configured,
}

/// Bytes of a header section that are neither target nor fields, at most: the gate, which knows how to refuse, is to
/// see what is a little too large.
const HEAD_PUNCTUATION: usize = 4096;

/// What is served, and on what.
struct Bound {
    origin: Arc<Origin>,
    public: TcpListener,
    control: TcpListener,
}

impl Serve {
    pub(super) fn run(self) -> Exit {
        start_log();
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
        let exit = runtime.block_on(serve_until_stopped(&config));
        // What is still being read for clients that are gone is not waited for.
        runtime.shutdown_background();
        exit
    }
}

fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .with_target(false)
        .init();
}

async fn serve_until_stopped(config: &Config) -> Exit {
    // Before anything is bound, so that no signal is missed.
    let stop = match stop_signal() {
        Ok(stop) => stop,
        Err(error) => {
            complain(&format!("error: signals cannot be received: {error}"));
            return Exit::No;
        }
    };
    let Bound { origin, public, control } = match prepare(config).await {
        Ok(bound) => bound,
        Err(exit) => return exit,
    };
    let warm_up = tokio::spawn(Arc::clone(origin.store()).warm_up());
    let drained = serve_both(config, &origin, public, control, stop).await;
    warm_up.abort();
    origin.store().close().await;
    match drained {
        Drained::Whole => tracing::info!("stopped; every response was finished"),
        Drained::Cut => {
            tracing::warn!(drain = ?config.drain, "stopped; some responses were cut at the deadline");
        }
    }
    Exit::Success
}

/// Opens the store and binds both listeners, or says why not.
async fn prepare(config: &Config) -> Result<Bound, Exit> {
    let ledger = open_ledger(config.store.digests.as_deref());
    let store = Arc::new(open_store(config, ledger, Clock::system())?);
    let refused = |why: String| {
        complain(&format!("error: {why}"));
        Exit::No
    };
    let (public, public_address) = bind(config.listen).await.map_err(refused)?;
    let (control, control_address) = bind(config.control.address).await.map_err(refused)?;
    let mount = config.public_url.mount();
    say(&format!("serving {} at http://{public_address}{mount}/", config.store.root.display()));
    say(&format!("control at http://{control_address}/"));
    say(&format!("links begin with {}/", config.public_url.as_str()));
    Ok(Bound { origin: Arc::new(Origin::new(config, store, Clock::system())), public, control })
}

async fn serve_both(
    config: &Config,
    origin: &Arc<Origin>,
    public: TcpListener,
    control: TcpListener,
    stop: impl Future<Output = ()>,
) -> Drained {
    let limits = ConnectionLimits {
        header_timeout: config.limits.header_timeout,
        head: config.limits.headers + config.limits.target + HEAD_PUNCTUATION,
    };
    let (stopping, stopped) = watch::channel(());
    let assets = |peer: SocketAddr| {
        let origin = Arc::clone(origin);
        service_fn(move |request: Request<Incoming>| {
            let origin = Arc::clone(&origin);
            async move { Ok::<_, Infallible>(origin.respond(&request.into_parts().0, peer).await) }
        })
    };
    let control_routes = control::router(Arc::clone(origin), config.control.token.clone());
    let operator = |_peer: SocketAddr| TowerToHyperService::new(control_routes.clone());
    let public = serve(public, limits, assets, until_closed(stopped.clone()), config.drain);
    let control = serve(control, limits, operator, until_closed(stopped), config.drain);
    let announce = async {
        stop.await;
        tracing::info!(drain = ?config.drain, "stopping: taking no more connections, finishing responses");
        drop(stopping);
    };
    let (drained, _control, ()) = tokio::join!(public, control, announce);
    drained
}

/// Resolves when the sender is gone.
async fn until_closed(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

/// Resolves at the first SIGTERM or SIGINT.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
