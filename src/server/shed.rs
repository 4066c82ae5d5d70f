//! The answer to a connection for which there is no room: prewritten, before anything of it is read.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::last_words::answer_and_close;
use super::listener::Socket;

/// What a client of HTTP/1 is told. One of HTTP/2 sees that it is not HTTP/2, and goes.
const ANSWER: &str = "HTTP/1.1 503 Service Unavailable\r\nCache-Control: no-store\r\nRetry-After: 1\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 76\r\nConnection: close\r\n\
    X-Content-Type-Options: nosniff\r\n\r\n\
    503 Service Unavailable: there are too many connections; come again shortly\n";

/// So many are told at a time. Beyond that, connections are closed without a word.
const AT_A_TIME: usize = 64;

/// How long one of them may take to hear it.
const LINGER: Duration = Duration::from_secs(1);

/// Turns connections away.
#[derive(Debug)]
pub struct Shedder {
    turns: Arc<Semaphore>,
}

impl Default for Shedder {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_A_TIME)) }
    }
}

impl Shedder {
    /// Turns one away: with an answer, if the client would understand it and not too many are being told.
    pub fn shed(&self, socket: Socket, is_plain: bool) {
        let turn = Arc::clone(&self.turns).try_acquire_owned();
        let Ok(turn) = turn else { return };
        if is_plain {
            tokio::spawn(async move {
                answer_and_close(socket, ANSWER.as_bytes(), LINGER).await;
                drop(turn);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_as_long_as_it_says() {
        let (head, content) = ANSWER.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", content.len())), "{}", content.len());
    }
}
