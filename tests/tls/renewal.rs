//! Certificate files that change while the server runs.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;

use crate::support::authority::Issued;
use crate::support::client::{Client, exchange, h2, request};
use crate::support::eventually;
use crate::support::server::{LARGE, Scene, Server, TLS, both};

/// The certificate that a new connection is shown.
fn shown(scene: &Scene, server: &Server) -> CertificateDer<'static> {
    let client = Client::new(&scene.authority, &["h2"]);
    let address = server.tls();
    let connected = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime
            .block_on(client.connect(address, "localhost"))
            .unwrap()
            .get_ref()
            .1
            .peer_certificates()
            .unwrap()[0]
            .clone()
            .into_owned()
    });
    connected.join().unwrap()
}

fn leaf(issued: &Issued) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(issued.chain.as_bytes()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_used_under_load_and_nothing_is_dropped() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    let address = server.tls();
    // A body that is half way through, and a connection that stays.
    let mut long = Client::new(&scene.authority, &["http/1.1"]).connect(address, "localhost").await.unwrap();
    long.write_all(b"GET /media/large.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut begun = vec![0; 100_000];
    long.read_exact(&mut begun).await.unwrap();
    let client = Client::new(&scene.authority, &["h2"]);
    let mut kept = h2(client.connect(address, "localhost").await.unwrap()).await;
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let load = (0..4).map(|n| {
        let client = Client::new(&scene.authority, &[["h2", "http/1.1"][n % 2]]);
        let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let answer = client.get(address, "a.txt").await.expect("no request fails");
                assert_eq!(answer.status, 200);
                answered.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
    });
    let load: Vec<_> = load.collect();
    for _ in 0..2 {
        let new = scene.issue(&["localhost", "127.0.0.1"]);
        new.write(scene.folder());
        eventually("the new certificate is shown", || shown(&scene, &server) == leaf(&new));
        assert_eq!(exchange(&mut kept, request("GET", "/media/a.txt", &[])).await.unwrap().status, 200);
    }
    stop.store(true, Ordering::Relaxed);
    for one in load {
        one.await.unwrap();
    }
    let answered = answered.load(Ordering::Relaxed);
    assert!(answered > 100, "{answered} requests, none failed");
    println!("{answered} requests while the certificate was replaced twice, none failed");
    let mut rest = Vec::new();
    long.read_to_end(&mut rest).await.unwrap();
    assert!(begun.len() + rest.len() > LARGE, "the body that was under way came whole");
    let lines = server.wait_for_log("a new certificate is in use: localhost, 127.0.0.1, until 20", 2);
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[test]
fn files_that_do_not_belong_together_are_not_used() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    let old = shown(&scene, &server);
    let new = scene.issue(&["localhost"]);
    // The certificate came, its key did not.
    std::fs::write(scene.path("cert.pem"), &new.chain).unwrap();
    let said = server.wait_for_log("the certificate in use stays: the key in key.pem is not that of", 1);
    assert!(said[0].contains("WARN"), "{said:?}");
    assert_eq!(shown(&scene, &server), old);
    std::fs::write(scene.path("cert.pem"), "junk").unwrap();
    server.wait_for_log("stays: the certificate in cert.pem cannot be used: there is none in it", 1);
    std::fs::remove_file(scene.path("key.pem")).unwrap();
    server.wait_for_log("stays: the key in key.pem cannot be read: there is no such file", 1);
    assert_eq!(shown(&scene, &server), old);
    new.write(scene.folder());
    eventually("the new pair is used", || shown(&scene, &server) == leaf(&new));
}

/// As Kubernetes does it: files are links into `..data`, which is a link that is replaced by `rename`.
#[test]
fn links_that_are_set_anew_are_followed() {
    let scene = Scene::new();
    let put = |version: &str| {
        let issued = scene.issue(&["localhost"]);
        let folder = scene.path(version);
        std::fs::create_dir(&folder).unwrap();
        issued.write(&folder);
        let link = |target: &Path, name: &str| std::os::unix::fs::symlink(target, scene.path(name)).unwrap();
        link(Path::new(version), "..new");
        std::fs::rename(scene.path("..new"), scene.path("..data")).unwrap();
        issued
    };
    let first = put("one");
    for name in ["cert.pem", "key.pem"] {
        std::fs::remove_file(scene.path(name)).unwrap();
        std::os::unix::fs::symlink(Path::new("..data").join(name), scene.path(name)).unwrap();
    }
    let server = scene.serve_both(TLS);
    assert_eq!(shown(&scene, &server), leaf(&first));
    let second = put("two");
    eventually("the link is followed", || shown(&scene, &server) == leaf(&second));
}

#[test]
fn an_end_that_is_near_is_said() {
    const DAY: i64 = 24 * 3600;
    let scene = Scene::new();
    scene.authority.issue_for(&["localhost"], -60 * DAY, 3 * DAY + 60).write(scene.folder());
    let server = scene.serve_both(TLS);
    server.wait_for_log("warning: the certificate in cert.pem expires in 3 days", 1);
}

#[test]
fn other_files_are_used_when_the_configuration_is_read_again() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    let old = shown(&scene, &server);
    let new = scene.issue(&["localhost"]);
    std::fs::write(scene.path("new.pem"), &new.chain).unwrap();
    std::fs::write(scene.path("new.key"), &new.key).unwrap();
    let named = |certificate: &str| TLS.replace("cert.pem", certificate).replace("key.pem", "new.key");
    // A pair that does not belong together is refused, and everything stays.
    scene.configure(&both(&named("cert.pem")));
    server.signal("HUP");
    server.wait_for_log("the key in new.key is not that of the certificate in cert.pem", 1);
    assert_eq!(shown(&scene, &server), old);
    scene.configure(&both(&named("new.pem")));
    server.signal("HUP");
    server.wait_for_log("the configuration was read again", 1);
    assert_eq!(shown(&scene, &server), leaf(&new));
    // The new files are looked at from now on, and the old ones no longer.
    let newest = scene.issue(&["localhost"]);
    scene.issue(&["localhost"]).write(scene.folder());
    std::fs::write(scene.path("new.pem"), &newest.chain).unwrap();
    std::fs::write(scene.path("new.key"), &newest.key).unwrap();
    eventually("the newest certificate is shown", || shown(&scene, &server) == leaf(&newest));
    assert_eq!(server.wait_for_log("a new certificate is in use", 1).len(), 1);
}
