//! Whether a bucket can be used. What each answer means is tabled in `diagnosis`; here it is asked.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::super::Access;
use super::scripted::{Reply, Server, error, whole};
use super::{KEYS, bucket, s3, with};
use crate::config::Service;

#[tokio::test]
async fn a_bucket_is_asked_for_one_key() {
    let listing = whole("200 OK", &[], "<ListBucketResult><Name>media</Name></ListBucketResult>");
    let server = Server::start([Reply::Send(listing)]).await;
    assert_eq!(s3(&server).client.probe().await, Ok(Access::Full));
    let line = "GET /media/?list-type=2&max-keys=1&prefix=shop%2F HTTP/1.1";
    assert_eq!(server.asked()[0].lines().next(), Some(line));
    let server = Server::start([error("403 Forbidden", "AccessDenied")]).await;
    assert_eq!(s3(&server).client.probe().await, Ok(Access::WithoutListing));
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_told_from_a_wrong_secret() {
    let body = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
    let dated = |date| Reply::Send(whole("403 Forbidden", &[date], body));
    let server = Server::start([dated("Date: Sun, 06 Nov 1994 08:49:37 GMT")]).await;
    let wrong = s3(&server).client.probe().await.unwrap_err();
    assert!(wrong.sentence.contains("clock of this machine is"), "{wrong}");
    let server = Server::start([dated("X: y")]).await;
    let wrong = s3(&server).client.probe().await.unwrap_err();
    assert!(wrong.sentence.contains("secret key"), "{wrong}");
}

#[tokio::test]
async fn what_does_not_answer_is_told_apart() {
    let silent = Server::start([Reply::Hang(vec![])]).await;
    let closing = Server::start([Reply::Cut(vec![])]).await;
    let chatting = Server::start([Reply::Cut(b"SSH-2.0-OpenSSH_9\r\n".to_vec())]).await;
    let plain = without_tls().await;
    let untrusted = with_a_certificate_of_its_own().await;
    for (endpoint, sentence, help, may_pass) in [
        (format!("http://{}", silent.address), "does not answer in time", "firewall", true),
        (format!("http://{}", closing.address), "the connection broke", "log of the service", true),
        (format!("http://{}", chatting.address), "no HTTP/1.1", "begin store.endpoint with https://", false),
        (
            format!("https://{plain}"),
            "TLS could not be agreed on",
            "begin store.endpoint with http://",
            false,
        ),
        (format!("https://{untrusted}"), "UnknownIssuer", "SSL_CERT_FILE", false),
        ("http://127.0.0.1:1".to_owned(), "nothing listens", "start the service", true),
        ("http://bucket.invalid".to_owned(), "no address is known", "spelling", true),
    ] {
        let subject = with(&bucket(Service::S3, Some(endpoint.clone())), &KEYS).unwrap();
        let wrong = subject.client.probe().await.expect_err(&endpoint);
        assert!(wrong.sentence.contains(sentence), "{endpoint}: {wrong}");
        assert!(wrong.help.contains(help), "{endpoint}: {wrong}");
        assert_eq!(wrong.may_pass, may_pass, "{endpoint}: {wrong}");
    }
}

/// A server that answers a TLS handshake as a web server without TLS does.
async fn without_tls() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _sent = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n").await;
        }
    });
    address
}

/// A server whose certificate no authority has signed.
async fn with_a_certificate_of_its_own() -> SocketAddr {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate =
        rcgen::CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let (acceptor, listener) =
        (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let _refused = acceptor.accept(stream).await;
        }
    });
    address
}
