//! RFC 9111: what the origin promises caches, and about which assets.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no logging. A
//! [`CacheControl`](directive::CacheControl) is read when the server starts and goes out as it stands.
//!
//! * [`directive`]: a `Cache-Control` field value as typed directives, and where they contradict each other.

pub mod directive;
