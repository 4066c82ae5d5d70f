//! Reads an asset's bytes in any order, for what looks inside them: only the pieces that are asked for, and each of
//! them checked like a piece that is sent.

use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;

use super::Content;
use super::content::Pieces;

/// A position in the bytes of one version of an asset. Blocks on the disk, or on the bucket: only for threads that may.
///
/// Reading fails if the bytes are no longer those of that version.
#[derive(Debug)]
pub struct Reader {
    bytes: Source,
    position: u64,
    complete_length: u64,
}

#[derive(Debug)]
enum Source {
    Memory(Bytes),
    /// The pieces, and the one that was read last.
    Pieces(Pieces, Option<(u64, Bytes)>),
}

impl Reader {
    pub(super) fn new(content: &Content, complete_length: u64) -> Self {
        let bytes = match content {
            Content::Memory(bytes) => Source::Memory(bytes.clone()),
            Content::Pieces(pieces) => Source::Pieces(pieces.clone(), None),
        };
        Self { bytes, position: 0, complete_length }
    }

    /// The same, with the first piece at hand.
    pub(super) fn with_first(pieces: Pieces, first: Bytes, complete_length: u64) -> Self {
        Self { bytes: Source::Pieces(pieces, Some((0, first))), position: 0, complete_length }
    }

    /// The bytes from the position on, as many as are at hand; none at the end.
    fn at_hand(&mut self) -> io::Result<Bytes> {
        if self.position >= self.complete_length {
            return Ok(Bytes::new());
        }
        let (start, bytes) = match &mut self.bytes {
            Source::Memory(bytes) => (0, bytes.clone()),
            Source::Pieces(pieces, last) => {
                let index = self.position / pieces.size();
                let piece = match last {
                    Some((at, piece)) if *at == index => piece.clone(),
                    _ => pieces.read_blocking(index)?,
                };
                *last = Some((index, piece.clone()));
                (index * pieces.size(), piece)
            }
        };
        let skipped = usize::try_from(self.position - start).unwrap_or(usize::MAX);
        Ok(bytes.slice(skipped.min(bytes.len())..))
    }
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.at_hand()?.as_ref().read(into)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.complete_length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::store::digest::PIECE;
    use crate::store::tests::late_store;
    use crate::store::{Asset, AssetPath};

    /// Two and a half pieces in which no two neighbourhoods are alike.
    fn bytes() -> Vec<u8> {
        (0..=250).cycle().take(PIECE * 5 / 2).collect()
    }

    async fn opened(folder: &tempfile::TempDir, hot: u64) -> Asset {
        std::fs::write(folder.path().join("a.bin"), bytes()).unwrap();
        let store = late_store(folder.path(), hot);
        store.open(&AssetPath::try_from("a.bin".to_owned()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn any_order_of_looks_finds_the_bytes_of_the_asset() {
        for hot in [0, 1 << 20] {
            let folder = tempfile::tempdir().unwrap();
            let asset = opened(&folder, hot).await;
            assert_eq!(matches!(asset.content, Content::Memory(_)), hot > 0);
            let (mut reader, mut expected) = (asset.reader(), Cursor::new(bytes()));
            let piece = i64::try_from(PIECE).unwrap();
            for seek in [
                SeekFrom::Start(0),
                SeekFrom::Current(piece - 7),
                SeekFrom::End(-10),
                SeekFrom::End(0),
                SeekFrom::End(10),
                SeekFrom::Start(2 * PIECE as u64),
                SeekFrom::Current(-piece),
            ] {
                assert_eq!(reader.seek(seek).unwrap(), expected.seek(seek).unwrap(), "{seek:?}");
                let (mut found, mut right) = (Vec::new(), Vec::new());
                reader.by_ref().take(300).read_to_end(&mut found).unwrap();
                expected.by_ref().take(300).read_to_end(&mut right).unwrap();
                assert_eq!(found, right, "{seek:?}");
            }
            reader.seek(SeekFrom::Current(i64::MIN)).unwrap_err();
        }
    }

    #[tokio::test]
    async fn bytes_of_another_version_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut reader = opened(&folder, 0).await.reader();
        let mut other = bytes();
        other[PIECE + 1] ^= 1;
        std::fs::write(folder.path().join("a.bin"), other).unwrap();
        reader.read_exact(&mut [0; 100]).unwrap();
        reader.seek(SeekFrom::Start(PIECE as u64)).unwrap();
        reader.read_exact(&mut [0; 100]).unwrap_err();
    }

    #[tokio::test]
    async fn a_first_piece_that_is_at_hand_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let asset = opened(&folder, 0).await;
        let Content::Pieces(pieces) = asset.content else { panic!("{asset:?}") };
        let first = Bytes::from(bytes()).slice(..PIECE);
        let mut reader = Reader::with_first(pieces, first, bytes().len() as u64);
        let mut other = bytes();
        other[0] ^= 1;
        std::fs::write(folder.path().join("a.bin"), other).unwrap();
        let mut read = vec![0; PIECE + 1];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(read, bytes()[..=PIECE]);
    }
}
