//! HAProxy in front: both versions of the PROXY protocol, and `Forwarded`.

use std::net::SocketAddr;
use std::process::Command;

use crate::scene::{Proxy, Scene, exchange, exchange_from, free_address, get};

/// HAProxy at the address that is given back, with these lines in front of that server.
fn haproxy(scene: &Scene, lines: &str) -> (Proxy, SocketAddr) {
    let front = free_address();
    let config = scene.write(
        "haproxy.cfg",
        &format!(
            "global\n  maxconn 100\ndefaults\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n\
             listen front\n  bind {front}\n{lines}\n"
        ),
    );
    let mut command = Command::new("haproxy");
    command.arg("-q").arg("-f").arg(config);
    (Proxy::start(command, front), front)
}

#[test]
#[ignore = "needs haproxy: scripts/test"]
fn haproxy_relays_by_the_proxy_protocol() {
    let scene = Scene::new();
    let server = scene.serve(
        "trusted-proxies = [\"unix\", \"127.0.0.1\"]\n\
         [listen]\naddress = [\"127.0.0.1:0\", \"unix:@FOLDER@/public.sock\"]\nproxy-protocol = true\n",
    );
    let tcp = server.addresses()[0].to_string();
    let unix = format!("unix@{}", scene.path("public.sock").display());
    for (server_line, checked) in [
        (format!("{tcp} send-proxy"), false),
        (format!("{tcp} send-proxy-v2"), false),
        (format!("{tcp} send-proxy-v2 proxy-v2-options crc32c,unique-id"), false),
        (format!("{unix} send-proxy-v2"), false),
        // Its checks of health are connections of its own, which it says: LOCAL.
        (format!("{tcp} send-proxy-v2 check inter 100ms"), true),
    ] {
        let check = if checked { "  option httpchk HEAD /media/a.txt\n" } else { "" };
        let (_haproxy, front) = haproxy(&scene, &format!("  mode tcp\n{check}  server a {server_line}"));
        let mut stream = std::net::TcpStream::connect(front).unwrap();
        let client = stream.local_addr().unwrap();
        std::io::Write::write_all(&mut stream, get("/media/a.txt", "").as_bytes()).unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{server_line}: {answer}");
        server.wait_for_log(&["GET /media/a.txt", &format!("peer={client}")]);
        if checked {
            server.wait_for_log(&["HEAD /media/a.txt", "peer=127.0.0.1:"]);
        }
    }
}

#[test]
#[ignore = "needs haproxy: scripts/test"]
fn haproxy_names_the_client_in_forwarded() {
    let scene = Scene::new();
    let server = scene.serve("trusted-proxies = [\"127.0.0.1\"]\nclient-header = \"forwarded\"\n");
    let lines = format!(
        "  mode http\n  http-request add-header Forwarded for=\"\\\"%[src]:%[src_port]\\\";proto=http\"\n  server a {}",
        server.addresses()[0]
    );
    let (_haproxy, front) = haproxy(&scene, &lines);
    let spoofed = "Forwarded: for=198.51.100.7\r\nX-Forwarded-For: 198.51.100.8\r\n";
    // From another address than the proxy's, which is trusted.
    let answer = exchange_from("127.0.0.2", front, get("/media/a.txt", spoofed).as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let line = server.wait_for_log(&["GET /media/a.txt", "peer=127.0.0.1:"]);
    assert!(line.contains("client=127.0.0.2:") && !line.contains("198.51.100."), "{line}");
}

/// The header comes before TLS, which HAProxy passes on as it is.
#[test]
#[ignore = "needs haproxy and curl: scripts/test"]
fn haproxy_relays_tls_by_the_proxy_protocol() {
    let scene = Scene::new();
    let authority = scene.certify("media.example.com");
    let server = scene.serve(
        "public-url = \"https://media.example.com/media\"\ntrusted-proxies = [\"127.0.0.1\"]\n\
         [tls]\naddress = \"127.0.0.1:0\"\nproxy-protocol = true\ncertificate = \"certificate.pem\"\nkey = \"key.pem\"\n",
    );
    let [plain, secured, _control] = server.addresses()[..] else { panic!("{:?}", server.printed) };
    let (_haproxy, front) = haproxy(&scene, &format!("  mode tcp\n  server a {secured} send-proxy-v2"));
    let output = Command::new("curl")
        .args(["-sS", "--http2", "--interface", "127.0.0.2", "-w", "%{local_port}", "--cacert"])
        .arg(authority)
        .args(["--resolve", &format!("media.example.com:{}:127.0.0.1", front.port())])
        .arg(format!("https://media.example.com:{}/media/a.txt", front.port()))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let port = said.strip_prefix("hello").unwrap_or_else(|| panic!("{said} {:?}", output.stderr));
    server.wait_for_log(&["GET /media/a.txt", &format!("peer=127.0.0.2:{port}")]);
    // The listener beside it is another.
    assert!(exchange(plain, get("/media/a.txt", "").as_bytes()).starts_with("HTTP/1.1 200"));
}
