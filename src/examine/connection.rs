//! A connection to the server of a link: looked up, connected, secured, each step timed.
//!
//! Straight on tokio, rustls and hyper, without a client library between: a fetcher's redirects, cookies, codings,
//! proxies and silent retries are what an examination must not have, and each failure is wanted as it happened.

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

use super::target::{HostAndPort, Scheme, Target};
use super::trust::{Trust, unix_time};
use super::unreachable::{Step, Unreachable};
use crate::clock::Clock;
use crate::store::blocking;

/// A certificate that has no longer than this to live was not renewed when it should have been: authorities advise to
/// do it when a third of its time is left, and the shortest-lived public ones are given for six days.
const SOON: Duration = Duration::from_hours(48);

/// The largest header section that is read, in bytes.
const HEADER_SECTION: usize = 64 * 1024;

/// How long bytes that nobody asked for may take to be seen.
const AFTERMATH: Duration = Duration::from_millis(25);

/// A connection that speaks HTTP/1.1. Dropped, it is closed.
pub(super) struct Connection {
    sender: SendRequest<String>,
    driver: JoinSet<hyper::Result<()>>,
}

/// What is known of a connection once it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    pub(super) remote: SocketAddr,
    pub(super) lookup: Duration,
    pub(super) connect: Duration,
    pub(super) tls: Option<Duration>,
    pub(super) certificate_expires_soon: bool,
}

/// What became of a connection after an answer was read to its end.
pub(super) enum Aftermath {
    /// It can carry another request.
    Idle(Connection),
    /// The server has closed it.
    Closed,
    /// The server sent bytes after the end of the answer.
    StrayBytes,
}

/// Opens a connection, all of it within `limit`.
pub(super) async fn open(
    target: &Target,
    trust: &Trust,
    clock: &Clock,
    limit: Duration,
) -> Result<(Connection, Opened), Unreachable> {
    let opening = async {
        let start = Instant::now();
        let addresses = lookup(&target.server).await?;
        let lookup = start.elapsed();
        let start = Instant::now();
        let (stream, remote) = connect(&addresses, limit.saturating_sub(lookup)).await?;
        let opened =
            Opened { remote, lookup, connect: start.elapsed(), tls: None, certificate_expires_soon: false };
        match target.scheme {
            Scheme::Http => Ok((speak(stream).await?, opened)),
            Scheme::Https => secure(stream, target, trust, clock, opened).await,
        }
    };
    timeout(limit, opening).await.unwrap_or(Err(Unreachable::Timeout(Step::Connect, limit)))
}

/// The system's resolver holds a thread while it waits for the network, and goes on when nobody waits for it any more.
/// So few of those that the program has may be spent on it.
const RESOLVING: usize = 16;

static RESOLVERS: Semaphore = Semaphore::const_new(RESOLVING);

async fn lookup(server: &HostAndPort) -> Result<Vec<SocketAddr>, Unreachable> {
    if let Ok(address) = server.host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, server.port)]);
    }
    let unknown = |why: String| Unreachable::NoSuchHost { host: server.host.clone(), why };
    let turn = RESOLVERS.acquire().await;
    let asked = (server.host.clone(), server.port);
    let found = blocking(move || {
        let _until_it_is_found = turn;
        asked.to_socket_addrs()
    });
    let addresses: Vec<_> = found.await.map_err(|error| unknown(error.to_string()))?.collect();
    if addresses.is_empty() { Err(unknown("the name has none".into())) } else { Ok(addresses) }
}

/// Tries the addresses in their order. Each gets an equal share of the time, so that one that does not answer leaves
/// some for the others.
async fn connect(addresses: &[SocketAddr], limit: Duration) -> Result<(TcpStream, SocketAddr), Unreachable> {
    let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    let mut last = Unreachable::Timeout(Step::Connect, limit);
    for &address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, address)),
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                last = Unreachable::Refused(address);
            }
            Ok(Err(error)) => last = Unreachable::NoConnection(address, error),
            Err(_elapsed) => last = Unreachable::Timeout(Step::Connect, share),
        }
    }
    Err(last)
}

async fn secure(
    stream: TcpStream,
    target: &Target,
    trust: &Trust,
    clock: &Clock,
    opened: Opened,
) -> Result<(Connection, Opened), Unreachable> {
    let start = Instant::now();
    let server = &target.server;
    let host = ServerName::try_from(server.host.clone());
    let host = host.map_err(|why| Unreachable::Tls(server.clone(), why.to_string()))?;
    let connector = TlsConnector::from(Arc::new(trust.tls(clock)));
    let stream = connector.connect(host.clone(), stream).await;
    let stream = stream.map_err(|error| Unreachable::of_handshake(&error, server))?;
    let tls = Some(start.elapsed());
    let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let certificate_expires_soon = trust.expires_within(chain, &host, unix_time(clock), SOON);
    Ok((speak(stream).await?, Opened { tls, certificate_expires_soon, ..opened }))
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<Connection, Unreachable> {
    let handshake = http1::Builder::new().max_buf_size(HEADER_SECTION).handshake(TokioIo::new(stream));
    let (sender, connection) = handshake.await.map_err(|error| Unreachable::of_answer(&error))?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    Ok(Connection { sender, driver })
}

impl Connection {
    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send(&mut self, request: Request<String>) -> hyper::Result<Response<Incoming>> {
        self.sender.ready().await?;
        self.sender.send_request(request).await
    }

    /// Looks what the server did after an answer that has been read to its end.
    pub(super) async fn rest(mut self) -> Aftermath {
        match timeout(AFTERMATH, self.driver.join_next()).await {
            Err(_elapsed) => Aftermath::Idle(self),
            Ok(Some(Ok(Err(error)))) if !is_io(&error) => Aftermath::StrayBytes,
            Ok(_closed) => Aftermath::Closed,
        }
    }
}

/// Whether the connection broke. Without a request under way, hyper's only other complaint is of bytes after the end.
fn is_io(error: &hyper::Error) -> bool {
    error.source().is_some_and(<dyn StdError>::is::<io::Error>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn names_that_nobody_knows_take_few_threads() {
        let server = |host: &str| HostAndPort { host: host.to_owned(), port: 80 };
        let all = RESOLVERS.acquire_many(u32::try_from(RESOLVING).unwrap()).await;
        let brief = Duration::from_millis(100);
        assert!(timeout(brief, lookup(&server("localhost"))).await.is_err());
        assert!(timeout(brief, lookup(&server("::1"))).await.unwrap().is_ok(), "an address is not looked up");
        drop(all);
        for _ in 0..=RESOLVING {
            assert!(lookup(&server("localhost")).await.unwrap()[0].ip().is_loopback());
        }
    }

    #[tokio::test]
    async fn an_address_that_does_not_answer_leaves_time_for_the_next() {
        let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let listening = listener.local_addr().unwrap();
        let limit = Duration::from_secs(1);
        let (_stream, remote) = connect(&[refusing, listening], limit).await.unwrap();
        assert_eq!(remote, listening);
        let refused = connect(&[refusing, refusing], limit).await.unwrap_err();
        assert!(matches!(refused, Unreachable::Refused(address) if address == refusing), "{refused:?}");
    }
}
