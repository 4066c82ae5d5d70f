//! Who is answered.

use crate::server;
use crate::server::Server;

#[test]
fn a_web_page_in_a_browser_on_this_machine_is_not_answered() {
    let server = server();
    for field in [
        "Origin: https://evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: same-origin",
    ] {
        for path in ["/explain/logos/logo.png", "/explain?url=http%3A%2F%2F127.0.0.1%2F", "/metrics"] {
            assert!(server.ask(path, &format!("{field}\r\n")).starts_with("HTTP/1.1 403"), "{field} {path}");
        }
        for route in ["POST /messages", "POST /purge/logos/logo.png", "POST /warm/logos/logo.png"] {
            let answer = server.ask_with(route, &format!("{field}\r\n"), b"{}");
            assert!(answer.starts_with("HTTP/1.1 403"), "{field} {route}");
        }
    }
    assert!(
        server.ask("/metrics", "Sec-Fetch-Site: none\r\n").starts_with("HTTP/1.1 200"),
        "the address bar"
    );
}

#[test]
fn without_a_token_only_the_names_of_loopback_are_answered() {
    let server = server();
    let ask = |host: &str| {
        let request = format!("GET /explain/logos/logo.png HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        server.exchange_with_control(request.as_bytes())
    };
    for host in
        ["127.0.0.1", "127.0.0.2:80", "localhost", "LOCALHOST:8081", "[::1]:8081", "[::ffff:127.0.0.1]"]
    {
        assert!(ask(&format!("Host: {host}\r\n")).starts_with("HTTP/1.1 200"), "{host}");
    }
    assert!(ask("").starts_with("HTTP/1.1 200"), "what sends no Host is no browser");
    // A page of evil.example, whose name resolves to 127.0.0.1 by now.
    for host in
        ["evil.example:8081", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "a b"]
    {
        assert!(ask(&format!("Host: {host}\r\n")).starts_with("HTTP/1.1 403"), "{host}");
    }
}

#[test]
fn where_a_token_is_set_everything_but_the_probes_wants_it() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "0123456789abcdef0123456789abcdef\n").unwrap();
    let toml = format!("[control]\ntoken-file = {:?}\n", token.to_str().unwrap());
    let server = Server::start(&toml, |root| std::fs::write(root.join("a.txt"), "hello").unwrap());
    for path in ["/explain/a.txt", "/explain?url=http%3A%2F%2F127.0.0.1%2F", "/metrics"] {
        assert!(server.ask(path, "").starts_with("HTTP/1.1 401"), "{path}");
        let bearer = "Authorization: Bearer 0123456789abcdef0123456789abcdef\r\n";
        assert!(!server.ask(path, bearer).starts_with("HTTP/1.1 401"), "{path}");
    }
    for route in ["POST /messages", "POST /purge/a.txt", "POST /warm/a.txt"] {
        assert!(server.ask_with(route, "", b"{}").starts_with("HTTP/1.1 401"), "{route}");
    }
    for open in ["/healthz", "/readyz", "/openapi.json"] {
        assert!(server.ask(open, "").starts_with("HTTP/1.1 200"), "{open}");
    }
    assert!(server.ask("/openapi.json", "").contains("\"scheme\":\"bearer\""));
}
