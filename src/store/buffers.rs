//! Room for the bytes of answers under way: one budget, out of which whatever is read for a client takes its part, and
//! gives it back when nobody holds the bytes any more, be it the client that they are for or a cache.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::digest::PIECE;

/// The unit in which room is counted.
const KIB: u64 = 1024;

/// Bytes that are held of a file that is being sent: a piece on its way to the client, and the next.
pub const FILE: u64 = 2 * PIECE as u64;

/// A budget of memory.
#[derive(Clone, Debug)]
pub struct Buffers {
    room: Arc<Semaphore>,
}

/// A part of the budget, until it is dropped.
#[derive(Debug)]
pub struct Room {
    _permit: OwnedSemaphorePermit,
}

/// Bytes, and the room that they take.
struct Held {
    bytes: Bytes,
    _room: Room,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Buffers {
    /// So many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let permits = usize::try_from(bytes / KIB).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self { room: Arc::new(Semaphore::new(permits)) }
    }

    /// How many files can be sent at a time out of a budget of so many bytes.
    #[must_use]
    pub fn most_files(bytes: u64) -> u64 {
        bytes / FILE
    }

    /// Room for so many bytes, if there is any now.
    #[must_use]
    pub fn room_now(&self, bytes: u64) -> Option<Room> {
        let room = Arc::clone(&self.room).try_acquire_many_owned(permits(bytes)?);
        room.ok().map(|permit| Room { _permit: permit })
    }

    /// Room for so many bytes, if there is any within that time.
    pub async fn room(&self, bytes: u64, patience: Duration) -> Option<Room> {
        let room = Arc::clone(&self.room).acquire_many_owned(permits(bytes)?);
        timeout(patience, room).await.ok()?.ok().map(|permit| Room { _permit: permit })
    }
}

fn permits(bytes: u64) -> Option<u32> {
    u32::try_from(bytes.div_ceil(KIB)).ok()
}

impl Room {
    /// `bytes`, which take this room until the last of their clones is dropped.
    #[must_use]
    pub fn hold(self, bytes: impl Into<Bytes>) -> Bytes {
        Bytes::from_owner(Held { bytes: bytes.into(), _room: self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn room_comes_back_with_the_last_who_holds_it() {
        let buffers = Buffers::new(4096);
        let held = buffers.room_now(3000).unwrap().hold(vec![7; 3000]);
        assert!(buffers.room_now(1025).is_none(), "3 KiB are taken");
        assert!(buffers.room(1025, Duration::from_secs(9)).await.is_none(), "nor is any waited for in vain");
        let part = held.slice(10..20);
        drop(held);
        assert!(buffers.room_now(1025).is_none(), "a part holds all of it");
        let (room, ()) = tokio::join!(buffers.room(4096, Duration::from_secs(9)), async { drop(part) });
        assert!(room.is_some(), "and then there is room again");
    }
}
