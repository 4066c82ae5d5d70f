//! fake-gcs-server: Google Cloud Storage, for reading. It looks at no condition: what needs one is tested on S3.

use std::net::SocketAddr;

use http::Method;
use tempfile::TempDir;

use super::exchange::Call;
use super::process::Process;
use super::{free_port, wait_until};

/// A server with an empty bucket `media`. It takes every request, signed or not.
pub struct FakeGcs {
    _process: Process,
    address: SocketAddr,
    _folder: TempDir,
}

impl FakeGcs {
    /// Starts one on a port of its own, which keeps objects in memory.
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let host = address.to_string();
        let arguments = [
            ["-scheme", "http"],
            ["-host", "127.0.0.1"],
            ["-port", &address.port().to_string()],
            ["-backend", "memory"],
            ["-external-url", &format!("http://{host}")],
            // Requests for any other host are not answered.
            ["-public-host", &host],
        ];
        let process = Process::start("fake-gcs-server", &arguments.concat(), &folder.path().join("log"));
        wait_until("fake-gcs-server is not ready", || std::net::TcpStream::connect(address).is_ok());
        let bucket = Call::new(Method::POST, "/storage/v1/b").field("content-type", "application/json");
        bucket.body(br#"{"name": "media"}"#).send(address).expect(200);
        Self { _process: process, address, _folder: folder }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Uploads an object. `metadata` is JSON as the API has it, such as `"cacheControl": "no-cache"`.
    pub fn put(&self, name: &str, media_type: &str, bytes: &[u8], metadata: &str) {
        let name = serde_json::to_string(name).unwrap();
        let head = format!(
            "--part\r\nContent-Type: application/json\r\n\r\n{{\"name\": {name}, {metadata}}}\r\n\
             --part\r\nContent-Type: {media_type}\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--part--\r\n"].concat();
        let upload = Call::new(Method::POST, "/upload/storage/v1/b/media/o?uploadType=multipart");
        let upload = upload.field("content-type", "multipart/related; boundary=part");
        upload.body(&body).send(self.address).expect(200);
    }
}
