//! Connections: bound, accepted, drained. What is served on them is an argument.

pub mod connections;

use std::net::SocketAddr;

use tokio::net::TcpListener;

/// How far a server has come. Phases only go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It takes connections.
    Serving,
    /// It takes no more, and finishes the responses under way.
    Draining,
    /// What is not finished is cut.
    Stopping,
    /// No connection of the public listener is left.
    Stopped,
}

/// Binds `address` and says what was bound, also where the port was left to the system.
///
/// # Errors
/// If the address is taken, not this machine's, or not allowed to this process; the sentence names it.
pub async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), String> {
    let describe = |error: std::io::Error| format!("cannot listen on {address}: {error}");
    let listener = TcpListener::bind(address).await.map_err(describe)?;
    let bound = listener.local_addr().map_err(describe)?;
    Ok((listener, bound))
}
