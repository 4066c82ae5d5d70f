//! Looks at files that wait for no disk: they see what the system has in memory, and say when it has too little.
//!
//! A look of this kind costs a microsecond or two where it is asked for; one that may wait has to go to another thread
//! and back, which costs ten times as much. It is only for file systems of this machine ([`is_local`]): what the system
//! has in memory of one elsewhere, it may ask about all the same.

use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags, fstat, openat2, statfs};
use rustix::io::{Errno, ReadWriteFlags, preadv2};
use rustix::path::Arg;

use super::Fingerprint;
use super::root::NEVER_BLOCK;
use crate::store::OpenError;

/// File systems that have all of their metadata on this machine: ext2 to ext4, XFS, Btrfs, F2FS, ZFS, tmpfs and overlays,
/// which are of such most often.
const LOCAL: [u64; 7] =
    [0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x2fc1_2fc1, 0x0102_1994, 0x794c_7630];

/// Whether a directory is on a file system of this machine, as far as that is known.
pub(super) fn is_local(directory: &Path) -> bool {
    statfs(directory).is_ok_and(|found| u64::try_from(found.f_type).is_ok_and(|kind| LOCAL.contains(&kind)))
}

/// What the file of that name beneath the root is now, as [`Root::fingerprint`](super::Root::fingerprint) would say;
/// `None` if the disk has to be asked.
pub(super) fn fingerprint(root: &Path, path: &str) -> Option<Result<Fingerprint, OpenError>> {
    let root = at_hand(CWD, root, LOOK | OFlags::DIRECTORY, ResolveFlags::empty())?.ok()?;
    Some(at_hand(root, path, LOOK, BENEATH)?.and_then(|file| regular(&file)))
}

/// The same file, opened, and what it was then, as [`Root::asset`](super::Root::asset) would.
pub(super) fn open(root: &Path, path: &str) -> Option<Result<(OwnedFd, Fingerprint), OpenError>> {
    let root = at_hand(CWD, root, LOOK | OFlags::DIRECTORY, ResolveFlags::empty())?.ok()?;
    // To open a FIFO or a device has effects even when it does not block, so look first.
    let looked = at_hand(&root, path, LOOK, BENEATH)?.and_then(|file| regular(&file));
    if let Err(missing) = looked {
        return Some(Err(missing));
    }
    let opened = at_hand(&root, path, NEVER_BLOCK, BENEATH)?;
    Some(opened.and_then(|file| regular(&file).map(|fingerprint| (file, fingerprint))))
}

/// What an open file is, if it is a regular one.
fn regular(file: &OwnedFd) -> Result<Fingerprint, OpenError> {
    let stat = fstat(file).map_err(io::Error::from)?;
    let is_file = FileType::from_raw_mode(stat.st_mode).is_file();
    if is_file { Ok(Fingerprint::of_stat(&stat)) } else { Err(OpenError::NotFound) }
}

/// Names a file without opening it.
const LOOK: OFlags = OFlags::PATH;

/// What leads out of the root leads nowhere.
const BENEATH: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_MAGICLINKS);

/// "Make the open operation fail unless all path components are already present in the kernel's lookup cache."
/// (`openat2(2)`, `RESOLVE_CACHED`) `None` if they are not, or if the kernel does not know the call.
fn at_hand(
    at: impl AsFd,
    path: impl Arg,
    what: OFlags,
    how: ResolveFlags,
) -> Option<Result<OwnedFd, OpenError>> {
    match openat2(at, path, what | OFlags::CLOEXEC, Mode::empty(), how | ResolveFlags::CACHED) {
        Ok(file) => Some(Ok(file)),
        Err(Errno::NOENT | Errno::NOTDIR) => Some(Err(OpenError::NotFound)),
        Err(_) => None,
    }
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
            let opened =
                open(&media, name).unwrap_or_else(|| panic!("{name} was seen")).map(|(_, opened)| opened);
            match (&opened, &seen) {
                (Ok(opened), Ok(seen)) => assert_eq!(opened, seen, "{name}"),
                (Err(OpenError::NotFound), Err(OpenError::NotFound)) => {}
                different => panic!("{name}: {different:?}"),
            }
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
