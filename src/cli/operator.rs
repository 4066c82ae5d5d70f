//! Asking the control listener of a running server.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use http::header::{AUTHORIZATION, HOST, HeaderValue};
use http::{Method, Request, StatusCode};
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::config::{Control, ListenAddress, Token};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);

/// Bytes of an answer that are read, at most.
const MOST: usize = 1 << 20;

/// Whoever may use the control listener. It has one connection, which is used again.
pub(super) struct Operator {
    door: Door,
    credentials: Option<HeaderValue>,
    idle: Option<Connection>,
}

/// Where the control listener of a server can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// A connection that speaks HTTP/1.1. Dropped, it is closed.
struct Connection {
    sender: SendRequest<String>,
    _driver: JoinSet<hyper::Result<()>>,
}

/// What a server answers.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
}

/// Why there is no answer that says anything of what was asked.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// There is no connection.
    NotThere(Door, io::Error),
    /// It broke, or what came is no HTTP.
    Broken(Door, hyper::Error),
    /// The server does not take this for its operator, for the reason that it gives.
    Refused(Door, String),
}

impl Operator {
    /// The operator of the server that the configuration describes.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub(super) fn of(control: &Control) -> Result<Self, String> {
        let credentials = control.token.as_ref().map(Token::credentials);
        Ok(Self { credentials, ..Self::at(&control.address)? })
    }

    /// Somebody without a token.
    ///
    /// # Errors
    /// If only systemd knows where that is.
    pub(super) fn at(address: &ListenAddress) -> Result<Self, String> {
        Ok(Self { door: Door::of(address)?, credentials: None, idle: None })
    }

    /// The same, with a connection of its own.
    pub(super) fn another(&self) -> Self {
        Self { door: self.door.clone(), credentials: self.credentials.clone(), idle: None }
    }

    /// Sends a request without content. It may be sent again if the connection breaks: "A user agent MUST NOT
    /// automatically retry a request with a non-idempotent method unless it has some means to know that the request
    /// semantics are actually idempotent" (RFC 9110 §9.2.2). All that is asked here are.
    ///
    /// # Errors
    /// If there is no answer, or one that is for strangers.
    pub(super) async fn ask(&mut self, method: Method, target: &str) -> Result<Answer, Unanswered> {
        let idle = self.idle.take();
        if let Some(connection) = idle
            && let Ok(answer) = self.exchange(connection, &method, target).await
        {
            return self.admitted(answer);
        }
        let connection = timeout(CONNECT, self.door.open()).await.map_err(io::Error::from).flatten();
        let connection = connection.map_err(|error| Unanswered::NotThere(self.door.clone(), error))?;
        let answer = self.exchange(connection, &method, target).await;
        self.admitted(answer.map_err(|error| Unanswered::Broken(self.door.clone(), error))?)
    }

    async fn exchange(
        &mut self,
        mut connection: Connection,
        method: &Method,
        target: &str,
    ) -> hyper::Result<Answer> {
        connection.sender.ready().await?;
        let response = connection.sender.send_request(self.request(method.clone(), target)).await?;
        let (parts, body) = response.into_parts();
        let body = read(body).await?;
        self.idle = Some(connection).filter(|_| body.len() < MOST);
        Ok(Answer { status: parts.status, body })
    }

    fn request(&self, method: Method, target: &str) -> Request<String> {
        let mut request = Request::new(String::new());
        *request.method_mut() = method;
        *request.uri_mut() = target.parse().expect("a route and an encoded path are a request target");
        request.headers_mut().insert(HOST, self.door.host());
        if let Some(credentials) = &self.credentials {
            request.headers_mut().insert(AUTHORIZATION, credentials.clone());
        }
        request
    }

    fn admitted(&self, answer: Answer) -> Result<Answer, Unanswered> {
        match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(Unanswered::Refused(self.door.clone(), answer.detail()))
            }
            _ => Ok(answer),
        }
    }
}

impl Door {
    fn of(address: &ListenAddress) -> Result<Self, String> {
        match address {
            ListenAddress::Tcp(address) => Ok(Self::Tcp(reachable(*address))),
            ListenAddress::Unix(path) => Ok(Self::Unix(path.clone())),
            ListenAddress::Systemd(_) => Err(format!(
                "only systemd knows where {address} listens\n\
                 help: name its address with --control, such as --control unix:/run/media-origin/control.sock"
            )),
        }
    }

    async fn open(&self) -> io::Result<Connection> {
        match self {
            Self::Tcp(address) => Connection::over(TcpStream::connect(address).await?).await,
            Self::Unix(path) => Connection::over(UnixStream::connect(path).await?).await,
        }
    }

    /// A Unix socket has no name of its own; the control listener answers to those of this machine.
    fn host(&self) -> HeaderValue {
        match self {
            Self::Tcp(address) => {
                HeaderValue::try_from(address.to_string()).expect("an address is a field value")
            }
            Self::Unix(_) => HeaderValue::from_static("localhost"),
        }
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Connection {
    async fn over(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> io::Result<Self> {
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        Ok(Self { sender, _driver: driver })
    }
}

/// An address to listen on that stands for every one of the machine, as one to connect to.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// The body of an answer, or its beginning.
async fn read(mut body: Incoming) -> hyper::Result<Vec<u8>> {
    let mut read = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        // The other kind of frame is a trailer.
        let Ok(piece) = frame?.into_data() else { continue };
        read.extend_from_slice(&piece);
        if read.len() >= MOST {
            read.truncate(MOST);
            break;
        }
    }
    Ok(read)
}

/// The part of problem details that is for people (RFC 9457 §3.1.4).
#[derive(Deserialize)]
struct Detail {
    detail: String,
}

impl Answer {
    /// What it says, if it is no success.
    pub(super) fn detail(&self) -> String {
        let problem: Result<Detail, _> = serde_json::from_slice(&self.body);
        problem.map_or_else(|_| format!("the server answers {}", self.status), |problem| problem.detail)
    }

    /// The first line, if it is text.
    pub(super) fn line(&self) -> String {
        String::from_utf8_lossy(&self.body).lines().next().unwrap_or_default().to_owned()
    }
}

impl Unanswered {
    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::NotThere(..) => "start the server first, or name its address with --control",
            Self::Broken(..) => "see the log of the server, and ask again",
            Self::Refused(..) => {
                "give this command the token of the server: in MEDIA_ORIGIN_CONTROL_TOKEN, or with control.token-file"
            }
        }
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(address, error) => write!(f, "no server answers at {address}: {error}"),
            Self::Broken(address, error) => write!(f, "the server at {address} broke off: {error}"),
            Self::Refused(address, why) => write!(f, "the server at {address} refuses: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_stands_for_all_is_asked_at_loopback() {
        for (listens, asked) in [
            ("0.0.0.0:8081", "127.0.0.1:8081"),
            ("[::]:8081", "[::1]:8081"),
            ("10.1.2.3:8081", "10.1.2.3:8081"),
            ("127.0.0.2:1", "127.0.0.2:1"),
        ] {
            assert_eq!(reachable(listens.parse().unwrap()).to_string(), asked);
        }
    }

    #[test]
    fn what_an_answer_says() {
        let answer = |body: &str| Answer { status: StatusCode::BAD_GATEWAY, body: body.into() };
        assert_eq!(answer(r#"{"status":502,"detail":"the bucket fails"}"#).detail(), "the bucket fails");
        assert_eq!(answer("<html>").detail(), "the server answers 502 Bad Gateway");
        assert_eq!(answer("ready\n").line(), "ready");
        assert_eq!(answer("").line(), "");
    }
}
