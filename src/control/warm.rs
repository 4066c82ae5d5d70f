//! `POST /warm`: brings all of an asset into the caches.

use axum::Json;
use axum::extract::{OriginalUri, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{PROBLEM_JSON, Problem};
use super::{Served, asset_of};
use crate::semantics::field_text;
use crate::store::{AssetPath, Fault, Filled};

/// An asset that is in the caches, as far as they have room.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Warmed {
    /// The asset's path.
    pub path: String,
    /// All of its bytes.
    pub bytes: u64,
    /// Those of them that were not in the caches, and were fetched.
    pub fetched_bytes: u64,
    /// What it is sent as.
    pub content_type: String,
    /// What is wrong with it, if anything is: its label and its bytes disagree, or WhatsApp would not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Brings all of an asset into the caches
///
/// All slices of a bucket's object are fetched that are not cached yet; the body of a small file is read into memory. It
/// takes as long as it takes; if the connection is closed meanwhile, nothing more is fetched. Four assets are brought in
/// at a time, and others wait.
#[utoipa::path(
    post, path = "/warm/{*path}", tag = "caches",
    params(("path" = String, Path, description = "The asset's path, percent-encoded as in a link; slashes stay")),
    responses(
        (status = 200, description = "It is in the caches, as far as they have room", body = Warmed),
        (status = 400, description = "A malformed percent-encoding", body = Problem, content_type = PROBLEM_JSON),
        (status = 404, description = "No such asset", body = Problem, content_type = PROBLEM_JSON),
        (status = 500, description = "The file is there and cannot be read", body = Problem, content_type = PROBLEM_JSON),
        (status = 502, description = "The bucket fails", body = Problem, content_type = PROBLEM_JSON),
        (status = 503, description = "It is being written", body = Problem, content_type = PROBLEM_JSON),
        (status = 504, description = "The bucket does not answer in time", body = Problem, content_type = PROBLEM_JSON),
    ),
)]
pub(super) async fn fill(
    State(served): State<Served>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Warmed>, Problem> {
    let path = asset_of(&uri, "/warm/")?;
    let _turn = served.lasting.fills.acquire().await;
    let filled = served.origin.store().fill(&path).await?;
    let warmed = Warmed::of(&path, &filled);
    let (bytes, fetched_bytes) = (warmed.bytes, warmed.fetched_bytes);
    tracing::info!(target: "media_origin::caches", path = ?path.as_str(), bytes, fetched_bytes, "POST /warm");
    Ok(Json(warmed))
}

impl Warmed {
    fn of(path: &AssetPath, filled: &Filled) -> Self {
        let representation = &filled.explored.asset.representation;
        Self {
            path: path.to_string(),
            bytes: representation.complete_length,
            fetched_bytes: filled.fetched_bytes,
            content_type: field_text(&representation.content_type),
            warning: filled.explored.fault().as_ref().map(Fault::to_string),
        }
    }
}
