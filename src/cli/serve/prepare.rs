//! What must be there before the first request: listeners that are bound, and a store that answers.

use std::net::SocketAddr;
use std::sync::Arc;

use super::listeners::{Listeners, Public};
use super::security::{self, Security};
use crate::cli::log::Logs;
use crate::cli::store::{self, Remember};
use crate::cli::{Exit, complain, say};
use crate::clock::Clock;
use crate::config::{self, Config, Control, Listen, Plain};
use crate::origin::{Metrics, Origin};
use crate::server::admission::Admission;
use crate::server::descriptors::{self, Descriptors};
use crate::server::listener::{BoundAddress, Listener, PassedSockets};
use crate::server::metrics::ServerMetrics;
use crate::store::buffers::Buffers;
use crate::store::{Bucket, MediaStore};
use crate::whatsapp::link;

/// What is served, and on what.
pub(super) struct Prepared {
    pub(super) origin: Origin,
    pub(super) metrics: ServerMetrics,
    pub(super) listeners: Listeners,
    pub(super) admission: Arc<Admission>,
    pub(super) security: Option<Security>,
}

/// Reads the certificates, binds the listeners and opens the store, or says why not.
pub(super) async fn prepare(
    config: &Config,
    passed: PassedSockets,
    wait: bool,
    log: &Logs,
) -> Result<Prepared, Exit> {
    let opened = security::open(config).map_err(|error| {
        complain(&format!("error: {error}"));
        Exit::Usage
    })?;
    for warning in opened.iter().flat_map(|opened| &opened.warnings) {
        complain(&format!("warning: {warning}"));
    }
    let connections = secure_descriptors(config).map_err(refused)?;
    let listeners = bind(config, passed).map_err(refused)?;
    let store = Arc::new(store::open(config, Remember::AsConfigured, Clock::system())?);
    if let Some(bucket) = store.bucket() {
        answers(bucket, wait).await?;
    }
    announce(config, &listeners);
    let metrics = ServerMetrics::started(Clock::system().now());
    let origin = origin(config, store, &metrics, log);
    let security = opened.map(|opened| Security::begin(opened, &metrics.certificates));
    let admission = Arc::new(Admission::new(connections, &config.limits));
    Ok(Prepared { origin, metrics, listeners, admission, security })
}

/// Sees to it that there are file descriptors for all connections, and the files that are sent on them; and says how
/// many connections that makes.
fn secure_descriptors(config: &Config) -> Result<usize, String> {
    let files = match config.store {
        config::Store::Directory(_) => Buffers::most_files(config.memory.buffers),
        config::Store::Bucket(_) => 0,
    };
    let Descriptors { limit, connections } = descriptors::secure(config.limits.connections, files)?;
    tracing::info!(limit, connections, "file descriptors");
    Ok(connections)
}

/// Binds all listeners.
fn bind(config: &Config, mut passed: PassedSockets) -> Result<Listeners, String> {
    let public = bind_public(config, &mut passed)?;
    let control = bind_control(&config.control, &mut passed)?;
    for name in passed.unclaimed() {
        tracing::warn!(name, "systemd passes a socket that no listener names");
    }
    Ok(Listeners { public, control })
}

/// The public listeners: without TLS, with it, or both.
fn bind_public(config: &Config, passed: &mut PassedSockets) -> Result<Vec<Public>, String> {
    let plain =
        config.tls.as_ref().is_none_or(|tls| tls.plain != Plain::Off).then_some((&config.listen, false));
    let secured = config.tls.as_ref().map(|tls| (&tls.listen, true));
    let mut bind = |(listen, secured): (&Listen, bool)| {
        let listener = Listener::bind(&listen.addresses, listen.mode, passed)?;
        Ok(Public { listener, secured })
    };
    plain.into_iter().chain(secured).map(&mut bind).collect()
}

/// The operator's. Whether others than this machine reach what systemd passes is known only now.
fn bind_control(control: &Control, passed: &mut PassedSockets) -> Result<Listener, String> {
    let Control { address, mode, token } = control;
    let listener = Listener::bind(std::slice::from_ref(address), *mode, passed)?;
    if token.is_none() && !listener.addresses().all(BoundAddress::is_local) {
        return Err(format!(
            "the control listener at {address} is open to other machines and has no token\n\
             help: have systemd listen on a loopback address or a Unix socket, or name a `token-file`"
        ));
    }
    Ok(listener)
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
fn announce(config: &Config, Listeners { public, control }: &Listeners) {
    let media = described(&config.store);
    let path = format!("{}/", config.public_url.mount());
    for public in public {
        let does =
            if public.answers(config) { format!("serving {media}") } else { "answering 404".to_owned() };
        announce_places(&does, &public.listener, public.scheme(), &path);
    }
    announce_places("control", control, "http", "/");
    let trial =
        link::unreachable_origin(config.public_url.as_str()).map(|_| " (for trials: Meta cannot reach it)");
    say(&format!("links begin with {}/{}", config.public_url.as_str(), trial.unwrap_or_default()));
    if leads_elsewhere(config, public) {
        tracing::warn!("links lead to another port of this machine: set public-url, or give --public-url");
    }
}

/// A line for each place.
fn announce_places(what: &str, listener: &Listener, scheme: &str, path: &str) {
    let subjects = std::iter::once(what).chain(std::iter::repeat("  also"));
    for (subject, address) in subjects.zip(listener.addresses()) {
        say(&format!("{subject} at {}", address.url(scheme, path)));
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

/// Whether links name a loopback address at which this server does not listen. Who listens at a Unix socket has something
/// else listen for it.
fn leads_elsewhere(config: &Config, bound: &[Public]) -> bool {
    let Ok(url) = config.public_url.as_str().parse::<http::Uri>() else { return false };
    let linked = url.authority().and_then(|authority| authority.as_str().parse::<SocketAddr>().ok());
    linked.filter(|linked| linked.ip().is_loopback()).is_some_and(|linked| {
        let is_linked = |bound: &BoundAddress| match bound {
            BoundAddress::Tcp(address) => address.port() == linked.port(),
            BoundAddress::Unix(_) => true,
        };
        !bound.iter().any(|public| {
            let leads_here = public.listener.addresses().any(is_linked);
            leads_here && Some(public.scheme()) == url.scheme_str() && public.answers(config)
        })
    })
}
