//! One connection: what it has asked for, and what it has yet to be sent.

use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send};

/// What ends a request.
const BLANK_LINE: &[u8] = b"\r\n\r\n";

/// Whether a connection goes on.
pub enum Then {
    /// Until the kernel has more of it.
    Wait,
    /// The peer has left.
    Close,
}

pub struct Connection<'a> {
    socket: OwnedFd,
    /// A request that came in parts, as far as it is there.
    begun: Vec<u8>,
    /// What of the answer is not sent yet.
    unsent: &'a [u8],
}

impl<'a> Connection<'a> {
    pub fn new(socket: OwnedFd) -> Self {
        Self { socket, begun: Vec::new(), unsent: &[] }
    }

    /// Goes on with it: sends what is left of an answer, or reads a request and begins with the `next` answer.
    pub fn go_on(&mut self, buffer: &mut [u8], next: impl FnOnce() -> &'a [u8]) -> Then {
        if !self.unsent.is_empty() {
            return self.send();
        }
        match recv(&self.socket, &mut *buffer, RecvFlags::empty()) {
            Ok((0, _)) => Then::Close,
            Ok((length, _)) if self.completes(&buffer[..length]) => {
                self.unsent = next();
                self.send()
            }
            Ok(_) | Err(Errno::AGAIN) => Then::Wait,
            Err(_) => Then::Close,
        }
    }

    /// Whether these bytes end a request.
    fn completes(&mut self, received: &[u8]) -> bool {
        if self.begun.is_empty() && received.ends_with(BLANK_LINE) {
            return true;
        }
        self.begun.extend_from_slice(received);
        let complete = self.begun.ends_with(BLANK_LINE);
        if complete {
            self.begun.clear();
        }
        complete
    }

    /// Sends as much as the socket takes. What is left goes out when there is room, of which the kernel tells.
    fn send(&mut self) -> Then {
        match send(&self.socket, self.unsent, SendFlags::NOSIGNAL) {
            Ok(sent) => {
                self.unsent = &self.unsent[sent..];
                Then::Wait
            }
            Err(Errno::AGAIN) => Then::Wait,
            Err(_) => Then::Close,
        }
    }
}
