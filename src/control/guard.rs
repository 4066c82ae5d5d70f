//! Who may use the control listener.
//!
//! Where a token is set, whoever bears it. Without one the listener is bound to loopback, and every process of the
//! machine may: but not a web page that is open in a browser there. A browser says on whose behalf it asks, or else by
//! which name it came; a page of another site that had its own name resolve to this machine came by that name.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::config::Token;

/// Who asks.
#[derive(Debug, PartialEq, Eq)]
enum Caller {
    /// Somebody who may.
    Operator,
    /// Somebody without the token.
    Stranger,
    /// A web page.
    WebPage,
}

/// Lets the operator's requests through, and no other.
pub(super) async fn authorize(
    State(token): State<Arc<Option<Token>>>,
    request: Request,
    next: Next,
) -> Response {
    match caller(request.headers(), token.as_ref().as_ref()) {
        Caller::Operator => next.run(request).await,
        Caller::Stranger => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "this route needs a bearer token");
            problem.with(WWW_AUTHENTICATE, "Bearer").into_response()
        }
        Caller::WebPage => {
            let why = "without a token, this listener answers neither web pages nor other names than those of loopback";
            Problem::new(StatusCode::FORBIDDEN, why).into_response()
        }
    }
}

fn caller(headers: &HeaderMap, token: Option<&Token>) -> Caller {
    match token {
        Some(token) if bears(headers, token) => Caller::Operator,
        Some(_) => Caller::Stranger,
        None if is_for_a_web_page(headers) || !came_by_loopback(headers) => Caller::WebPage,
        None => Caller::Operator,
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

/// `Origin` is on what a page's script sends to another site, and on every POST (Fetch §3.2). `Sec-Fetch-Site` is on all
/// that a browser sends to loopback addresses (Fetch Metadata §2); `none` is a person at the address bar.
fn is_for_a_web_page(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    headers.contains_key(ORIGIN) || site.is_some_and(|site| site != b"none")
}

/// Whether the request names this machine as such. A browser always sends `Host`; what sends none is no browser.
fn came_by_loopback(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST) else { return true };
    let Ok(authority) = Authority::try_from(host.as_bytes()) else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}
