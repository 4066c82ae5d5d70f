//! TLS-ALPN-01 (RFC 8737): a certificate that nobody but the authority asks for, and that says what it wants to read.

use std::collections::HashMap;
use std::sync::Arc;

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::watch;

/// The protocol that a connection of the authority names (RFC 8737 §6.2).
pub(in crate::server::tls) const ALPN_CHALLENGE: &[u8] = b"acme-tls/1";

/// The challenges that are to be answered at the moment, by domain.
#[derive(Debug, Default)]
pub(in crate::server::tls) struct Challenges(watch::Sender<HashMap<String, Arc<CertifiedKey>>>);

impl Challenges {
    /// Answers for `domain` from now on, with the digest of the key authorization.
    pub(super) fn answer(&self, domain: &str, digest: &[u8]) -> Result<(), String> {
        let certified = certified(domain, digest)?;
        self.0.send_modify(|all| {
            all.insert(domain.to_owned(), Arc::new(certified));
        });
        Ok(())
    }

    /// Answers none any more.
    pub(super) fn forget(&self) {
        self.0.send_modify(HashMap::clear);
    }
}

impl ResolvesServerCert for Challenges {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let domain = hello.server_name()?.to_ascii_lowercase();
        self.0.borrow().get(&domain).cloned()
    }
}

/// "The client prepares for validation by constructing a self-signed certificate that MUST contain an acmeIdentifier
/// extension and a subjectAlternativeName extension" (RFC 8737 §3).
fn certified(domain: &str, digest: &[u8]) -> Result<CertifiedKey, String> {
    let made = || {
        let mut params = CertificateParams::new([domain.to_owned()])?;
        params.custom_extensions.push(CustomExtension::new_acme_identifier(digest));
        let key = KeyPair::generate()?;
        Ok((params.self_signed(&key)?, key))
    };
    let (certificate, key) = made().map_err(|error: rcgen::Error| error.to_string())?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(ToString::to_string)?;
    let key = default_provider().key_provider.load_private_key(key).map_err(|error| error.to_string())?;
    // Not held against its key: the library refuses a certificate with a critical extension that it does not know.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use x509_parser::prelude::{FromDer, X509Certificate};

    #[test]
    fn the_certificate_is_as_rfc_8737_wants_it() {
        let certified = certified("media.example.com", &[7; 32]).unwrap();
        let (_, certificate) = X509Certificate::from_der(&certified.cert[0]).unwrap();
        let names = certificate.subject_alternative_name().unwrap().unwrap();
        assert_eq!(names.value.general_names.len(), 1, "\"MUST contain a single dNSName entry\"");
        let identifiers: Vec<_> = certificate
            .extensions()
            .iter()
            .filter(|one| one.oid.to_id_string() == "1.3.6.1.5.5.7.1.31")
            .collect();
        let [identifier] = identifiers[..] else { panic!("one acmeIdentifier") };
        assert!(identifier.critical, "\"The acmeIdentifier extension MUST be critical\"");
        assert_eq!(identifier.value, [&[4, 32][..], &[7; 32]].concat(), "an OCTET STRING of the digest");
    }
}
