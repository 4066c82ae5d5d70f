//! Whoever replaces assets while they are asked for, and purges the caches now and then.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use http::Method;

use super::storm::Weather;
use super::truth::{Asset, Truth, Versions};
use crate::buckets::bucket::Bucket;
use crate::buckets::exchange::Call;

/// How long between two uploads.
const PAUSE: Duration = Duration::from_millis(150);

/// Every so many uploads an asset is purged.
const PURGE_EVERY: usize = 7;

/// Longer than the server is ever stopped.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was written.
#[derive(Debug, Default)]
pub struct Writes {
    pub uploads: u64,
    /// Uploads that the bucket did not take.
    pub failed: u64,
    pub purges: u64,
}

/// Writes to the bucket itself, and to the control listener.
pub struct Writer<'a> {
    pub weather: &'a Weather,
    pub truth: &'a Truth,
    pub bucket: &'a Bucket,
    pub control: SocketAddr,
}

impl Writer<'_> {
    /// Replaces one asset after the other until all is settled.
    pub fn write(&self) -> Writes {
        let mut writes = Writes::default();
        let replaced = self.truth.assets.iter().filter(|asset| asset.versions != Versions::One);
        // Twice in a row: the second version comes while the first is being fetched.
        let twice = replaced.flat_map(|asset| [asset, asset]);
        // No number that an asset began with.
        for (number, asset) in (100..).zip(twice.cycle()) {
            if !self.weather.is_written() {
                break;
            }
            match self.upload(asset, number) {
                Ok(200) => writes.uploads += 1,
                Ok(_) | Err(_) => writes.failed += 1,
            }
            if number % PURGE_EVERY == 0 {
                let request = format!("POST /purge/{} HTTP/1.1\r\nHost: 127.0.0.1\r\n", asset.name);
                assert_eq!(send(self.control, &request, b"").unwrap(), 200, "whatever the bucket does");
                writes.purges += 1;
            }
            std::thread::sleep(PAUSE);
        }
        writes
    }

    /// Uploads a new version, if the bucket takes it.
    fn upload(&self, asset: &Asset, number: usize) -> io::Result<u16> {
        let (bytes, fields) = self.truth.upload(asset, number);
        let target = self.bucket.path(&asset.name);
        let call = Call::new(Method::PUT, &target).body(&bytes);
        let call = fields.iter().fold(call, |call, (name, value)| call.field(name, value));
        let server = self.bucket.server();
        let mut request = format!("PUT {target} HTTP/1.1\r\nHost: {server}\r\n");
        for (name, value) in &call.signed(server).fields {
            request.extend([name.as_str(), ": ", value.to_str().unwrap(), "\r\n"]);
        }
        send(server, &request, &bytes)
    }
}

/// Sends a request on a connection of its own, and reads the status of its answer.
fn send(server: SocketAddr, head: &str, body: &[u8]) -> io::Result<u16> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "{head}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let status = String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| io::ErrorKind::InvalidData.into())
}
