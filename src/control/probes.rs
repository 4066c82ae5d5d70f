//! How the server is: for balancers, and for Prometheus.

use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Served;
use crate::metrics::exposition::Exposition;
use crate::server::phase::Phase;

/// Whether the server runs
#[utoipa::path(get, path = "/healthz", tag = "probes", responses((status = 200, description = "It runs")), security(()))]
pub(super) async fn health() -> StatusCode {
    StatusCode::OK
}

/// Whether requests should be sent here: connections are taken, and the media can be reached
#[utoipa::path(
    get, path = "/readyz", tag = "probes", security(()),
    responses(
        (status = 200, description = "They should", body = String, content_type = "text/plain; charset=utf-8"),
        (status = 503, description = "They should not", body = String, content_type = "text/plain; charset=utf-8"),
    ),
)]
pub(super) async fn readiness(State(served): State<Served>) -> Response {
    if *served.lasting.phase.borrow() > Phase::Serving {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping\n").into_response();
    }
    match served.origin.store().reach().await {
        Ok(()) => "ready\n".into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

/// What is counted, for Prometheus: in OpenMetrics if that is asked for, else in its older text format
#[utoipa::path(
    get, path = "/metrics", tag = "probes",
    responses((status = 200, description = "The metrics", content(
        (String = "text/plain; version=0.0.4; charset=utf-8"),
        (String = "application/openmetrics-text; version=1.0.0; charset=utf-8"),
    ))),
)]
pub(super) async fn metrics(State(served): State<Served>, headers: HeaderMap) -> Response {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    let wanted = Exposition::wanted(accept);
    let metrics = wanted.of(served.origin.metrics().text());
    ([(CONTENT_TYPE, wanted.media_type()), (VARY, "Accept")], metrics).into_response()
}
