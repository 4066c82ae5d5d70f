//! nginx in front, by the example that is shipped.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use crate::scene::{Proxy, Running, Scene, free_address};

const CONF: &str = include_str!("../../config/examples/behind-nginx.conf");
const TOML: &str = include_str!("../../config/examples/behind-nginx.toml");

/// Around what is included within `http`. One process in the foreground, which leaves nothing outside of the folder.
const MAIN: &str = "daemon off;\nmaster_process off;\npid @FOLDER@/nginx.pid;\nerror_log @FOLDER@/nginx.log;\n\
    events { worker_connections 64; }\n\
    http {\n  access_log off;\n  client_body_temp_path @FOLDER@/body;\n  proxy_temp_path @FOLDER@/proxy;\n  \
    fastcgi_temp_path @FOLDER@/fastcgi;\n  uwsgi_temp_path @FOLDER@/uwsgi;\n  scgi_temp_path @FOLDER@/scgi;\n  \
    include @FOLDER@/behind-nginx.conf;\n}\n";

/// The example, at places of the test's own.
struct Deployment {
    scene: Scene,
    server: Running,
    _nginx: Proxy,
    front: SocketAddr,
    authority: PathBuf,
}

/// Replaces what is there as often as is said: an example that changed is to be noticed.
fn replace(text: &str, from: &str, to: &str, times: usize) -> String {
    assert_eq!(text.matches(from).count(), times, "{from} in\n{text}");
    text.replace(from, to)
}

fn deploy() -> Deployment {
    let scene = Scene::new();
    let toml = replace(TOML, "/run/media-origin/", "@FOLDER@/", 4);
    let toml = replace(&toml, "/srv/media", "media", 1);
    let server = scene.serve(&replace(&toml, "/var/cache/media-origin/", "", 1));
    let authority = scene.certify("media.example.com");
    let front = free_address();
    let conf = replace(CONF, "/run/media-origin/public.sock", "@FOLDER@/public.sock", 1);
    let conf = replace(&conf, "listen 443 ", &format!("listen {front} "), 1);
    let conf = replace(&conf, "    listen [::]:443 ssl http2;\n", "", 1);
    let conf = replace(&conf, "/etc/ssl/media.example.com.pem", "@FOLDER@/certificate.pem", 1);
    let conf = replace(&conf, "/etc/ssl/private/media.example.com.key", "@FOLDER@/key.pem", 1);
    scene.write("behind-nginx.conf", &conf);
    let main = scene.write("nginx.conf", MAIN);
    let mut command = Command::new("nginx");
    command.arg("-e").arg(scene.path("nginx.log")).arg("-c").arg(main);
    let nginx = Proxy::start(command, front);
    Deployment { scene, server, _nginx: nginx, front, authority }
}

impl Deployment {
    /// What curl prints of a link to this path, asked for from another address than nginx's own.
    fn curl(&self, path: &str, arguments: &[&str]) -> String {
        let port = self.front.port();
        let output = Command::new("curl")
            .args(["-sS", "--interface", "127.0.0.2", "--resolve"])
            .arg(format!("media.example.com:{port}:127.0.0.1"))
            .arg("--cacert")
            .arg(&self.authority)
            .args(arguments)
            .arg(format!("https://media.example.com:{port}{path}"))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }
}

#[test]
#[ignore = "needs nginx and curl: scripts/test"]
fn the_example_of_nginx_serves_and_names_the_client() {
    let deployment = deploy();
    let head = deployment.curl("/media/a.txt", &["--http2", "-D", "-"]);
    assert!(head.starts_with("HTTP/2 200") && head.ends_with("\r\n\r\nhello"), "{head}");
    deployment.server.wait_for_log(&["GET /media/a.txt", "peer=unix", "client=127.0.0.2"]);
    // Percent-encoding, pins and ranges go through as they are.
    std::fs::write(deployment.scene.path("media/Cr\u{e8}me & caf\u{e9}.txt"), "0123456789").unwrap();
    let part = deployment
        .curl("/media/Cr%C3%A8me%20%26%20caf%C3%A9.txt?v=0123456789abcdef", &["-r", "2-4", "-D", "-"]);
    assert!(part.starts_with("HTTP/2 206") && part.ends_with("\r\n\r\n234"), "{part}");
    deployment.server.wait_for_log(&["Cr%C3%A8me%20%26%20caf%C3%A9.txt", "pin=\"differs\""]);
    let log = deployment.server.log();
    assert!(!log.contains("another address than links begin with"), "the port is the test's alone: {log}");
}

#[test]
#[ignore = "needs nginx and curl: scripts/test"]
fn what_a_client_of_nginx_makes_up_is_not_believed() {
    let deployment = deploy();
    let spoofed = [
        "-H",
        "X-Forwarded-For: 198.51.100.7",
        "-H",
        "Forwarded: for=198.51.100.8",
        "-H",
        "X-Forwarded-Proto: gopher",
        "-H",
        "X-Forwarded-Host: evil.example",
    ];
    assert_eq!(deployment.curl("/media/a.txt", &spoofed), "hello");
    let line = deployment.server.wait_for_log(&["GET /media/a.txt", "client="]);
    assert!(line.contains("client=127.0.0.2"), "{line}");
    let log = deployment.server.log();
    assert!(!log.contains("198.51.100.") && !log.contains("evil"), "{log}");
}

#[test]
#[ignore = "needs nginx and curl: scripts/test"]
fn the_control_listener_of_the_example_is_asked_by_curl() {
    let deployment = deploy();
    let socket = deployment.scene.path("control.sock");
    let output = Command::new("curl")
        .args(["-sS", "--fail", "--unix-socket"])
        .arg(socket)
        .arg("http://localhost/metrics")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("media_origin_sent_bytes_total"));
}
