//! What a file of a slice begins with: whose bytes follow, and their checksum.

use bytes::Bytes;
use twox_hash::XxHash3_128;

use super::id::path_digest;
use crate::store::bucket::SliceKey;

/// What every such file begins with. The number goes up when the header is written differently.
const MAGIC: &[u8; 16] = b"mo-slice 0000001";

/// Bytes of the header: the magic; SHA-256 of the path; the version; the size of slices, the number of this one and
/// the length of its bytes, little-endian; the checksum of the bytes.
pub(super) const LENGTH: usize = 16 + 32 + 32 + 3 * 8 + 16;

/// The header of these bytes under that key. It is compared whole, so what is in it needs no checksum.
///
/// The checksum finds what disks and crashes do. It is no defence against someone who may write to the folder.
pub(super) fn of(key: &SliceKey, bytes: &[u8]) -> [u8; LENGTH] {
    let path = path_digest(&key.path);
    let numbers = [key.size, key.index, bytes.len() as u64].map(u64::to_le_bytes);
    let checksum = XxHash3_128::oneshot(bytes).to_le_bytes();
    let fields = [MAGIC, &path[..], key.version.as_bytes(), numbers.as_flattened(), &checksum].concat();
    fields.try_into().expect("the fields are as long as the header")
}

/// The bytes of a file, if they are those of that key, and whole.
pub(super) fn verified(key: &SliceKey, file: Vec<u8>) -> Option<Bytes> {
    let (header, bytes) = file.split_first_chunk()?;
    (*header == of(key, bytes)).then(|| Bytes::from(file).slice(LENGTH..))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::representation::Version;
    use crate::store::AssetPath;

    fn key(path: &str, tag: &str, size: u64, index: u64) -> SliceKey {
        let path = AssetPath::try_from(path.to_owned()).unwrap();
        SliceKey { path, version: Version::of_tag(tag, size), size, index }
    }

    fn file(key: &SliceKey, bytes: &[u8]) -> Vec<u8> {
        [&of(key, bytes)[..], bytes].concat()
    }

    #[test]
    fn what_was_written_reads_back() {
        let key = key("a.jpg", "1", 8, 0);
        for bytes in [&b""[..], b"a", b"12345678"] {
            assert_eq!(verified(&key, file(&key, bytes)).as_deref(), Some(bytes));
        }
    }

    #[test]
    fn the_bytes_of_another_key_are_not_taken() {
        let asked = key("a.jpg", "1", 8, 0);
        for other in [
            key("b.jpg", "1", 8, 0),
            key("a.jpg", "2", 8, 0),
            key("a.jpg", "1", 9, 0),
            key("a.jpg", "1", 8, 1),
        ] {
            assert_eq!(verified(&asked, file(&other, b"12345678")), None, "{other:?}");
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_seen() {
        let key = key("a.jpg", "1", 8, 0);
        let whole = file(&key, b"12345678");
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(verified(&key, flipped), None, "bit {bit}");
        }
        for length in 0..whole.len() {
            assert_eq!(verified(&key, whole[..length].to_vec()), None, "{length} bytes");
        }
        assert_eq!(verified(&key, [&whole[..], b"9"].concat()), None, "a byte too many");
    }
}
