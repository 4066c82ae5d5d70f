//! Connections: accepted, understood, drained. What is served on them is an argument.
//!
//! | file | holds |
//! |---|---|
//! | [`listener`] | sockets that listen, and what they accept |
//! | [`connections`] | the life of a connection, and the end of all |
//! | [`http`] | HTTP/1.1 and HTTP/2 on it, each within its limits |
//! | [`prefixed`] | a connection of which some bytes were read to see what it is |
//! | [`metrics`] | what is counted of them |
//! | [`tls`] | TLS, and the certificates that are shown |
//! | [`stream`] | a connection with TLS or without |
//! | [`phase`] | from serving to stopped |
//! | [`signals`] | what a server is told from outside |
//! | [`pulse`] | whether its loops still turn |
//! | [`notify`] | what a supervisor is told of it |

pub mod connections;
pub mod http;
pub mod listener;
pub mod metrics;
pub mod notify;
pub mod phase;
pub mod prefixed;
pub mod pulse;
pub mod signals;
pub mod stream;
pub mod tls;
