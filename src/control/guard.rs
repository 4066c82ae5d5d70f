//! Who may use the control listener.
//!
//! Away from loopback, whoever bears the token. On loopback every process of the machine may, but not a web page that
//! is open in a browser there: browsers say on whose behalf they ask, and nothing else does.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::config::Token;

/// Lets a request through that bears the token, or any where none is set.
pub(super) async fn authorize(
    State(token): State<Arc<Option<Token>>>,
    request: Request,
    next: Next,
) -> Response {
    match &*token {
        Some(token) if !bears(request.headers(), token) => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "this route needs a bearer token");
            problem.with(WWW_AUTHENTICATE, "Bearer").into_response()
        }
        None if asks_for_a_web_page(request.headers()) => {
            Problem::new(StatusCode::FORBIDDEN, "this listener does not answer to web pages").into_response()
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

/// `Origin` is on requests that a page's script makes to another
/// host (Fetch §3.2), `Sec-Fetch-Site` on all of a browser (Fetch Metadata §2.4); `none` is a person at its address bar.
fn asks_for_a_web_page(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    headers.contains_key(ORIGIN) || site.is_some_and(|site| site != b"none")
}
