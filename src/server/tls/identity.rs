//! A certificate with its key: what a server proves its name with.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

/// A certificate, the chain that leads from it to an authority, and its key.
#[derive(Clone, Debug)]
pub struct Identity {
    pub(super) certified: Arc<CertifiedKey>,
    /// What the certificate says.
    pub facts: Facts,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The names that it is for, in lower case, and the addresses.
    pub names: Vec<String>,
    /// When it begins to be valid.
    pub not_before: SystemTime,
    /// When it ends.
    pub not_after: SystemTime,
}

/// Why two texts are not a certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// The first is not a chain of certificates.
    Certificate(Fault),
    /// The second is not a private key.
    Key(Fault),
    /// Each is right, and the key is that of another certificate.
    Mismatch,
}

/// What is wrong with one of the two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not PEM, for this reason.
    NotPem(String),
    /// It is PEM, and nothing in it is what it should be.
    Missing,
    /// It is the other of the two.
    Swapped,
    /// It is a key that a passphrase protects.
    Encrypted,
    /// It is of a kind that cannot be used, for this reason.
    Unfit(String),
}

impl Identity {
    /// Reads a chain and a key, both in PEM (RFC 7468).
    ///
    /// # Errors
    /// If they are not what they should be, or do not belong together.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        let key = self::key(key).map_err(IdentityError::Key)?;
        let chain = self::chain(chain).map_err(IdentityError::Certificate)?;
        let facts = facts(&chain).map_err(IdentityError::Certificate)?;
        let certified = CertifiedKey::from_der(chain, key, &ring::default_provider());
        let certified = certified.map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => IdentityError::Mismatch,
            error => IdentityError::Key(Fault::Unfit(error.to_string())),
        })?;
        Ok(Self { certified: Arc::new(certified), facts })
    }
}

impl Facts {
    /// Whether it is for this host: a name, or an address. A wildcard stands for one label (RFC 9525 §6.3).
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        let is_address = host.parse::<IpAddr>().is_ok();
        let parent = host.split_once('.').map(|(_, parent)| parent).filter(|_| !is_address);
        self.names.iter().any(|name| *name == host || (parent.is_some() && name.strip_prefix("*.") == parent))
    }

    /// How long it lasts, all together.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.not_after.duration_since(self.not_before).unwrap_or_default()
    }

    /// How long it lasts from now on: none if its time is over.
    #[must_use]
    pub fn remaining(&self, now: SystemTime) -> Duration {
        self.not_after.duration_since(now).unwrap_or_default()
    }
}

/// Names and end, for the log.
impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = if self.names.is_empty() { "no name".to_owned() } else { self.names.join(", ") };
        write!(f, "{names}, until {}", humantime::format_rfc3339_seconds(self.not_after))
    }
}

fn chain(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(text).collect::<Result<_, _>>().map_err(|error| not_pem(&error))?;
    if chain.is_empty() {
        let is_key = PrivateKeyDer::from_pem_slice(text).is_ok();
        return Err(if is_key { Fault::Swapped } else { Fault::Missing });
    }
    Ok(chain)
}

fn key(text: &[u8]) -> Result<PrivateKeyDer<'static>, Fault> {
    PrivateKeyDer::from_pem_slice(text).map_err(|error| match error {
        pem::Error::NoItemsFound if contains(text, b"ENCRYPTED PRIVATE KEY") => Fault::Encrypted,
        pem::Error::NoItemsFound if contains(text, b"BEGIN CERTIFICATE") => Fault::Swapped,
        pem::Error::NoItemsFound => Fault::Missing,
        error => not_pem(&error),
    })
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// The reason, without what was read: it may be a key.
fn not_pem(error: &pem::Error) -> Fault {
    Fault::NotPem(match error {
        pem::Error::MissingSectionEnd { .. } => "its end is missing".into(),
        pem::Error::IllegalSectionStart { .. } => "a line that begins a section is malformed".into(),
        pem::Error::Base64Decode(_) => "it is not base64".into(),
        error => error.to_string(),
    })
}

fn facts(chain: &[CertificateDer<'_>]) -> Result<Facts, Fault> {
    let unfit = || Fault::Unfit("the certificate is malformed".into());
    let leaf = chain.first().ok_or(Fault::Missing)?;
    let (_, leaf) = X509Certificate::from_der(leaf).map_err(|_| unfit())?;
    let alternatives = leaf.subject_alternative_name().map_err(|_| unfit())?;
    let names = alternatives.iter().flat_map(|extension| &extension.value.general_names);
    let validity = leaf.validity();
    Ok(Facts {
        names: names.filter_map(name).collect(),
        not_before: time(validity.not_before.timestamp()),
        not_after: time(validity.not_after.timestamp()),
    })
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        GeneralName::IPAddress(octets) => match octets.len() {
            4 => <[u8; 4]>::try_from(*octets).ok().map(|octets| IpAddr::from(octets).to_string()),
            _ => <[u8; 16]>::try_from(*octets).ok().map(|octets| IpAddr::from(octets).to_string()),
        },
        _ => None,
    }
}

/// A time in seconds since 1970; none before that.
fn time(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPem(why) => write!(f, "it is not PEM: {why}"),
            Self::Missing => f.write_str("there is none in it"),
            Self::Swapped => f.write_str("it is the other of the two: certificate and key are swapped"),
            Self::Encrypted => f.write_str("it is encrypted with a passphrase"),
            Self::Unfit(why) => write!(f, "it cannot be used: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(names: &[&str]) -> (String, String) {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    fn read(chain: &str, key: &str) -> Result<Identity, IdentityError> {
        Identity::from_pem(chain.as_bytes(), key.as_bytes())
    }

    #[test]
    fn a_certificate_says_its_names_and_its_end() {
        let (chain, key) = made(&["media.example.com", "*.cdn.example.com", "127.0.0.1", "::1"]);
        let facts = read(&chain, &key).unwrap().facts;
        assert_eq!(facts.names, ["media.example.com", "*.cdn.example.com", "127.0.0.1", "::1"]);
        assert!(facts.not_before < facts.not_after && facts.lifetime() == facts.remaining(facts.not_before));
        assert_eq!(facts.remaining(facts.not_after + Duration::from_secs(1)), Duration::ZERO);
        for (host, covered) in [
            ("media.example.com", true),
            ("MEDIA.example.com", true),
            ("a.cdn.example.com", true),
            ("a.b.cdn.example.com", false),
            ("cdn.example.com", false),
            ("example.com", false),
            ("127.0.0.1", true),
            ("[::1]", true),
            ("127.0.0.2", false),
        ] {
            assert_eq!(facts.covers(host), covered, "{host}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_pair_is_told_apart() {
        use IdentityError::{Certificate, Key};
        let ((chain, key), (_, other)) = (made(&["a.test"]), made(&["b.test"]));
        let half = chain.get(..chain.len() / 2).unwrap();
        let damaged = chain.replace("MII", "M!I");
        for (chain, key, expected) in [
            (chain.as_str(), other.as_str(), IdentityError::Mismatch),
            ("", &key, Certificate(Fault::Missing)),
            ("hello\n", &key, Certificate(Fault::Missing)),
            (half, &key, Certificate(Fault::NotPem("its end is missing".into()))),
            (&damaged, &key, Certificate(Fault::NotPem("it is not base64".into()))),
            (&key, &key, Certificate(Fault::Swapped)),
            (&chain, "", Key(Fault::Missing)),
            (&chain, &chain, Key(Fault::Swapped)),
            (
                &chain,
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                Key(Fault::Encrypted),
            ),
        ] {
            assert_eq!(read(chain, key).unwrap_err(), expected);
        }
        let junk = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert!(matches!(read(&chain, junk), Err(Key(Fault::Unfit(_)))));
    }
}
