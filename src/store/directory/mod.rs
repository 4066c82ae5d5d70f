//! The directory whose files are the assets: names, opening, and what tells a changed file from the same one.

mod assets;
mod at_hand;
mod fingerprint;
mod listing;
mod root;

pub use assets::Directory;
pub use fingerprint::{COARSE_GRANULARITY, Fingerprint};
pub use listing::Listed;
pub use root::{Opened, Root};
