//! Bytes of assets, and what the store under test says of them: their SHA-256, or where a bucket keeps none, its own
//! entity tag for them.

use md5::Md5;
use sha2::{Digest, Sha256};

/// Whether the store under test knows the SHA-256 of what it holds. `scripts/with-bucket` says when a bucket keeps
/// none; the entity tag that such a bucket gives to what was uploaded in one piece is the MD5.
pub fn knows_sha256() -> bool {
    let is = |name, value| std::env::var(name).is_ok_and(|found| found == value);
    !(is("MEDIA_ORIGIN_TEST_STORE", "s3") && is("MEDIA_ORIGIN_TEST_S3_TAGS", "md5"))
}

/// The entity tag that these bytes must have.
pub fn etag_of(bytes: &[u8]) -> String {
    format!("\"{}\"", opaque_tag(bytes))
}

/// The pin of a link to these bytes: cut from their SHA-256, or else from that of their entity tag and their length.
pub fn pin_of(bytes: &[u8]) -> String {
    let tag = opaque_tag(bytes);
    let of_tag = || hex::encode(Sha256::digest(format!("{tag}\"{}", bytes.len())));
    let version = if knows_sha256() { tag.clone() } else { of_tag() };
    version.chars().take(16).collect()
}

fn opaque_tag(bytes: &[u8]) -> String {
    if knows_sha256() { hex::encode(Sha256::digest(bytes)) } else { hex::encode(Md5::digest(bytes)) }
}

/// Bytes that differ everywhere: no two pieces of them are alike.
pub fn pattern(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(length).collect()
}
