//! What is wrong with a certificate, in words, and what to do about it.

use std::fmt;

use rustls::CertificateError;

use super::target::HostAndPort;
use super::trust::SelfSigned;
use super::unreachable::compare_tls;

/// Why a certificate is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateFault {
    /// It is its own issuer.
    SelfSigned,
    /// Nobody who is trusted has issued it, or the chain to those who have was not sent.
    Untrusted,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// It is for these names, and the link's host is not among them.
    WrongHost(Vec<String>),
    /// Something else, in the verifier's words.
    Other(String),
}

impl CertificateFault {
    pub(super) fn of(error: &CertificateError) -> Self {
        match error {
            CertificateError::Other(other) if other.0.is::<SelfSigned>() => Self::SelfSigned,
            CertificateError::UnknownIssuer => Self::Untrusted,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::NotValidForName => Self::WrongHost(Vec::new()),
            CertificateError::NotValidForNameContext { presented, .. } => Self::WrongHost(presented.clone()),
            other => Self::Other(other.to_string()),
        }
    }

    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::SelfSigned => "self-signed-certificate",
            Self::Untrusted => "untrusted-certificate",
            Self::Expired => "expired-certificate",
            Self::NotYetValid => "certificate-not-yet-valid",
            Self::WrongHost(_) => "wrong-host-certificate",
            Self::Other(_) => "invalid-certificate",
        }
    }

    pub(super) fn remedy(&self, server: &HostAndPort) -> String {
        let remedy = match self {
            Self::SelfSigned => {
                "get a certificate from a public authority: `certbot` and `caddy` do it for nothing"
            }
            Self::Untrusted => {
                "send the whole chain (`fullchain.pem`, not `cert.pem`), issued by a public authority"
            }
            Self::Expired => "renew it (`certbot renew`), and have the server read it again",
            Self::NotYetValid => "set the clock of the machine that issued it, or wait",
            Self::WrongHost(_) => "link to a name that it is for, or get one for this name",
            Self::Other(_) => return compare_tls(server),
        };
        remedy.to_owned()
    }
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SelfSigned => f.write_str("the server's certificate is its own issuer: nobody vouches for it"),
            Self::Untrusted => f.write_str(
                "the server's certificate is issued by nobody whom the public web trusts, or the chain is incomplete",
            ),
            Self::Expired => f.write_str("the server's certificate has expired"),
            Self::NotYetValid => f.write_str("the server's certificate is not valid yet"),
            Self::WrongHost(names) if names.is_empty() => {
                f.write_str("the server's certificate is for another host")
            }
            Self::WrongHost(names) => {
                write!(f, "the server's certificate is for another host: {}", names.join(", "))
            }
            Self::Other(why) => write!(f, "the server's certificate is not valid: {why}"),
        }
    }
}
