//! What must be there before the first request: listeners that are bound, and a store that answers.

use std::net::SocketAddr;
use std::sync::Arc;

use super::listeners::Listeners;
use crate::cli::log::Logs;
use crate::cli::store::{self, Remember};
use crate::cli::{Exit, complain, say};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::origin::{Metrics, Origin};
use crate::server::listener::Listener;
use crate::server::metrics::ServerMetrics;
use crate::store::{Bucket, MediaStore};
use crate::whatsapp::link;

/// What is served, and on what.
pub(super) struct Prepared {
    pub(super) origin: Origin,
    pub(super) metrics: ServerMetrics,
    pub(super) listeners: Listeners,
}

/// Binds the listeners and opens the store, or says why not.
pub(super) async fn prepare(config: &Config, wait: bool, log: &Logs) -> Result<Prepared, Exit> {
    let (public, public_address) = Listener::bind(config.listen).await.map_err(refused)?;
    let (control, control_address) = Listener::bind(config.control.address).await.map_err(refused)?;
    let store = Arc::new(store::open(config, Remember::AsConfigured, Clock::system())?);
    if let Some(bucket) = store.bucket() {
        answers(bucket, wait).await?;
    }
    announce(config, public_address, control_address);
    let metrics = ServerMetrics::started(Clock::system().now());
    let origin = origin(config, store, &metrics, log);
    Ok(Prepared { origin, metrics, listeners: Listeners { public: vec![public], control } })
}

/// The origin, with everything that is counted and logged.
fn origin(config: &Config, store: Arc<MediaStore>, server: &ServerMetrics, log: &Logs) -> Origin {
    let metrics = Metrics::new(|registry| {
        store.register(registry);
        server.register(registry);
        log.sink.register(registry);
    });
    Origin::watched(config, store, Clock::system(), Arc::new(metrics), log.of_requests(config.log.access))
}

fn refused(why: impl std::fmt::Display) -> Exit {
    complain(&format!("error: {why}"));
    Exit::No
}

/// Says what is served, and where.
fn announce(config: &Config, public: SocketAddr, control: SocketAddr) {
    let media = described(&config.store);
    say(&format!("serving {media} at http://{public}{}/", config.public_url.mount()));
    say(&format!("control at http://{control}/"));
    let trial =
        link::unreachable_origin(config.public_url.as_str()).map(|_| " (for trials: Meta cannot reach it)");
    say(&format!("links begin with {}/{}", config.public_url.as_str(), trial.unwrap_or_default()));
    if leads_elsewhere(config.public_url.as_str(), public) {
        tracing::warn!("links lead to another port of this machine: set public-url, or give --public-url");
    }
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
