//! Connections: bound, accepted, drained. What is served on them is an argument.

pub mod connections;
pub mod phase;

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::net::TcpListener;

/// Binds `address` and says what was bound, also where the port was left to the system.
///
/// # Errors
/// If the address is taken, not this machine's, or not allowed to this process; the sentence names it.
pub async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), String> {
    let describe = |error: std::io::Error| {
        let help = match error.kind() {
            ErrorKind::AddrInUse => "\nhelp: another program has that port: end it, or choose another port",
            ErrorKind::PermissionDenied => "\nhelp: ports below 1024 are for root: choose another",
            _ => "",
        };
        format!("cannot listen on {address}: {error}{help}")
    };
    let listener = TcpListener::bind(address).await.map_err(describe)?;
    let bound = listener.local_addr().map_err(describe)?;
    Ok((listener, bound))
}
