//! How a slice is called on the disk: by digests, because the path of an asset can be longer than a file's name.

use std::fmt;
use std::ops::RangeInclusive;

use sha2::{Digest, Sha256};

use crate::store::AssetPath;
use crate::store::bucket::SliceKey;

/// What the name of a draft ends with.
const DRAFT: &str = ".draft";

/// An asset, by the first half of the SHA-256 of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AssetId([u8; 16]);

/// A slice, with the first halves of the two digests in its key. Slices of one asset lie side by side in their order.
///
/// Halves keep names short enough for every file system, and still nobody meets two that are equal. Whoever did would
/// find that the header, which has both digests whole, is another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SliceId {
    asset: AssetId,
    version: [u8; 16],
    size: u64,
    index: u64,
}

/// What a name in the folder says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A slice.
    Slice(SliceId),
    /// A slice that was being written.
    Draft,
    /// Not one of ours.
    Foreign,
}

impl AssetId {
    pub(super) fn of(path: &AssetPath) -> Self {
        Self(half(&path_digest(path)))
    }

    /// Every slice that it can have.
    pub(super) fn slices(self) -> RangeInclusive<SliceId> {
        let end = |byte, number| SliceId { asset: self, version: [byte; 16], size: number, index: number };
        end(0, 0)..=end(u8::MAX, u64::MAX)
    }
}

impl SliceId {
    pub(super) fn of(key: &SliceKey) -> Self {
        let version = half(key.version.as_bytes());
        Self { asset: AssetId::of(&key.path), version, size: key.size, index: key.index }
    }

    /// The name of its file.
    pub(super) fn name(&self) -> String {
        self.to_string()
    }

    /// The name of its file while that is written.
    pub(super) fn draft_name(&self) -> String {
        format!("{self}{DRAFT}")
    }

    /// Reads back what [`name`](Self::name) wrote, to the letter.
    fn parse(name: &str) -> Option<Self> {
        let mut parts = name.split('-');
        let mut digest = || <[u8; 16]>::try_from(hex::decode(parts.next()?).ok()?).ok();
        let (asset, version) = (AssetId(digest()?), digest()?);
        let mut number = || parts.next()?.parse().ok();
        let id = Self { asset, version, size: number()?, index: number()? };
        (id.name() == name).then_some(id)
    }
}

impl fmt::Display for SliceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (asset, version) = (hex::encode(self.asset.0), hex::encode(self.version));
        write!(f, "{asset}-{version}-{}-{}", self.size, self.index)
    }
}

impl Named {
    pub(super) fn read(name: &str) -> Self {
        match (SliceId::parse(name), name.strip_suffix(DRAFT).and_then(SliceId::parse)) {
            (Some(id), _) => Self::Slice(id),
            (None, Some(_)) => Self::Draft,
            (None, None) => Self::Foreign,
        }
    }
}

/// SHA-256 of a path, as it stands in the header.
pub(super) fn path_digest(path: &AssetPath) -> [u8; 32] {
    Sha256::digest(path.as_str()).into()
}

fn half(digest: &[u8; 32]) -> [u8; 16] {
    std::array::from_fn(|i| digest[i])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_are_not_ours() {
        let (a, b) = ("ab".repeat(16), "0f".repeat(16));
        assert_ne!(Named::read(&format!("{a}-{b}-4096-0")), Named::Foreign, "this is one");
        for foreign in [
            String::new(),
            "notes.txt".into(),
            ".draft".into(),
            "notes.draft".into(),
            format!("{a}-{b}-4096"),
            format!("{a}-{b}-4096-0-0"),
            format!("{a}-{b}-4096-00"),
            format!("{a}-{b}-+4096-0"),
            format!("{a}-{b}-4096-18446744073709551616"),
            format!("{}-{b}-4096-0", a.to_uppercase()),
            format!("{a}ab-{b}-4096-0"),
            format!("{a}-{b}-4096-0.draft.draft"),
            format!("{a}-{b}-4096-0 "),
        ] {
            assert_eq!(Named::read(&foreign), Named::Foreign, "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn a_name_reads_back(asset: [u8; 16], version: [u8; 16], size: u64, index: u64) {
            let id = SliceId { asset: AssetId(asset), version, size, index };
            prop_assert_eq!(Named::read(&id.name()), Named::Slice(id));
            prop_assert_eq!(Named::read(&id.draft_name()), Named::Draft);
            // eCryptfs has the shortest limit in use: 143 bytes.
            prop_assert!(id.draft_name().len() <= 143, "{}", id.draft_name());
            prop_assert!(AssetId(asset).slices().contains(&id));
        }

        #[test]
        fn any_name_is_read_without_a_panic(name: String) {
            let _named = Named::read(&name);
        }
    }
}
