//! Connections: accepted, understood, drained. What is served on them is an argument.
//!
//! | file | holds |
//! |---|---|
//! | [`listener`] | sockets that listen, and what they accept |
//! | [`admission`] | how many connections there may be |
//! | [`shed`] | the answer to those for which there is no room |
//! | [`occasionally`] | what is said of floods |
//! | [`descriptors`] | whether there are file descriptors for them |
//! | [`connections`] | connections from the first to the end of all |
//! | [`workers`] | the threads that they are served on |
//! | [`conversation`] | the life of one |
//! | [`activity`] | what happens on one |
//! | [`paced`], [`pace`] | the stream that notes bytes there, and what it holds for its client |
//! | `answered` | answers that are noted there |
//! | [`patience`] | how long a client is waited for |
//! | [`attendance`] | who waits |
//! | [`answer`] | whoever answers requests |
//! | [`http`] | which version of HTTP is spoken on it, and the limits |
//! | [`http1`] | HTTP/1 where assets are served: our own |
//! | `http2` | HTTP/2, by the library |
//! | [`connection_error`] | why one ended early |
//! | [`proxy_protocol`] | whom a proxy relays one for |
//! | [`prefixed`] | a connection of which some bytes were read to see what it is |
//! | [`metrics`] | what is counted of them |
//! | [`tls`] | TLS, and the certificates that are shown |
//! | [`either`] | a connection of one of two kinds, all the same to HTTP |
//! | `last_words` | the last that is said on a connection |
//! | [`phase`] | from serving to stopped |
//! | [`signals`] | what a server is told from outside |
//! | [`pulse`] | whether its loops still turn |
//! | [`notify`] | what a supervisor is told of it |

pub mod activity;
pub mod admission;
pub mod answer;
mod answered;
pub mod attendance;
pub mod connection_error;
pub mod connections;
pub mod conversation;
pub mod descriptors;
pub mod either;
pub mod http;
pub mod http1;
mod http2;
mod last_words;
pub mod listener;
pub mod metrics;
pub mod notify;
pub mod occasionally;
pub mod pace;
pub mod paced;
pub mod patience;
pub mod phase;
pub mod prefixed;
pub mod proxy_protocol;
pub mod pulse;
pub mod shed;
pub mod signals;
pub mod tls;
pub mod workers;
