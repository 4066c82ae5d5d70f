//! Which slices the folder holds, and in which order they were used. Knows nothing of the disk.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::id::{AssetId, SliceId};

/// A use is written down, in the file's modification time, when the last one written down is older than this: the
/// order over a restart is right but for so much.
const STAMP_AFTER: Duration = Duration::from_mins(5);

/// When something was done, counted in things done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn(u64);

/// The slices of the folder.
#[derive(Debug, Default)]
pub(super) struct Index {
    capacity: u64,
    bytes: u64,
    slices: BTreeMap<SliceId, Kept>,
    by_use: BTreeMap<Turn, SliceId>,
    drafts: BTreeMap<SliceId, Draft>,
    turn: Turn,
}

/// A slice that the folder holds.
#[derive(Debug)]
struct Kept {
    /// Bytes on the disk.
    bytes: u64,
    inserted: Turn,
    used: Turn,
    /// The modification time of its file.
    stamped: SystemTime,
}

/// What is to become of a slice that is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Draft {
    /// It is kept.
    Wanted,
    /// Its asset was purged meanwhile.
    Purged,
}

/// A slice that was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Which file it was: after another came in under the same name, this differs.
    pub(super) inserted: Turn,
    /// Whether its file is to be stamped with this use.
    pub(super) stamp: bool,
}

impl Index {
    /// Room for `capacity` bytes.
    pub(super) fn new(capacity: u64) -> Self {
        Self { capacity, ..Self::default() }
    }

    /// Bytes on the disk.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn slices(&self) -> usize {
        self.slices.len()
    }

    /// Looks a slice up, which is a use of it.
    pub(super) fn hit(&mut self, id: &SliceId, now: SystemTime) -> Option<Hit> {
        let turn = self.next_turn();
        let kept = self.slices.get_mut(id)?;
        self.by_use.remove(&kept.used);
        self.by_use.insert(turn, *id);
        kept.used = turn;
        let stamp = now.duration_since(kept.stamped).is_ok_and(|since| since >= STAMP_AFTER);
        if stamp {
            kept.stamped = now;
        }
        Some(Hit { inserted: kept.inserted, stamp })
    }

    /// Whether a slice of so many bytes on the disk is to be written: not if it is there, if another writes it, or if
    /// there will never be room. [`end`](Self::end) ends what begins here.
    pub(super) fn begin(&mut self, id: SliceId, bytes: u64) -> bool {
        let begins =
            bytes <= self.capacity && !self.slices.contains_key(&id) && !self.drafts.contains_key(&id);
        if begins {
            self.drafts.insert(id, Draft::Wanted);
        }
        begins
    }

    /// What is to become of a slice that is being written.
    pub(super) fn draft(&self, id: &SliceId) -> Option<Draft> {
        self.drafts.get(id).copied()
    }

    /// A slice is no longer being written.
    pub(super) fn end(&mut self, id: &SliceId) {
        self.drafts.remove(id);
    }

    /// The slice that has to go before so many bytes can come, if one has to: the one used least recently.
    pub(super) fn in_the_way_of(&self, bytes: u64) -> Option<SliceId> {
        let full = self.bytes.saturating_add(bytes) > self.capacity;
        full.then(|| self.by_use.values().next().copied())?
    }

    /// The folder holds this slice from now on, and this is a use of it.
    pub(super) fn insert(&mut self, id: SliceId, bytes: u64, stamped: SystemTime) {
        self.remove(&id);
        let turn = self.next_turn();
        self.bytes += bytes;
        self.slices.insert(id, Kept { bytes, inserted: turn, used: turn, stamped });
        self.by_use.insert(turn, id);
    }

    /// Whether the folder still holds the very file that was hit.
    pub(super) fn holds(&self, id: &SliceId, hit: Hit) -> bool {
        self.slices.get(id).is_some_and(|kept| kept.inserted == hit.inserted)
    }

    /// The folder no longer holds this slice. Returns how many bytes it took on the disk.
    pub(super) fn remove(&mut self, id: &SliceId) -> Option<u64> {
        let kept = self.slices.remove(id)?;
        self.by_use.remove(&kept.used);
        self.bytes -= kept.bytes;
        Some(kept.bytes)
    }

    /// Lets no slice of an asset come in that is being written, and returns those that are there.
    pub(super) fn purge(&mut self, asset: AssetId) -> Vec<SliceId> {
        self.drafts.range_mut(asset.slices()).for_each(|(_, draft)| *draft = Draft::Purged);
        self.slices.range(asset.slices()).map(|(id, _)| *id).collect()
    }

    fn next_turn(&mut self) -> Turn {
        self.turn.0 += 1;
        self.turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::representation::Version;
    use crate::store::AssetPath;
    use crate::store::bucket::SliceKey;
    use proptest::prelude::*;

    const THEN: SystemTime = SystemTime::UNIX_EPOCH;

    fn id(asset: u64, index: u64) -> SliceId {
        SliceId::of(&SliceKey { path: path(asset), version: Version::of_tag("1", 1), size: 1, index })
    }

    fn path(asset: u64) -> AssetPath {
        AssetPath::try_from(asset.to_string()).unwrap()
    }

    #[test]
    fn a_use_is_stamped_once_in_five_minutes() {
        let mut index = Index::new(10);
        index.insert(id(1, 0), 1, THEN);
        let mut stamp = |seconds| index.hit(&id(1, 0), THEN + Duration::from_secs(seconds)).unwrap().stamp;
        assert_eq!(
            [0, 299, 300, 301, 599, 600, 10].map(&mut stamp),
            [false, false, true, false, false, true, false]
        );
    }

    #[test]
    fn a_slice_is_written_by_one_at_a_time_and_never_when_it_cannot_fit() {
        let mut index = Index::new(10);
        assert!(!index.begin(id(1, 0), 11));
        assert!(index.begin(id(1, 0), 10));
        assert!(!index.begin(id(1, 0), 10), "another writes it");
        index.end(&id(1, 0));
        assert!(index.begin(id(1, 0), 10));
        index.insert(id(1, 0), 10, THEN);
        index.end(&id(1, 0));
        assert!(!index.begin(id(1, 0), 10), "it is there");
    }

    #[test]
    fn a_purge_reaches_what_is_being_written() {
        let mut index = Index::new(10);
        assert!(index.begin(id(1, 0), 1) && index.begin(id(2, 0), 1));
        assert_eq!(index.purge(AssetId::of(&path(1))), []);
        assert_eq!(index.draft(&id(1, 0)), Some(Draft::Purged));
        assert_eq!(index.draft(&id(2, 0)), Some(Draft::Wanted), "its neighbour is not reached");
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Hit(SliceId),
        Insert(SliceId, u64),
        Remove(SliceId),
        Purge(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let slice = || (0u64..3, 0u64..3).prop_map(|(asset, index)| id(asset, index));
        prop_oneof![
            3 => slice().prop_map(Step::Hit),
            3 => (slice(), 0u64..12).prop_map(|(id, bytes)| Step::Insert(id, bytes)),
            1 => slice().prop_map(Step::Remove),
            1 => (0u64..3).prop_map(Step::Purge),
        ]
    }

    /// The same by a list, the slice used least recently first.
    fn reference(list: &mut Vec<(SliceId, u64)>, step: Step) {
        let at = |list: &Vec<(SliceId, u64)>, id| list.iter().position(|(other, _)| *other == id);
        match step {
            Step::Hit(id) => {
                let used = at(list, id).map(|at| list.remove(at));
                list.extend(used);
            }
            Step::Insert(id, bytes) if bytes <= 10 && at(list, id).is_none() => {
                while list.iter().map(|(_, bytes)| bytes).sum::<u64>() + bytes > 10 {
                    list.remove(0);
                }
                list.push((id, bytes));
            }
            Step::Insert(..) => {}
            Step::Remove(id) => list.retain(|(other, _)| *other != id),
            Step::Purge(asset) => list.retain(|(other, _)| (0..3).all(|i| *other != id(asset, i))),
        }
    }

    fn real(index: &mut Index, step: Step) {
        match step {
            Step::Hit(id) => drop(index.hit(&id, THEN)),
            Step::Insert(id, bytes) if index.begin(id, bytes) => {
                while let Some(oldest) = index.in_the_way_of(bytes) {
                    index.remove(&oldest).unwrap();
                }
                index.insert(id, bytes, THEN);
                index.end(&id);
            }
            Step::Insert(..) => {}
            Step::Remove(id) => drop(index.remove(&id)),
            Step::Purge(asset) => {
                let slices = index.purge(AssetId::of(&path(asset)));
                assert!(slices.iter().all(|id| index.remove(id).is_some()));
            }
        }
    }

    proptest! {
        #[test]
        fn what_stays_is_what_was_used_last(steps in prop::collection::vec(step(), 0..60)) {
            let (mut index, mut list) = (Index::new(10), Vec::new());
            for step in steps {
                real(&mut index, step);
                reference(&mut list, step);
                let order: Vec<_> = index.by_use.values().map(|id| (*id, index.slices[id].bytes)).collect();
                prop_assert_eq!(&order, &list, "after {:?}", step);
                prop_assert_eq!(index.bytes(), list.iter().map(|(_, bytes)| bytes).sum::<u64>());
                prop_assert_eq!(index.slices(), list.len());
            }
        }
    }
}
