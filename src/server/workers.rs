//! The threads that connections are served on: one for each core, each with a runtime of its own.
//!
//! A connection stays on the thread that it was given to, which is the one that has the fewest. So nothing of it wanders
//! between cores, and no thread looks for work of another.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::pulse::{Heart, Pulse};

/// Threads that wait for the disk, of all workers together, at most; and of each, at least.
const BLOCKING: usize = 512;
const FEWEST_BLOCKING: usize = 16;

/// Those threads. They end when this is dropped, and with them whatever is still going on there.
#[derive(Debug)]
pub struct Workers(Vec<Worker>);

#[derive(Debug)]
struct Worker {
    runtime: Handle,
    /// How many connections it has.
    connections: Arc<AtomicUsize>,
    /// Ends the thread when it is dropped; `None` for the thread of somebody else.
    _end: Option<oneshot::Sender<()>>,
}

/// A place for one connection, until it is dropped.
#[derive(Debug)]
pub struct Place {
    runtime: Handle,
    connections: Arc<AtomicUsize>,
}

impl Workers {
    /// Starts so many threads, at least one, whose loops feel the beat of `heart`.
    ///
    /// # Errors
    /// If the system has none to give.
    pub fn start(threads: usize, heart: &mut Heart) -> io::Result<Self> {
        let threads = threads.max(1);
        let workers = (0..threads).map(|number| Worker::start(number, threads, heart.pulse()));
        workers.collect::<io::Result<_>>().map(Self)
    }

    /// The runtime that this is called within.
    #[must_use]
    pub fn here() -> Self {
        let worker = Worker { runtime: Handle::current(), connections: Arc::default(), _end: None };
        Self(vec![worker])
    }

    /// A place for a connection.
    ///
    /// # Panics
    /// Never: there is one thread at least.
    #[must_use]
    pub fn place(&self) -> Place {
        let fewest = self.0.iter().min_by_key(|worker| worker.connections.load(Ordering::Relaxed));
        let Worker { runtime, connections, .. } = fewest.expect("there is one at least");
        connections.fetch_add(1, Ordering::Relaxed);
        Place { runtime: runtime.clone(), connections: Arc::clone(connections) }
    }
}

impl Worker {
    fn start(number: usize, threads: usize, mut pulse: Pulse) -> io::Result<Self> {
        let (begun, begins) = sync_channel(1);
        let (end, ended) = oneshot::channel();
        let serve = move || {
            // What waits for the disk is spread over them too.
            let disk = (BLOCKING / threads).max(FEWEST_BLOCKING);
            let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(disk).build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => return drop(begun.send(Err(error))),
            };
            let _awaited = begun.send(Ok(runtime.handle().clone()));
            runtime.block_on(async {
                tokio::select! {
                    () = pulse.feel() => {}
                    _dropped = ended => {}
                }
            });
            // What is still being read for clients that are gone is not waited for.
            runtime.shutdown_background();
        };
        thread::Builder::new().name(format!("worker-{number}")).spawn(serve)?;
        let runtime = begins.recv().map_err(io::Error::other)??;
        Ok(Self { runtime, connections: Arc::default(), _end: Some(end) })
    }
}

impl Place {
    /// Where it is.
    #[must_use]
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn connections_are_spread_and_a_thread_that_has_room_again_is_found() {
        let mut heart = Heart::default();
        let workers = Workers::start(3, &mut heart).unwrap();
        let names = async || {
            let places: Vec<_> = (0..3).map(|_| workers.place()).collect();
            let mut names = Vec::new();
            for place in &places {
                let name = place.runtime().spawn(async { thread::current().name().map(str::to_owned) });
                names.push(name.await.unwrap());
            }
            names.sort();
            (places, names)
        };
        let expected = ["worker-0", "worker-1", "worker-2"].map(|name| Some(name.to_owned()));
        let (mut places, first) = names().await;
        assert_eq!(first, expected);
        let left = places.remove(1);
        let thread = left.runtime().id();
        drop(left);
        assert_eq!(workers.place().runtime().id(), thread);
        let (_more, again) = names().await;
        assert_eq!(again.len(), 3);
    }

    #[tokio::test]
    async fn a_thread_that_hangs_is_missed() {
        let mut heart = Heart::default();
        let workers = Workers::start(1, &mut heart).unwrap();
        assert_eq!(heart.beat(), Ok(()), "it has just begun");
        let (hang, hangs) = std::sync::mpsc::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let place = workers.place();
        place.runtime().spawn(async move {
            let _told = begun.send(());
            let _hung = hangs.recv();
        });
        has_begun.await.unwrap();
        let beats = (0..100).map(|_| heart.beat()).collect::<Vec<_>>();
        assert!(beats.contains(&Err(1)), "{beats:?}");
        drop(hang);
    }
}
