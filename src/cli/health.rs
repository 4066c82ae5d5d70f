//! `media-origin health`: asks a running server whether it is ready, for images that have no other client.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use super::{Exit, complain, say};

/// How long each step may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Ask a running server whether it is ready
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin health --control 127.0.0.1:8081")]
pub(super) struct Health {
    /// Where its control listener is
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    control: SocketAddr,
}

impl Health {
    pub(super) fn run(self) -> Exit {
        match self.status_line() {
            Ok(line) if line.contains(" 200 ") => {
                say("ready");
                Exit::Success
            }
            Ok(line) => {
                complain(&format!("not ready: {line}"));
                Exit::No
            }
            Err(error) => {
                complain(&format!("not reachable at {}: {error}", self.control));
                Exit::No
            }
        }
    }

    fn status_line(&self) -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&self.control, TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.control)?;
        let mut answer = String::new();
        stream.take(64 * 1024).read_to_string(&mut answer)?;
        Ok(answer.lines().next().unwrap_or("no answer").to_owned())
    }
}
