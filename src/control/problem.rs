//! An answer that says no, and why: problem details (RFC 9457).

use axum::Json;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::whatsapp::message::Remark;

/// The media type of problem details (RFC 9457 §6.1).
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// What is wrong with a request.
///
/// There is no `type`: "When this member is not present, its value is assumed to be "about:blank"." (RFC 9457 §3.1.1)
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The name of the status.
    title: &'static str,
    /// The status of the response.
    status: u16,
    /// What is wrong, in a sentence.
    detail: String,
    /// Everything for which the message was refused, in the order of the message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Remark>,
    /// What else should be looked at while it is being mended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Remark>,
    #[serde(skip)]
    field: Option<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A request that is answered with this status, for the reason that the sentence gives.
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            title: title(status),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            warnings: Vec::new(),
            field: None,
        }
    }

    /// A message that is refused for what `remarks` say.
    pub(super) fn of_message(remarks: Vec<Remark>) -> Self {
        let (errors, warnings): (Vec<_>, Vec<_>) =
            remarks.into_iter().partition(|remark| remark.finding.refuses());
        let detail = match errors.len() {
            1 => "the message is refused: 1 error".to_owned(),
            count => format!("the message is refused: {count} errors"),
        };
        Self { warnings, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail).because(errors) }
    }

    /// With what it is refused for.
    pub(super) fn because(self, errors: impl IntoIterator<Item = Remark>) -> Self {
        Self { errors: errors.into_iter().collect(), ..self }
    }

    /// With one more field in the header of the response.
    pub(super) fn with(self, name: HeaderName, value: &'static str) -> Self {
        Self { field: Some((name, HeaderValue::from_static(value))), ..self }
    }
}

/// The status phrase, as RFC 9110 §15 has it.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
        other => other.canonical_reason().unwrap_or_default(),
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let field = self.field.take();
        let mut response = problem_response(status, &self);
        response.headers_mut().extend(field);
        response
    }
}

/// A response whose content is problem details.
pub(super) fn problem_response(status: StatusCode, details: &impl Serialize) -> Response {
    let mut response = (status, Json(details)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    response
}
