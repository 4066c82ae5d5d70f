//! Which certificates are trusted, and what is wrong with one that is not.
//!
//! Meta does not publish whom its fetcher trusts. Here it is the authorities that the public web trusts, compiled in:
//! the roots of this machine may hold a company's own, which nobody outside has, and a bare container has none at all.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

use crate::clock::Clock;

/// Whom a server's certificate may be issued by.
#[derive(Clone, Debug)]
pub struct Trust(Arc<WebPkiServerVerifier>);

/// Who issued a certificate that is not trusted: itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct SelfSigned;

impl Trust {
    /// The authorities that the public web trusts: Mozilla's, as they were when this program was built.
    #[must_use]
    pub fn public_web() -> Self {
        Self::in_roots(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    /// Exactly these authorities.
    ///
    /// # Panics
    /// If there are none.
    #[must_use]
    pub fn in_roots(roots: RootCertStore) -> Self {
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider());
        Self(verifier.build().expect("there are roots, and no revocation lists that could be malformed"))
    }

    /// What TLS is spoken with, at the clock's time. Only HTTP/1.1 is offered.
    pub(super) fn tls(&self, clock: &Clock) -> ClientConfig {
        let builder = ClientConfig::builder_with_details(provider(), Arc::new(Time(clock.clone())));
        let builder = builder.with_safe_default_protocol_versions().expect("ring speaks TLS 1.2 and 1.3");
        let verifier = Arc::new(Verifier(Arc::clone(&self.0)));
        let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config
    }

    /// Whether a chain that is trusted at `now` has expired so much later: asked of the same verifier.
    pub(super) fn expires_within(
        &self,
        chain: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        now: UnixTime,
        ahead: Duration,
    ) -> bool {
        let Some((leaf, intermediates)) = chain.split_first() else { return false };
        let then = UnixTime::since_unix_epoch(Duration::from_secs(now.as_secs()) + ahead);
        let verified = self.0.verify_server_cert(leaf, intermediates, host, &[], then);
        matches!(
            verified,
            Err(Error::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. }
            ))
        )
    }
}

/// The clock's time as certificates write it.
pub(super) fn unix_time(clock: &Clock) -> UnixTime {
    UnixTime::since_unix_epoch(clock.now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

#[derive(Debug)]
struct Time(Clock);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        Some(unix_time(&self.0))
    }
}

/// The usual verifier, which besides tells a certificate that nobody vouches for from one that vouches for itself.
#[derive(Debug)]
struct Verifier(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.0.verify_server_cert(leaf, intermediates, host, stapled, now);
        verified.map_err(|error| if is_self_signed(leaf) { self_signed() } else { error })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, leaf, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, leaf, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

fn is_self_signed(leaf: &CertificateDer<'_>) -> bool {
    webpki::EndEntityCert::try_from(leaf).is_ok_and(|leaf| leaf.issuer() == leaf.subject())
}

fn self_signed() -> Error {
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(SelfSigned))))
}

impl fmt::Display for SelfSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the certificate is its own issuer")
    }
}

impl std::error::Error for SelfSigned {}
