//! A fence around a file of unknown origin: however its parsers are led astray, they read so much and no more.
//!
//! It also keeps two kinds of failure apart. That the file cannot be read is the caller's business; that it cannot be
//! understood is a fact about it. Parsers see an [`io::Error`] for both; the fence remembers which it was.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// So many bytes of a file are read: the sector tables of the largest legacy document are 0.8 MiB.
const MOST_BYTES: u64 = 4 << 20;

/// So many reads are made of a file, however few bytes each gives.
const MOST_READS: u32 = 1 << 16;

/// What is said where the fence stood in the way.
const TOO_LARGE: &str = "its structure is too large";

/// Why a file cannot be understood: what comes after "the file cannot be read as what it says it is: ".
#[derive(Debug)]
pub(super) struct Damage(pub(super) Cow<'static, str>);

impl From<&'static str> for Damage {
    fn from(what: &'static str) -> Self {
        Self(what.into())
    }
}

impl From<io::Error> for Damage {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof => "it ends too soon".into(),
            ErrorKind::QuotaExceeded => TOO_LARGE.into(),
            _ => "it points at places where nothing can be".into(),
        }
    }
}

/// A file, its length fixed, with what may still be read of it.
#[derive(Debug)]
pub(super) struct Fence<R> {
    inner: R,
    length: u64,
    position: u64,
    /// Where `inner` stands, once that is known.
    stands_at: Option<u64>,
    bytes_left: u64,
    reads_left: u32,
    /// Whether the fence stood in the way.
    in_the_way: bool,
    failure: Option<io::Error>,
}

impl<R: Read + Seek> Fence<R> {
    pub(super) fn around(inner: R, length: u64) -> Self {
        Self {
            inner,
            length,
            position: 0,
            stands_at: None,
            bytes_left: MOST_BYTES,
            reads_left: MOST_READS,
            in_the_way: false,
            failure: None,
        }
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Lets so many bytes be read, for what must be read whole.
    pub(super) fn widen(&mut self, bytes: u64) {
        self.bytes_left = bytes;
    }

    /// Whether more would have had to be read than is: then what a parser says of the file is not to be believed.
    pub(super) fn stood_in_the_way(&self) -> bool {
        self.in_the_way
    }

    /// Ends the reading of a file with more entries than are looked at.
    pub(super) fn give_up(&mut self) -> Damage {
        self.in_the_way = true;
        TOO_LARGE.into()
    }

    /// The failure of the reader itself, if it failed.
    pub(super) fn failure(self) -> Option<io::Error> {
        self.failure
    }

    /// Goes to an offset from the beginning. Beyond the end there is nothing to read.
    pub(super) fn go_to(&mut self, offset: u64) {
        self.position = offset;
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The bytes from `offset` on: `most` of them, or as many as there are.
    pub(super) fn piece(&mut self, offset: u64, most: u64) -> Result<Vec<u8>, Damage> {
        self.go_to(offset);
        let mut bytes = Vec::new();
        self.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The last `most` bytes, or all of them.
    pub(super) fn tail(&mut self, most: u64) -> Result<Vec<u8>, Damage> {
        self.piece(self.length.saturating_sub(most), most)
    }

    fn read_inside(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Until the read has succeeded nobody knows where the reader stands.
        if self.stands_at.take() != Some(self.position) {
            self.inner.seek(SeekFrom::Start(self.position))?;
        }
        let read = self.inner.read(buffer)?;
        self.position += read as u64;
        self.stands_at = Some(self.position);
        Ok(read)
    }
}

impl<R: Read + Seek> Read for Fence<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let to_the_end = self.length.saturating_sub(self.position);
        if to_the_end == 0 || buffer.is_empty() {
            return Ok(0);
        }
        if self.bytes_left == 0 || self.reads_left == 0 {
            self.in_the_way = true;
            return Err(ErrorKind::QuotaExceeded.into());
        }
        let most = usize::try_from(to_the_end.min(self.bytes_left)).unwrap_or(usize::MAX).min(buffer.len());
        self.reads_left -= 1;
        match self.read_inside(&mut buffer[..most]) {
            Ok(read) => {
                self.bytes_left -= read as u64;
                Ok(read)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let kind = error.kind();
                self.failure.get_or_insert(error);
                Err(kind.into())
            }
        }
    }
}

impl<R: Read + Seek> Seek for Fence<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// A reader that never ends.
    struct Endless;

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(b'x');
            Ok(buffer.len())
        }
    }

    impl Seek for Endless {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Ok(0)
        }
    }

    #[test]
    fn a_fence_ends_where_the_file_is_said_to_end() {
        let mut fence = Fence::around(Endless, 10);
        assert_eq!(fence.piece(4, 100).unwrap(), b"xxxxxx");
        assert_eq!(fence.tail(3).unwrap(), b"xxx");
        assert_eq!(fence.piece(11, 100).unwrap(), b"");
        assert_eq!(fence.seek(SeekFrom::End(-1)).unwrap(), 9);
    }

    #[test]
    fn so_many_bytes_are_read_and_no_more() {
        let mut fence = Fence::around(Endless, u64::MAX);
        fence.piece(0, u64::MAX).unwrap_err();
        assert_eq!(fence.bytes_left, 0);
        assert!(fence.stood_in_the_way());
        assert!(fence.failure().is_none(), "the file is to blame, not its reader");
    }

    #[test]
    fn so_many_reads_are_made_and_no_more() {
        let mut fence = Fence::around(Endless, u64::MAX);
        let reads = (0..2 * MOST_READS).take_while(|_| fence.array::<1>().is_ok()).count();
        assert_eq!(reads, MOST_READS as usize);
    }

    #[test]
    fn a_reader_that_failed_on_its_way_is_told_again_where_to_go() {
        /// Fails once, after it has moved.
        struct Stumbles(Cursor<&'static [u8]>, bool);
        impl Read for Stumbles {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if self.0.position() == 2 && !std::mem::replace(&mut self.1, true) {
                    self.0.set_position(5);
                    return Err(ErrorKind::Interrupted.into());
                }
                self.0.read(buffer)
            }
        }
        impl Seek for Stumbles {
            fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
                self.0.seek(to)
            }
        }
        let mut fence = Fence::around(Stumbles(Cursor::new(b"abcdefgh"), false), 8);
        assert_eq!(&fence.array::<2>().unwrap(), b"ab");
        assert_eq!(&fence.array::<2>().unwrap(), b"cd", "`read_exact` tries again after an interruption");
    }

    #[test]
    fn a_failure_of_the_reader_is_kept() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(ErrorKind::PermissionDenied.into())
            }
        }
        impl Seek for Broken {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Ok(0)
            }
        }
        let mut fence = Fence::around(Broken, 10);
        fence.array::<4>().unwrap_err();
        assert_eq!(fence.failure().unwrap().kind(), ErrorKind::PermissionDenied);
    }

    #[test]
    fn a_file_shorter_than_its_length_is_damaged_not_unreadable() {
        let mut fence = Fence::around(Cursor::new(b"abc"), 10);
        assert_eq!(fence.array::<4>().unwrap_err().0, "it ends too soon");
        assert!(fence.failure().is_none());
    }
}
