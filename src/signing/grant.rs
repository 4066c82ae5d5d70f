//! What a signed link grants, and the text that is signed for it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Expiry, KeyId};

/// "Unreserved" (RFC 3986 §2.3) stays, the rest is encoded. A part of the format: it is not that of links, which may
/// change.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The format of the text, so that a later one can never be taken for this one.
const FORMAT: &str = "media-origin link 1";

/// What a signed link grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant<'a> {
    /// The path of the asset, decoded: however a link encodes it, it is the same.
    pub path: &'a str,
    /// The value of `v` in the link, as it stands there. None grants whatever version the asset has.
    pub pin: Option<&'a str>,
    /// When it is over.
    pub expiry: Expiry,
}

impl Grant<'_> {
    /// The text that is signed: lines of printable ASCII, divided by single line feeds, none at the end.
    ///
    /// ```text
    /// media-origin link 1
    /// the name of the key
    /// the expiry, in decimal
    /// the path, percent-encoded but for unreserved characters and slashes
    /// v= and the pin, encoded alike; nothing if there is none
    /// ```
    ///
    /// No part can have a line feed in it, and each can be read back: two grants never have one text.
    pub(super) fn text(&self, key: &KeyId) -> String {
        let encoded = |text| utf8_percent_encode(text, ENCODED);
        let pin = self.pin.map(|pin| format!("v={}", encoded(pin))).unwrap_or_default();
        format!("{FORMAT}\n{key}\n{}\n{}\n{pin}", self.expiry.unix(), encoded(self.path))
    }
}
