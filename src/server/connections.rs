//! Accepts connections until it is told to stop, then lets them finish what they are sending.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::future::Future;
use std::sync::Arc;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::http::{ConnectionError, Protocol, Version};
use super::listener::{Listener, Socket};
use super::prefixed::Prefixed;
use crate::peer::Peer;

/// What stands between a socket and the requests on it.
#[derive(Debug)]
pub struct Front {
    /// The versions of HTTP that are spoken, and their limits.
    pub protocol: Protocol,
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every response was finished.
    Whole,
    /// Some were still under way at the deadline, and were cut.
    Cut,
}

/// Serves what `service_for` makes for each peer, until `shutdown` resolves; then takes no more connections, and
/// lets those that are busy finish their responses, until `deadline` resolves.
pub async fn serve<S, B>(
    listener: Listener,
    front: Arc<Front>,
    service_for: impl Fn(Peer) -> S,
    shutdown: impl Future<Output = ()>,
    deadline: impl Future<Output = ()>,
) -> Drained
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    let (draining, drains) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        let (socket, peer) = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_ended) = connections.join_next() => continue,
            () = &mut shutdown => break,
        };
        let connection =
            converse(Arc::clone(&front), socket, service_for(peer), (drains.clone(), graceful.watcher()));
        connections.spawn(async move { connection.await.unwrap_or_else(|error| note(&error, peer)) });
    }
    drop(listener);
    draining.send_replace(true);
    let drained = tokio::select! {
        () = graceful.shutdown() => Drained::Whole,
        () = deadline => Drained::Cut,
    };
    // Ends what is left, and waits until each has said so in the log.
    connections.shutdown().await;
    drained
}

/// The life of a connection, from its acceptance to its end. Once the server drains, it ends before its first request, or
/// after what is under way.
async fn converse<S, B>(
    front: Arc<Front>,
    socket: Socket,
    service: S,
    (mut drains, watcher): (watch::Receiver<bool>, Watcher),
) -> Result<(), ConnectionError>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    let (version, stream) = tokio::select! {
        opened = front.open(socket) => opened?,
        _drains = drains.wait_for(|drains| *drains) => return Ok(()),
    };
    front.protocol.serve(stream, version, service, watcher).await
}

impl Front {
    /// Takes a connection to where its first request begins.
    async fn open(&self, socket: Socket) -> Result<(Version, Prefixed<Socket>), ConnectionError> {
        self.protocol.detect(socket).await
    }
}

/// Says why a connection ended early. A message that is none was refused without reaching a service, so it is said here.
fn note(error: &ConnectionError, peer: Peer) {
    match error {
        ConnectionError::Http(error) if error.is_parse() => {
            tracing::info!(%peer, "refused what is no HTTP/1.1 message: {error}");
        }
        ConnectionError::Http(error) => tracing::debug!(%peer, "a connection ended early: {error}"),
        ConnectionError::Io(error) => tracing::debug!(%peer, "a connection ended early: {error}"),
        ConnectionError::Silent => tracing::debug!(%peer, "a connection ended early: nothing came"),
    }
}
