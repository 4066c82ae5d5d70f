//! Assets in a bucket of S3 or GCS.
//!
//! | file | holds |
//! |---|---|
//! | [`client`] | asking the bucket: signed, bounded in time, and every answer checked |
//! | [`disk`] | slices on a local disk |
//! | [`object`] | what the bucket says of an object |
//! | [`upstream`] | why the bucket gave no answer that can be used |
//! | [`slice`] | the name of a slice of an object's bytes |

pub mod client;
pub mod disk;
pub mod object;
pub mod slice;
pub mod upstream;

pub use object::Object;
pub use slice::SliceKey;
pub use upstream::UpstreamError;
