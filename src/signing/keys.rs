//! The keys that links are signed with.
//!
//! They are a list, in the order in which they are written: the first signs, and all of them verify. To change the key, a
//! new one is put before the old one, which is removed when the last link that it signed is over.

use std::fmt;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::claim::{EXPIRES, KEY, SIGNATURE};
use super::{Claim, Fault, Grant};

/// The name of a key, which stands in links: 1 to 32 letters, digits, `-` and `_`, all of ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyId(Box<str>);

/// A name and a secret.
#[derive(Clone)]
struct Key {
    id: KeyId,
    /// HMAC-SHA-256 keyed with the secret, to be cloned for each text.
    mac: Hmac<Sha256>,
}

/// Keys of different names; the first signs. There may be none, and then nothing is signed and nothing is good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(Vec<Key>);

/// What is wrong with a list of keys. None of it tells anything of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysError {
    /// There is no key in it.
    Empty,
    /// In this line, counted from 1.
    Line(usize, KeyError),
}

/// What is wrong with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// There is no colon between a name and a secret.
    NoColon,
    /// What stands before the colon is no [`KeyId`].
    NoName,
    /// The secret has something in it that is no hex digit, or an odd number of them.
    NoHex,
    /// The secret has so many bytes, which are too few.
    Short(usize),
    /// Another key has this name.
    Taken(KeyId),
}

impl KeyId {
    /// The most characters.
    pub const LONGEST: usize = 32;

    /// The name that `text` is, if it is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (is_plain && (1..=Self::LONGEST).contains(&text.len())).then(|| Self(text.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Key {
    fn parse(text: &str) -> Result<Self, KeyError> {
        let (id, secret) = text.split_once(':').ok_or(KeyError::NoColon)?;
        let id = KeyId::parse(id).ok_or(KeyError::NoName)?;
        let secret = hex::decode(secret).map_err(|_| KeyError::NoHex)?;
        if secret.len() < Keys::SHORTEST {
            return Err(KeyError::Short(secret.len()));
        }
        let mac = Hmac::new_from_slice(&secret).expect("HMAC takes a secret of any length");
        Ok(Self { id, mac })
    }

    fn mac_of(&self, grant: &Grant<'_>) -> Hmac<Sha256> {
        self.mac.clone().chain_update(grant.text(&self.id))
    }
}

impl Keys {
    /// The fewest bytes of a secret: "less than L bytes is strongly discouraged as it would decrease the security strength
    /// of the function" (RFC 2104 §3), and L is 32 for SHA-256.
    pub const SHORTEST: usize = 32;

    /// Reads `name:secret`, one a line or with blanks between, the secret in hex. A line that begins with `#` explains.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, KeysError> {
        let mut keys = Self::default();
        let lines = text.lines().map(str::trim).enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.starts_with('#')) {
            for entry in line.split_whitespace() {
                keys.add(entry).map_err(|error| KeysError::Line(index + 1, error))?;
            }
        }
        if keys.is_empty() { Err(KeysError::Empty) } else { Ok(keys) }
    }

    fn add(&mut self, entry: &str) -> Result<(), KeyError> {
        let key = Key::parse(entry)?;
        if self.named(&key.id).is_some() {
            return Err(KeyError::Taken(key.id));
        }
        self.0.push(key);
        Ok(())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names, in their order: the first is that of the one that signs.
    pub fn names(&self) -> impl Iterator<Item = &KeyId> {
        self.0.iter().map(|key| &key.id)
    }

    /// What stands in the query of a link that grants this, behind its pin: `expires=…&key=…&signature=…`. `None` if
    /// there is no key.
    #[must_use]
    pub fn sign(&self, grant: &Grant<'_>) -> Option<String> {
        let key = self.0.first()?;
        let signature = URL_SAFE_NO_PAD.encode(key.mac_of(grant).finalize().into_bytes());
        let (expires, id) = (grant.expiry.unix(), &key.id);
        Some(format!("{EXPIRES}={expires}&{KEY}={id}&{SIGNATURE}={signature}"))
    }

    /// Whether the claim is true of the asset at `path`, which is decoded, and still good.
    ///
    /// The time this takes tells nothing of the right signature: the comparison is that of the library, in constant time.
    ///
    /// # Errors
    /// [`Fault::UnknownKey`], [`Fault::Wrong`] or [`Fault::Expired`], in this order: what is said to be over was good.
    pub fn verify(&self, path: &str, claim: &Claim<'_>, now: SystemTime) -> Result<(), Fault> {
        let key = self.named(&claim.key).ok_or(Fault::UnknownKey)?;
        let grant = Grant { path, pin: claim.pin, expiry: claim.expiry };
        key.mac_of(&grant).verify(&claim.signature.into()).map_err(|_| Fault::Wrong)?;
        if claim.expiry.is_over(now) { Err(Fault::Expired) } else { Ok(()) }
    }

    fn named(&self, id: &KeyId) -> Option<&Key> {
        self.0.iter().find(|key| key.id == *id)
    }
}

impl PartialEq for Key {
    /// Two secrets are one if they sign alike.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.mac.clone().finalize() == other.mac.clone().finalize()
    }
}

impl Eq for Key {}

/// The name alone.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, …)", self.id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no key"),
            Self::Line(line, error) => write!(f, "line {line}: {error}"),
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColon => f.write_str("there is no colon between a name and a secret"),
            Self::NoName => write!(
                f,
                "what stands before the colon is no name: 1 to {} letters, digits, `-` and `_`",
                KeyId::LONGEST
            ),
            Self::NoHex => f.write_str("the secret is not an even number of hex digits"),
            Self::Short(bytes) => {
                write!(
                    f,
                    "the secret has {} hex digits, and {} are the fewest",
                    bytes * 2,
                    Keys::SHORTEST * 2
                )
            }
            Self::Taken(id) => write!(f, "another key is called `{id}`"),
        }
    }
}

impl std::error::Error for KeysError {}
