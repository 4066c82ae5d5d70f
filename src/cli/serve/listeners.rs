//! The listeners of a server: those for the public, and the operator's.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use http::request::Parts;
use hyper::body::Incoming;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::current::InForce;
use crate::config::{Config, Plain};
use crate::origin::ResponseBody;
use crate::peer::Peer;
use crate::response::Response;
use crate::server::answer::Answer;
use crate::server::connections::{Drained, serve};
use crate::server::listener::Listener;
use crate::server::phase::{Course, Phase, go_on_to};
use crate::server::pulse::{Heart, Pulse};
use crate::server::workers::Workers;

/// How long the operator's last answers may take once nothing else is left.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// All of them, bound.
pub(super) struct Listeners {
    /// Those that assets are served on.
    pub(super) public: Vec<Public>,
    /// The operator's.
    pub(super) control: Listener,
}

/// A public listener.
pub(super) struct Public {
    pub(super) listener: Listener,
    /// Whether TLS is spoken.
    pub(super) secured: bool,
}

impl Public {
    /// Whether assets are to be had here by this configuration: without TLS it may be 404 for all.
    pub(super) fn answers(&self, config: &Config) -> bool {
        answers(self.secured, config)
    }

    /// The scheme of links that lead here.
    pub(super) fn scheme(&self) -> &'static str {
        if self.secured { "https" } else { "http" }
    }
}

fn answers(secured: bool, config: &Config) -> bool {
    secured || config.tls.as_ref().is_none_or(|tls| tls.plain != Plain::NotFound)
}

/// All of them, at work.
pub(super) struct Working {
    public: JoinSet<Drained>,
    control: JoinSet<Drained>,
}

impl Listeners {
    /// Begins to serve on all of them: the public on those threads.
    pub(super) fn begin(
        self,
        workers: &Arc<Workers>,
        in_force: &Arc<InForce>,
        phases: &watch::Receiver<Phase>,
        heart: &mut Heart,
    ) -> Working {
        let mut working = Working { public: JoinSet::new(), control: JoinSet::new() };
        for public in self.public {
            let course = Course::public(phases.clone());
            let (workers, in_force) = (Arc::clone(workers), Arc::clone(in_force));
            working.public.spawn(serve_assets(public, in_force, course, workers, heart.pulse()));
        }
        let course = Course::control(phases.clone());
        working.control.spawn(serve_operator(self.control, Arc::clone(in_force), course, heart.pulse()));
        working
    }
}

impl Working {
    /// Resolves when all is over.
    pub(super) async fn finish(mut self, phase: &watch::Sender<Phase>) -> Drained {
        let mut drained = Drained::Whole;
        while let Some(ended) = self.public.join_next().await {
            drained = drained.and(ended.unwrap_or_else(|error| {
                tracing::error!(%error, "a listener met a fault of this program, which stops; please report it");
                go_on_to(phase, Phase::Draining);
                Drained::Cut(1)
            }));
        }
        // The operator was answered until there was nothing left to ask about.
        go_on_to(phase, Phase::Stopped);
        let in_time = timeout(LAST_ANSWERS, self.control.join_next()).await;
        if in_time.is_err() {
            go_on_to(phase, Phase::Over);
            self.control.join_next().await;
        }
        drained
    }
}

/// Serves assets on one listener.
async fn serve_assets(
    public: Public,
    in_force: Arc<InForce>,
    course: Course,
    workers: Arc<Workers>,
    pulse: Pulse,
) -> Drained {
    let Public { listener, secured } = public;
    let front = || in_force.load().front(secured);
    let assets = {
        let in_force = Arc::clone(&in_force);
        move |peer| Assets { in_force: Arc::clone(&in_force), secured, peer }
    };
    serve(listener, front, assets, course, workers, pulse).await
}

/// Serves the operator, whom no client keeps waiting: here, and not where they are served.
async fn serve_operator(listener: Listener, in_force: Arc<InForce>, course: Course, pulse: Pulse) -> Drained {
    let front = || in_force.load().control_front();
    let operator = {
        let in_force = Arc::clone(&in_force);
        move |_peer| Operator { in_force: Arc::clone(&in_force) }
    };
    serve(listener, front, operator, course, Arc::new(Workers::here()), pulse).await
}

/// What is answered to one client. Each request by the origin that is in force when it comes.
struct Assets {
    in_force: Arc<InForce>,
    secured: bool,
    peer: Peer,
}

impl Answer for Assets {
    type Body = ResponseBody;

    async fn answer(&self, request: Arc<Parts>, _content: Option<Incoming>) -> Response<ResponseBody> {
        let current = self.in_force.load_full();
        if answers(self.secured, &current.config) {
            current.origin.respond(&request, self.peer).await
        } else {
            current.origin.conceal(&request, self.peer)
        }
    }
}

/// The same of what the operator asks.
struct Operator {
    in_force: Arc<InForce>,
}

impl Answer for Operator {
    type Body = Body;

    async fn answer(&self, request: Arc<Parts>, content: Option<Incoming>) -> Response<Body> {
        let routes: Router = self.in_force.load().routes.clone();
        let content = content.map_or_else(Body::empty, Body::new);
        let request = Request::from_parts(Arc::unwrap_or_clone(request), content);
        let Ok(response) = TowerToHyperService::new(routes).call(request).await;
        response.into()
    }
}
