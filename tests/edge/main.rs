//! Where the server listens, and what stands in front of it: Unix sockets, sockets of systemd's, proxies.

#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod forwarded;
mod haproxy;
mod nginx;
mod proxy_protocol;
mod scene;
mod sockets;
mod systemd;
