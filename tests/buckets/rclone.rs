//! `rclone serve s3`: a folder as a bucket of S3 that answers oddly. It sends a range under status 200, looks at few
//! conditions, and gives an object of many parts an entity tag like any other's.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::exchange::{KEY_ID, SECRET_KEY};
use super::process::Process;
use super::{free_port, wait_until};

/// A server with an empty bucket `media`.
pub struct Rclone {
    _process: Process,
    address: SocketAddr,
    folder: TempDir,
}

impl Rclone {
    /// Starts one on a port and in a folder of its own.
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir_all(bucket(folder.path())).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let arguments = [
            ["--config", "/dev/null"],
            ["serve", "s3"],
            ["--addr", &address.to_string()],
            ["--auth-key", &format!("{KEY_ID},{SECRET_KEY}")],
            ["--dir-cache-time", "0s"],
        ];
        let mut arguments = arguments.concat();
        let root = folder.path().join("root");
        arguments.push(root.to_str().unwrap());
        let process = Process::start("rclone", &arguments, &folder.path().join("log"));
        wait_until("rclone is not ready", || TcpStream::connect(address).is_ok());
        Self { _process: process, address, folder }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Writes an object as the file that it is.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = bucket(self.folder.path()).join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn bucket(folder: &Path) -> PathBuf {
    folder.join("root/media")
}
