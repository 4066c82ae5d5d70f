//! The bytes of an asset, ready to be sent: all in memory, or read piece by piece.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{JoinHandle, spawn_blocking};

use super::bucket::SlicedObject;
use super::buffers::Room;
use super::digest::PIECE;
use super::directory::Opened;
use super::{Inspection, Inspector};

/// Where the bytes of an asset come from.
#[derive(Clone, Debug)]
pub enum Content {
    /// From memory: the very bytes that were hashed.
    Memory(Bytes),
    /// Piece by piece.
    Pieces(Pieces),
}

/// Bytes that are read in pieces of one size, the last one shorter.
#[derive(Clone, Debug)]
pub enum Pieces {
    /// From an open file, each piece checked before it is sent.
    File(Arc<CheckedFile>),
    /// From a bucket, each slice of the version that was opened.
    Object(Arc<SlicedObject>),
}

/// A piece that is wanted: here, or on its way.
#[derive(Debug)]
pub enum Reading {
    /// It was in memory.
    AtHand(io::Result<Bytes>),
    /// It is being read.
    UnderWay(JoinHandle<io::Result<Bytes>>),
}

/// Leave to read a piece ahead of whoever wants it. Hold it until the piece is wanted.
#[derive(Debug)]
pub struct Ahead {
    _slice: Option<OwnedSemaphorePermit>,
}

impl Pieces {
    /// Bytes of each piece but the last.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::File(_) => PIECE as u64,
            Self::Object(object) => object.slice_size(),
        }
    }

    /// How many pieces, beside the next, are worth reading ahead of a client that takes them in their order. What is near
    /// needs less.
    #[must_use]
    pub fn ahead(&self) -> u64 {
        match self {
            Self::File(_) => 0,
            Self::Object(_) => 3,
        }
    }

    /// Leave to read another piece ahead, if there is any now. A file that is sent has room for its own.
    #[must_use]
    pub fn room_ahead(&self) -> Option<Ahead> {
        match self {
            Self::File(_) => Some(Ahead { _slice: None }),
            Self::Object(object) => object.room_ahead().map(|slice| Ahead { _slice: Some(slice) }),
        }
    }

    /// Begins to read piece number `index`, counted from 0.
    #[must_use]
    pub fn read(&self, index: u64) -> Reading {
        match self {
            Self::File(file) => file.piece_at_hand(index).unwrap_or_else(|| {
                let file = Arc::clone(file);
                Reading::UnderWay(spawn_blocking(move || file.piece(index)))
            }),
            Self::Object(object) => object.at_hand(index).map_or_else(
                || {
                    let object = Arc::clone(object);
                    Reading::UnderWay(tokio::spawn(async move { object.slice(index).await }))
                },
                |slice| Reading::AtHand(Ok(slice)),
            ),
        }
    }

    /// Reads piece number `index`. Blocks: only for threads that may.
    ///
    /// # Errors
    /// If the bytes are no longer those that were opened, or cannot be read.
    pub(super) fn read_blocking(&self, index: u64) -> io::Result<Bytes> {
        match self {
            Self::File(file) => file.piece(index),
            Self::Object(object) => Handle::current().block_on(object.slice(index)),
        }
    }
}

impl Future for Reading {
    type Output = io::Result<Bytes>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::AtHand(piece) => Poll::Ready(std::mem::replace(piece, Ok(Bytes::new()))),
            Self::UnderWay(task) => {
                Pin::new(task).poll(context).map(|done| done.map_err(io::Error::other).flatten())
            }
        }
    }
}

/// An open file whose pieces are compared with what was recorded when it was inspected.
#[derive(Debug)]
pub struct CheckedFile {
    opened: Arc<Opened>,
    inspection: Arc<Inspection>,
    inspector: Arc<Inspector>,
    /// Where it is being sent, room for what is held of it.
    _room: Option<Room>,
}

impl CheckedFile {
    /// A file that was inspected.
    #[must_use]
    pub fn new(opened: Arc<Opened>, inspection: Arc<Inspection>, inspector: Arc<Inspector>) -> Self {
        Self { opened, inspection, inspector, _room: None }
    }

    /// The same file, which takes this room until it has been sent.
    #[must_use]
    pub fn with(&self, room: Room) -> Self {
        let Self { opened, inspection, inspector, _room: _ } = self;
        let (opened, inspection, inspector) =
            (Arc::clone(opened), Arc::clone(inspection), Arc::clone(inspector));
        Self { opened, inspection, inspector, _room: Some(room) }
    }

    /// Reads piece number `index`, counted from 0. Blocks on the disk.
    ///
    /// # Errors
    /// If the bytes are no longer those that were inspected, and then what is known of the file is forgotten; or
    /// as the file system says.
    pub fn piece(&self, index: u64) -> io::Result<Bytes> {
        match self.opened.read_piece(index) {
            Ok(bytes) => self.checked(index, bytes),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(self.changed()),
            Err(error) => Err(error),
        }
    }

    /// The same where that needs no wait for the disk.
    fn piece_at_hand(&self, index: u64) -> Option<Reading> {
        let piece = self.opened.piece_at_hand(index)?;
        Some(Reading::AtHand(self.checked(index, piece)))
    }

    fn checked(&self, index: u64, piece: Bytes) -> io::Result<Bytes> {
        if self.inspection.digest.is_piece(index, &piece) { Ok(piece) } else { Err(self.changed()) }
    }

    /// Reads all of it into memory. Blocks on the disk.
    ///
    /// # Errors
    /// As [`piece`](Self::piece).
    pub fn read(&self) -> io::Result<Bytes> {
        let length = usize::try_from(self.inspection.digest.complete_length()).unwrap_or(0);
        let mut bytes = Vec::with_capacity(length);
        for index in 0..self.opened.pieces() {
            bytes.extend_from_slice(&self.piece(index)?);
        }
        Ok(bytes.into())
    }

    fn changed(&self) -> io::Error {
        self.inspector.forget(self.opened.fingerprint());
        io::Error::new(io::ErrorKind::InvalidData, "the file changed while it was sent")
    }
}
