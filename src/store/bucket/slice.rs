//! The name of a slice: which bytes of which version of which asset.

use crate::semantics::representation::Version;
use crate::store::AssetPath;

/// The bytes from `index × size` up to and without `(index + 1) × size`, or the end of the object.
///
/// The bytes of a version never change, so what is kept under a key is right for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SliceKey {
    /// The asset.
    pub path: AssetPath,
    /// The version of its bytes.
    pub version: Version,
    /// Bytes of a full slice.
    pub size: u64,
    /// The number of the slice, counted from 0.
    pub index: u64,
}
