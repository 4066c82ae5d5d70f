//! `media-origin health`: asks a running server whether it is ready, for images that have no other client.

use std::time::Duration;

use clap::Args;
use http::{Method, StatusCode};
use tokio::time::timeout;

use super::operator::{Operator, Unanswered};
use super::{Exit, listen_address, no, printable, runtime, say};
use crate::config::ListenAddress;

/// How long all of it may take.
const TIMEOUT: Duration = Duration::from_secs(6);

/// Ask a running server whether it is ready
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin health --control 127.0.0.1:8081")]
pub(super) struct Health {
    /// Where its control listener is: IP:PORT or unix:PATH
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081", value_parser = listen_address)]
    control: ListenAddress,
}

impl Health {
    pub(super) fn run(self) -> Exit {
        let runtime = match runtime() {
            Ok(runtime) => runtime,
            Err(exit) => return exit,
        };
        let mut operator = match Operator::at(&self.control) {
            Ok(operator) => operator,
            Err(why) => return no(&format!("error: {why}")),
        };
        let asked = async { timeout(TIMEOUT, operator.ask(Method::GET, "/readyz")).await };
        match runtime.block_on(asked) {
            Ok(Ok(answer)) if answer.status == StatusCode::OK => {
                say("ready");
                Exit::Success
            }
            Ok(Ok(answer)) => no(&format!("not ready: {}: {}", answer.status, printable(&answer.line()))),
            Ok(Err(Unanswered::NotThere(address, error))) => {
                no(&format!("not reachable at {address}: {error}"))
            }
            Ok(Err(unanswered)) => no(&format!("not ready: {unanswered}")),
            Err(_elapsed) => no(&format!("not ready: no answer from {} in time", self.control)),
        }
    }
}
