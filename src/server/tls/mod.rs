//! TLS: the handshake, and the certificates that it shows.
//!
//! | file | holds |
//! |---|---|
//! | [`handshake`] | from the first byte to the version of HTTP |
//! | [`certificates`] | which certificate a client is shown |
//! | [`identity`] | a certificate with its key, read and understood |
//! | [`files`] | certificates in files |
//! | `watched` | files that change while the server runs |
//! | [`acme`] | certificates that are obtained from an authority |
//!
//! Neither renegotiation nor early data exist here: the library has no renegotiation, and early data, which anybody can
//! send again (RFC 8446 §8), is left off. Sessions are resumed by tickets, whose keys are changed every six hours.

pub mod acme;
pub mod certificates;
pub mod files;
pub mod handshake;
pub mod identity;
mod watched;

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring::{Ticketer, default_provider};
use rustls::server::ResolvesServerCert;
use rustls::version::{TLS12, TLS13};

use crate::clock::Clock;
use crate::config::{self, PublicUrl, TlsVersion};
use acme::{ALPN_CHALLENGE, Challenges, Obtaining, Unprepared};
use certificates::Certificates;
use files::{Contents, FileError, Warning};
use handshake::{H2, HTTP_1_1};
use identity::Facts;
use watched::Watched;

/// What TLS is spoken with. A connection that was accepted with it needs it no longer.
#[derive(Debug)]
pub struct Tls {
    config: Arc<ServerConfig>,
    certificates: Arc<Certificates>,
    /// What the authority's own connections are accepted with, if one is asked for certificates.
    challenges: Option<Arc<ServerConfig>>,
}

/// TLS that is ready, and what is to be said about it.
#[derive(Debug)]
pub struct Opened {
    /// What connections are accepted with.
    pub tls: Arc<Tls>,
    /// What keeps its certificates new.
    pub upkeep: Upkeep,
    /// What the operator should know.
    pub warnings: Vec<Warning>,
}

/// What keeps certificates new, for as long as it runs.
#[derive(Debug)]
pub struct Upkeep {
    certificates: Arc<Certificates>,
    source: Source,
    clock: Clock,
}

#[derive(Debug)]
enum Source {
    Files(Vec<Watched>),
    Acme(Box<Obtaining>),
}

/// Why TLS cannot be spoken. `Display` is a sentence, and a line of help.
#[derive(Debug)]
pub enum TlsError {
    /// A certificate cannot be used.
    File(FileError),
    /// No certificate can be asked for.
    Acme(Unprepared),
}

impl Tls {
    /// Reads what there is of certificates. Links begin with `public_url`.
    ///
    /// # Errors
    /// If a file is not what it should be, or there is no place to keep what is obtained.
    pub fn open(tls: &config::Tls, public_url: &PublicUrl, clock: Clock) -> Result<Opened, TlsError> {
        match &tls.certificates {
            config::Certificates::Files(files) => Self::of_files(tls, files, public_url, clock),
            config::Certificates::Acme(acme) => Self::of_acme(tls, acme, clock),
        }
    }

    /// What is odd about what there is of certificates, without using it, or changing anything.
    ///
    /// # Errors
    /// As [`Tls::open`], but for the place to keep what is obtained.
    pub fn examine(
        tls: &config::Tls,
        public_url: &PublicUrl,
        clock: Clock,
    ) -> Result<Vec<Warning>, TlsError> {
        match &tls.certificates {
            config::Certificates::Files(files) => {
                Self::of_files(tls, files, public_url, clock).map(|opened| opened.warnings)
            }
            config::Certificates::Acme(acme) => Ok(acme::examine(acme).map(|()| Vec::new())?),
        }
    }

    fn of_files(
        tls: &config::Tls,
        files: &[config::CertificateFiles],
        public_url: &PublicUrl,
        clock: Clock,
    ) -> Result<Opened, TlsError> {
        let (mut identities, mut pairs, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for files in files {
            let contents = Contents::read(files)?;
            let identity = contents.identity(files)?;
            warnings.extend(files::warnings(files, &identity.facts, clock.now()));
            pairs.push(Watched::new(files.clone(), contents.fingerprint(), clock.now()));
            identities.push(identity);
        }
        warnings.extend(another_host(public_url, identities.iter().map(|identity| &identity.facts)));
        let certificates = Arc::new(Certificates::new(identities));
        let config = speaking(tls.minimum, Arc::clone(&certificates) as _, &[H2, HTTP_1_1]);
        let upkeep = Upkeep { certificates: Arc::clone(&certificates), source: Source::Files(pairs), clock };
        Ok(Opened { tls: Arc::new(Self { config, certificates, challenges: None }), upkeep, warnings })
    }

    fn of_acme(tls: &config::Tls, acme: &config::Acme, clock: Clock) -> Result<Opened, TlsError> {
        let challenges = Arc::new(Challenges::default());
        let (obtaining, identity) =
            Obtaining::prepare(acme, &tls.listen.addresses, Arc::clone(&challenges), &clock)?;
        let certificates = Arc::new(Certificates::new(identity.into_iter().collect()));
        let config = speaking(tls.minimum, Arc::clone(&certificates) as _, &[H2, HTTP_1_1]);
        let source = Source::Acme(Box::new(obtaining));
        let upkeep = Upkeep { certificates: Arc::clone(&certificates), source, clock };
        let challenges = Some(speaking(TlsVersion::Tls12, challenges, &[ALPN_CHALLENGE]));
        let tls = Arc::new(Self { config, certificates, challenges });
        Ok(Opened { tls, upkeep, warnings: Vec::new() })
    }

    /// The certificates in use: for metrics, above all when they end.
    #[must_use]
    pub fn certificates(&self) -> &Arc<Certificates> {
        &self.certificates
    }
}

impl Upkeep {
    /// Keeps certificates new, until it is dropped.
    pub async fn run(self) -> Infallible {
        match self.source {
            Source::Files(pairs) => watched::watch(pairs, &self.certificates, &self.clock).await,
            Source::Acme(obtaining) => obtaining.run(&self.certificates, &self.clock).await,
        }
    }
}

/// The versions from that one on, certificates from `resolver`, and ALPN.
fn speaking(minimum: TlsVersion, resolver: Arc<dyn ResolvesServerCert>, alpn: &[&[u8]]) -> Arc<ServerConfig> {
    let versions = match minimum {
        TlsVersion::Tls12 => &[&TLS13, &TLS12][..],
        TlsVersion::Tls13 => &[&TLS13],
    };
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_protocol_versions(versions).expect("ring speaks TLS 1.2 and 1.3");
    let mut config = builder.with_no_client_auth().with_cert_resolver(resolver);
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    // Without a ticketer, for want of randomness, sessions are resumed from memory.
    if let Ok(ticketer) = Ticketer::new() {
        config.ticketer = ticketer;
    }
    Arc::new(config)
}

/// A warning if links lead by HTTPS to a host that no certificate is for.
fn another_host<'a>(public_url: &PublicUrl, mut all: impl Iterator<Item = &'a Facts>) -> Option<Warning> {
    let url: http::Uri = public_url.as_str().parse().ok()?;
    let host = url.host().filter(|_| url.scheme_str() == Some("https"))?;
    (!all.any(|facts| facts.covers(host))).then(|| Warning {
        sentence: format!("links lead to {host}, and no certificate is for it: clients refuse it"),
        help: format!("get one for {host}, or set public-url"),
    })
}

impl From<FileError> for TlsError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<Unprepared> for TlsError {
    fn from(error: Unprepared) -> Self {
        Self::Acme(error)
    }
}

impl TlsError {
    /// The sentence, and the help.
    #[must_use]
    pub fn parts(&self) -> (String, String) {
        let text = self.to_string();
        let (sentence, help) = text.split_once("\nhelp: ").unwrap_or((&text, ""));
        (sentence.to_owned(), help.to_owned())
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::Acme(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for TlsError {}
