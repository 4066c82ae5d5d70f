//! A stub of Google Cloud Storage for what the fake server lacks: conditions, generations, and gzip. It is no server of
//! anybody's, but what the pages of the XML API say, written down:
//!
//! - `If-Match` with another entity tag is 412, and `?generation=` reads an old version
//!   (<https://cloud.google.com/storage/docs/xml-api/get-object-download>);
//! - an object stored with `Content-Encoding: gzip` is unpacked for whoever does not accept gzip, and then it has no
//!   length and no ranges (<https://cloud.google.com/storage/docs/transcoding>);
//! - `?versions=true` lists generations, the oldest first
//!   (<https://cloud.google.com/storage/docs/xml-api/get-bucket-list>).

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http_body::Frame;

type Objects = Arc<Mutex<BTreeMap<String, Vec<Object>>>>;

/// One generation of an object.
#[derive(Clone)]
struct Object {
    generation: usize,
    bytes: Vec<u8>,
    /// What it is when it is unpacked, if it is stored packed.
    unpacked: Option<Vec<u8>>,
}

/// A bucket `media`.
pub struct GcsStub {
    objects: Objects,
    address: SocketAddr,
}

impl GcsStub {
    pub fn start() -> Self {
        let objects = Objects::default();
        let routes = Router::new().route("/media/", get(list)).route("/media/{*key}", get(read));
        let routes = routes.with_state(Arc::clone(&objects));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), routes).await.unwrap();
            });
        });
        Self { objects, address }
    }

    /// The keys of `[store]` that lead here.
    pub fn toml(&self, keys: &str) -> String {
        format!("kind = \"gcs\"\nbucket = \"media\"\nendpoint = \"http://{}\"\n{keys}", self.address)
    }

    pub fn put(&self, key: &str, bytes: &[u8]) {
        self.put_object(key, bytes, None);
    }

    /// One that is stored as `packed`, with `Content-Encoding: gzip`.
    pub fn put_packed(&self, key: &str, packed: &[u8], unpacked: &[u8]) {
        self.put_object(key, packed, Some(unpacked));
    }

    fn put_object(&self, key: &str, bytes: &[u8], unpacked: Option<&[u8]>) {
        let mut objects = self.objects.lock().unwrap();
        let generations = objects.entry(key.to_owned()).or_default();
        let generation = 1_700_000_000_000_001 + generations.len();
        let unpacked = unpacked.map(<[u8]>::to_vec);
        generations.push(Object { generation, bytes: bytes.to_vec(), unpacked });
    }
}

impl Object {
    fn tag(&self) -> String {
        format!("\"tag-{}-{}\"", self.generation, self.bytes.len())
    }
}

async fn list(State(objects): State<Objects>, Query(query): Query<BTreeMap<String, String>>) -> String {
    let prefix = query.get("prefix").map_or("", String::as_str);
    let all = query.contains_key("versions");
    let mut xml = "<ListBucketResult><IsTruncated>false</IsTruncated>".to_owned();
    for (key, generations) in objects.lock().unwrap().iter().filter(|(key, _)| key.starts_with(prefix)) {
        let listed = if all { &generations[..] } else { &generations[generations.len() - 1..] };
        for object in listed {
            let (generation, tag, size) = (object.generation, object.tag(), object.bytes.len());
            write!(
                xml,
                "<Contents><Key>{key}</Key><Generation>{generation}</Generation><ETag>{tag}</ETag>\
                 <Size>{size}</Size><LastModified>2026-11-22T12:00:00Z</LastModified></Contents>"
            )
            .unwrap();
        }
    }
    xml + "</ListBucketResult>"
}

/// GET, and HEAD without the body.
async fn read(
    State(objects): State<Objects>,
    Path(key): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let objects = objects.lock().unwrap();
    let generations = objects.get(&key).map_or(&[][..], Vec::as_slice);
    let object = match query.get("generation") {
        Some(wanted) => generations.iter().find(|object| object.generation.to_string() == *wanted),
        None => generations.last(),
    };
    let Some(object) = object else { return StatusCode::NOT_FOUND.into_response() };
    let field = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if field("if-match").is_some_and(|tag| tag != object.tag()) {
        return StatusCode::PRECONDITION_FAILED.into_response();
    }
    let described = Response::builder()
        .header("etag", object.tag())
        .header("last-modified", "Sun, 22 Nov 2026 12:00:00 GMT")
        .header("content-type", "text/plain")
        .header("x-goog-generation", object.generation);
    match &object.unpacked {
        Some(unpacked) if !field("accept-encoding").unwrap_or_default().contains("gzip") => {
            let unpacked = Body::new(Unmeasured(Some(unpacked.clone())));
            described.header("warning", "214 UploadServer gunzipped").body(unpacked).unwrap()
        }
        packed => {
            let described =
                if packed.is_some() { described.header("content-encoding", "gzip") } else { described };
            match field("range").and_then(range) {
                Some((first, last)) => {
                    let last = last.min(object.bytes.len() - 1);
                    let field = format!("bytes {first}-{last}/{}", object.bytes.len());
                    let part = described.status(StatusCode::PARTIAL_CONTENT).header("content-range", field);
                    part.body(object.bytes[first..=last].to_vec().into()).unwrap()
                }
                None => described.body(object.bytes.clone().into()).unwrap(),
            }
        }
    }
}

/// A body whose length is not told.
struct Unmeasured(Option<Vec<u8>>);

impl http_body::Body for Unmeasured {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes.into()))))
    }
}

fn range(field: &str) -> Option<(usize, usize)> {
    let (first, last) = field.strip_prefix("bytes=")?.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}
