//! `POST /reload`: has the configuration read again.

use std::fmt;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use utoipa::ToSchema;

use super::Served;
use super::problem::{PROBLEM_JSON, Problem, problem_response};
use crate::config::{self, Change, Changes, ConfigError, Severity};
use crate::server::phase::Phase;

/// What became of it.
pub type Reload = Result<Reloaded, NotReloaded>;

/// Where it is asked for: whoever reads the configuration gets what the answer is to be sent to.
pub type Reloads = mpsc::Sender<oneshot::Sender<Reload>>;

/// A configuration that was read again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Reloaded {
    /// What is in force now and was not before.
    pub changed: Vec<Change>,
    /// What differs and takes a restart; until then the old values stay in force.
    pub needs_restart: Vec<Change>,
    /// What keeps nothing from working, and is not what whoever wrote it believes.
    pub warnings: Vec<Mistake>,
}

/// Why the configuration stays as it was.
#[derive(Clone, Debug)]
pub enum NotReloaded {
    /// What was read cannot be used.
    Refused(ConfigError),
    /// This program is at fault.
    Fault,
}

/// Something that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Mistake {
    /// The file; empty if it stands in none, such as a flag.
    pub file: String,
    /// Its line, counted from 1.
    pub line: Option<usize>,
    /// The column in characters, counted from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub detail: String,
    /// What should have stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// How to put it right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A configuration that is refused: problem details (RFC 9457) with everything that is wrong with it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RefusedConfiguration {
    /// The name of the status.
    title: String,
    /// The status of the response.
    status: u16,
    /// What is wrong, in a sentence.
    pub detail: String,
    /// Everything for which it was refused, in the order of the file.
    pub errors: Vec<Mistake>,
    /// What else should be looked at while it is being mended.
    pub warnings: Vec<Mistake>,
}

/// Reads the configuration again
///
/// The file, the files that it names, and the flags and variables of the start. What is wrong with it is answered, and
/// then nothing changes. Else it is in force for every request that comes from now on, but for what needs a restart. No
/// connection ends, and answers under way go on as they began.
#[utoipa::path(
    post, path = "/reload", tag = "configuration",
    responses(
        (status = 200, description = "It is in force, but for what needs a restart", body = Reloaded),
        (status = 422, description = "It is refused; the old one stays in force", body = RefusedConfiguration,
            content_type = PROBLEM_JSON),
        (status = 500, description = "A fault of this server", body = Problem, content_type = PROBLEM_JSON),
        (status = 503, description = "The server is stopping", body = Problem, content_type = PROBLEM_JSON),
    ),
)]
pub(super) async fn reload(State(served): State<Served>) -> Result<Json<Reloaded>, Response> {
    let stopping = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping").into_response();
    if *served.lasting.phase.borrow() > Phase::Serving {
        return Err(stopping());
    }
    let (answer, reload) = oneshot::channel();
    // Neither fails before the end.
    let asked = served.lasting.reloads.send(answer).await;
    let reload = match asked {
        Ok(()) => reload.await.map_err(|_gone| stopping())?,
        Err(_gone) => return Err(stopping()),
    };
    reload.map(Json).map_err(NotReloaded::into_response)
}

impl NotReloaded {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(error) => RefusedConfiguration::of(&error).into_response(),
            Self::Fault => {
                let why = "this is a fault of media-origin; please report it";
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, why).into_response()
            }
        }
    }
}

impl Reloaded {
    /// What was found.
    #[must_use]
    pub fn new(changes: Changes, warnings: &[config::Problem]) -> Self {
        let Changes { applied, needs_restart } = changes;
        Self { changed: applied, needs_restart, warnings: warnings.iter().map(Mistake::of).collect() }
    }
}

impl RefusedConfiguration {
    fn of(error: &ConfigError) -> Self {
        let of = |severity| error.problems.iter().filter(move |problem| problem.severity() == severity);
        Self {
            title: "Unprocessable Content".to_owned(),
            status: StatusCode::UNPROCESSABLE_ENTITY.as_u16(),
            detail: error.summary(),
            errors: of(Severity::Error).map(Mistake::of).collect(),
            warnings: of(Severity::Warning).map(Mistake::of).collect(),
        }
    }

    fn into_response(self) -> Response {
        problem_response(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }
}

impl Mistake {
    /// What is to be told of it.
    #[must_use]
    pub fn of(problem: &config::Problem) -> Self {
        let (line, column) = problem.line_and_column().unzip();
        let expected = Some(problem.expected()).filter(|expected| !expected.is_empty());
        Self {
            file: problem.file().to_owned(),
            line,
            column,
            detail: problem.found().to_owned(),
            expected: expected.map(str::to_owned),
            help: problem.remedy().map(str::to_owned),
        }
    }
}

/// As compilers write it: `file:line:column: what is wrong: what was expected`.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "{}:{line}:{column}: ", self.file)?;
        }
        f.write_str(&self.detail)?;
        self.expected.iter().try_for_each(|expected| write!(f, ": {expected}"))
    }
}
