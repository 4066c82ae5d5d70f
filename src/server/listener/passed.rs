//! Sockets that systemd binds and passes: `sd_listen_fds(3)`, `systemd.socket(5)`.

use std::io;
use std::net;
use std::os::unix;

use listenfd::ListenFd;
use socket2::SockRef;
use tokio::net::{TcpListener, UnixListener};

use super::{Bound, BoundAddress, Listening};

/// What systemd calls a socket whose name it does not pass.
const NAMELESS: &str = "unknown";

/// The sockets that were passed to this process, until somebody claims them.
#[derive(Debug, Default)]
pub struct PassedSockets(Vec<Passed>);

#[derive(Debug)]
struct Passed {
    name: String,
    socket: Kind,
}

#[derive(Debug)]
enum Kind {
    Tcp(net::TcpListener),
    Unix(unix::net::UnixListener),
    /// No socket of streams.
    Other,
}

impl PassedSockets {
    /// Takes what was passed. From then on `LISTEN_FDS` and `LISTEN_PID` are not set, and the sockets are closed in
    /// children. It has to be called first of all: variables are set for all threads.
    #[must_use]
    pub fn take() -> Self {
        let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
        let names = names.split(':').map(|name| if name.is_empty() { NAMELESS } else { name });
        let names = names.chain(std::iter::repeat(NAMELESS));
        let mut sockets = ListenFd::from_env();
        let indices = 0..sockets.len();
        Self(indices.zip(names).map(|(index, name)| Passed::take(&mut sockets, index, name)).collect())
    }

    /// All sockets of that name: a unit may have several.
    pub(super) fn claim(&mut self, name: &str) -> Result<Vec<Listening>, String> {
        let claimed: Vec<_> = self.0.extract_if(.., |passed| passed.name == name).collect();
        if claimed.is_empty() {
            return Err(self.nothing_of_that_name());
        }
        claimed.into_iter().map(Passed::listening).collect()
    }

    /// The names of those that nobody has claimed.
    pub fn unclaimed(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|passed| passed.name.as_str())
    }

    fn nothing_of_that_name(&self) -> String {
        let names: Vec<_> = self.unclaimed().map(|name| format!("systemd:{name}")).collect();
        let help = if names.is_empty() {
            "it passes none at all: enable and start the socket unit, which starts this service".to_owned()
        } else {
            format!("it passes {}; FileDescriptorName= in the socket unit names it", names.join(", "))
        };
        format!("systemd passes no socket of that name\nhelp: {help}")
    }
}

impl Passed {
    fn take(sockets: &mut ListenFd, index: usize, name: &str) -> Self {
        let tcp = sockets.take_tcp_listener(index).ok().flatten().map(Kind::Tcp);
        let unix = || sockets.take_unix_listener(index).ok().flatten().map(Kind::Unix);
        Self { name: name.to_owned(), socket: tcp.or_else(unix).unwrap_or(Kind::Other) }
    }

    fn listening(self) -> Result<Listening, String> {
        let useless = || {
            "what systemd passes is no socket that listens for streams\n\
             help: the socket unit needs ListenStream=, and Accept=no"
                .to_owned()
        };
        match self.socket {
            Kind::Tcp(listener) if listens(&SockRef::from(&listener)) => tcp(listener),
            Kind::Unix(listener) if listens(&SockRef::from(&listener)) => unix(listener),
            _ => return Err(useless()),
        }
        .map_err(|error| error.to_string())
    }
}

fn listens(socket: &SockRef<'_>) -> bool {
    socket.is_listener().unwrap_or(false)
}

fn tcp(listener: net::TcpListener) -> io::Result<Listening> {
    listener.set_nonblocking(true)?;
    let address = BoundAddress::Tcp(listener.local_addr()?);
    Ok(Listening { _file: None, socket: Bound::Tcp(TcpListener::from_std(listener)?), address })
}

/// The file is systemd's, and stays.
fn unix(listener: unix::net::UnixListener) -> io::Result<Listening> {
    listener.set_nonblocking(true)?;
    let path = listener.local_addr()?.as_pathname().map(|path| path.display().to_string());
    let address = BoundAddress::Unix(path.unwrap_or_else(|| "(without a path)".to_owned()));
    Ok(Listening { _file: None, socket: Bound::Unix(UnixListener::from_std(listener)?), address })
}
