//! Keeps a body while it arrives: hashed and written to a file without a name, on a thread that may wait for the disk.
//!
//! No such thread is held while the network is waited for: bytes gather in memory, and a thread is borrowed for each
//! mebibyte of them. Servers that dawdle would otherwise take all threads, which those who read assets need too.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::mem;

use sha2::{Digest, Sha256};

use crate::store::blocking;
use crate::store::sniff::{Format, sniff};

/// So many bytes may wait for the disk.
const WAITING: usize = 1024 * 1024;

/// So much of the beginning is kept at hand, to compare it with the answer to a range.
pub(super) const OPENING: u64 = 1024;

/// A body on its way to the disk.
#[derive(Default)]
pub(super) struct Spool {
    waiting: Vec<u8>,
    disk: Option<Disk>,
}

/// What has been written.
struct Disk {
    file: File,
    digest: Sha256,
    length: u64,
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
    /// Takes the next piece, and waits for the disk if enough have come together.
    pub(super) async fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(piece);
        if self.waiting.len() >= WAITING {
            self.disk = Some(self.written().await?);
        }
        Ok(())
    }

    /// Waits until all of it is written, and looks at what it is.
    pub(super) async fn finish(mut self) -> io::Result<Spooled> {
        let disk = self.written().await?;
        blocking(|| disk.finish()).await
    }

    async fn written(&mut self) -> io::Result<Disk> {
        let (disk, bytes) = (self.disk.take(), mem::take(&mut self.waiting));
        blocking(move || {
            let mut disk = disk.map_or_else(Disk::create, Ok)?;
            disk.write(&bytes)?;
            Ok(disk)
        })
        .await
    }
}

impl Disk {
    fn create() -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile()?, digest: Sha256::new(), length: 0 })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.length += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    fn finish(self) -> io::Result<Spooled> {
        let Self { mut file, digest, length } = self;
        let format = sniff(BufReader::new(&file))?;
        file.rewind()?;
        let mut opening = Vec::new();
        (&file).take(OPENING).read_to_end(&mut opening)?;
        file.rewind()?;
        Ok(Spooled { file, length, sha256: digest.finalize().into(), format, opening })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_of_any_size_come_back_as_one_body() {
        let body: Vec<u8> =
            (0..WAITING * 2 + 17).map(|n| u8::try_from(n % 251).expect("below 256")).collect();
        for size in [7919, WAITING - 1, WAITING, body.len()] {
            let mut spool = Spool::default();
            for piece in body.chunks(size) {
                spool.push(piece).await.expect("there is room");
                assert!(spool.waiting.len() < WAITING, "{size}");
            }
            let mut spooled = spool.finish().await.expect("there is room");
            let mut bytes = Vec::new();
            spooled.file.read_to_end(&mut bytes).expect("it is there");
            assert!(bytes == body && spooled.opening == body[..1024], "{size}");
            assert_eq!(spooled.length, body.len() as u64);
            assert_eq!(spooled.sha256[..], Sha256::digest(&body)[..]);
        }
    }
}
