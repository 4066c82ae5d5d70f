//! # media-origin
//!
//! The server behind WhatsApp media links. A business sends a message whose image, video or document is a *link*; the
//! messaging API answers "accepted" at once, and Meta fetches the link later. When that goes wrong, the sender hears
//! of it late or never. This origin hosts the files behind such links so that it goes right: exact HTTP semantics
//! (RFC 9110), cache policies by path (RFC 9111), a strong entity tag that *is* the bytes, a message that is refused
//! before it can fail, and an explanation of what every cache will do.
//!
//! ## The way of a request
//!
//! ```text
//! server     accept a connection, speak HTTP/1.1 or HTTP/2, drain at the end
//! origin     gate → target → rules → link → store → select → reply → record
//! caching    which rule governs the asset                              pure
//! signing    is the link one that we signed, and not over?             pure
//! store      open it in the directory or the bucket; version, media type, bytes
//! semantics  conditions and ranges → an Outcome                        pure
//! ```
//!
//! [`origin::Origin::respond`] is that way, and reads like it. Whatever is decided is decided by a pure function that
//! returns an enum; one `match` acts on it, in [`origin::reply`], the only place that writes a status or a field that
//! steers caches.
//!
//! ## The rooms
//!
//! | room | holds |
//! |---|---|
//! | [`semantics`] | RFC 9110: validators, preconditions, ranges, the decision |
//! | [`caching`] | RFC 9111: directives, the rules that choose them, and what caches make of them |
//! | [`signing`] | signed links: what is signed, by which key, until when |
//! | [`whatsapp`] | what WhatsApp takes: messages, links, media; and what it reports when it fails |
//! | [`store`] | where bytes come from, and the promise of the entity tag |
//! | [`origin`] | the public listener |
//! | [`compose`] | the message to send, its links pinned to the bytes, and signed |
//! | [`examine`] | a link of any server, fetched and judged |
//! | [`explain`] | what goes out for an asset or a link, and what becomes of it |
//! | [`control`] | the operator's listener |
//! | [`response`] | what goes from those who answer to those who write |
//! | [`server`] | connections |
//! | [`config`] | what a person writes, as a value that cannot be invalid |
//! | [`log`] | one line a request, and what the program says of itself |
//! | [`metrics`] | what everybody counts with, and how it is shown |
//! | [`cli`] | the commands: the only room that prints |
//!
//! The first four are pure: no clock, no async, no logging, and no I/O of their own ([`whatsapp::probe`] reads through
//! the reader that it is handed). Arrows point one way: `cli → control → server, compose → explain → origin, examine →
//! store → semantics, caching, signing, whatsapp`; `config` stands on the last three.

pub mod caching;
pub mod cli;
pub mod clock;
pub mod compose;
pub mod config;
pub mod control;
pub mod examine;
pub mod explain;
pub mod log;
pub mod malformed;
pub mod metrics;
pub mod origin;
pub mod peer;
pub mod response;
pub mod semantics;
pub mod server;
pub mod signing;
mod spelling;
pub mod store;
pub mod whatsapp;
