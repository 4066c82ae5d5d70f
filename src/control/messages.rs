//! `POST /messages`: takes a message with `path` where `link` would stand, answers the payload to send.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::Served;
use super::problem::{PROBLEM_JSON, Problem};
use crate::compose::schema::{MessageRequest, Payload};
use crate::compose::{Composed, LARGEST, Refused, compose};
use crate::store::OpenError;
use crate::whatsapp::message::{Message, Remark, Sendable};

/// The codes of what was found that does not keep the message from being sent; empty if nothing was.
const WARNINGS: HeaderName = HeaderName::from_static("media-origin-warnings");

/// What is answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Built {
    /// The payload alone, ready to be sent.
    #[schema(value_type = Payload)]
    Payload(Message<Sendable>),
    /// The payload, and what was found.
    Explained(Composed),
}

/// Builds the message to send
///
/// The request is a WhatsApp message as one would send it to 360dialog or to Meta's Cloud API, with `"path"` inside a
/// media object where `link` would stand. The answer is the payload, its links pinned to the bytes that are there now.
/// The `Content-Type` of the request does not matter.
#[utoipa::path(
    post, path = "/messages", tag = "messages",
    params(("explain" = Option<String>, Query,
        description = "If it is there, whatever its value, the answer has the payload as `message`, and what was found")),
    request_body(content = MessageRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The payload; with `explain`, what was found too", body = Built,
            headers(("Media-Origin-Warnings" = String, description = "The codes of what else was found, divided by spaces"))),
        (status = 400, description = "No JSON object", body = Problem, content_type = PROBLEM_JSON),
        (status = 413, description = "Too large", body = Problem, content_type = PROBLEM_JSON),
        (status = 422, description = "It would fail", body = Problem, content_type = PROBLEM_JSON),
        (status = 502, description = "The bucket fails", body = Problem, content_type = PROBLEM_JSON),
        (status = 503, description = "The file is being written", body = Problem, content_type = PROBLEM_JSON),
        (status = 504, description = "It took too long, or the bucket does not answer in time", body = Problem, content_type = PROBLEM_JSON),
    ),
)]
pub(super) async fn build(
    State(served): State<Served>,
    RawQuery(query): RawQuery,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, Problem> {
    let body = body.map_err(|rejection| unread(&rejection))?;
    let composed = compose(&served.origin, &body).await;
    served.origin.metrics().composed(composed.is_ok());
    log(composed.as_ref());
    let composed = composed?;
    let warnings = [(WARNINGS, codes(&composed.warnings))];
    let explain = wants_explanation(query.as_deref());
    let built = if explain { Built::Explained(composed) } else { Built::Payload(composed.message) };
    Ok((warnings, Json(built)))
}

/// One line in the log: what became of the request, and nothing that it says of people.
fn log(composed: Result<&Composed, &Refused>) {
    let (outcome, found) = match composed {
        Ok(composed) => ("built", codes(&composed.warnings)),
        Err(Refused::NotJson(wrong)) => ("refused", wrong.finding().code.to_owned()),
        Err(Refused::Message(remarks)) => ("refused", codes(remarks)),
        Err(Refused::Store(OpenError::Upstream(error))) => {
            tracing::error!("the media of a message cannot be read: {error}");
            ("refused", "bucket-failed".to_owned())
        }
        Err(Refused::Store(_)) => ("refused", "asset-keeps-changing".to_owned()),
    };
    tracing::info!(target: "media_origin::messages", outcome, found, "POST /messages");
}

fn codes(remarks: &[Remark]) -> String {
    remarks.iter().map(|remark| remark.finding.code).collect::<Vec<_>>().join(" ")
}

/// `?explain`, with any value or none.
fn wants_explanation(query: Option<&str>) -> bool {
    query.unwrap_or_default().split('&').any(|parameter| parameter.split('=').next() == Some("explain"))
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotJson(wrong) => {
                let detail = wrong.to_string();
                Self::new(StatusCode::BAD_REQUEST, detail).because([wrong.remark()])
            }
            Refused::Message(remarks) => Self::of_message(remarks),
            Refused::Store(error) => error.into(),
        }
    }
}

/// A body that is too large, or that did not come whole.
fn unread(rejection: &BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = format!("a message has at most {LARGEST} bytes");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
        }
        _ => Problem::new(StatusCode::BAD_REQUEST, "the body did not come whole"),
    }
}
