//! Unix sockets, IPv6, and several addresses at a time.

use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;

use crate::scene::{Scene, exchange, exchange_by, get};

const BOTH: &str = "[listen]\naddress = \"unix:@FOLDER@/public.sock\"\n[control]\naddress = \"unix:@FOLDER@/control.sock\"\n";

fn mode(path: &Path) -> u32 {
    let metadata = std::fs::symlink_metadata(path).unwrap();
    assert!(metadata.file_type().is_socket());
    metadata.permissions().mode() & 0o777
}

#[test]
fn both_listeners_on_unix_sockets() {
    let scene = Scene::new();
    let mut server = scene.serve(BOTH);
    let [public, control] = ["public.sock", "control.sock"].map(|name| scene.path(name));
    assert!(server.printed[0].ends_with(&format!(" at http://unix:{}:/media/", public.display())));
    assert_eq!(server.printed[1], format!("control at http://unix:{}:/", control.display()));
    assert_eq!((mode(&public), mode(&control)), (0o660, 0o600));
    let answer = exchange_by(&public, get("/media/a.txt", "").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\nhello"), "{answer}");
    server.wait_for_log(&["GET /media/a.txt", "peer=unix"]);
    let metrics = exchange_by(&control, get("/metrics", "").as_bytes());
    assert!(metrics.starts_with("HTTP/1.1 200"), "permissions take the place of a token: {metrics}");
    assert!(server.end("TERM").success());
    assert!(!public.exists() && !control.exists(), "they are removed");
}

#[test]
fn the_commands_reach_a_control_listener_on_a_unix_socket() {
    let scene = Scene::new();
    let _server = scene.serve(BOTH);
    let control = format!("unix:{}", scene.path("control.sock").display());
    let run = |arguments: &[&str]| {
        let toml = if arguments[0] == "health" { None } else { Some(BOTH) };
        let mut command = match toml {
            Some(toml) => scene.command(arguments[0], toml),
            None => std::process::Command::new(env!("CARGO_BIN_EXE_media-origin")),
        };
        let output = command.args(if toml.is_some() { &arguments[1..] } else { arguments }).output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        (output.status.code(), said)
    };
    assert_eq!(run(&["health", "--control", &control]), (Some(0), "ready\n".into()));
    let (code, said) = run(&["warm", "**"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("warmed 1 of 1 assets"), "{said}");
    let (code, said) = run(&["purge", "a.txt"]);
    assert_eq!((code, said.as_str()), (Some(0), "a.txt: 1 body or slice, 5 B\n"));
    let gone = format!("unix:{}", scene.path("gone.sock").display());
    let (code, said) = run(&["health", "--control", &gone]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with(&format!("not reachable at {gone}: ")), "{said}");
    let (code, said) = run(&["purge", "a.txt", "--control", "systemd:control"]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("error: only systemd knows where systemd:control listens\nhelp: "), "{said}");
}

#[test]
fn a_server_that_was_killed_leaves_a_socket_that_the_next_one_replaces() {
    let scene = Scene::new();
    let toml = "[listen]\naddress = \"unix:@FOLDER@/public.sock\"\nmode = \"0606\"\n";
    scene.serve(toml).end("KILL");
    let path = scene.path("public.sock");
    assert!(path.exists(), "what the test is about");
    let _server = scene.serve(toml);
    assert_eq!(mode(&path), 0o606, "whatever the umask");
    let second = scene.command("serve", toml).args(["--control", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    let expected = format!(
        "error: cannot listen on unix:{}: another program listens there\nhelp: end it, or choose another path\n",
        path.display()
    );
    assert_eq!(second.status.code(), Some(1), "{said}");
    // The log, which has a thread of its own, may end later.
    assert!(said.contains(&expected), "{said}");
    assert!(
        exchange_by(&path, get("/media/a.txt", "").as_bytes()).starts_with("HTTP/1.1 200"),
        "still there"
    );
}

#[expect(clippy::print_stdout, reason = "that a test was left out is to be seen")]
fn has_ipv6() -> bool {
    let has = std::net::TcpListener::bind("[::1]:0").is_ok();
    if !has {
        println!("left out: this machine has no IPv6");
    }
    has
}

#[test]
fn several_addresses_at_a_time() {
    if !has_ipv6() {
        return;
    }
    let scene = Scene::new();
    let toml = "[listen]\naddress = [\"127.0.0.1:0\", \"[::1]:0\", \"unix:@FOLDER@/public.sock\"]\n";
    let server = scene.serve(toml);
    let [v4, v6, _control] = server.addresses()[..] else { panic!("{:?}", server.printed) };
    assert!(v4.is_ipv4() && v6.is_ipv6(), "{v4} {v6}");
    assert!(server.printed[2].contains("also at http://unix:"), "{:?}", server.printed);
    for (address, peer) in [(v4, "peer=127.0.0.1:"), (v6, "peer=[::1]:")] {
        assert!(
            exchange(address, get("/media/a.txt", "").as_bytes()).starts_with("HTTP/1.1 200"),
            "{address}"
        );
        server.wait_for_log(&["GET /media/a.txt", peer]);
    }
    let by_file = exchange_by(&scene.path("public.sock"), get("/media/a.txt", "").as_bytes());
    assert!(by_file.starts_with("HTTP/1.1 200"), "{by_file}");
}

/// Whatever `net.ipv6.bindv6only` says.
#[test]
fn the_unspecified_ipv6_address_takes_ipv4_too() {
    if !has_ipv6() {
        return;
    }
    let scene = Scene::new();
    let server = scene.serve("[listen]\naddress = \"[::]:0\"\n");
    let port = server.addresses()[0].port();
    for (host, peer) in [("127.0.0.1", "peer=127.0.0.1:"), ("[::1]", "peer=[::1]:")] {
        let address = format!("{host}:{port}").parse().unwrap();
        assert!(exchange(address, get("/media/a.txt", "").as_bytes()).starts_with("HTTP/1.1 200"), "{host}");
        server.wait_for_log(&["GET /media/a.txt", peer]);
    }
}
