//! Assets in a bucket of S3 or GCS.
//!
//! ```text
//! objects   how is the object?      asked anew when what is known is old          HEAD
//! shared    what goes out for it    its type, settled from its first bytes
//! slices    its bytes               memory → disk → bucket                        GET, If-Match
//! ```
//!
//! | file | holds |
//! |---|---|
//! | [`assets`] | opening, the way through the rest |
//! | `fill` | all slices of an object, ahead of the first request |
//! | [`object`] | what the bucket says of an object |
//! | `objects` | that, remembered for a bounded time |
//! | [`slice`](mod@slice), `slices` | the bytes, in slices, each fetched once |
//! | [`disk`] | slices on disk |
//! | `history` | versions that are no longer current |
//! | [`client`] | the requests |
//! | [`upstream`] | why the bucket gave no answer that can be used |
//! | [`counters`] | what is counted |

pub mod assets;
pub mod client;
pub mod counters;
pub mod disk;
mod fill;
mod history;
pub mod object;
mod objects;
mod shared;
pub mod slice;
mod slices;
pub mod upstream;

pub use assets::Bucket;
pub use object::Object;
use shared::Known;
pub use slice::{SliceKey, SlicedObject};
pub use upstream::UpstreamError;
