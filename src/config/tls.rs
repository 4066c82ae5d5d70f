//! `[tls]`, judged: HTTPS, and where its certificates come from.

use super::Listen;
use std::path::PathBuf;

/// The listener with TLS, beside the one without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// Where it binds, and what comes on it before TLS.
    pub listen: Listen,
    /// The oldest version that is spoken.
    pub minimum: TlsVersion,
    /// Where certificates come from.
    pub certificates: Certificates,
    /// What becomes of the listener without TLS.
    pub plain: Plain,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// What the listener without TLS does beside one with TLS. It never redirects: a fetcher of links need not follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// It answers as the one with TLS does.
    Serve,
    /// It answers 404.
    NotFound,
    /// There is none.
    Off,
}

/// Where certificates come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificates {
    /// From files: at least one pair. The first is for clients that name no host, or one that no certificate is for.
    Files(Vec<CertificateFiles>),
    /// From an authority, which is asked for them.
    Acme(Acme),
}

/// A certificate with its chain, and its key, in PEM. Relative paths are relative to the working directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, followed by those that lead to an authority.
    pub certificate: PathBuf,
    /// Its private key: PKCS #8, PKCS #1 or SEC 1, not encrypted.
    pub key: PathBuf,
}

/// Certificates by ACME (RFC 8555), proved with TLS-ALPN-01 (RFC 8737).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acme {
    /// The names that the certificate is for, in lower case: at least one, and 100 at most. None has a wildcard.
    pub domains: Vec<String>,
    /// Whom the authority may write to, as URIs.
    pub contact: Vec<String>,
    /// Where the authority's directory is: an `https://` URL (RFC 8555 §7.1.1).
    pub directory_url: String,
    /// The folder for the account's key and the certificate.
    pub cache_dir: PathBuf,
    /// The authorities that the ACME server's own certificate may come from, in PEM; `None` for those of the public web.
    pub authority: Option<PathBuf>,
}

impl Acme {
    /// Let's Encrypt.
    pub const DEFAULT_DIRECTORY: &str = "https://acme-v02.api.letsencrypt.org/directory";
}
