//! What WhatsApp takes, as far as its documentation says.
//!
//! This room is pure: tables and checks of plain values. It holds the names of the media types for now, which
//! `store` asks when it settles the `Content-Type` of an asset; the payloads of messages and what each kind of
//! message takes belong here too.

pub mod media_type;
