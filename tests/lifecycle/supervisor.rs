//! What a supervisor hears, at a socket as systemd makes one.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use crate::buckets::backend::Backend;
use crate::server::{Log, Server};
use crate::{configure, with_small_memory};

/// What listens, and the name that the server is given.
struct Supervisor {
    socket: UnixDatagram,
    name: String,
}

impl Supervisor {
    fn at(address: &SocketAddr, name: String) -> Self {
        let socket = UnixDatagram::bind_addr(address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self { socket, name }
    }

    /// A server that tells it, and is to give signs of life.
    fn start(&self, toml: &str) -> Server {
        let assets = Backend::filled(|root| std::fs::write(root.join("a.txt"), "hello").unwrap());
        let variables = [("NOTIFY_SOCKET", self.name.as_str()), ("WATCHDOG_USEC", "400000")];
        Server::with_variables(assets, &with_small_memory(toml), Log::Read, &variables)
    }

    /// The next message, as its lines.
    fn hear(&self) -> Vec<String> {
        let mut message = [0; 4096];
        let length = self.socket.recv(&mut message).expect("something is told");
        let text = std::str::from_utf8(&message[..length]).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// The next message but signs of life.
    fn hear_news(&self) -> Vec<String> {
        loop {
            let message = self.hear();
            if message != ["WATCHDOG=1"] {
                return message;
            }
        }
    }

    /// Whether another sign of life comes, whatever else does.
    fn hears_life(&self) -> bool {
        (0..100).any(|_| self.hear() == ["WATCHDOG=1"])
    }
}

/// The whole life of a server, as it is told.
fn life(supervisor: &Supervisor) {
    let mut server = supervisor.start("[shutdown]\ndrain = \"1h\"");
    assert_eq!(supervisor.hear_news(), ["READY=1", "STATUS=serving"]);
    assert!(server.get("a.txt").starts_with("HTTP/1.1 200"), "it is ready");
    assert!(supervisor.hears_life() && supervisor.hears_life());

    configure(
        &server,
        &with_small_memory("[shutdown]\ndrain = \"30m\"\n[listen]\naddress = \"127.0.0.1:1\""),
    );
    server.signal("HUP");
    reloading(&supervisor.hear_news());
    assert_eq!(supervisor.hear_news(), ["READY=1", "STATUS=serving"], "--listen overrides the file");
    configure(&server, "[memory]\nhot = \"2 MB\"\nlargest = \"1 MB\"");
    server.signal("HUP");
    reloading(&supervisor.hear_news());
    assert_eq!(supervisor.hear_news(), ["READY=1", "STATUS=serving; needs a restart: memory.hot"]);
    configure(&server, "[memory]\nhot = \"2 MB\"\nlargest = \"nonsense\"");
    server.signal("HUP");
    reloading(&supervisor.hear_news());
    let [ready, status] = supervisor.hear_news().try_into().unwrap();
    assert_eq!(ready, "READY=1", "it serves on");
    assert!(
        status.starts_with("STATUS=serving by the old configuration: ") && status.ends_with("1 error"),
        "{status}"
    );

    let mut busy = server.connect();
    std::io::Write::write_all(&mut busy, b"GET /media/a.txt HTTP/1.1\r\n").unwrap();
    server.signal("TERM");
    assert_eq!(supervisor.hear_news(), ["STOPPING=1", "STATUS=stopping: finishing responses"]);
    assert_eq!(supervisor.hear_news(), ["EXTEND_TIMEOUT_USEC=30000000"]);
    std::io::Write::write_all(&mut busy, b"Host: a\r\n\r\n").unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut busy, &mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "what had begun is answered: {answer}");
    assert_eq!(server.wait(Duration::from_secs(30)).code(), Some(0));
}

/// `Type=notify-reload` wants the time, to know which reload is meant.
fn reloading(message: &[String]) {
    let [reloading, since, status] = message else { panic!("{message:?}") };
    assert_eq!((reloading.as_str(), status.as_str()), ("RELOADING=1", "STATUS=reading the configuration"));
    let since: u64 = since.strip_prefix("MONOTONIC_USEC=").unwrap().parse().unwrap();
    let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
    let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
    let ago = uptime - Duration::from_micros(since).as_secs_f64();
    assert!((-1.0..60.0).contains(&ago), "{ago} s ago");
}

#[test]
fn the_life_of_a_server_is_told_at_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let name = path.to_str().unwrap().to_owned();
    life(&Supervisor::at(&SocketAddr::from_pathname(path).unwrap(), name));
}

#[test]
fn the_life_of_a_server_is_told_at_an_abstract_name() {
    let name = format!("media-origin-test-{}", std::process::id());
    life(&Supervisor::at(&SocketAddr::from_abstract_name(&name).unwrap(), format!("@{name}")));
}

#[test]
fn signs_of_life_go_on_while_responses_are_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let name = path.to_str().unwrap().to_owned();
    let supervisor = Supervisor::at(&SocketAddr::from_pathname(path).unwrap(), name);
    let server = supervisor.start("[shutdown]\ndrain = \"1h\"");
    let mut busy = server.connect();
    std::io::Write::write_all(&mut busy, b"GET /media/a.txt HTTP/1.1\r\n").unwrap();
    server.signal("TERM");
    server.wait_for_log(&["taking no more connections"]);
    while supervisor.hear_news() != ["EXTEND_TIMEOUT_USEC=30000000"] {}
    assert!((0..5).all(|_| supervisor.hears_life()), "also with its listeners closed");
}

/// A supervisor that cannot be told costs a line in the log.
#[test]
fn a_server_serves_without_the_supervisor_that_it_was_promised() {
    for name in ["/nowhere/notify", "nonsense", "vsock:2:1"] {
        let assets = Backend::filled(|root| std::fs::write(root.join("a.txt"), "hello").unwrap());
        let variables = [("NOTIFY_SOCKET", name)];
        let server = Server::with_variables(assets, &with_small_memory(""), Log::Read, &variables);
        assert!(server.get("a.txt").starts_with("HTTP/1.1 200"), "{name}");
        server.wait_for_log(&["WARN", "told"]);
    }
}
