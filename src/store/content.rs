//! The bytes of an asset, ready to be sent: all in memory, or read from the open file piece by piece.

use std::io;
use std::sync::Arc;

use bytes::Bytes;

use super::directory::Opened;
use super::{Inspection, Inspector};

/// Where the bytes of an asset come from.
#[derive(Clone, Debug)]
pub enum Content {
    /// From memory: the very bytes that were hashed.
    Memory(Bytes),
    /// From an open file, each piece checked before it is sent.
    File(Arc<CheckedFile>),
}

/// An open file whose pieces are compared with what was recorded when it was inspected.
#[derive(Debug)]
pub struct CheckedFile {
    opened: Arc<Opened>,
    inspection: Arc<Inspection>,
    inspector: Arc<Inspector>,
}

impl CheckedFile {
    /// A file that was inspected.
    #[must_use]
    pub fn new(opened: Arc<Opened>, inspection: Arc<Inspection>, inspector: Arc<Inspector>) -> Self {
        Self { opened, inspection, inspector }
    }

    /// Reads piece number `index`, counted from 0. Blocks on the disk.
    ///
    /// # Errors
    /// If the bytes are no longer those that were inspected, and then what is known of the file is forgotten; or
    /// as the file system says.
    pub fn piece(&self, index: u64) -> io::Result<Bytes> {
        let piece = self.opened.read_piece(index);
        match piece {
            Ok(bytes) if self.inspection.digest.is_piece(index, &bytes) => Ok(bytes.into()),
            Ok(_) => Err(self.changed()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(self.changed()),
            Err(error) => Err(error),
        }
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
