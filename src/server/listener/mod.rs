//! Where connections come from: sockets that listen.
//!
//! | file | holds |
//! |---|---|
//! | `tcp` | sockets bound to an IP address and a port |
//! | `unix` | sockets bound to a file, and the file |
//! | `passed` | sockets that systemd passes |
//! | `socket` | a connection as it was accepted |

mod passed;
mod socket;
mod tcp;
mod unix;

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};
use tokio::time::Instant;

use super::occasionally::Occasionally;
use crate::config::ListenAddress;
use crate::peer::Peer;
pub use passed::PassedSockets;
pub use socket::{Departed, Socket};
use unix::SocketFile;

/// How long to wait when no connection can be taken, for want of file descriptors most often.
const BREATHER: Duration = Duration::from_millis(100);

/// How many connections the system completes that wait to be taken; Linux takes no more than `net.core.somaxconn`.
const BACKLOG: i32 = 4096;

/// Sockets that listen, of which connections are taken in turn.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<Listening>,
    /// Which of them is asked first, so that a busy one leaves room for the others.
    next: usize,
}

/// A socket that listens. The file is removed with it.
#[derive(Debug)]
struct Listening {
    _file: Option<SocketFile>,
    socket: Bound,
    address: BoundAddress,
}

#[derive(Debug)]
enum Bound {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Where a socket listens, as it turned out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoundAddress {
    /// On this address and port.
    Tcp(SocketAddr),
    /// At this path.
    Unix(String),
}

impl Listener {
    /// Binds all of these, the files of Unix sockets with these permissions. Sockets of systemd's come out of `passed`. It
    /// has to be called within a runtime.
    ///
    /// # Errors
    /// If one is taken, not this machine's, not allowed to this process, or not passed; the sentence names it.
    pub fn bind(addresses: &[ListenAddress], mode: u32, passed: &mut PassedSockets) -> Result<Self, String> {
        let mut sockets = Vec::new();
        for address in addresses {
            let refused = |why: String| format!("cannot listen on {address}: {why}");
            match address {
                ListenAddress::Tcp(tcp) => sockets.push(tcp::bind(*tcp, addresses).map_err(refused)?),
                ListenAddress::Unix(path) => sockets.push(unix::bind(path, mode).map_err(refused)?),
                ListenAddress::Systemd(name) => sockets.extend(passed.claim(name).map_err(refused)?),
            }
        }
        Ok(Self { sockets, next: 0 })
    }

    /// Where it listens, also where a port was left to the system: one place at least.
    pub fn addresses(&self) -> impl Iterator<Item = &BoundAddress> {
        self.sockets.iter().map(|listening| &listening.address)
    }

    /// The next connection. Failures are those of single connections, or pass; `failures` says how often they are told.
    pub async fn accept(&mut self, failures: &Occasionally) -> (Socket, Peer) {
        loop {
            match poll_fn(|context| self.poll_accept(context)).await {
                Ok(accepted) => return accepted,
                Err(error) => {
                    if let Some(times) = failures.happens(Instant::now()) {
                        tracing::warn!(%error, times, "a connection could not be accepted");
                    }
                    tokio::time::sleep(BREATHER).await;
                }
            }
        }
    }

    fn poll_accept(&mut self, context: &mut Context<'_>) -> Poll<io::Result<(Socket, Peer)>> {
        for _ in 0..self.sockets.len() {
            let listening = &self.sockets[self.next];
            self.next = (self.next + 1) % self.sockets.len();
            if let Poll::Ready(accepted) = listening.socket.poll_accept(context) {
                return Poll::Ready(accepted);
            }
        }
        Poll::Pending
    }
}

impl Bound {
    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<(Socket, Peer)>> {
        Poll::Ready(match self {
            Self::Tcp(listener) => {
                let (stream, peer) = ready!(listener.poll_accept(context))?;
                // Without it the last part of a body may wait for an acknowledgement; a failure costs only that.
                let _delayed = stream.set_nodelay(true);
                Ok((Socket::First(stream), peer.into()))
            }
            Self::Unix(listener) => {
                let (stream, _unnamed) = ready!(listener.poll_accept(context))?;
                Ok((Socket::Second(stream), Peer::Unix))
            }
        })
    }
}

impl BoundAddress {
    /// A URL of what is there, a Unix socket as nginx and others write it: `http://unix:/run/a.sock:/media/`.
    #[must_use]
    pub fn url(&self, scheme: &str, path: &str) -> String {
        match self {
            Self::Tcp(address) => format!("{scheme}://{address}{path}"),
            Self::Unix(socket) => format!("{scheme}://unix:{socket}:{path}"),
        }
    }

    /// Whether only this machine can reach it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().to_canonical().is_loopback(),
            Self::Unix(_) => true,
        }
    }
}

impl fmt::Display for BoundAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[tokio::test]
    async fn of_several_sockets_none_waits_for_the_others() {
        let addresses = ["127.0.0.1:0", "127.0.0.1:0"].map(|text| text.parse().unwrap());
        let mut listener = Listener::bind(&addresses, 0o600, &mut PassedSockets::default()).unwrap();
        let bound: Vec<_> = listener.addresses().cloned().collect();
        let [BoundAddress::Tcp(busy), BoundAddress::Tcp(quiet)] = bound[..] else { panic!("{bound:?}") };
        let _crowd: Vec<_> = (0..8).map(|_| TcpStream::connect(busy).unwrap()).collect();
        let alone = TcpStream::connect(quiet).unwrap().local_addr().unwrap();
        let mut peers = Vec::new();
        for _ in 0..9 {
            peers.push(listener.accept(&Occasionally::default()).await.1);
        }
        let turn = peers.iter().position(|peer| *peer == Peer::Address(alone));
        assert!(turn.is_some_and(|turn| turn < 2), "{peers:?}");
    }

    #[test]
    fn urls_of_both_kinds() {
        let tcp = BoundAddress::Tcp(([127, 0, 0, 1], 80).into());
        assert_eq!(tcp.url("https", "/media/"), "https://127.0.0.1:80/media/");
        let unix = BoundAddress::Unix("/run/a.sock".into());
        assert_eq!(unix.url("http", "/"), "http://unix:/run/a.sock:/");
        assert_eq!(unix.to_string(), "unix:/run/a.sock");
    }
}
