//! The control listener: for the operator, never for the public.
//!
//! It is bound to loopback by default. On any other address a bearer token is required, except for the two probes,
//! which say no more than whether the server runs.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch;
use tower_http::timeout::TimeoutLayer;

use crate::config::Token;
use crate::origin::Origin;
use crate::server::phase::Phase;

/// How long any of these requests may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The media type of Prometheus's text format.
const METRICS_TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the routes tell of.
#[derive(Clone)]
struct Served {
    origin: Arc<Origin>,
    phase: watch::Receiver<Phase>,
}

/// Every route of the control listener. `phase` is how far the server has come.
pub fn router(origin: Arc<Origin>, token: Option<Token>, phase: watch::Receiver<Phase>) -> Router {
    let token = Arc::new(token);
    let private = Router::new().route("/metrics", get(metrics)).layer(from_fn_with_state(token, authorize));
    Router::new()
        .route("/healthz", get(StatusCode::OK))
        .route("/readyz", get(ready))
        .merge(private)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, TIMEOUT))
        .layer(map_response(never_stored))
        .with_state(Served { origin, phase })
}

/// Ready while connections are taken and the store can be reached.
async fn ready(State(served): State<Served>) -> Response {
    if *served.phase.borrow() > Phase::Serving {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping\n").into_response();
    }
    if served.origin.store().is_reachable().await {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "the media directory cannot be reached\n").into_response()
}

async fn metrics(State(served): State<Served>) -> Response {
    ([(CONTENT_TYPE, METRICS_TEXT)], served.origin.metrics().text()).into_response()
}

/// Lets a request through that bears the token, or any where none is set.
async fn authorize(State(token): State<Arc<Option<Token>>>, request: Request, next: Next) -> Response {
    match &*token {
        Some(token) if !bears(request.headers(), token) => {
            let challenge = [(WWW_AUTHENTICATE, "Bearer")];
            (StatusCode::UNAUTHORIZED, challenge, "this route needs a bearer token\n").into_response()
        }
        _ => next.run(request).await,
    }
}

/// `Authorization: Bearer <token>` (RFC 6750 §2.1).
fn bears(headers: &HeaderMap, token: &Token) -> bool {
    let credentials = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    let presented = credentials.and_then(|value| value.split_at_checked(b"Bearer ".len()));
    presented.is_some_and(|(scheme, presented)| {
        scheme.eq_ignore_ascii_case(b"Bearer ") && token.matches(presented)
    })
}

/// What the control listener says is true now and not later.
async fn never_stored(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
