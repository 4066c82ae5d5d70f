//! The digest of an asset: SHA-256 of its bytes, and a fast checksum of each piece of them.
//!
//! The SHA-256 is what the entity tag promises. The checksums keep the promise while a large file is sent:
//! each piece is compared with its checksum before it goes out, so that bytes written to the file since never
//! go out under the old tag.

use sha2::Digest as _;
use twox_hash::XxHash3_128;

use crate::semantics::representation::Sha256;

/// Bytes of a piece: what is read, checked and sent at a time. Large enough that the work per piece is small
/// beside reading it, small enough that two of them per connection are no burden.
pub const PIECE: usize = 128 * 1024;

/// What was computed from all bytes of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Digest {
    sha256: Sha256,
    complete_length: u64,
    pieces: Box<[u128]>,
}

impl Digest {
    /// SHA-256 of all bytes.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// How many bytes there were.
    #[must_use]
    pub fn complete_length(&self) -> u64 {
        self.complete_length
    }

    /// Whether `bytes` are piece number `index`, counted from 0. The checksum is no defence against an
    /// attacker who may write to the media directory: such a one may as well replace the file.
    #[must_use]
    pub fn is_piece(&self, index: u64, bytes: &[u8]) -> bool {
        let recorded = usize::try_from(index).ok().and_then(|index| self.pieces.get(index));
        recorded == Some(&XxHash3_128::oneshot(bytes))
    }

    /// Bytes of memory that it takes, roughly.
    #[must_use]
    pub fn weight(&self) -> u32 {
        u32::try_from(256 + size_of_val(&*self.pieces)).unwrap_or(u32::MAX)
    }

    /// Writes the digest down. [`decode`](Self::decode) reads it back.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let pieces = self.pieces.iter().flat_map(|piece| piece.to_le_bytes());
        let head = self.sha256.0.into_iter().chain(self.complete_length.to_le_bytes());
        head.chain(pieces).collect()
    }

    /// Reads what [`encode`](Self::encode) wrote, `None` if it did not write this.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (sha256, rest) = bytes.split_first_chunk::<32>()?;
        let (length, rest) = rest.split_first_chunk::<8>()?;
        let complete_length = u64::from_le_bytes(*length);
        let (pieces, tail) = rest.as_chunks::<16>();
        let complete = tail.is_empty() && pieces.len() as u64 == complete_length.div_ceil(PIECE as u64);
        complete.then(|| Self {
            sha256: Sha256(*sha256),
            complete_length,
            pieces: pieces.iter().copied().map(u128::from_le_bytes).collect(),
        })
    }
}

/// Computes a [`Digest`] from pieces given in their order.
#[derive(Default)]
pub struct Digester {
    sha256: sha2::Sha256,
    complete_length: u64,
    pieces: Vec<u128>,
}

impl Digester {
    /// Takes the next piece: [`PIECE`] bytes, or fewer at the end.
    pub fn update(&mut self, piece: &[u8]) {
        self.sha256.update(piece);
        self.complete_length += piece.len() as u64;
        self.pieces.push(XxHash3_128::oneshot(piece));
    }

    /// The digest of what was taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest {
            sha256: Sha256(self.sha256.finalize().into()),
            complete_length: self.complete_length,
            pieces: self.pieces.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digest(bytes: &[u8]) -> Digest {
        let mut digester = Digester::default();
        bytes.chunks(PIECE).for_each(|piece| digester.update(piece));
        digester.finish()
    }

    #[test]
    fn known_answers() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b"").sha256().to_string(), empty);
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest(b"abc").sha256().to_string(), abc);
    }

    #[test]
    fn a_changed_bit_is_seen_in_its_piece_and_no_other() {
        let mut bytes = vec![7; 3 * PIECE + 5];
        let digest = digest(&bytes);
        bytes[PIECE + 1] ^= 1;
        let checks: Vec<_> = (0u64..).zip(bytes.chunks(PIECE)).map(|(i, p)| digest.is_piece(i, p)).collect();
        assert_eq!(checks, [true, false, true, true]);
        assert!(!digest.is_piece(4, b""), "there is no fifth piece");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_written_down_reads_back(length in 0usize..3 * PIECE, cut in 1usize..50) {
            let written = digest(&vec![1; length]).encode();
            prop_assert_eq!(Digest::decode(&written), Some(digest(&vec![1; length])));
            prop_assert_eq!(Digest::decode(&written[..written.len() - cut.min(written.len())]), None);
        }
    }
}
