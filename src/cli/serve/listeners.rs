//! The listeners of a server: those for the public, and the operator's.

use std::convert::Infallible;
use std::sync::Arc;

use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::control;
use crate::origin::Origin;
use crate::peer::Peer;
use crate::server::connections::{Drained, Front, serve};
use crate::server::http::{ConnectionLimits, Protocol};
use crate::server::listener::Listener;
use crate::server::phase::{Phase, reached};

/// Bytes of a header section that are neither target nor fields, at most: the gate, which knows how to refuse, is to
/// see what is a little too large.
const HEAD_PUNCTUATION: usize = 4096;

/// All of them, bound.
pub(super) struct Listeners {
    /// Those that assets are served on.
    pub(super) public: Vec<Listener>,
    /// The operator's.
    pub(super) control: Listener,
}

/// What stands between a socket and its requests.
fn front(config: &Config) -> Arc<Front> {
    let limits = ConnectionLimits {
        header_timeout: config.limits.header_timeout,
        head: config.limits.headers + config.limits.target + HEAD_PUNCTUATION,
    };
    Arc::new(Front { protocol: Protocol::new(limits) })
}

impl Listeners {
    /// Serves on all of them until the phase says that it is over.
    pub(super) async fn serve(
        self,
        config: &Config,
        origin: Arc<Origin>,
        phase: &watch::Sender<Phase>,
    ) -> Drained {
        let phases = phase.subscribe();
        let routes = control::router(Arc::clone(&origin), config.control.token.clone(), phases.clone());
        let operator = move |_peer: Peer| TowerToHyperService::new(routes.clone());
        let stopped = || reached(phases.clone(), Phase::Stopped);
        let mut public = JoinSet::new();
        for listener in self.public {
            public.spawn(serve_assets(listener, front(config), Arc::clone(&origin), phases.clone()));
        }
        let public = async {
            let drained = public.join_all().await;
            phase.send_replace(Phase::Stopped);
            if drained.contains(&Drained::Cut) { Drained::Cut } else { Drained::Whole }
        };
        // The operator is answered until there is nothing left to ask about.
        let control = serve(self.control, front(config), operator, stopped(), stopped());
        tokio::join!(public, control).0
    }
}

/// Serves assets on one listener.
async fn serve_assets(
    listener: Listener,
    front: Arc<Front>,
    origin: Arc<Origin>,
    phases: watch::Receiver<Phase>,
) -> Drained {
    let service = move |peer: Peer| {
        let origin = Arc::clone(&origin);
        service_fn(move |request: Request<Incoming>| {
            let origin = Arc::clone(&origin);
            async move { Ok::<_, Infallible>(origin.respond(&request.into_parts().0, peer).await) }
        })
    };
    let (draining, stopping) = (reached(phases.clone(), Phase::Draining), reached(phases, Phase::Stopping));
    serve(listener, front, service, draining, stopping).await
}
