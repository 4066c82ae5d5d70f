//! Reading a file once from end to end: its digest and what its bytes are, from one open handle.

use std::io::{self, BufReader};

use bytes::{Bytes, BytesMut};

use super::buffers::Room;
use super::digest::{Digest, Digester};
use super::directory::Opened;
use super::sniff::{Format, sniff};

/// What was learnt from all bytes of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The digest of those bytes.
    pub digest: Digest,
    /// The format they are in.
    pub format: Format,
}

/// Whether to keep the bytes that are read.
#[derive(Debug)]
pub enum Keep {
    /// In memory, to be sent from there: the very bytes that were hashed. They hold the room that they take.
    Bytes(Room),
    /// Only what was learnt from them.
    Nothing,
}

/// After so many pieces it is seen whether the file is still the same: one that grows by gigabytes is not read to an end
/// that will not be its end.
const LOOK_EVERY: u64 = 128;

impl Inspection {
    /// Reads all of an open file. The second part is the bytes themselves, if they were to be kept.
    ///
    /// # Errors
    /// `UnexpectedEof` or `InvalidData` if the file changed meanwhile; otherwise as the file system says.
    pub fn of(opened: &Opened, keep: Keep) -> io::Result<(Self, Option<Bytes>)> {
        let format = sniff(BufReader::new(opened.reader()?))?;
        let mut digester = Digester::default();
        let length = usize::try_from(opened.fingerprint().length()).unwrap_or(0);
        let mut kept = match keep {
            Keep::Bytes(room) => Some((BytesMut::with_capacity(length), room)),
            Keep::Nothing => None,
        };
        for index in 0..opened.pieces() {
            if index % LOOK_EVERY == 0 {
                expect_unchanged(opened)?;
            }
            let piece = opened.read_piece(index)?;
            digester.update(&piece);
            if let Some((bytes, _)) = &mut kept {
                bytes.extend_from_slice(&piece);
            }
        }
        expect_unchanged(opened)?;
        Ok((Self { digest: digester.finish(), format }, kept.map(|(bytes, room)| room.hold(bytes))))
    }

    /// Writes it down. [`decode`](Self::decode) reads it back.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let format = self.format.name().into_bytes();
        let length = u8::try_from(format.len()).unwrap_or(u8::MAX);
        let format = format.into_iter().take(usize::from(length));
        std::iter::once(length).chain(format).chain(self.digest.encode()).collect()
    }

    /// Reads what [`encode`](Self::encode) wrote, `None` if it did not write this.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (&length, rest) = bytes.split_first()?;
        let (format, digest) = rest.split_at_checked(usize::from(length))?;
        let format = Format::named(str::from_utf8(format).ok()?);
        Some(Self { digest: Digest::decode(digest)?, format })
    }
}

fn expect_unchanged(opened: &Opened) -> io::Result<()> {
    if opened.is_unchanged()? {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "the file is being written"))
}
