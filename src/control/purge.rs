//! `POST /purge`: forgets what is cached of an asset.

use axum::Json;
use axum::extract::{OriginalUri, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{PROBLEM_JSON, Problem};
use super::{Served, asset_of};

/// What was forgotten of an asset.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Forgotten {
    /// The asset's path.
    pub path: String,
    /// How many bodies, or slices of them, were kept, in memory and on disk together.
    pub slices: u64,
    /// The bytes that they took.
    pub bytes: u64,
}

/// Forgets what is cached of an asset
///
/// The next request for it asks the bucket, or looks at its file. There is nothing to forget of an asset that was never
/// asked for, or that is not there: that is no error.
#[utoipa::path(
    post, path = "/purge/{*path}", tag = "caches",
    params(("path" = String, Path, description = "The asset's path, percent-encoded as in a link; slashes stay")),
    responses(
        (status = 200, description = "It is forgotten", body = Forgotten),
        (status = 400, description = "A malformed percent-encoding", body = Problem, content_type = PROBLEM_JSON),
        (status = 404, description = "No asset can have that name", body = Problem, content_type = PROBLEM_JSON),
    ),
)]
pub(super) async fn purge(
    State(served): State<Served>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Forgotten>, Problem> {
    let path = asset_of(&uri, "/purge/")?;
    let purged = served.origin.store().purge(&path).await;
    let (slices, bytes) = (purged.slices, purged.bytes);
    tracing::info!(target: "media_origin::caches", path = ?path.as_str(), slices, bytes, "POST /purge");
    Ok(Json(Forgotten { path: path.to_string(), slices, bytes }))
}
