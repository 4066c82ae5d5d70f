//! Clients: HTTP/1.1 and HTTP/2, with TLS and without.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::authority::Authority;

pub type Secured = TlsStream<TcpStream>;

/// A client that trusts one authority.
#[derive(Clone)]
pub struct Client(Arc<ClientConfig>);

impl Client {
    /// With both versions, and these names by ALPN.
    pub fn new(authority: &Authority, alpn: &[&str]) -> Self {
        Self::speaking(authority.roots(), &[&TLS12, &TLS13], alpn)
    }

    pub fn speaking(
        roots: Arc<RootCertStore>,
        versions: &[&'static SupportedProtocolVersion],
        alpn: &[&str],
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        config.resumption = Resumption::disabled();
        Self(Arc::new(config))
    }

    /// The same, which takes up a session again: it is not shown the certificate then.
    pub fn resuming(&self) -> Self {
        let mut config = ClientConfig::clone(&self.0);
        config.resumption = Resumption::default();
        Self(Arc::new(config))
    }

    /// A connection to `address`, for the host `name`.
    pub async fn connect(&self, address: SocketAddr, name: &str) -> io::Result<Secured> {
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(Arc::clone(&self.0)).connect(name, stream).await
    }

    /// A GET on a connection of its own, in the version that was agreed upon.
    pub async fn get(&self, address: SocketAddr, path: &str) -> io::Result<Answer> {
        let stream = self.connect(address, "localhost").await?;
        let request = request("GET", &format!("/media/{path}"), &[]);
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            exchange(&mut h2(stream).await, request).await
        } else {
            exchange_in_http1(&mut h1(stream).await, request).await
        }
    }
}

/// Why there was no handshake.
pub fn alert(error: &io::Error) -> String {
    error.to_string()
}

/// A whole answer.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub type Http1 = http1::SendRequest<Empty<Bytes>>;
pub type Http2 = http2::SendRequest<Empty<Bytes>>;

/// HTTP/1.1 on a connection.
pub async fn h1(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Http1 {
    let (sender, connection) = http1::handshake(TokioIo::new(io)).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// HTTP/2 on a connection.
pub async fn h2(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Http2 {
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// A request for `https://localhost`, its target in the form that both versions take.
pub fn request(method: &str, path: &str, fields: &[(&str, &str)]) -> Request<Empty<Bytes>> {
    let mut request = Request::builder().method(method).uri(format!("https://localhost{path}"));
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(Empty::new()).unwrap()
}

pub async fn exchange(http2: &mut Http2, request: Request<Empty<Bytes>>) -> io::Result<Answer> {
    http2.ready().await.map_err(io::Error::other)?;
    whole(http2.send_request(request).await.map_err(io::Error::other)?).await
}

pub async fn exchange_in_http1(http1: &mut Http1, request: Request<Empty<Bytes>>) -> io::Result<Answer> {
    http1.ready().await.map_err(io::Error::other)?;
    let (mut parts, body) = request.into_parts();
    parts.uri = parts.uri.path_and_query().unwrap().as_str().parse().unwrap();
    parts.headers.insert("host", "localhost".parse().unwrap());
    let request = Request::from_parts(parts, body);
    whole(http1.send_request(request).await.map_err(io::Error::other)?).await
}

async fn whole(response: http::Response<Incoming>) -> io::Result<Answer> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    Ok(Answer { status: parts.status, headers: parts.headers, body })
}
