//! Looks at files that wait for no disk: they see what the system has in memory, and say when it has too little.
//!
//! A look of this kind costs a microsecond or two where it is asked for; one that may wait has to go to another thread
//! and back, which costs ten times as much.

use std::io::IoSliceMut;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags, fstat, openat2};
use rustix::io::{Errno, ReadWriteFlags, preadv2};
use rustix::path::Arg;

use super::Fingerprint;
use crate::store::OpenError;

/// What the file of that name beneath the root is now, as [`Root::fingerprint`](super::Root::fingerprint) would say;
/// `None` if the disk has to be asked.
pub(super) fn fingerprint(root: &Path, path: &str) -> Option<Result<Fingerprint, OpenError>> {
    let root = resolve(CWD, root, ResolveFlags::empty()).ok()?;
    match resolve(root, path, ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS) {
        Ok(file) => {
            let stat = fstat(file).ok()?;
            let is_file = FileType::from_raw_mode(stat.st_mode).is_file();
            Some(if is_file { Ok(Fingerprint::of_stat(&stat)) } else { Err(OpenError::NotFound) })
        }
        Err(Errno::NOENT | Errno::NOTDIR) => Some(Err(OpenError::NotFound)),
        // It is not in memory, or the kernel does not know the call.
        Err(_) => None,
    }
}

/// Names a file without opening it, which would have effects on a device or a FIFO. "Make the open operation fail unless
/// all path components are already present in the kernel's lookup cache." (`openat2(2)`, `RESOLVE_CACHED`)
fn resolve(at: impl AsFd, path: impl Arg, how: ResolveFlags) -> Result<OwnedFd, Errno> {
    openat2(at, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty(), how | ResolveFlags::CACHED)
}

/// Fills `buffer` from that place of a file on; whether it did. If not, the disk has to be asked.
pub(super) fn read(file: impl AsFd, buffer: &mut [u8], start: u64) -> bool {
    let length = buffer.len();
    preadv2(file, &mut [IoSliceMut::new(buffer)], start, ReadWriteFlags::NOWAIT) == Ok(length)
}

#[cfg(test)]
mod tests {
    use super::super::Root;
    use super::*;
    use crate::store::AssetPath;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_is_seen_without_the_disk_is_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let media = folder.path().join("media");
        fs::create_dir_all(media.join("d")).unwrap();
        fs::write(media.join("a.txt"), "here").unwrap();
        fs::write(folder.path().join("outside.txt"), "not for you").unwrap();
        symlink("a.txt", media.join("inside")).unwrap();
        symlink("../outside.txt", media.join("outside")).unwrap();
        let root = Root::open(&media).unwrap();
        for name in ["a.txt", "inside", "outside", "d", "none", "a.txt/b", "d/none"] {
            let asked = root.fingerprint(&AssetPath::decode(name).unwrap());
            // On a file system that keeps nothing in memory, there is nothing to compare.
            let Some(seen) = fingerprint(&media, name) else { continue };
            match (asked, seen) {
                (Ok(asked), Ok(seen)) => assert_eq!(asked, seen, "{name}"),
                (Err(OpenError::NotFound), Err(OpenError::NotFound)) => {}
                (asked, seen) => panic!("{name}: {asked:?}, {seen:?}"),
            }
        }
        assert!(matches!(fingerprint(&media, "outside"), None | Some(Err(_))));
    }

    #[test]
    fn a_piece_is_read_whole_or_not_at_all() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "0123456789").unwrap();
        let mut buffer = [0; 4];
        if read(file.as_file(), &mut buffer, 3) {
            assert_eq!(&buffer, b"3456");
        }
        assert!(!read(file.as_file(), &mut buffer, 8), "it ends there");
    }
}
