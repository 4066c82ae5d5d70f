//! The log of a running server: on standard error, written from a thread of its own.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use super::{Exit, complain};
use crate::config::{AccessFormat, LogFormat};
use crate::log::{AccessLog, Sink};

/// Requests and what goes wrong; of the libraries that obtain credentials and send spans, only what goes wrong.
const DEFAULT: &str =
    "info,object_store=warn,opentelemetry=warn,opentelemetry_sdk=warn,opentelemetry-otlp=warn";

/// How long the end waits for the log's reader.
const PATIENCE: Duration = Duration::from_secs(2);

/// A log that was started.
pub(super) struct Logs {
    pub(super) sink: Sink,
    #[cfg(feature = "opentelemetry")]
    spans: Option<crate::log::Spans>,
}

/// Starts the log. A reader that stalls or goes away costs lines, and never
/// an answer.
pub(super) fn start(format: LogFormat) -> Result<Logs, Exit> {
    let wanted = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let filter = EnvFilter::builder().parse(wanted.as_deref().unwrap_or(DEFAULT)).map_err(|error| {
        complain(&format!(
            "error: RUST_LOG is no filter: {error}\nhelp: set it to error, warn, info or debug"
        ));
        Exit::Usage
    })?;
    let sink = Sink::start(stderr()).map_err(|error| {
        complain(&format!("error: the log cannot be started: {error}"));
        Exit::No
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(sink.clone())
        .with_ansi(stderr().is_terminal())
        .log_internal_errors(false);
    match format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).init(),
    }
    Ok(Logs {
        sink,
        #[cfg(feature = "opentelemetry")]
        spans: crate::log::Spans::from_environment().map_err(|why| {
            complain(&format!("error: {why}"));
            Exit::Usage
        })?,
    })
}

impl Logs {
    /// The lines of requests, among those of the program; and their spans.
    pub(super) fn of_requests(&self, format: AccessFormat) -> AccessLog {
        let log = AccessLog::new(self.sink.clone(), format, stderr().is_terminal());
        #[cfg(feature = "opentelemetry")]
        let log = log.with_spans(self.spans.clone());
        log
    }

    /// Writes what is still to be logged, for as long as somebody reads it.
    pub(super) fn finish(&self) {
        #[cfg(feature = "opentelemetry")]
        self.spans.as_ref().inspect(|spans| spans.finish(PATIENCE));
        self.sink.finish(PATIENCE);
    }
}
