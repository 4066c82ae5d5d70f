//! The log of a running server: on standard error, written from a thread of its own.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc;
use std::time::Duration;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

use super::{Exit, complain};

/// Requests and what goes wrong; of the library that obtains credentials, only what goes wrong.
const DEFAULT: &str = "info,object_store=warn";

/// How long the end waits for the log's reader.
const PATIENCE: Duration = Duration::from_secs(2);

/// Starts the log. A reader that stalls or goes away costs lines, and never
/// an answer.
pub(super) fn start() -> Result<WorkerGuard, Exit> {
    let wanted = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let filter = EnvFilter::builder().parse(wanted.as_deref().unwrap_or(DEFAULT)).map_err(|error| {
        complain(&format!(
            "error: RUST_LOG is no filter: {error}\nhelp: set it to error, warn, info or debug"
        ));
        Exit::Usage
    })?;
    let (writer, guard) = tracing_appender::non_blocking(stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(stderr().is_terminal())
        .with_target(false)
        .log_internal_errors(false)
        .init();
    Ok(guard)
}

/// Writes what is still to be logged, for as long as somebody reads it.
pub(super) fn finish(log: WorkerGuard) {
    let (done, finished) = mpsc::channel();
    std::thread::spawn(move || {
        drop(log);
        done.send(())
    });
    let _in_time = finished.recv_timeout(PATIENCE);
}
