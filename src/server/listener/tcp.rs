//! Sockets bound to an IP address and a port.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use super::{BACKLOG, Bound, BoundAddress, Listening};
use crate::config::ListenAddress;

/// Binds `address`, which is one of `all`.
pub(super) fn bind(address: SocketAddr, all: &[ListenAddress]) -> Result<Listening, String> {
    let listen = || {
        let listener = listen(address, only_v6(address, all))?;
        let address = BoundAddress::Tcp(listener.local_addr()?);
        Ok(Listening { _file: None, socket: Bound::Tcp(listener), address })
    };
    listen().map_err(|error: io::Error| {
        let help = match error.kind() {
            ErrorKind::AddrInUse => "\nhelp: another program has that port: end it, or choose another port",
            ErrorKind::PermissionDenied => {
                "\nhelp: ports below 1024 need a privilege: take a socket that systemd binds (`systemd:NAME`), \
                 or CAP_NET_BIND_SERVICE, or another port"
            },
            ErrorKind::AddrNotAvailable => "\nhelp: this machine has no such address",
            _ => "",
        };
        format!("{error}{help}")
    })
}

fn listen(address: SocketAddr, only_v6: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(only_v6)?;
    }
    // Connections of the server before, which linger for a minute, do not keep the port.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// `[::]` takes IPv4 too, whatever the system's default is, unless IPv4 has an address of its own for that port.
fn only_v6(address: SocketAddr, all: &[ListenAddress]) -> bool {
    let has_own = |other: &ListenAddress| matches!(other, ListenAddress::Tcp(SocketAddr::V4(other)) if other.port() == address.port());
    let takes_v4 = match address.ip().to_canonical() {
        ip if ip.is_unspecified() => address.port() == 0 || !all.iter().any(has_own),
        ip => ip.is_ipv4(),
    };
    !takes_v4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv4_comes_by_the_ipv6_socket_unless_it_has_its_own() {
        for (address, others, expected) in [
            ("[::]:80", &[][..], false),
            ("[::]:80", &["[::1]:81", "127.0.0.1:81"], false),
            ("[::]:80", &["0.0.0.0:80"], true),
            ("[::]:80", &["127.0.0.1:80"], true),
            ("[::1]:80", &[], true),
            ("[::ffff:127.0.0.1]:80", &[], false),
        ] {
            let others: Vec<ListenAddress> = others.iter().map(|text| text.parse().unwrap()).collect();
            assert_eq!(only_v6(address.parse().unwrap(), &others), expected, "{address} {others:?}");
        }
    }
}
