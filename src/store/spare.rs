//! Memory for the pieces of files that are being sent, used again and again: it is neither cleared nor asked of the system
//! each time, and what was used last is still near the processor.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use super::digest::PIECE;

/// How many pieces are kept for the next who needs one.
const KEPT: usize = 32;

static SPARE: Mutex<Vec<Box<[u8]>>> = Mutex::new(Vec::new());

/// Memory for one piece.
#[derive(Debug)]
pub(super) struct Spare {
    memory: Box<[u8]>,
    length: usize,
}

impl Spare {
    /// Memory for a piece of so many bytes, at most [`PIECE`]. What is in it means nothing.
    pub(super) fn take(length: usize) -> Self {
        let length = length.min(PIECE);
        let whole = || SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let spare = (length > PIECE / 2).then(whole).flatten();
        // A small file takes what it has, and no whole piece.
        let memory = spare.unwrap_or_else(|| {
            let size = if length > PIECE / 2 { PIECE } else { length };
            vec![0; size].into_boxed_slice()
        });
        Self { memory, length }
    }

    /// The piece.
    pub(super) fn as_mut(&mut self) -> &mut [u8] {
        self.memory.get_mut(..self.length).unwrap_or_default()
    }

    /// The piece as bytes to be sent, whose memory comes back when nobody holds them any more.
    pub(super) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Spare {
    fn as_ref(&self) -> &[u8] {
        self.memory.get(..self.length).unwrap_or_default()
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        if self.memory.len() != PIECE {
            return;
        }
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < KEPT {
            spare.push(std::mem::take(&mut self.memory));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_when_its_bytes_are_gone() {
        let mut spare = Spare::take(3);
        spare.as_mut().copy_from_slice(b"abc");
        let bytes = spare.into_bytes();
        let part = bytes.slice(1..);
        drop(bytes);
        assert_eq!(part, "bc");
        assert_eq!(Spare::take(PIECE + 1).as_ref().len(), PIECE);
    }
}
