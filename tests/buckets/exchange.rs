//! One request and its answer, on a connection of its own.
//!
//! Written out, because uploads of tests name what no client library lets them: keys that are odd, fields that are
//! wrong.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::client::{HttpRequest, HttpRequestBody};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The keys that all servers of tests take.
pub const KEY_ID: &str = "testkey";
/// Its secret, known to all.
pub const SECRET_KEY: &str = "testsecret0123456789";

/// "Encode every byte except the unreserved characters", which are these, and leave the slashes.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The path of an object.
pub fn path_of(bucket: &str, key: &str) -> String {
    format!("/{bucket}/{}", utf8_percent_encode(key, KEY))
}

/// For so long nothing need come of an answer: longer than any server of a test may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A request that is about to be sent.
pub struct Call<'a> {
    pub method: Method,
    /// Path and query, encoded.
    pub target: &'a str,
    pub fields: HeaderMap,
    pub body: &'a [u8],
}

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl<'a> Call<'a> {
    pub fn new(method: Method, target: &'a str) -> Self {
        Self { method, target, fields: HeaderMap::new(), body: b"" }
    }

    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
        self
    }

    pub fn body(self, body: &'a [u8]) -> Self {
        Self { body, ..self }
    }

    /// With a Signature Version 4 for this server.
    pub fn signed(mut self, server: SocketAddr) -> Self {
        let uri = format!("http://{server}{}", self.target);
        self.fields = signed(&self.method, &uri, self.fields, self.body);
        self
    }

    /// Sends it signed, and reads the answer.
    pub fn send_signed(self, server: SocketAddr) -> Reply {
        self.signed(server).send(server)
    }

    /// Sends it as it is, and reads the answer, which may be cut: see [`Reply::is_whole`].
    pub fn send(self, server: SocketAddr) -> Reply {
        Reply::read(&mut self.open(server))
    }

    /// Sends it as it is, and leaves the answer to be read.
    pub fn open(self, server: SocketAddr) -> TcpStream {
        self.try_open(server).unwrap()
    }

    /// The same of a server that may not be there.
    pub fn try_open(self, server: SocketAddr) -> io::Result<TcpStream> {
        let Self { method, target, fields, body } = self;
        let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {server}\r\n").into_bytes();
        for (name, value) in &fields {
            head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        head.extend(format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len()).into_bytes());
        let mut stream = TcpStream::connect(server)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(&head)?;
        stream.write_all(body)?;
        Ok(stream)
    }
}

impl Reply {
    /// Reads what comes until the connection is closed, or nothing comes for long.
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut answer = Vec::new();
        let _end = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a header section");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: answer[end + 4..].to_vec() }
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.text());
        self
    }

    /// Whether all of the body came, by its `Content-Length`.
    pub fn is_whole(&self) -> bool {
        self.field("content-length").and_then(|length| length.parse().ok()) == Some(self.body.len())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a field, by its name in any case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

/// These fields, and those that sign them.
pub fn signed(method: &Method, uri: &str, fields: HeaderMap, body: &[u8]) -> HeaderMap {
    let mut request = HttpRequest::new(HttpRequestBody::from(body.to_vec()));
    *request.method_mut() = method.clone();
    *request.uri_mut() = uri.parse().unwrap();
    *request.headers_mut() = fields;
    let credential = AwsCredential { key_id: KEY_ID.into(), secret_key: SECRET_KEY.into(), token: None };
    AwsAuthorizer::new(&credential, "s3", "us-east-1").try_authorize(&mut request, None).unwrap();
    // It signs the host, and leaves it to whoever sends.
    request.headers_mut().remove(http::header::HOST);
    std::mem::take(request.headers_mut())
}
