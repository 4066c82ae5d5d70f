//! What the query of a link says of its signature. Nothing of it is believed before it is verified.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Expiry, Fault, KeyId};

/// The bytes of a signature: those of HMAC-SHA-256 (RFC 2104, FIPS 180-4).
pub(super) type Signature = [u8; 32];

pub(super) const PIN: &str = "v";
pub(super) const EXPIRES: &str = "expires";
pub(super) const KEY: &str = "key";
pub(super) const SIGNATURE: &str = "signature";

/// A signature and what it is said to be of. Other parameters of the query are no part of it: senders add them to get past
/// Meta's cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The value of `v`, as it stands there.
    pub pin: Option<&'a str>,
    /// The value of `expires`.
    pub expiry: Expiry,
    /// The value of `key`.
    pub key: KeyId,
    pub(super) signature: Signature,
}

impl<'a> Claim<'a> {
    /// Reads a query. Each parameter of a signed link is there once and in its one spelling: who checks a link must not
    /// read it otherwise than who serves it.
    ///
    /// # Errors
    /// [`Fault::Missing`] if there is nothing of a signature, [`Fault::Malformed`] if there is, and it is not whole.
    pub fn of(query: Option<&'a str>) -> Result<Self, Fault> {
        let of_signature = [EXPIRES, KEY, SIGNATURE].map(|name| parameter(query, name));
        let pin = parameter(query, PIN);
        match of_signature {
            [Parameter::Absent, Parameter::Absent, Parameter::Absent] => Err(Fault::Missing),
            [Parameter::Value(expires), Parameter::Value(key), Parameter::Value(signature)] => {
                Self::read(pin, expires, key, signature).ok_or(Fault::Malformed)
            }
            _ => Err(Fault::Malformed),
        }
    }

    fn read(pin: Parameter<'a>, expires: &str, key: &str, signature: &str) -> Option<Self> {
        let pin = match pin {
            Parameter::Absent => None,
            Parameter::Value(pin) => Some(pin),
            Parameter::Odd => return None,
        };
        let expiry = Expiry::from_unix(expires.parse().ok()?);
        let is_plain = expiry.unix().to_string() == expires;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?.try_into().ok()?;
        is_plain.then_some(Self { pin, expiry, key: KeyId::parse(key)?, signature })
    }
}

/// A parameter of a query.
#[derive(Clone, Copy)]
enum Parameter<'a> {
    Absent,
    Value(&'a str),
    /// It is there more than once.
    Odd,
}

/// The parameter of this name. One without a value counts as one that is not there.
fn parameter<'a>(query: Option<&'a str>, name: &str) -> Parameter<'a> {
    let value = |pair: &'a str| pair.strip_prefix(name)?.strip_prefix('=');
    let mut values = query.unwrap_or_default().split('&').filter_map(value);
    match (values.next(), values.next()) {
        (None, _) => Parameter::Absent,
        (Some(value), None) => Parameter::Value(value),
        (Some(_), Some(_)) => Parameter::Odd,
    }
}
