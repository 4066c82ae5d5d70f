//! The harness: an origin in process over a directory or a corner of a bucket of its own, and answers that check
//! themselves.
//!
//! `site.get("a.jpg").if_none_match(tag).await` reads like the request. Every GET is also sent as HEAD and compared,
//! and every 304 is compared with the 200 that it stands for: see [`Request::send`].

pub mod server;

use std::future::{Future, IntoFuture};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{HOST, HeaderName};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use media_origin::clock::Clock;
use media_origin::config::{Config, Environment, Overrides, Store};
use media_origin::origin::Origin;
use media_origin::store::{Bucket, Directory, MediaStore};

use crate::buckets::backend::Backend;
pub use crate::buckets::bytes::{etag_of, knows_sha256, pattern, pin_of};

/// A place for media, and an origin that serves it under `/media`.
pub struct Site {
    backend: Backend,
    origin: Origin,
}

impl Site {
    /// An origin with default configuration.
    pub fn new() -> Self {
        Self::with("")
    }

    /// An origin configured by this TOML.
    pub fn with(toml: &str) -> Self {
        // An hour ahead, so that files written just now did not change just now, and are remembered.
        Self::with_clock(toml, Clock::new(|| SystemTime::now() + Duration::from_hours(1)))
    }

    /// The same, at a time of the test's choosing.
    pub fn with_clock(toml: &str, clock: Clock) -> Self {
        Self::over(Backend::chosen(), toml, clock)
    }

    /// An origin over these assets.
    pub fn over(backend: Backend, toml: &str, clock: Clock) -> Self {
        let origin = match &backend {
            Backend::Directory { root, .. } => origin(toml, root, clock),
            Backend::Bucket(_) | Backend::Elsewhere(_) => {
                configured(&backend.configure(toml), Overrides::default(), clock)
            }
        };
        Self { backend, origin }
    }

    /// Where a file of the site is, for tests of directories alone.
    pub fn path(&self, name: &str) -> PathBuf {
        self.backend.root().join(name)
    }

    /// Writes an asset.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        self.backend.put(name, bytes.as_ref());
        self
    }

    /// Where its assets are.
    pub fn backend(&self) -> &Backend {
        &self.backend
    }

    /// A GET of the asset at this encoded path.
    pub fn get(&self, encoded_path: &str) -> Request<'_> {
        self.request(Method::GET, &format!("/media/{encoded_path}"))
    }

    /// Any request.
    pub fn request(&self, method: Method, target: &str) -> Request<'_> {
        request(&self.origin, method, target)
    }

    /// The origin itself.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

/// An origin over the directory at `root`.
pub fn origin(toml: &str, root: &Path, clock: Clock) -> Origin {
    configured(toml, Overrides { root: Some(root.to_owned()), ..Overrides::default() }, clock)
}

fn configured(toml: &str, overrides: Overrides, clock: Clock) -> Origin {
    let environment = Environment::from_iter([("HOME", "/nowhere")]);
    let loaded = Config::parse("test.toml", toml, overrides, &environment);
    let config = loaded.unwrap_or_else(|error| panic!("{error}")).config;
    let store = store(&config, &clock);
    Origin::new(&config, Arc::new(store), clock)
}

/// The store that the configuration names.
fn store(config: &Config, clock: &Clock) -> MediaStore {
    match &config.store {
        Store::Directory(directory) => {
            let directory = Directory::new(&directory.root, config.memory, None, clock.clone());
            MediaStore::of_directory(directory.unwrap())
        }
        Store::Bucket(bucket) => MediaStore::of_bucket(Bucket::new(bucket, config.memory, None).unwrap()),
    }
}

/// Any request to an origin.
pub fn request<'a>(origin: &'a Origin, method: Method, target: &str) -> Request<'a> {
    let headers = HeaderMap::from_iter([(HOST, "media.example.com".parse().unwrap())]);
    Request { origin, method, target: target.to_owned(), headers }
}

/// A request about to be sent.
pub struct Request<'a> {
    origin: &'a Origin,
    method: Method,
    target: String,
    headers: HeaderMap,
}

impl Request<'_> {
    /// One more field line.
    pub fn header(mut self, name: impl TryInto<HeaderName>, value: &str) -> Self {
        let name = name.try_into().unwrap_or_else(|_| panic!("a field name"));
        self.headers.append(name, value.parse().unwrap());
        self
    }

    pub fn range(self, value: &str) -> Self {
        self.header("range", value)
    }

    pub fn if_none_match(self, value: &str) -> Self {
        self.header("if-none-match", value)
    }

    /// Without the field of that name.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Sends it, reads the whole answer, and holds the answer against what must be true of any:
    /// a HEAD has the fields of its GET and no content (§9.3.2), a 304 the caching fields of its 200 (§15.4.5).
    async fn send(self) -> Answer {
        let answer = self.exchange(&self.method, &self.headers).await;
        if self.method == Method::GET {
            self.compare_with_head(&answer).await;
        }
        if answer.status == StatusCode::NOT_MODIFIED {
            self.compare_with_200(&answer).await;
        }
        answer.expect_sound();
        answer
    }

    async fn exchange(&self, method: &Method, headers: &HeaderMap) -> Answer {
        let mut request = http::Request::builder().method(method).uri(&self.target).body(()).unwrap();
        *request.headers_mut() = headers.clone();
        let (parts, ()) = request.into_parts();
        let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        let response = self.origin.respond(&Arc::new(parts), peer.into()).await;
        let (head, body) = http::Response::from(response).into_parts();
        let length = body.remaining();
        let body =
            body.collect().await.map(http_body_util::Collected::to_bytes).map_err(|error| error.to_string());
        if let Ok(body) = &body {
            assert_eq!(body.len() as u64, length, "the body is as long as it said");
        }
        Answer { status: head.status, headers: head.headers, body }
    }

    async fn compare_with_head(&self, get: &Answer) {
        let mut headers = self.headers.clone();
        // "GET is the only method for which range handling is defined." §14.2
        let ranged = headers.remove("range").is_some();
        let head = self.exchange(&Method::HEAD, &headers).await;
        let get = if ranged { &self.exchange(&Method::GET, &headers).await } else { get };
        assert_eq!(head.status, get.status, "HEAD {}", self.target);
        assert_eq!(head.steady_headers(), get.steady_headers(), "HEAD {}", self.target);
        assert_eq!(head.body.as_deref(), Ok(&b""[..]), "HEAD {} has no content", self.target);
    }

    async fn compare_with_200(&self, not_modified: &Answer) {
        let mut headers = self.headers.clone();
        for name in
            ["if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "range", "if-range"]
        {
            headers.remove(name);
        }
        let full = self.exchange(&Method::GET, &headers).await;
        full.expect(200);
        let expected: Vec<_> = ["cache-control", "etag", "last-modified", "x-content-type-options", "vary"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), full.header(name)?)))
            .collect();
        let mut found = not_modified.steady_headers();
        found.sort();
        let mut expected = expected;
        expected.sort();
        assert_eq!(found, expected, "the 304 has these fields of its 200, Date, and no other");
        assert!(not_modified.header("date").is_some(), "§6.6.1");
        assert_eq!(not_modified.body.as_deref(), Ok(&b""[..]), "§15.4.5");
    }
}

impl<'a> IntoFuture for Request<'a> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The content, or why it was cut.
    pub body: Result<Bytes, String>,
}

impl Answer {
    pub fn expect(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
    }

    #[track_caller]
    pub fn expect_header(&self, name: &str, value: &str) -> &Self {
        assert_eq!(self.header(name).as_deref(), Some(value), "{name}");
        self
    }

    #[track_caller]
    pub fn expect_no_header(&self, name: &str) -> &Self {
        assert_eq!(self.header(name), None, "{name}");
        self
    }

    #[track_caller]
    pub fn expect_body(&self, bytes: &[u8]) -> &Self {
        let body = self.body.as_ref().expect("a whole body");
        assert!(body == bytes, "{} bytes, {} expected, or others", body.len(), bytes.len());
        self
    }

    pub fn etag(&self) -> String {
        self.header("etag").expect("an ETag")
    }

    /// What must be true of any answer.
    fn expect_sound(&self) {
        self.expect_header("x-content-type-options", "nosniff");
        let date =
            self.header("date").and_then(|date| httpdate::parse_http_date(&date).ok()).expect("a Date");
        if let Some(modified) = self.header("last-modified") {
            let modified = httpdate::parse_http_date(&modified).expect("a Last-Modified that is a date");
            assert!(modified <= date, "§8.8.2.1: Last-Modified is not later than Date");
        }
        if !self.status.is_success() && self.status != StatusCode::NOT_MODIFIED {
            self.expect_header("cache-control", "no-store")
                .expect_no_header("etag")
                .expect_no_header("last-modified");
        }
        self.expect_no_header("transfer-encoding").expect_no_header("vary").expect_no_header("location");
        if self.status == StatusCode::OK && self.body.as_ref().is_ok_and(|body| !body.is_empty()) {
            self.expect_etag_is_the_bytes();
        }
    }

    fn expect_etag_is_the_bytes(&self) {
        if let (Some(etag), Ok(body)) = (self.header("etag"), &self.body) {
            assert_eq!(etag, etag_of(body), "the ETag stands for the bytes");
        }
    }

    /// All fields but `Date`.
    fn steady_headers(&self) -> Vec<(String, String)> {
        let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
        let all = self.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
        all.filter(|(name, _)| name != "date").collect()
    }
}
