//! Certificates that are wrong in one way each.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use media_origin::clock::Clock;
use media_origin::examine::{CertificateFault, Examination, Trust, Unreachable, examine_trusting};
use media_origin::whatsapp::Severity::{Refuse, Warn};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::scripted::{Reply, converse, honest};
use crate::{BRISK, codes, is_complete};

/// The last second of the certificates' last day: 31 December 2029 begins at this time.
const LAST_DAY: u64 = 1_893_369_600;

/// An authority of the tests' own.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn named(name: &str) -> Self {
        let mut params = params(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn trust(&self) -> Trust {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        Trust::in_roots(roots)
    }

    fn issue(&self, name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name).signed_by(&key, &self.0).unwrap();
        Identity { chain: vec![certificate.der().clone()], key }
    }
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2029, 12, 31);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// A certificate and its key.
struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Identity {
    fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self { chain: vec![params(name).self_signed(&key).unwrap().der().clone()], key }
    }
}

/// The honest server, over TLS. It is gone with the second part.
async fn serve(identity: Identity) -> (u16, JoinSet<()>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let key = PrivateKeyDer::try_from(identity.key.serialize_der()).unwrap();
    let config = config.unwrap().with_no_client_auth().with_single_cert(identity.chain, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            connections.spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                converse(stream, 0, |request| Reply::Send(honest(request)), Arc::new(Mutex::default())).await;
            });
        }
    });
    (port, serving)
}

/// Examines `https://{host}` of a server with that identity, so many seconds after 1970.
async fn examined_at(
    trust: &Trust,
    host: &str,
    identity: Identity,
    seconds: u64,
) -> Result<Examination, Unreachable> {
    let (port, _serving) = serve(identity).await;
    let clock = Clock::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    examine_trusting(trust, &format!("https://{host}:{port}/a.png"), &BRISK, &clock).await
}

const IN_2026: u64 = 1_767_225_600;

#[tokio::test]
async fn a_certificate_that_is_right_is_no_finding() {
    let authority = Authority::named("authority.test");
    for host in ["localhost", "127.0.0.1"] {
        let examination =
            examined_at(&authority.trust(), host, authority.issue(host), IN_2026).await.unwrap();
        assert_eq!(codes(&examination), []);
        assert!(examination.timings.tls.is_some());
    }
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_name() {
    let (authority, stranger) = (Authority::named("authority.test"), Authority::named("stranger.test"));
    let issued = |name| authority.issue(name);
    let wrong_host = CertificateFault::WrongHost(vec!["DnsName(\"other.test\")".into()]);
    for (identity, seconds, fault, code) in [
        (
            Identity::self_signed("localhost"),
            IN_2026,
            CertificateFault::SelfSigned,
            "self-signed-certificate",
        ),
        (stranger.issue("localhost"), IN_2026, CertificateFault::Untrusted, "untrusted-certificate"),
        (issued("localhost"), LAST_DAY + 86_400, CertificateFault::Expired, "expired-certificate"),
        (issued("localhost"), 0, CertificateFault::NotYetValid, "certificate-not-yet-valid"),
        (issued("other.test"), IN_2026, wrong_host, "wrong-host-certificate"),
    ] {
        let why = examined_at(&authority.trust(), "localhost", identity, seconds).await.unwrap_err();
        let finding = why.finding();
        assert_eq!((finding.code, finding.severity), (code, Refuse));
        is_complete(&finding);
        assert!(matches!(why, Unreachable::Certificate(_, found) if found == fault), "{finding:?}");
    }
}

#[tokio::test]
async fn the_authority_of_a_test_is_none_that_the_public_web_trusts() {
    let identity = Authority::named("authority.test").issue("localhost");
    let why = examined_at(&Trust::public_web(), "localhost", identity, IN_2026).await.unwrap_err();
    assert_eq!(why.finding().code, "untrusted-certificate");
}

#[tokio::test]
async fn a_certificate_in_its_last_two_days_is_a_warning() {
    let authority = Authority::named("authority.test");
    let days = |days: u64| LAST_DAY - days * 86_400;
    for (seconds, expected) in [(days(1), vec![("certificate-expires-soon", Warn)]), (days(3), vec![])] {
        let identity = authority.issue("localhost");
        let examination = examined_at(&authority.trust(), "localhost", identity, seconds).await.unwrap();
        assert_eq!(codes(&examination), expected);
    }
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_is_told_from_a_certificate() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let url = format!("https://{address}/");
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        std::future::pending::<()>().await;
    });
    let finding = crate::not_examined(&url).await.finding();
    assert_eq!(finding.code, "tls-failed");
    assert!(finding.detail.starts_with(&format!("port {} speaks no TLS", address.port())), "{finding:?}");
    let expected = format!("try `http://{address}`, or see `openssl s_client -connect {address}`");
    assert_eq!(finding.remedy, Some(expected));
}
