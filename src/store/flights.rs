//! Work under way, by what it is for: whoever asks for the same thing waits for the same work.
//!
//! The work is a task of its own and goes on when everybody who asked for it is gone: a client that leaves does not
//! spoil what is being fetched for the next.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The work that is under way.
pub(super) struct Flights<K, T> {
    under_way: Mutex<HashMap<K, Flight<T>>>,
}

/// Work under way, or just done. What comes of it is there once it has ended.
#[derive(Debug)]
pub(super) struct Flight<T>(watch::Receiver<Option<T>>);

impl<K, T> Flights<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// The work for `key` that is under way; or, if there is none, what `landed` finds that earlier work has left; or
    /// `work`, which begins now.
    pub(super) fn join<F>(
        self: &Arc<Self>,
        key: &K,
        landed: impl FnOnce() -> Option<T>,
        work: impl FnOnce() -> F,
    ) -> Flight<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut under_way = self.under_way();
        if let Some(flight) = under_way.get(key) {
            return flight.clone();
        }
        if let Some(done) = landed() {
            return Flight(watch::channel(Some(done)).1);
        }
        let (end, receiver) = watch::channel(None);
        let flight = Flight(receiver);
        under_way.insert(key.clone(), flight.clone());
        // A runtime that is stopping drops the task here and now, and that takes the lock.
        drop(under_way);
        let landing = Landing { flights: Arc::clone(self), key: key.clone() };
        let work = work();
        tokio::spawn(async move {
            let done = work.await;
            drop(landing);
            end.send_replace(Some(done));
        });
        flight
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<K, Flight<T>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Flight<T> {
    /// What came of it; `None` if the work ended without: it panicked, or the runtime is stopping.
    pub(super) async fn landed(mut self) -> Option<T> {
        self.0.wait_for(Option::is_some).await.ok()?.clone()
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, T> Default for Flights<K, T> {
    fn default() -> Self {
        Self { under_way: Mutex::default() }
    }
}

impl<K, T> fmt::Debug for Flights<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").finish_non_exhaustive()
    }
}

/// Work under way. It is no longer when this is dropped, however it ends.
struct Landing<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    flights: Arc<Flights<K, T>>,
    key: K,
}

impl<K, T> Drop for Landing<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    fn drop(&mut self) {
        self.flights.under_way().remove(&self.key);
    }
}
