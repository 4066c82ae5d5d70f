//! `GET /explain`: what goes out for an asset or a link, and what becomes of it.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{OriginalUri, Query, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use serde::Deserialize;

use super::problem::{PROBLEM_JSON, Problem};
use super::{MOST_FETCHES, Served, asset_of};
use crate::examine::Limits;
use crate::explain::{Asked, Explanation, Own, explain_asset, explain_url, own};
use crate::store::bucket::UpstreamError;
use crate::store::{NotAnAssetPath, OpenError};
use crate::whatsapp::{Finding, link};

/// Which link is meant.
#[derive(Debug, Deserialize)]
pub(super) struct Parameters {
    url: String,
}

/// Explains an asset of this origin
///
/// Which headers go out for its link, by which rule, which kinds of message take it, and what each cache does with it.
#[utoipa::path(
    get, path = "/explain/{*path}", tag = "explanations",
    params(("path" = String, Path, description = "The asset's path, percent-encoded as in a link; slashes stay")),
    responses(
        (status = 200, description = "The explanation", body = Explanation),
        (status = 400, description = "A malformed percent-encoding", body = Problem, content_type = PROBLEM_JSON),
        (status = 404, description = "No such asset", body = Problem, content_type = PROBLEM_JSON),
        (status = 500, description = "The file is there and cannot be read", body = Problem, content_type = PROBLEM_JSON),
        (status = 502, description = "The bucket fails", body = Problem, content_type = PROBLEM_JSON),
        (status = 503, description = "The file is being written", body = Problem, content_type = PROBLEM_JSON),
        (status = 504, description = "It took too long, or the bucket does not answer in time", body = Problem, content_type = PROBLEM_JSON),
    ),
)]
pub(super) async fn asset(
    State(served): State<Served>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Explanation>, Problem> {
    let path = asset_of(&uri, "/explain/")?;
    Ok(Json(explain_asset(&served.origin, &path, Asked::OfPath).await?))
}

/// Explains a link to anywhere
///
/// It is fetched, without following redirects and within limits of time and bytes, as a careful fetcher would. A link of
/// this origin is explained as the asset's path is.
#[utoipa::path(
    get, path = "/explain", tag = "explanations", params(("url" = String, Query, description = "The link, absolute and percent-encoded")),
    responses(
        (status = 200, description = "The explanation, also where nothing answers", body = Explanation),
        (status = 400, description = "No `url`, or one that is no link", body = Problem, content_type = PROBLEM_JSON),
        (status = 404, description = "No such asset", body = Problem, content_type = PROBLEM_JSON),
        (status = 500, description = "The file is there and cannot be read", body = Problem, content_type = PROBLEM_JSON),
        (status = 502, description = "The bucket fails", body = Problem, content_type = PROBLEM_JSON),
        (status = 503, description = "The file is being written, or too many links are being fetched", body = Problem, content_type = PROBLEM_JSON),
        (status = 504, description = "It took too long, or the bucket does not answer in time", body = Problem, content_type = PROBLEM_JSON),
    ),
)]
pub(super) async fn url(
    State(served): State<Served>,
    asked: Result<Query<Parameters>, QueryRejection>,
) -> Result<Json<Explanation>, Problem> {
    let Query(Parameters { url }) = asked.map_err(|_| no_url())?;
    let origin = &served.origin;
    let now = origin.clock().now();
    if let Some(Own { path, asked }) = own(&url, origin.public_url(), now) {
        return Ok(Json(explain_asset(origin, &path?, asked).await?));
    }
    link::examine(&url, "", now).map_err(no_link)?;
    let _turn = served.lasting.fetches.try_acquire().map_err(|_| busy())?;
    Ok(Json(explain_url(&url, &Limits::default(), origin.clock()).await))
}

fn no_url() -> Problem {
    let detail =
        "say which link, percent-encoded: `/explain?url=https%3A%2F%2F…`, or which asset: `/explain/PATH`";
    Problem::new(StatusCode::BAD_REQUEST, detail)
}

fn busy() -> Problem {
    let detail = format!("{MOST_FETCHES} links are being fetched at the moment: ask again");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).with(RETRY_AFTER, "5")
}

/// A text that is no link, for what refuses it and with what to do about that.
fn no_link(findings: Vec<Finding>) -> Problem {
    let sentence = |finding: Finding| match finding.remedy {
        Some(remedy) => format!("{}: {remedy}", finding.detail),
        None => finding.detail,
    };
    let wrong: Vec<_> = findings.into_iter().filter(Finding::refuses).map(sentence).collect();
    Problem::new(StatusCode::BAD_REQUEST, wrong.join("; "))
}

impl From<NotAnAssetPath> for Problem {
    fn from(wrong: NotAnAssetPath) -> Self {
        let status = match wrong {
            NotAnAssetPath::MalformedEncoding => StatusCode::BAD_REQUEST,
            NotAnAssetPath::NoSuchName => StatusCode::NOT_FOUND,
        };
        Self::new(status, wrong.to_string())
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        let why = error.to_string();
        match error {
            OpenError::NotFound => Self::new(StatusCode::NOT_FOUND, why),
            OpenError::KeepsChanging | OpenError::Overloaded => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, why).with(RETRY_AFTER, "1")
            }
            OpenError::Io(_) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, why),
            OpenError::Upstream(UpstreamError::TimedOut) => Self::new(StatusCode::GATEWAY_TIMEOUT, why),
            OpenError::Upstream(_) => Self::new(StatusCode::BAD_GATEWAY, why),
        }
    }
}
