//! The certificates in use, and which of them a client is shown. They can be replaced while clients connect.

use std::convert::Infallible;
use std::sync::Arc;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::sync::watch;

use super::identity::{Facts, Identity};

/// The certificates in use. The first one is for clients that name no host, or one that no certificate is for.
#[derive(Debug)]
pub struct Certificates(watch::Sender<Vec<Identity>>);

impl Certificates {
    pub(super) fn new(identities: Vec<Identity>) -> Self {
        Self(watch::Sender::new(identities))
    }

    /// What the certificates in use say: none before the first one has been obtained.
    #[must_use]
    pub fn facts(&self) -> Vec<Facts> {
        self.0.borrow().iter().map(|identity| identity.facts.clone()).collect()
    }

    /// Tells what they say, now and each time they are replaced.
    pub async fn follow(&self, tell: impl Fn(&[Facts])) -> Infallible {
        let mut changes = self.0.subscribe();
        loop {
            changes.mark_unchanged();
            tell(&self.facts());
            // They change as long as somebody holds them, who is here.
            let _gone = changes.changed().await;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Uses another one in the place of the one of that index, or beside the others if there is none; for new connections.
    pub(super) fn replace(&self, index: usize, identity: Identity) {
        self.0.send_modify(|identities| match identities.get_mut(index) {
            Some(old) => *old = identity,
            None => identities.push(identity),
        });
    }

    fn certified(&self, host: Option<&str>) -> Option<Arc<CertifiedKey>> {
        let identities = self.0.borrow();
        let named = host.and_then(|host| identities.iter().find(|identity| identity.facts.covers(host)));
        named.or_else(|| identities.first()).map(|identity| Arc::clone(&identity.certified))
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.certified(hello.server_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(name: &str) -> Identity {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        Identity::from_pem(made.cert.pem().as_bytes(), made.signing_key.serialize_pem().as_bytes()).unwrap()
    }

    #[test]
    fn a_client_is_shown_the_certificate_for_its_host_or_else_the_first() {
        let identities = vec![identity("a.test"), identity("*.b.test"), identity("x.b.test")];
        let certificates = Certificates::new(identities.clone());
        for (host, index) in
            [(Some("a.test"), 0), (Some("x.b.test"), 1), (Some("c.test"), 0), (None, 0), (Some("b.test"), 0)]
        {
            let shown = certificates.certified(host).unwrap();
            assert!(Arc::ptr_eq(&shown, &identities[index].certified), "{host:?}");
        }
        let new = identity("a.test");
        certificates.replace(0, new.clone());
        assert!(Arc::ptr_eq(&certificates.certified(None).unwrap(), &new.certified));
        assert_eq!(certificates.facts().len(), 3);
    }

    #[test]
    fn before_the_first_certificate_there_is_none_to_show() {
        let certificates = Certificates::new(Vec::new());
        assert!(certificates.certified(Some("a.test")).is_none());
        certificates.replace(0, identity("a.test"));
        assert!(certificates.certified(Some("a.test")).is_some());
    }
}
