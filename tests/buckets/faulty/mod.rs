//! A proxy before a bucket, which does to answers what it is told to.
//!
//! Without a fault it passes on every byte as it came, so that signatures hold. It records what was asked, and how many
//! bytes of which body went through, so that a test can say what was fetched.
//!
//! | file | holds |
//! |---|---|
//! | [`message`] | header sections, line by line, and what frames the body after them |
//! | [`relay`] | one connection: from the client to the bucket and back, with a fault between |

mod message;
mod relay;

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use message::Head;

/// Proxies run beside the tests, which may have no runtime or one that stands still.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap());

/// What becomes of an answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Its first byte comes so much later.
    Late(Duration),
    /// After so many bytes of the body nothing comes any more, and the connection stays.
    Stall { after: u64 },
    /// After so many bytes of the body the connection is reset.
    Reset { after: u64 },
    /// After so many bytes of the body, fewer than `Content-Length` says, the connection is closed.
    Short { after: u64 },
    /// The connection is closed without any answer.
    Close,
    /// The bucket is not asked, and this error stands for its answer.
    Refuse { status: u16, code: &'static str },
    /// A request for a range is answered 200 with the whole.
    WholeForRange,
    /// A request for a range is answered 200 with the slice, which says where it belongs or not.
    SliceAs200 { content_range: bool },
    /// It has this entity tag.
    Tagged(&'static str),
    /// In place of the fields of this name it has this line.
    Replaced(&'static str, &'static [u8]),
    /// It lacks the fields of this name.
    Without(&'static str),
    /// It has one more field line, of these bytes.
    With(&'static [u8]),
}

impl Fault {
    /// Only of requests with this method.
    pub fn on(self, method: &'static str) -> Injection {
        Injection { method: Some(method), ..self.into() }
    }

    /// Only of requests for a range that begins at this position.
    pub fn from(self, first: u64) -> Injection {
        Injection { first: Some(first), ..self.into() }
    }

    /// Only of the next so many requests.
    pub fn times(self, count: u32) -> Injection {
        Injection::from(self).times(count)
    }
}

/// A fault, and when it strikes.
#[derive(Clone, Debug)]
pub struct Injection {
    fault: Fault,
    method: Option<&'static str>,
    first: Option<u64>,
    left: Option<u32>,
}

impl Injection {
    /// Only of the next so many of these requests.
    pub fn times(self, count: u32) -> Self {
        Self { left: Some(count), ..self }
    }

    fn strikes(&self, request: &Head) -> bool {
        let range = request.field("range");
        let of_ranges = matches!(self.fault, Fault::WholeForRange | Fault::SliceAs200 { .. });
        let begins =
            |first: u64| range.as_ref().is_some_and(|range| range.starts_with(&format!("bytes={first}-")));
        self.left != Some(0)
            && self.method.is_none_or(|method| method == request.method())
            && self.first.is_none_or(begins)
            && (range.is_some() || !of_ranges)
    }
}

impl From<Fault> for Injection {
    fn from(fault: Fault) -> Self {
        Self { fault, method: None, first: None, left: None }
    }
}

/// A request, and what came of it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub method: String,
    /// Path and query, encoded.
    pub target: String,
    pub range: Option<String>,
    pub if_match: Option<String>,
    /// Of the answer that went out, once it did.
    pub status: Option<u16>,
    /// Bytes of its body that went out.
    pub bytes: u64,
}

/// A running proxy. It ends when this is dropped, and its connections with it.
pub struct FaultyProxy {
    address: SocketAddr,
    record: Arc<Record>,
    _accepting: JoinSet<()>,
}

impl FaultyProxy {
    /// Starts one before this server.
    pub fn start(upstream: SocketAddr) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let record = Arc::new(Record::default());
        let mut accepting = JoinSet::new();
        accepting.spawn_on(accept(listener, upstream, Arc::clone(&record)), RUNTIME.handle());
        Self { address, record, _accepting: accepting }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on, or for as many requests as it says, answers have this fault. Of several, the first that fits
    /// strikes.
    pub fn inject(&self, injection: impl Into<Injection>) {
        self.record.faults.lock().unwrap().push(injection.into());
    }

    /// From now on answers have no fault.
    pub fn mend(&self) {
        self.record.faults.lock().unwrap().clear();
    }

    /// What was asked, in order.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.record.exchanges.lock().unwrap().clone()
    }

    /// What was asked with this method.
    pub fn asked(&self, method: &str) -> Vec<Exchange> {
        self.exchanges().into_iter().filter(|exchange| exchange.method == method).collect()
    }

    /// Bytes of bodies that went through.
    pub fn bytes(&self) -> u64 {
        self.exchanges().iter().map(|exchange| exchange.bytes).sum()
    }

    /// Forgets what was asked. Nothing may be under way.
    pub fn forget(&self) {
        self.record.exchanges.lock().unwrap().clear();
    }
}

async fn accept(listener: std::net::TcpListener, upstream: SocketAddr, record: Arc<Record>) {
    let listener = TcpListener::from_std(listener).unwrap();
    let mut connections = JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        connections.spawn(relay::relay(client, upstream, Arc::clone(&record)));
    }
}

/// What the proxy is told, and what it saw.
#[derive(Default)]
struct Record {
    faults: Mutex<Vec<Injection>>,
    exchanges: Mutex<Vec<Exchange>>,
}

impl Record {
    /// Notes a request: its place in the record, and the fault that strikes it.
    fn request(&self, request: &Head) -> (usize, Option<Fault>) {
        let mut exchanges = self.exchanges.lock().unwrap();
        exchanges.push(Exchange {
            method: request.method(),
            target: request.target(),
            range: request.field("range"),
            if_match: request.field("if-match"),
            status: None,
            bytes: 0,
        });
        let mut faults = self.faults.lock().unwrap();
        let found = faults.iter_mut().find(|injection| injection.strikes(request));
        let fault = found.map(|injection| {
            injection.left = injection.left.map(|left| left - 1);
            injection.fault.clone()
        });
        (exchanges.len() - 1, fault)
    }

    fn answered(&self, index: usize, status: u16) {
        self.note(index, |exchange| exchange.status = Some(status));
    }

    fn passed(&self, index: usize, bytes: u64) {
        self.note(index, |exchange| exchange.bytes += bytes);
    }

    /// A record that was cleared meanwhile has no such place.
    fn note(&self, index: usize, what: impl FnOnce(&mut Exchange)) {
        self.exchanges.lock().unwrap().get_mut(index).map(what);
    }
}
