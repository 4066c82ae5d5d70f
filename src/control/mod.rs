//! The control listener: for the operator, never for the public.
//!
//! It is bound to loopback by default. On any other address a bearer token is required, except for the two probes and
//! the description of the routes, which say no more than what runs here.
//!
//! | file | holds |
//! |---|---|
//! | `messages` | `POST /messages`: builds the message to send |
//! | `explain` | `GET /explain`: what goes out, and what becomes of it |
//! | `purge`, `warm` | `POST /purge`, `POST /warm`: forgets an asset, or brings it into the caches |
//! | `reload` | `POST /reload`: has the configuration read again |
//! | `probes` | health, readiness, metrics |
//! | `openapi` | the description of all these |
//! | `guard` | who may use them |
//! | `problem` | what a request is refused with |

mod explain;
mod guard;
mod messages;
mod openapi;
mod probes;
mod problem;
mod purge;
mod reload;
mod warm;

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::compose::LARGEST;
use crate::config::Token;
use crate::origin::Origin;
use crate::server::phase::Phase;
use crate::store::{AssetPath, NotAnAssetPath};
use problem::Problem;
pub use purge::Forgotten;
pub use reload::{Mistake, NotReloaded, RefusedConfiguration, Reload, Reloaded, Reloads};
pub use warm::Warmed;

/// How long any of these requests may take. To examine a link elsewhere has limits of its own, which are shorter.
const TIMEOUT: Duration = Duration::from_mins(2);

/// How many links elsewhere are fetched at a time: each takes a connection, and as much disk as its file.
const MOST_FETCHES: usize = 4;

/// How many assets are brought into the caches at a time: each has a few slices on their way.
const MOST_FILLS: usize = 4;

/// What stays when the configuration is read again.
#[derive(Clone)]
pub struct Lasting {
    /// How far the server has come.
    phase: watch::Receiver<Phase>,
    /// Where to ask for the configuration to be read again.
    reloads: Reloads,
    /// One permit per link elsewhere that may be fetched at a time.
    fetches: Arc<Semaphore>,
    /// One permit per asset that may be brought into the caches at a time.
    fills: Arc<Semaphore>,
}

/// What the routes tell of.
#[derive(Clone)]
struct Served {
    origin: Arc<Origin>,
    lasting: Lasting,
}

impl Lasting {
    /// Of a server that has come as far as `phase`, and reads its configuration again when `reloads` says so.
    #[must_use]
    pub fn new(phase: watch::Receiver<Phase>, reloads: Reloads) -> Self {
        let (fetches, fills) = (Semaphore::new(MOST_FETCHES), Semaphore::new(MOST_FILLS));
        Self { phase, reloads, fetches: Arc::new(fetches), fills: Arc::new(fills) }
    }
}

/// Every route of the control listener.
pub fn router(origin: Arc<Origin>, token: Option<Token>, lasting: Lasting) -> Router {
    let (routes, description) = OpenApiRouter::with_openapi(openapi::about(token.is_some()))
        .merge(operators(token))
        .merge(everybodys())
        .split_for_parts();
    routes
        .layer(Extension(openapi::finished(description)))
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "there is no such route; see /openapi.json"))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this route has no such method; see /openapi.json")
        })
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(CatchPanicLayer::custom(broken))
        .layer(map_response(never_stored))
        .with_state(Served { origin, lasting })
}

/// The routes that need no token.
fn everybodys() -> OpenApiRouter<Served> {
    OpenApiRouter::new()
        .routes(routes!(openapi::describe))
        .routes(routes!(probes::health))
        .routes(routes!(probes::readiness))
        .layer(from_fn(in_time))
}

/// The routes that are for the operator alone.
fn operators(token: Option<Token>) -> OpenApiRouter<Served> {
    let mut routes = OpenApiRouter::new()
        .routes(routes!(messages::build))
        .routes(routes!(explain::asset))
        .routes(routes!(explain::url))
        .routes(routes!(purge::purge))
        .routes(routes!(probes::metrics))
        .routes(routes!(reload::reload))
        .layer(from_fn(in_time))
        // To bring in gigabytes takes its time; each slice of them has its own limit.
        .routes(routes!(warm::fill))
        .layer(from_fn_with_state(Arc::new(token), guard::authorize));
    openapi::guarded(routes.get_openapi_mut());
    routes
}

/// The asset that a request's path names behind `route`.
fn asset_of(uri: &Uri, route: &str) -> Result<AssetPath, NotAnAssetPath> {
    AssetPath::decode(uri.path().strip_prefix(route).unwrap_or_default())
}

async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(TIMEOUT, next.run(request)).await.unwrap_or_else(|_elapsed| {
        let why = format!("it took more than {} seconds", TIMEOUT.as_secs());
        Problem::new(StatusCode::GATEWAY_TIMEOUT, why).into_response()
    })
}

/// A fault of this program: said here and in the log, and no reason to stop.
fn broken(_panic: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request to the control listener met a fault of this program; please report it");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "this is a fault of media-origin; please report it")
        .into_response()
}

/// What the control listener says is true now and not later.
async fn never_stored(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
