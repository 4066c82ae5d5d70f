//! The promise of the entity tag, in front of a bucket that is killed, stopped and started again under load: whatever
//! happens to it, and whenever, no answer carries bytes that its `ETag` does not stand for, no client hangs, and what
//! became of each request is in the log.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::Method;

use crate::buckets::backend::Backend;
use crate::buckets::bucket::Bucket;
use crate::buckets::bytes::{etag_of, pattern};
use crate::buckets::exchange::{Call, Reply};
use crate::buckets::seaweedfs::SeaweedFs;
use crate::scene::SLICE;
use crate::server::{Log, Server};

/// In one slice and in several, at a boundary and beside it.
const LENGTHS: [usize; 5] = [1_000, 200_000, SLICE, SLICE + 1, 3 * SLICE + 77];

const READERS: u64 = 16;

/// No client of this server waits longer, whatever becomes of the bucket: the head of an answer, and six times that for
/// the bytes of each slice.
const LONGEST: Duration = Duration::from_secs(15);

/// So little is kept that the bucket is asked all the time.
const CONFIG: &str = "[memory]\nhot = \"4 MB\"\nlargest = \"1 MB\"\n";
const KEYS: &str = "fresh-for = \"0s\"\nmissing-for = \"0s\"\nstale-if-error = \"2s\"\n\
                    timeout = \"1s\"\nslice = \"1 MiB\"\n";

/// What the writer leaves for the readers to check against.
#[derive(Default)]
struct Truth {
    /// Every version that ever was, by its tag.
    versions: Mutex<HashMap<String, Arc<Vec<u8>>>>,
    over: AtomicBool,
}

#[derive(Default)]
struct Counts {
    whole: AtomicU64,
    ranges: AtomicU64,
    cut: AtomicU64,
    refused: AtomicU64,
    writes: AtomicU64,
    longest_ms: AtomicU64,
}

impl Truth {
    fn record(&self, bytes: Vec<u8>) -> Arc<Vec<u8>> {
        let bytes = Arc::new(bytes);
        self.versions.lock().unwrap().insert(etag_of(&bytes), Arc::clone(&bytes));
        bytes
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

fn name(index: usize) -> String {
    format!("{index}.bin")
}

/// Replaces the objects in turn, by one of a few versions each.
fn write(bucket: &Bucket, truth: &Truth, counts: &Counts) {
    for turn in 0.. {
        for (index, length) in LENGTHS.into_iter().enumerate() {
            if truth.is_over() {
                return;
            }
            let bytes = truth.record(pattern(length, turn % 5 + 1));
            if bucket.try_put(&name(index), &bytes).is_ok() {
                counts.writes.fetch_add(1, Ordering::Relaxed);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Asks until the storm is over. `seed` makes readers differ.
fn read(server: &Server, truth: &Truth, counts: &Counts, mut seed: u64) {
    let mut next = |n: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % n as u64).unwrap()
    };
    while !truth.is_over() {
        let index = next(LENGTHS.len());
        let first = next(LENGTHS[index]);
        let range = format!("bytes={first}-{}", first + next(2 * SLICE));
        let target = format!("/media/{}", name(index));
        let call = Call::new(Method::GET, &target);
        let call = if next(2) == 0 { call } else { call.field("range", &range) };
        let began = Instant::now();
        let answer = call.send(server.address);
        let took = began.elapsed();
        assert!(took < LONGEST, "{target} took {took:?}");
        counts.longest_ms.fetch_max(u64::try_from(took.as_millis()).unwrap(), Ordering::Relaxed);
        judge(&answer, truth, counts).fetch_add(1, Ordering::Relaxed);
    }
}

/// What an answer counts as. Panics over one that is wrong.
fn judge<'a>(answer: &Reply, truth: &Truth, counts: &'a Counts) -> &'a AtomicU64 {
    if matches!(answer.status, 502..=504) {
        assert!(answer.is_whole() && answer.field("etag").is_none(), "{}", answer.head);
        return &counts.refused;
    }
    assert!(matches!(answer.status, 200 | 206), "{}", answer.head);
    let tag = answer.field("etag").expect("an ETag");
    let version = Arc::clone(truth.versions.lock().unwrap().get(tag).expect("a version that there was"));
    let first = answer.field("content-range").map_or(0, first_position);
    let is_right = version[first..].starts_with(&answer.body);
    assert!(is_right, "{} bytes that are not of their tag\n{}", answer.body.len(), answer.head);
    match answer.status {
        _ if !answer.is_whole() => &counts.cut,
        200 => {
            assert_eq!(answer.body.len(), version.len());
            &counts.whole
        }
        _ => &counts.ranges,
    }
}

/// Of `bytes first-last/complete`.
fn first_position(content_range: &str) -> usize {
    content_range.split([' ', '-']).nth(1).unwrap().parse().unwrap()
}

/// Everything that happens to a server.
fn storm(bucket: &mut SeaweedFs) {
    for _ in 0..3 {
        std::thread::sleep(Duration::from_secs(1));
        bucket.stop_for(Duration::from_millis(1500));
        std::thread::sleep(Duration::from_millis(500));
        bucket.kill();
        std::thread::sleep(Duration::from_millis(500));
        bucket.restart();
    }
    std::thread::sleep(Duration::from_secs(1));
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn no_byte_goes_out_that_its_tag_does_not_stand_for() {
    let mut seaweedfs = SeaweedFs::start();
    let (truth, counts) = (Truth::default(), Counts::default());
    let bucket = Bucket::at(seaweedfs.address()).with(KEYS);
    for (index, length) in LENGTHS.into_iter().enumerate() {
        bucket.put(&name(index), &*truth.record(pattern(length, 1)));
    }
    let writing = bucket.again();
    let server = Server::over(Backend::Bucket(bucket), CONFIG, Log::Read);
    std::thread::scope(|scope| {
        scope.spawn(|| write(&writing, &truth, &counts));
        for seed in 1..=READERS {
            let (server, truth, counts) = (&server, &truth, &counts);
            scope.spawn(move || read(server, truth, counts, seed * 7919));
        }
        storm(&mut seaweedfs);
        truth.over.store(true, Ordering::Relaxed);
    });
    println!("{}", report(&server, &counts));
}

/// What came of it, once the log is held against it.
fn report(server: &Server, counts: &Counts) -> String {
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let (whole, ranges, cut) = (count(&counts.whole), count(&counts.ranges), count(&counts.cut));
    let (refused, answers) = (count(&counts.refused), whole + ranges + cut + count(&counts.refused));
    let verdicts = || {
        let log = server.log();
        log.lines().filter(|line| line.contains("GET /media/") && line.contains("status=")).count() as u64
    };
    for _ in 0..100 {
        if verdicts() == answers {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(verdicts(), answers);
    assert!(whole > 100 && ranges > 100 && refused > 0, "the storm was one");
    format!(
        "{} objects written while the bucket was stopped and killed three times each:\n\
         {whole} whole bodies and {ranges} ranges right, 0 wrong; {cut} cut; {refused} refused; 0 hung, the longest \
         {} ms; {answers} of {answers} in the log",
        count(&counts.writes),
        count(&counts.longest_ms),
    )
}
