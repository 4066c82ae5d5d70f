//! Keeps a body while it arrives: hashed and written to a file without a name, by a thread that may wait for the disk.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

use crate::store::sniff::{Format, sniff};

/// So many pieces may wait for the disk. hyper's are of at most 64 KiB here.
const WAITING: usize = 16;

/// So much of the beginning is kept at hand, to compare it with the answer to a range.
pub(super) const OPENING: u64 = 1024;

/// A body on its way to the disk.
pub(super) struct Spool {
    pieces: Sender<Bytes>,
    writer: JoinHandle<io::Result<Spooled>>,
}

/// A body on the disk.
#[derive(Debug)]
pub(super) struct Spooled {
    /// Its bytes, at their beginning.
    pub(super) file: File,
    pub(super) length: u64,
    pub(super) sha256: [u8; 32],
    pub(super) format: Format,
    pub(super) opening: Vec<u8>,
}

impl Spool {
    pub(super) fn new() -> Self {
        let (pieces, received) = channel(WAITING);
        Self { pieces, writer: tokio::task::spawn_blocking(|| write(received)) }
    }

    /// Takes the next piece; waits while too many do. When the disk has failed, pieces are lost:
    /// [`finish`](Self::finish) says so.
    pub(super) async fn push(&self, piece: Bytes) {
        let _failed = self.pieces.send(piece).await;
    }

    /// Waits until all of it is written, and looks at what it is.
    pub(super) async fn finish(self) -> io::Result<Spooled> {
        drop(self.pieces);
        self.writer.await.map_err(io::Error::other)?
    }
}

fn write(mut pieces: Receiver<Bytes>) -> io::Result<Spooled> {
    let mut file = tempfile::tempfile()?;
    let mut digest = Sha256::new();
    let mut length = 0;
    while let Some(piece) = pieces.blocking_recv() {
        digest.update(&piece);
        file.write_all(&piece)?;
        length += piece.len() as u64;
    }
    let format = sniff(BufReader::new(&file))?;
    file.rewind()?;
    let mut opening = Vec::new();
    (&file).take(OPENING).read_to_end(&mut opening)?;
    file.rewind()?;
    Ok(Spooled { file, length, sha256: digest.finalize().into(), format, opening })
}
