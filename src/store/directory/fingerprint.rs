//! What tells one state of a file from another without reading it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_std::fs::{Metadata, MetadataExt};
use rustix::fs::Stat;

use crate::semantics::HttpDate;

/// Device, inode, length and both times of a file, to the nanosecond.
///
/// The change time is in it because it cannot be set by hand: a file whose bytes were rewritten and whose
/// modification time was put back still has a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// The shortest time between two changes that every file system with nanosecond stamps tells apart. Kernels
/// take the stamp from a clock that ticks every 1 to 10 ms.
const FINE_GRANULARITY: Duration = Duration::from_millis(50);

/// The same for file systems that keep whole seconds, of which FAT is the coarsest.
pub const COARSE_GRANULARITY: Duration = Duration::from_secs(2);

impl Fingerprint {
    /// The fingerprint that `metadata`, taken from an open file, shows.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// The same, of what the system says without a library between.
    pub(super) fn of_stat(stat: &Stat) -> Self {
        Self {
            device: stat.st_dev,
            inode: stat.st_ino,
            length: u64::try_from(stat.st_size).unwrap_or(0),
            modified: (stat.st_mtime, stat.st_mtime_nsec.cast_signed()),
            changed: (stat.st_ctime, stat.st_ctime_nsec.cast_signed()),
        }
    }

    /// Whether the two are the same but for the change time.
    #[must_use]
    pub fn is_but_for_changed(&self, other: &Self) -> bool {
        Self { changed: other.changed, ..*self } == *other
    }

    /// How many bytes the file has.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The modification time, cut to whole seconds.
    #[must_use]
    pub fn modified(&self) -> HttpDate {
        HttpDate::from_unix(self.modified.0)
    }

    /// Whether the file changed so shortly before `read`, the moment at which reading it began, that it can
    /// change again and keep this fingerprint. What was computed from the bytes then must not be remembered:
    /// the rule that version-control indexes call "racy".
    ///
    /// Returns how long after `read` it will be safe: at most 2 s, or more if the change lies in the future, as it does
    /// when a clock is wrong.
    #[must_use]
    pub fn racy_for(&self, read: SystemTime) -> Option<Duration> {
        let (seconds, nanoseconds) = self.changed;
        let granularity = if nanoseconds == 0 { COARSE_GRANULARITY } else { FINE_GRANULARITY };
        let since_epoch = Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
            .saturating_add(Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(0)));
        let Some(safe) = UNIX_EPOCH.checked_add(since_epoch.saturating_add(granularity)) else {
            return Some(Duration::MAX);
        };
        safe.duration_since(read).ok().filter(|left| !left.is_zero())
    }

    /// The fingerprint as the key under which a digest is kept over a restart.
    #[must_use]
    pub fn key(&self) -> [u8; 56] {
        let signed = [self.modified.0, self.modified.1, self.changed.0, self.changed.1];
        let unsigned = [self.device, self.inode, self.length];
        let words = unsigned.map(u64::to_le_bytes).into_iter().chain(signed.map(i64::to_le_bytes));
        let mut key = [0; 56];
        for (place, word) in key.as_chunks_mut::<8>().0.iter_mut().zip(words) {
            *place = word;
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(seconds: i64, nanoseconds: i64) -> Fingerprint {
        let (modified, changed) = ((0, 0), (seconds, nanoseconds));
        Fingerprint { device: 1, inode: 2, length: 3, modified, changed }
    }

    #[test]
    fn a_file_is_racy_until_the_clock_of_its_file_system_has_ticked() {
        let after =
            |seconds: u64, ms: u64| UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_millis(ms);
        for (fingerprint, read, racy) in [
            (changed(100, 1_000_000), after(100, 1), true),
            (changed(100, 1_000_000), after(100, 50), true),
            (changed(100, 1_000_000), after(100, 51), false),
            (changed(100, 0), after(101, 999), true),
            (changed(100, 0), after(102, 0), false),
            (changed(100, 5), after(99, 0), true),
            (changed(-5, 5), after(99, 0), false),
        ] {
            assert_eq!(fingerprint.racy_for(read).is_some(), racy, "{fingerprint:?} read at {read:?}");
        }
    }

    #[test]
    fn each_field_is_in_the_key() {
        let base = changed(1, 2);
        let others = [
            Fingerprint { device: 9, ..base },
            Fingerprint { inode: 9, ..base },
            Fingerprint { length: 9, ..base },
            Fingerprint { modified: (9, 0), ..base },
            Fingerprint { modified: (0, 9), ..base },
            Fingerprint { changed: (9, 2), ..base },
            Fingerprint { changed: (1, 9), ..base },
        ];
        assert!(others.iter().all(|other| other.key() != base.key()));
    }
}
