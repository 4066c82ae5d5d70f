//! Where a listener binds.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A place to listen at. `Display` writes it as a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenAddress {
    /// An IP address and a port; port 0 takes any free one.
    Tcp(SocketAddr),
    /// The path of a Unix socket: 1 to 107 bytes, without NUL. Written `unix:PATH`.
    Unix(PathBuf),
    /// The sockets that systemd passes under this name. Written `systemd:NAME`.
    Systemd(String),
}

/// A listener for assets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Where it binds: one address at least, none of them twice.
    pub addresses: Vec<ListenAddress>,
    /// Permissions of its Unix sockets: 0 to 0o777.
    pub mode: u32,
    /// Whether every connection begins with a PROXY protocol header of a trusted proxy.
    pub proxy_protocol: bool,
}

/// The longest path that `sockaddr_un` holds with the NUL after it, in bytes.
const LONGEST_PATH: usize = 107;

/// The longest name that systemd gives a socket (`sd_listen_fds(3)`), in bytes.
const LONGEST_NAME: usize = 255;

impl ListenAddress {
    /// Whether both cannot be bound at a time. An unspecified address takes the port on every interface.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tcp(one), Self::Tcp(other)) => {
                let same = one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
                same && one.port() == other.port() && one.port() != 0
            }
            _ => self == other,
        }
    }

    /// Whether only this machine can reach it; `None` if that is for the socket to tell once it is there.
    #[must_use]
    pub fn is_local(&self) -> Option<bool> {
        match self {
            Self::Tcp(address) => Some(address.ip().to_canonical().is_loopback()),
            Self::Unix(_) => Some(true),
            Self::Systemd(_) => None,
        }
    }
}

impl AsRef<[Self]> for ListenAddress {
    fn as_ref(&self) -> &[Self] {
        std::slice::from_ref(self)
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Systemd(name) => write!(f, "systemd:{name}"),
        }
    }
}

impl From<SocketAddr> for ListenAddress {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl FromStr for ListenAddress {
    type Err = ListenAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("unix:") {
            return unix(text, path);
        }
        if let Some(name) = text.strip_prefix("systemd:") {
            return systemd(text, name);
        }
        let refuse = |_| ListenAddressError::new(text, "an IP address and a port", tcp_meant(text));
        text.parse().map(Self::Tcp).map_err(refuse)
    }
}

fn unix(text: &str, path: &str) -> Result<ListenAddress, ListenAddressError> {
    let example = "write it such as \"unix:/run/media-origin/public.sock\"";
    let refuse = |expected, remedy: &str| Err(ListenAddressError::new(text, expected, remedy.into()));
    if path.starts_with('@') {
        // Nothing guards those: whoever is on the machine may connect.
        return refuse("the path of a file: abstract sockets have no permissions", example);
    }
    if path.is_empty() || path.contains('\0') {
        return refuse("a path behind `unix:`", example);
    }
    if path.len() > LONGEST_PATH {
        return refuse("a path of at most 107 bytes", "choose a shorter path: sockets have no room for more");
    }
    Ok(ListenAddress::Unix(path.into()))
}

/// As `FileDescriptorName=` takes it (`systemd.socket(5)`).
fn systemd(text: &str, name: &str) -> Result<ListenAddress, ListenAddressError> {
    let fits = |c: char| (c == ' ' || c.is_ascii_graphic()) && c != ':';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
        let remedy =
            "write the `FileDescriptorName=` of the socket unit; without one, it is the unit's own name";
        return Err(ListenAddressError::new(text, "a name behind `systemd:`", remedy.into()));
    }
    Ok(ListenAddress::Systemd(name.into()))
}

fn tcp_meant(text: &str) -> String {
    if let Ok(ip) = text.parse::<IpAddr>() {
        return format!("add a port: \"{}\"", SocketAddr::new(ip, 8080));
    }
    if Path::new(text).is_absolute() {
        return format!("for a Unix socket write \"unix:{text}\"");
    }
    let loopback = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let every =
        text.strip_prefix(':').or_else(|| text.strip_prefix("*:")).map(|port| format!("0.0.0.0:{port}"));
    match loopback.or(every) {
        Some(meant) => format!("write \"{meant}\""),
        None => {
            "write it such as \"127.0.0.1:8080\", \"[::]:8080\" or \"unix:/run/media-origin/public.sock\""
                .into()
        }
    }
}

/// Why a text is no [`ListenAddress`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenAddressError {
    text: String,
    expected: &'static str,
    remedy: String,
}

impl ListenAddressError {
    fn new(text: &str, expected: &'static str, remedy: String) -> Self {
        Self { text: text.into(), expected, remedy }
    }

    /// What should have stood there.
    #[must_use]
    pub fn expected(&self) -> String {
        format!("expected {}", self.expected)
    }

    /// What to write, as an instruction.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for ListenAddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an address to listen on", self.text)
    }
}

impl Error for ListenAddressError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_as_they_are_read() {
        for text in [
            "127.0.0.1:8080",
            "[::]:8080",
            "[::1]:0",
            "unix:/run/media-origin/public.sock",
            "unix:relative.sock",
            "systemd:media-origin.socket",
            "systemd:a b",
        ] {
            let address: ListenAddress = text.parse().expect(text);
            assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_told_what_to_write() {
        let long = format!("unix:/{}", "a".repeat(107));
        for (text, remedy) in [
            ("localhost:1", "write \"127.0.0.1:1\""),
            ("*:1", "write \"0.0.0.0:1\""),
            ("::1", "add a port: \"[::1]:8080\""),
            ("/run/a.sock", "for a Unix socket write \"unix:/run/a.sock\""),
            ("unix:", "write it such as \"unix:/run/media-origin/public.sock\""),
            ("unix:@abstract", "write it such as \"unix:/run/media-origin/public.sock\""),
            (&long, "choose a shorter path: sockets have no room for more"),
            (
                "systemd:a:b",
                "write the `FileDescriptorName=` of the socket unit; without one, it is the unit's own name",
            ),
        ] {
            assert_eq!(text.parse::<ListenAddress>().expect_err(text).remedy(), remedy, "{text}");
        }
        assert!(format!("unix:/{}", "a".repeat(106)).parse::<ListenAddress>().is_ok());
    }

    #[test]
    fn what_cannot_be_bound_twice() {
        for (one, other, overlaps) in [
            ("127.0.0.1:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "127.0.0.1:2", false),
            ("127.0.0.1:0", "127.0.0.1:0", false),
            ("0.0.0.0:1", "127.0.0.1:1", true),
            ("[::1]:1", "127.0.0.1:1", false),
            ("unix:/a", "unix:/a", true),
            ("unix:/a", "unix:/b", false),
            ("systemd:a", "systemd:a", true),
            ("unix:/a", "127.0.0.1:1", false),
        ] {
            let [one, other] = [one, other].map(|text| text.parse::<ListenAddress>().unwrap());
            assert_eq!(one.overlaps(&other), overlaps, "{one} {other}");
            assert_eq!(other.overlaps(&one), overlaps, "{other} {one}");
        }
    }
}
