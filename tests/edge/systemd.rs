//! Sockets that are bound before the server starts, and passed to it as systemd passes them.

use std::net::SocketAddr;
use std::process::Command;

use crate::scene::{Running, Scene, exchange, exchange_by, get};

/// Passes these to the program that follows.
fn launcher(scene: &Scene, sockets: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.arg(scene.write("pass_sockets.py", include_str!("pass_sockets.py")));
    command.args(sockets).arg("--");
    command
}

/// Where the socket of that name listens.
fn address(server: &Running, name: &str) -> SocketAddr {
    let line = server.wait_for_log(&[&format!("passed {name} is ")]);
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
#[ignore = "needs python3: scripts/test"]
fn sockets_are_taken_by_name_over_the_network_and_by_file() {
    let scene = Scene::new();
    let unix = scene.path("control.sock");
    let sockets =
        ["public=tcp:127.0.0.1:0", &format!("control=unix:{}", unix.display()), "public=tcp:127.0.0.1:0"];
    let toml = "[listen]\naddress = \"systemd:public\"\n[control]\naddress = \"systemd:control\"\n";
    let mut server = scene.serve_by(launcher(&scene, &sockets), toml);
    let public = server.addresses();
    assert_eq!(public.len(), 2, "both of that name: {:?}", server.printed);
    assert_eq!(public[0], address(&server, "public"));
    for address in public {
        let answer = exchange(address, get("/media/a.txt", "").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let metrics = exchange_by(&unix, get("/metrics", "").as_bytes());
    assert!(metrics.starts_with("HTTP/1.1 200"), "a Unix socket needs no token: {metrics}");
    assert!(server.end("TERM").success());
    assert!(unix.exists(), "it is systemd's");
}

#[test]
#[ignore = "needs python3: scripts/test"]
fn what_was_passed_and_is_not_named_is_said() {
    let scene = Scene::new();
    let sockets = ["public=tcp:127.0.0.1:0", "other=tcp:127.0.0.1:0"];
    let toml =
        "[listen]\naddress = [\"systemd:public\", \"127.0.0.1:0\"]\n[control]\naddress = \"127.0.0.1:0\"\n";
    let server = scene.serve_by(launcher(&scene, &sockets), toml);
    assert_eq!(server.addresses().len(), 3, "{:?}", server.printed);
    server.wait_for_log(&["WARN", "systemd passes a socket that no listener names", "name=\"other\""]);
}

#[test]
#[ignore = "needs python3: scripts/test"]
fn what_cannot_be_listened_on_is_an_error_with_its_remedy() {
    let scene = Scene::new();
    for (sockets, what) in [
        (
            &["other=tcp:127.0.0.1:0"][..],
            "systemd passes no socket of that name\nhelp: it passes systemd:other; FileDescriptorName= in the socket",
        ),
        (
            &[],
            "systemd passes no socket of that name\nhelp: it passes none at all: enable and start the socket unit",
        ),
        (
            &["public=connected:"],
            "what systemd passes is no socket that listens for streams\nhelp: the socket unit",
        ),
        (
            &["public=file:"],
            "what systemd passes is no socket that listens for streams\nhelp: the socket unit",
        ),
    ] {
        let mut launcher = launcher(&scene, sockets);
        let program = scene.command("serve", "[listen]\naddress = \"systemd:public\"\n");
        launcher.arg(program.get_program()).args(program.get_args()).args(["--control", "127.0.0.1:0"]);
        let output = launcher.current_dir(scene.path("")).env("HOME", scene.path("")).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("error: cannot listen on systemd:public: {what}")), "{said}");
    }
}

#[test]
#[ignore = "needs python3: scripts/test"]
fn a_control_listener_that_systemd_opens_to_other_machines_needs_a_token() {
    let scene = Scene::new();
    let mut launcher = launcher(&scene, &["control=tcp:0.0.0.0:0"]);
    let program = scene.command("serve", "[control]\naddress = \"systemd:control\"\n");
    launcher.arg(program.get_program()).args(program.get_args()).args(["--listen", "127.0.0.1:0"]);
    launcher.current_dir(scene.path("")).env("HOME", scene.path(""));
    let output = launcher.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("is open to other machines and has no token\nhelp: "), "{said}");
}
