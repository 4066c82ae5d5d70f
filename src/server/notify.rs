//! What a supervisor is told of this service: the protocol of `sd_notify(3)`, which is systemd's and others' too.
//!
//! Nothing here waits: a supervisor that does not listen costs a line in the log.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Something that a supervisor is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State<'a> {
    /// It serves; or it serves again by what it was to reload.
    Ready,
    /// It reads its configuration again, since this time by the monotonic clock.
    Reloading(Duration),
    /// It is about to end.
    Stopping,
    /// How it is, for people.
    Status(&'a str),
    /// It is alive.
    Watchdog,
    /// It goes on for this long at least, if the supervisor has a limit.
    ExtendTimeout(Duration),
}

/// Where it is told.
#[derive(Debug, Default)]
pub struct Notifier(Option<(UnixDatagram, SocketAddr)>);

/// A supervisor's wishes, by the variables that it sets.
#[derive(Debug, Default)]
pub struct Supervision {
    /// Where it wants to be told.
    pub notifier: Notifier,
    /// How long it waits for a sign of life before it ends this process, if it does.
    pub watchdog: Option<Duration>,
}

impl Supervision {
    /// What `variable` says, for the process of this id.
    ///
    /// # Errors
    /// `NOTIFY_SOCKET` names no socket that can be used.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>, process_id: u32) -> io::Result<Self> {
        let notifier = Notifier::new(variable("NOTIFY_SOCKET").as_deref())?;
        let number = |name| variable(name)?.to_str()?.parse().ok();
        // What is meant for another process was passed on by mistake.
        let is_for_us = number("WATCHDOG_PID").is_none_or(|id: u64| id == u64::from(process_id));
        let watchdog = number("WATCHDOG_USEC").filter(|interval| is_for_us && *interval > 0);
        Ok(Self { notifier, watchdog: watchdog.map(Duration::from_micros) })
    }
}

impl Notifier {
    /// Tells what listens at `socket`: a path, or, after an `@`, an abstract name. `None` tells nobody.
    ///
    /// # Errors
    /// It is neither, or there are no more sockets to be had.
    pub fn new(socket: Option<&OsStr>) -> io::Result<Self> {
        let Some(name) = socket.filter(|name| !name.is_empty()) else { return Ok(Self(None)) };
        let address = address(name)?;
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        Ok(Self(Some((socket, address))))
    }

    /// Tells all of this at once.
    pub fn tell(&self, states: &[State<'_>]) {
        let Some((socket, address)) = &self.0 else { return };
        let lines: Vec<_> = states.iter().map(State::to_string).collect();
        if let Err(error) = socket.send_to_addr(lines.join("\n").as_bytes(), address) {
            tracing::warn!(%error, "the supervisor could not be told {}", lines.join(", "));
        }
    }
}

/// A name that begins with `/` is a path, one with `@` is one of Linux's abstract names. There are others, for virtual
/// machines, which no supervisor of a service uses.
fn address(name: &OsStr) -> io::Result<SocketAddr> {
    match name.as_bytes() {
        [b'/', ..] => SocketAddr::from_pathname(name),
        #[cfg(target_os = "linux")]
        [b'@', name @ ..] => <SocketAddr as std::os::linux::net::SocketAddrExt>::from_abstract_name(name),
        _ => Err(io::Error::other("it is neither a full path nor an abstract name")),
    }
}

impl State<'_> {
    /// [`Self::Reloading`] since now.
    #[must_use]
    pub fn reloading() -> Self {
        let now = clock_gettime(ClockId::Monotonic);
        Self::Reloading(Duration::try_from(now).unwrap_or_default())
    }
}

impl fmt::Display for State<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready => f.write_str("READY=1"),
            Self::Reloading(since) => write!(f, "RELOADING=1\nMONOTONIC_USEC={}", since.as_micros()),
            Self::Stopping => f.write_str("STOPPING=1"),
            // A line is one assignment.
            Self::Status(status) => write!(f, "STATUS={}", status.replace('\n', " ")),
            Self::Watchdog => f.write_str("WATCHDOG=1"),
            Self::ExtendTimeout(by) => write!(f, "EXTEND_TIMEOUT_USEC={}", by.as_micros()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supervision(variables: &[(&str, &str)]) -> io::Result<Supervision> {
        let variable = |wanted: &str| {
            let (_, value) = variables.iter().find(|(name, _)| *name == wanted)?;
            Some(OsString::from(value))
        };
        Supervision::of(variable, 7)
    }

    #[test]
    fn a_watchdog_is_heeded_if_it_waits_for_this_process() {
        for (variables, expected) in [
            (&[][..], None),
            (&[("WATCHDOG_USEC", "30000000")], Some(30)),
            (&[("WATCHDOG_USEC", "30000000"), ("WATCHDOG_PID", "7")], Some(30)),
            (&[("WATCHDOG_USEC", "30000000"), ("WATCHDOG_PID", "8")], None),
            (&[("WATCHDOG_USEC", "0")], None),
            (&[("WATCHDOG_USEC", "soon")], None),
        ] {
            let watchdog = supervision(variables).unwrap().watchdog;
            assert_eq!(watchdog, expected.map(Duration::from_secs), "{variables:?}");
        }
    }

    #[test]
    fn what_names_no_socket_is_an_error_and_nothing_is_none() {
        for (name, is_ok) in [("/run/a", true), ("@a", true), ("", true), ("a", false), ("vsock:2:1", false)]
        {
            assert_eq!(supervision(&[("NOTIFY_SOCKET", name)]).is_ok(), is_ok, "{name}");
        }
        supervision(&[]).unwrap().notifier.tell(&[State::Ready]);
        supervision(&[("NOTIFY_SOCKET", "/nowhere")]).unwrap().notifier.tell(&[State::Ready]);
    }

    #[test]
    fn each_state_is_a_line_of_its_own() {
        let told = |state: State<'_>| state.to_string();
        assert_eq!(told(State::Status("a\nREADY=1")), "STATUS=a READY=1");
        assert_eq!(told(State::ExtendTimeout(Duration::from_secs(15))), "EXTEND_TIMEOUT_USEC=15000000");
        let since =
            |state: State<'_>| told(state).split_once("RELOADING=1\nMONOTONIC_USEC=").unwrap().1.parse();
        let [one, other]: [u64; 2] =
            [State::reloading(), State::reloading()].map(|state| since(state).unwrap());
        assert!(0 < one && one <= other);
    }
}
