//! The storm: clients that ask, a writer that replaces what they ask for, and the phase that all of it is in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use http::Method;

use super::client::{Sent, ask_on};
use super::origin::Origin;
use super::truth::{Asset, Truth};
use super::writer::{Writer, Writes};
use crate::buckets::bucket::Bucket;
use crate::buckets::exchange::Call;
use crate::buckets::wait_until_steady;

/// How many ask at a time.
pub const CLIENTS: usize = 24;

/// What clients and the writer go by.
#[derive(Default)]
pub struct Weather {
    phase: AtomicUsize,
    over: AtomicBool,
    settled: AtomicBool,
}

impl Weather {
    /// Which phase it is, until the storm is over.
    pub fn phase(&self) -> Option<usize> {
        (!self.over.load(Ordering::Acquire)).then(|| self.phase.load(Ordering::Acquire))
    }

    /// Whether the writer is to go on.
    pub fn is_written(&self) -> bool {
        !self.settled.load(Ordering::Acquire)
    }
}

/// A storm that goes on.
pub struct Storm {
    weather: Arc<Weather>,
    clients: Vec<JoinHandle<Vec<Sent>>>,
    writer: JoinHandle<Writes>,
    phases: Vec<Phase>,
    bucket: Arc<Bucket>,
    truth: Arc<Truth>,
}

/// A time in which one thing is wrong.
pub struct Phase {
    pub name: &'static str,
    pub begun: Instant,
}

/// All that was done in a storm.
pub struct Aftermath {
    pub phases: Vec<Phase>,
    pub sent: Vec<Sent>,
    pub writes: Writes,
}

impl Storm {
    /// Starts all clients and the writer, in a first phase of that name.
    pub fn begin(first: &'static str, origin: &Origin, bucket: Bucket, truth: Truth) -> Self {
        let (weather, truth, bucket) = (Arc::new(Weather::default()), Arc::new(truth), Arc::new(bucket));
        let client = |client| {
            let (weather, truth, server) = (Arc::clone(&weather), Arc::clone(&truth), origin.public);
            std::thread::spawn(move || ask_on(server, client, &weather, &truth))
        };
        let phases = vec![Phase { name: first, begun: Instant::now() }];
        let clients = (0..CLIENTS).map(client).collect();
        let writer = writer(Arc::clone(&weather), Arc::clone(&truth), Arc::clone(&bucket), origin.control);
        Self { weather, clients, writer, phases, bucket, truth }
    }

    /// From now on it is this phase.
    pub fn enter(&mut self, name: &'static str) {
        self.phases.push(Phase { name, begun: Instant::now() });
        self.weather.phase.store(self.phases.len() - 1, Ordering::Release);
    }

    /// Waits until the bucket itself gives all that it holds: a server that has just come up may not at once.
    #[track_caller]
    pub fn wait_for_bucket(&self) {
        let gives = |asset: &Asset| {
            let path = self.bucket.path(&asset.name);
            let call = Call::new(Method::GET, &path).field("range", "bytes=0-0");
            call.send_signed(self.bucket.server()).status == 206
        };
        wait_until_steady("the bucket itself has lost something", || self.truth.assets.iter().all(gives));
    }

    /// Nothing is replaced any more.
    pub fn settle(&self) {
        self.weather.settled.store(true, Ordering::Release);
    }

    /// Ends it, and waits for all answers that are under way.
    pub fn end(self) -> Aftermath {
        self.weather.over.store(true, Ordering::Release);
        let mut sent: Vec<_> = self.clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        sent.sort_by_key(|sent| sent.begun);
        Aftermath { phases: self.phases, sent, writes: self.writer.join().unwrap() }
    }
}

impl Aftermath {
    /// How long after this phase began the last client had the bytes of an asset again that it had asked for since;
    /// `None` if one never had.
    pub fn recovered_after(&self, name: &str) -> Option<Duration> {
        let begun = self.phases.iter().find(|phase| phase.name == name).expect("a phase").begun;
        let first = |client| {
            let of_client = |sent: &&Sent| sent.client == client && sent.begun >= begun;
            let good = self.sent.iter().filter(of_client).find(|sent| sent.verdict.is_good());
            good.map(|sent| sent.begun + sent.took - begun)
        };
        (0..CLIENTS).map(first).try_fold(Duration::ZERO, |longest, took| Some(longest.max(took?)))
    }
}

fn writer(
    weather: Arc<Weather>,
    truth: Arc<Truth>,
    bucket: Arc<Bucket>,
    control: SocketAddr,
) -> JoinHandle<Writes> {
    std::thread::spawn(move || Writer { weather: &weather, truth: &truth, bucket: &bucket, control }.write())
}
