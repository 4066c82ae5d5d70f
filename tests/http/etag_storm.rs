//! The promise of the entity tag: whatever is written to a file, and whenever, no answer carries bytes that its `ETag`
//! does not stand for. It carries the right bytes, whole, of one version; or it is cut; or, where a file changed each
//! time it was read, it is a 503 and carries none.
//!
//! Files of every size class are changed as fast as the disk allows, each in one way, while readers ask for the whole
//! and for ranges. What they get is held against every version that ever was:
//!
//! - files *replaced* by rename, and files *rewritten in place*, the same length and the same modification time: each
//!   version is on record, by its tag, before it is written. A mixture of two is on no record;
//! - files *growing and shrinking*: every state is a beginning of one long text.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http_body_util::BodyExt;
use media_origin::origin::Origin;

use crate::buckets::backend::set_modified;
use crate::support::{etag_of, pattern};

/// Under, at and over the piece in which files are read, hot and never hot.
const LENGTHS: [usize; 5] = [1_000, 70_000, 128 * 1024 + 1, 900_000, 3_000_000];
const STORM: Duration = Duration::from_secs(6);
const READERS: u64 = 24;

/// Bodies up to 1 MB are kept, a few at a time.
const CONFIG: &str = "[memory]\nhot = \"2 MB\"\nlargest = \"1 MB\"\n";

#[derive(Clone, Copy, PartialEq)]
enum Change {
    Replaced,
    Resized,
    Rewritten,
}

/// What the writers left for the readers to check against.
#[derive(Default)]
struct Truth {
    /// Every version of the replaced and rewritten files, by its tag.
    versions: Mutex<HashMap<String, Arc<Vec<u8>>>>,
    writes: AtomicU64,
    over: AtomicBool,
}

#[derive(Default)]
struct Counts {
    whole: AtomicU64,
    ranges: AtomicU64,
    cut: AtomicU64,
    busy: AtomicU64,
}

impl Truth {
    fn record(&self, bytes: Vec<u8>) -> Arc<Vec<u8>> {
        let bytes = Arc::new(bytes);
        self.versions.lock().unwrap().insert(etag_of(&bytes), Arc::clone(&bytes));
        bytes
    }
}

/// Bytes that are a picture's by their beginning, and differ everywhere else.
fn picture(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = pattern(length, seed);
    bytes[..11].copy_from_slice(b"\xff\xd8\xff\xe0\0\x10JFIF\0");
    bytes
}

/// The text that resized files begin.
fn long_text() -> Vec<u8> {
    picture(4_000_000, 77)
}

/// Changes the files of one kind in turn until the storm is over.
fn write(folder: &Path, change: Change, truth: &Truth) {
    let text = long_text();
    for turn in 0.. {
        for (index, length) in LENGTHS.into_iter().enumerate() {
            if truth.over.load(Ordering::Relaxed) {
                return;
            }
            let path = folder.join(name(change, index));
            match change {
                Change::Replaced => {
                    // A few versions, again and again: old tags come back.
                    let bytes = truth.record(picture(length, turn % 5));
                    let new = folder.join(format!(".new-{index}"));
                    fs::write(&new, &*bytes).unwrap();
                    fs::rename(new, path).unwrap();
                }
                Change::Resized => {
                    let file = OpenOptions::new().write(true).open(path).unwrap();
                    let shorter = length - (turn as usize * 7919) % (length / 2);
                    file.set_len(shorter as u64).unwrap();
                    file.write_all_at(&text[shorter..length], shorter as u64).unwrap();
                }
                Change::Rewritten => {
                    let file = OpenOptions::new().write(true).open(&path).unwrap();
                    file.write_all_at(&truth.record(picture(length, 100 + turn % 5)), 0).unwrap();
                    set_modified(&path, SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
                }
            }
            truth.writes.fetch_add(1, Ordering::Relaxed);
        }
        std::thread::sleep(Duration::from_millis(turn % 4 * 15));
    }
}

fn name(change: Change, index: usize) -> String {
    let kind = match change {
        Change::Replaced => "replaced",
        Change::Resized => "resized",
        Change::Rewritten => "rewritten",
    };
    format!("{kind}-{index}.jpg")
}

/// Asks until the storm is over. `seed` makes readers differ.
async fn read(origin: Arc<Origin>, truth: Arc<Truth>, counts: Arc<Counts>, mut seed: u64) {
    let text = long_text();
    while !truth.over.load(Ordering::Relaxed) {
        let mut next = |n: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % n as u64) as usize
        };
        let change = [Change::Replaced, Change::Resized, Change::Rewritten][next(3)];
        let index = next(LENGTHS.len());
        let length = LENGTHS[index];
        let range = (next(2) == 1).then(|| {
            let first = next(length);
            format!("bytes={first}-{}", first + next(length))
        });
        let name = name(change, index);
        let (status, fields, body) = ask(&origin, &name, range.as_deref()).await;
        let counter = match (status, body) {
            (503, _) => &counts.busy,
            (200 | 206, Err(_)) => &counts.cut,
            (200 | 206, Ok(body)) => {
                let (etag, content_range) = (&fields[0], &fields[1]);
                assert_eq!(fields[2], "image/jpeg", "{name}");
                let (first, complete) = placed(content_range).unwrap_or((0, body.len()));
                let right = match change {
                    Change::Replaced | Change::Rewritten => {
                        let versions = truth.versions.lock().unwrap();
                        let version = versions.get(etag);
                        version.is_some_and(|version| version[first..first + body.len()] == body)
                    }
                    Change::Resized => {
                        *etag == etag_of(&text[..complete]) && text[first..first + body.len()] == body
                    }
                };
                assert!(right, "{name}: {status} {content_range} under {etag}");
                if status == 200 { &counts.whole } else { &counts.ranges }
            }
            // The file was shorter than the range when it was opened.
            (416, _) => continue,
            (other, _) => panic!("{name}: an answer of {other}"),
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Status, the three fields that matter here, and the content or why it was cut.
async fn ask(
    origin: &Origin,
    name: &str,
    range: Option<&str>,
) -> (u16, [String; 3], Result<Vec<u8>, String>) {
    let mut request = http::Request::get(format!("/media/{name}")).header("host", "a");
    if let Some(range) = range {
        request = request.header("range", range);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let response = http::Response::from(
        origin.respond(&Arc::new(parts), std::net::SocketAddr::from(([127, 0, 0, 1], 1)).into()).await,
    );
    let fields = ["etag", "content-range", "content-type"].map(|name| {
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    });
    let status = response.status().as_u16();
    let body = response.into_body().collect().await;
    (status, fields, body.map(|body| body.to_bytes().to_vec()).map_err(|error| error.to_string()))
}

/// First position and complete length of `bytes first-last/complete`.
fn placed(content_range: &str) -> Option<(usize, usize)> {
    let (range, complete) = content_range.strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.parse().ok()?, complete.parse().ok()?))
}

mod directory_only {
    use std::fs;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use media_origin::clock::Clock;

    use super::{
        CONFIG, Change, Counts, LENGTHS, READERS, STORM, Truth, long_text, name, picture, read, write,
    };
    use crate::support::origin;

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_byte_goes_out_that_its_tag_does_not_stand_for() {
        let folder = tempfile::tempdir().unwrap();
        let (truth, counts) = (Arc::new(Truth::default()), Arc::new(Counts::default()));
        for (index, length) in LENGTHS.into_iter().enumerate() {
            fs::write(folder.path().join(name(Change::Replaced, index)), &*truth.record(picture(length, 0)))
                .unwrap();
            fs::write(folder.path().join(name(Change::Resized, index)), &long_text()[..length]).unwrap();
            fs::write(
                folder.path().join(name(Change::Rewritten, index)),
                &*truth.record(picture(length, 100)),
            )
            .unwrap();
        }
        let origin = Arc::new(origin(CONFIG, folder.path(), Clock::system()));
        let writers = [Change::Replaced, Change::Resized, Change::Rewritten].map(|change| {
            let (folder, truth) = (folder.path().to_owned(), Arc::clone(&truth));
            std::thread::spawn(move || write(&folder, change, &truth))
        });
        let readers: Vec<_> = (1..=READERS)
            .map(|seed| {
                tokio::spawn(read(Arc::clone(&origin), Arc::clone(&truth), Arc::clone(&counts), seed * 7919))
            })
            .collect();
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        tokio::time::sleep(STORM).await;
        // On a busy machine it takes longer to become a storm, and to catch a file while it changes takes luck: the
        // pieces of a body that are in memory follow each other at once.
        for _ in 0..60 {
            if count(&counts.whole) > 100 && count(&counts.ranges) > 100 && count(&counts.cut) > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        truth.over.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.await.expect("no wrong byte");
        }
        for writer in writers {
            writer.join().unwrap();
        }
        let (whole, ranges, cut) = (count(&counts.whole), count(&counts.ranges), count(&counts.cut));
        println!(
            "{} writes; {whole} whole bodies and {ranges} ranges right, 0 wrong, {cut} cut, {} asked to come again",
            count(&truth.writes),
            count(&counts.busy)
        );
        assert!(whole > 100 && ranges > 100, "the storm was one");
        assert!(cut > 0, "files were caught changing while they were sent");
    }
}
