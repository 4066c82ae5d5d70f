//! Sockets bound to a file, and the file: whoever may write to it may connect.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net;
use std::path::{Path, PathBuf};

use socket2::{Domain, SockAddr, Socket, Type};
use tokio::net::UnixListener;

use super::{BACKLOG, Bound, BoundAddress, Listening};

/// The file of a socket that listens. Dropped, it is removed, unless another has taken its place.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    /// Its device and inode.
    identity: (u64, u64),
}

/// What is at the path of a socket that is to be bound.
#[derive(Debug, PartialEq, Eq)]
enum Occupant {
    Nobody,
    /// The socket of a server that did not end well.
    Gone,
    /// A socket that somebody listens on.
    Alive,
    /// Something else, which is not ours to remove.
    NoSocket,
}

/// Binds `path`. What a dead server left there is replaced.
pub(super) fn bind(path: &Path, mode: u32) -> Result<Listening, String> {
    match occupant(path).map_err(|error| failed(&error))? {
        Occupant::Nobody => {}
        Occupant::Gone => fs::remove_file(path).map_err(|error| failed(&error))?,
        Occupant::Alive => {
            return Err("another program listens there\nhelp: end it, or choose another path".into());
        }
        Occupant::NoSocket => {
            return Err("there is a file that is no socket\nhelp: choose another path".into());
        }
    }
    listen(path, mode).map_err(|error| failed(&error))
}

fn failed(error: &io::Error) -> String {
    let help = match error.kind() {
        ErrorKind::NotFound => "\nhelp: make the folder first; for systemd, RuntimeDirectory= does",
        ErrorKind::PermissionDenied => "\nhelp: let this user write to the folder",
        _ => "",
    };
    format!("{error}{help}")
}

/// Nobody can connect before it listens, and it has its permissions by then.
fn listen(path: &Path, mode: u32) -> io::Result<Listening> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SockAddr::unix(path)?)?;
    let metadata = fs::symlink_metadata(path)?;
    let file = SocketFile { path: path.to_owned(), identity: (metadata.dev(), metadata.ino()) };
    fs::set_permissions(path, Permissions::from_mode(mode))?;
    socket.listen(BACKLOG)?;
    let listener = UnixListener::from_std(net::UnixListener::from(OwnedFd::from(socket)))?;
    let address = BoundAddress::Unix(path.display().to_string());
    Ok(Listening { _file: Some(file), socket: Bound::Unix(listener), address })
}

fn occupant(path: &Path) -> io::Result<Occupant> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Occupant::Nobody),
        Err(error) => return Err(error),
        Ok(metadata) if !metadata.file_type().is_socket() => return Ok(Occupant::NoSocket),
        Ok(_socket) => {}
    }
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    // A server that is behind with its connections would have us wait.
    socket.set_nonblocking(true)?;
    match socket.connect(&SockAddr::unix(path)?) {
        Ok(()) => Ok(Occupant::Alive),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Occupant::Alive),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(Occupant::Gone),
        Err(error) => Err(error),
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let found = fs::symlink_metadata(&self.path).map(|metadata| (metadata.dev(), metadata.ino()));
        if found.is_ok_and(|found| found == self.identity) {
            // If it stays, the next server replaces it.
            let _stays = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn a_socket_of_a_dead_server_is_replaced_and_one_in_use_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sock");
        drop(net::UnixListener::bind(&path).unwrap());
        assert_eq!(occupant(&path).unwrap(), Occupant::Gone);
        let first = bind(&path, 0o640).unwrap();
        assert_eq!(mode(&path), 0o640);
        assert_eq!(occupant(&path).unwrap(), Occupant::Alive);
        assert!(bind(&path, 0o640).unwrap_err().starts_with("another program listens there"));
        drop(first);
        assert_eq!(occupant(&path).unwrap(), Occupant::Nobody);
    }

    #[tokio::test]
    async fn nothing_else_is_ever_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "precious").unwrap();
        assert!(bind(&path, 0o600).unwrap_err().starts_with("there is a file that is no socket"));
        std::os::unix::fs::symlink(&path, folder.path().join("link")).unwrap();
        assert_eq!(occupant(&folder.path().join("link")).unwrap(), Occupant::NoSocket);
        fs::remove_file(&path).unwrap();
        let ours = bind(&path, 0o600).unwrap();
        fs::remove_file(&path).unwrap();
        let _theirs = net::UnixListener::bind(&path).unwrap();
        drop(ours);
        assert_eq!(occupant(&path).unwrap(), Occupant::Alive, "it took the place of ours");
    }

    #[tokio::test]
    async fn a_folder_that_is_missing_is_named_with_its_remedy() {
        let why = bind(Path::new("/nowhere/a.sock"), 0o600).unwrap_err();
        assert!(why.contains("help: make the folder first"), "{why}");
    }
}
