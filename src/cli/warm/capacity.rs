//! Whether the caches hold what is to be brought in.

use bytesize::ByteSize;

use super::find::Wanted;
use crate::config::{Bucket, Disk, Memory, Store};

/// What is to be said of it, with the setting that changes it.
pub(super) fn remarks(store: &Store, memory: Memory, assets: &[Wanted]) -> Vec<String> {
    match store {
        Store::Directory(_) => of_directory(memory, assets),
        Store::Bucket(Bucket { disk: None, .. }) => in_memory_alone(memory, total(assets)),
        Store::Bucket(Bucket { disk: Some(disk), .. }) => on_disk(disk, memory, total(assets)),
    }
}

fn of_directory(memory: Memory, assets: &[Wanted]) -> Vec<String> {
    let (small, large): (Vec<_>, Vec<_>) = assets.iter().partition(|asset| asset.bytes <= memory.largest);
    let kept = small.iter().map(|asset| asset.bytes).sum::<u64>();
    let beyond = (kept > memory.hot).then(|| {
        let (kept, hot) = (ByteSize(kept), ByteSize(memory.hot));
        format!("warning: memory keeps {hot} of the {kept} that match: raise memory.hot to keep them all")
    });
    let count = large.len();
    let unkept = (count > 0).then(|| {
        let largest = ByteSize(memory.largest);
        format!("note: {count} of the files are larger than memory.largest ({largest}) and are read from the disk each time")
    });
    beyond.into_iter().chain(unkept).collect()
}

fn in_memory_alone(memory: Memory, total: u64) -> Vec<String> {
    let (matching, hot) = (ByteSize(total), ByteSize(memory.hot));
    if total > memory.hot {
        return vec![format!(
            "warning: memory keeps {hot} of the {matching} that match: set store.cache-dir, or raise memory.hot"
        )];
    }
    vec![
        "note: only memory is filled, which a restart empties: store.cache-dir keeps them on disk too".into(),
    ]
}

/// What is in memory is on the disk too, so the larger of the two counts.
fn on_disk(disk: &Disk, memory: Memory, total: u64) -> Vec<String> {
    let room = disk.capacity.max(memory.hot);
    let beyond = (total > room).then(|| {
        let (room, matching) = (ByteSize(room), ByteSize(total));
        format!("warning: the caches keep {room} of the {matching} that match: raise store.cache-size")
    });
    beyond.into_iter().collect()
}

fn total(assets: &[Wanted]) -> u64 {
    assets.iter().map(|asset| asset.bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Environment, Overrides};
    use crate::store::AssetPath;

    const MIB: u64 = 1 << 20;

    fn said(store: &str, sizes: &[u64]) -> Vec<String> {
        let toml = format!("[memory]\nhot = \"64 MiB\"\nlargest = \"32 MiB\"\n{store}");
        let loaded = Config::parse("a.toml", &toml, Overrides::default(), &Environment::default());
        let config = loaded.unwrap_or_else(|error| panic!("{error}")).config;
        let wanted = |&bytes| Wanted { path: AssetPath::try_from("a".to_owned()).unwrap(), bytes };
        remarks(&config.store, config.memory, &sizes.iter().map(wanted).collect::<Vec<_>>())
    }

    #[test]
    fn what_the_caches_cannot_hold_is_said_with_the_setting_to_raise() {
        let bucket = "[store]\nkind = \"s3\"\nbucket = \"media\"\n";
        let disk = format!("{bucket}cache-dir = \"/tmp/none\"\ncache-size = \"100 MiB\"\n");
        for (store, sizes, parts) in [
            ("", &[32 * MIB, 32 * MIB][..], &[][..]),
            ("", &[32 * MIB, 32 * MIB, 1], &["64.0 MiB of the 64.0 MiB", "memory.hot"]),
            ("", &[32 * MIB + 1, 1], &["note: 1 of the files", "memory.largest (32.0 MiB)"]),
            (bucket, &[64 * MIB], &["note: only memory is filled", "store.cache-dir"]),
            (bucket, &[65 * MIB], &["warning: memory keeps 64.0 MiB of the 65.0 MiB", "memory.hot"]),
            (&disk, &[65 * MIB], &[]),
            (
                &disk,
                &[100 * MIB, MIB],
                &["warning: the caches keep 100.0 MiB of the 101.0 MiB", "store.cache-size"],
            ),
        ] {
            let said = said(store, sizes).join("\n");
            assert_eq!(said.is_empty(), parts.is_empty(), "{said}");
            assert!(parts.iter().all(|part| said.contains(part)), "{parts:?} in {said}");
        }
    }
}
