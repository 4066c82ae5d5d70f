//! Certificates by ACME, from Pebble: Let's Encrypt's own server for tests (RFC 8555), which really connects to the
//! listener and looks at the challenge's answer (RFC 8737). It refuses a part of all nonces, and signs for seconds.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::version::{TLS12, TLS13};

use crate::support::client::{Client, alert, exchange, exchange_in_http1, h1, h2, request};
use crate::support::eventually;
use crate::support::server::{Scene, Server};

/// How long Pebble's certificates are good, in seconds.
const LIFETIME: u64 = 15;

/// A running Pebble, ended by its process id.
struct Pebble {
    child: Child,
    management: SocketAddr,
}

/// Addresses for one Pebble after the other.
#[derive(Clone, Copy)]
struct Addresses {
    acme: SocketAddr,
    management: SocketAddr,
}

impl Addresses {
    fn free() -> Self {
        let free = || std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (acme, management) = (free(), free());
        Self { acme: acme.local_addr().unwrap(), management: management.local_addr().unwrap() }
    }

    /// A configuration that obtains certificates from there.
    fn toml(self, scene: &Scene) -> String {
        std::fs::write(scene.path("authority.pem"), scene.authority.pem()).unwrap();
        format!(
            "[tls]\naddress = \"127.0.0.1:0\"\n[tls.acme]\ncontact = [\"operations@example.com\"]\n\
             directory-url = \"https://{}/dir\"\ncache-dir = \"acme\"\nauthority = \"authority.pem\"\n",
            self.acme
        )
    }
}

impl Pebble {
    /// Starts it; it will look for answers at `port` of this machine.
    fn start(scene: &Scene, Addresses { acme, management }: Addresses, port: u16) -> Self {
        let issued = scene.issue(&["localhost", "127.0.0.1"]);
        std::fs::write(scene.path("pebble.pem"), issued.chain).unwrap();
        std::fs::write(scene.path("pebble.key"), issued.key).unwrap();
        let config = format!(
            r#"{{"pebble": {{"listenAddress": "{acme}", "managementListenAddress": "{management}",
            "certificate": "pebble.pem", "privateKey": "pebble.key", "httpPort": 1, "tlsPort": {port},
            "certificateValidityPeriod": {LIFETIME}}}}}"#
        );
        std::fs::write(scene.path("pebble.json"), config).unwrap();
        let mut command = Command::new("pebble");
        command.args(["-strict", "-config", "pebble.json"]).current_dir(scene.folder());
        command.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_WFE_NONCEREJECT", "15");
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("Pebble");
        let pebble = Self { child, management };
        eventually("Pebble listens", || std::net::TcpStream::connect(acme).is_ok());
        pebble
    }

    /// A client that trusts what it signs.
    async fn client(&self, scene: &Scene) -> Client {
        let manager = Client::new(&scene.authority, &["http/1.1"]);
        let stream = manager.connect(self.management, "localhost").await.unwrap();
        let root = exchange_in_http1(&mut h1(stream).await, request("GET", "/roots/0", &[])).await.unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&root.body).unwrap()).unwrap();
        Client::speaking(Arc::new(roots), &[&TLS12, &TLS13], &["h2"])
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The certificate that a new connection is shown.
async fn shown(client: &Client, server: &Server) -> CertificateDer<'static> {
    let stream = client.connect(server.tls(), "localhost").await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Pebble, which Debian has: scripts/test"]
async fn a_certificate_is_obtained_renewed_and_kept() {
    let (scene, addresses) = (Scene::new(), Addresses::free());
    let toml = addresses.toml(&scene);
    let server = scene.serve_both(&toml);
    // Nobody answers yet.
    let said = server.wait_for_log("no certificate: the authority cannot be asked: Connection refused", 1);
    assert!(
        said[0].contains("ERROR") && said[0].contains("again_in=") && said[0].contains("help="),
        "{said:?}"
    );
    let plain = tokio::net::TcpStream::connect(server.plain()).await.unwrap();
    let answer = exchange_in_http1(&mut h1(plain).await, request("GET", "/media/a.txt", &[])).await;
    assert_eq!(answer.unwrap().status, 200, "without TLS all is well");
    let early = Client::new(&scene.authority, &["h2"]);
    let error = early.connect(server.tls(), "localhost").await.unwrap_err();
    assert!(alert(&error).contains("AccessDenied"), "{error}");

    let pebble = Pebble::start(&scene, addresses, server.tls().port());
    server.wait_for_log("a certificate was obtained and is in use: localhost, until", 1);
    server.wait_for_log("the authority saw its challenge answered", 1);
    let client = pebble.client(&scene).await;
    let first = shown(&client, &server).await;
    let mut kept = h2(client.connect(server.tls(), "localhost").await.unwrap()).await;
    assert_eq!(exchange(&mut kept, request("GET", "/media/a.txt", &[])).await.unwrap().status, 200);

    server.wait_for_log("a certificate was obtained and is in use: localhost, until", 2);
    assert_ne!(shown(&client, &server).await, first, "it was renewed");
    assert_eq!(exchange(&mut kept, request("GET", "/media/a.txt", &[])).await.unwrap().status, 200);
    let last = shown(&client, &server).await;
    drop((server, pebble));

    let folder = scene.path("acme").join(format!("127.0.0.1_{}_dir", addresses.acme.port()));
    for name in ["account.json", "certificate.pem"] {
        let mode = std::fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let again = scene.serve_both(&toml);
    again.wait_for_log("the certificate that was obtained before is in use: localhost", 1);
    assert_eq!(shown(&client, &again).await, last);
}

#[test]
#[ignore = "needs Pebble, which Debian has: scripts/test"]
fn a_name_that_is_not_proved_is_said_with_the_remedy_and_tried_again() {
    let (scene, addresses) = (Scene::new(), Addresses::free());
    // It looks for the answer where nobody listens.
    let pebble = Pebble::start(&scene, addresses, 1);
    let server = scene.serve_both(&addresses.toml(&scene));
    let said = server.wait_for_log("no certificate: localhost was not proved: ", 1);
    let help = format!("the authority connects to port 443 of localhost: have it lead to {}", "127.0.0.1:0");
    assert!(said[0].contains("ERROR") && said[0].contains(&help), "{said:?}");
    drop(pebble);
    // One that has forgotten all accounts, as it does between two runs.
    let _pebble = Pebble::start(&scene, addresses, server.tls().port());
    server.wait_for_log("the authority does not know the account any more", 1);
    server.wait_for_log("a certificate was obtained and is in use: localhost, until", 1);
}
