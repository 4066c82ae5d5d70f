//! How long what is known of an object is used, and what happens when the bucket cannot be asked.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use http::{HeaderValue, StatusCode};

use super::*;
use crate::semantics::{Representation, Validators};
use crate::store::Agreement;

const SECOND: Duration = Duration::from_secs(1);
const LIFETIMES: Lifetimes = Lifetimes {
    fresh: Duration::from_secs(10),
    missing: Duration::from_secs(2),
    stale: Duration::from_mins(1),
};

fn path() -> AssetPath {
    AssetPath::try_from("a.jpg".to_owned()).unwrap()
}

/// An object whose tag is `tag`.
pub(in crate::store::bucket) fn known(tag: &str) -> Arc<Known> {
    let object = Object {
        complete_length: 1,
        tag: tag.into(),
        modified: None,
        content_type: None,
        cache_control: None,
        sha256: None,
        version_id: None,
    };
    let representation = Representation {
        content_type: HeaderValue::from_static("image/jpeg"),
        content_disposition: None,
        complete_length: 1,
        version: object.version(),
        sha256: None,
        validators: Validators::with_tag(tag, None),
    };
    Arc::new(Known {
        object: Arc::new(object),
        representation: Arc::new(representation),
        agreement: Agreement::Agree,
        cache_control: None,
        sniffed: None,
    })
}

/// A bucket that says what it is told to say, after a while.
struct Bucket {
    objects: Arc<Objects>,
    says: Mutex<(Duration, Result<Arc<Known>, OpenError>)>,
    asked: Arc<AtomicUsize>,
}

impl Bucket {
    fn new() -> Self {
        Self {
            objects: Arc::new(Objects::new(LIFETIMES)),
            says: Mutex::new((Duration::ZERO, Err(OpenError::NotFound))),
            asked: Arc::default(),
        }
    }

    fn says(&self, after: Duration, answer: Result<Arc<Known>, OpenError>) -> &Self {
        *self.says.lock().unwrap() = (after, answer);
        self
    }

    /// The tag of what is served, and how it was come by.
    async fn current(&self) -> Result<(String, CacheStatus), OpenError> {
        let (known, status) = self.objects.current(&path(), |before| self.look(before)).await?;
        Ok((known.object.tag.to_string(), status))
    }

    /// The same for somebody who doubts it.
    async fn doubted(&self) -> Result<(String, CacheStatus), OpenError> {
        let (known, status) = self.objects.doubted(&path(), |before| self.look(before)).await?;
        Ok((known.object.tag.to_string(), status))
    }

    fn look(&self, before: Option<Arc<Known>>) -> Looking {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let (after, answer) = self.says.lock().unwrap().clone();
        Box::pin(async move {
            tokio::time::sleep(after).await;
            let now = answer?;
            Ok(before.filter(|before| before.object == now.object).unwrap_or(now))
        })
    }

    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::Relaxed)
    }
}

fn ill() -> Result<Arc<Known>, OpenError> {
    Err(OpenError::Upstream(UpstreamError::Refused { status: StatusCode::FORBIDDEN, code: None }))
}

#[test]
fn what_an_entry_is_good_for() {
    let (found, missing) = (State::Found(known("1")), State::Missing);
    for (state, seconds, expected) in [
        (&found, 0.0, Use::Fresh),
        (&found, 9.9, Use::Fresh),
        (&found, 10.0, Use::IfError),
        (&found, 69.9, Use::IfError),
        (&found, 70.0, Use::None),
        (&missing, 1.9, Use::Fresh),
        (&missing, 2.0, Use::None),
        (&missing, 11.0, Use::None),
    ] {
        assert_eq!(
            usable(state, Duration::from_secs_f64(seconds), LIFETIMES),
            expected,
            "{state:?} {seconds}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_bucket_is_asked_when_what_is_known_is_old_and_not_before() {
    let bucket = Bucket::new();
    bucket.says(Duration::ZERO, Ok(known("1")));
    assert_eq!(bucket.current().await.unwrap(), ("1".into(), CacheStatus::Miss));
    bucket.says(Duration::ZERO, Ok(known("2")));
    tokio::time::advance(9 * SECOND).await;
    assert_eq!(bucket.current().await.unwrap(), ("1".into(), CacheStatus::Hit));
    assert_eq!(bucket.asked(), 1);
    tokio::time::advance(SECOND).await;
    assert_eq!(bucket.current().await.unwrap(), ("2".into(), CacheStatus::Miss), "it was replaced");
    tokio::time::advance(10 * SECOND).await;
    assert_eq!(bucket.current().await.unwrap(), ("2".into(), CacheStatus::Revalidated));
    assert_eq!(bucket.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_doubted_is_asked_for_however_fresh_and_not_at_every_word() {
    let bucket = Bucket::new();
    assert!(matches!(bucket.current().await, Err(OpenError::NotFound)));
    bucket.says(Duration::ZERO, Ok(known("1")));
    tokio::time::advance(SECOND).await;
    assert_eq!(bucket.doubted().await.unwrap(), ("1".into(), CacheStatus::Miss), "missing a moment ago");
    bucket.says(Duration::ZERO, Ok(known("2")));
    bucket.asked();
    assert_eq!(bucket.doubted().await.unwrap(), ("1".into(), CacheStatus::Hit));
    assert_eq!(bucket.asked(), 0);
    tokio::time::advance(DOUBTED).await;
    assert_eq!(bucket.doubted().await.unwrap(), ("2".into(), CacheStatus::Miss));
    tokio::time::advance(DOUBTED).await;
    bucket.says(Duration::ZERO, ill());
    assert_eq!(bucket.doubted().await.unwrap(), ("2".into(), CacheStatus::Stale));
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_believed_for_a_shorter_time_and_never_stale() {
    let bucket = Bucket::new();
    for _ in 0..3 {
        assert!(matches!(bucket.current().await, Err(OpenError::NotFound)));
    }
    assert_eq!(bucket.asked(), 1);
    tokio::time::advance(2 * SECOND).await;
    bucket.says(Duration::ZERO, ill());
    assert!(matches!(bucket.current().await, Err(OpenError::Upstream(_))), "a failure is not a 404");
    bucket.says(Duration::ZERO, Ok(known("1")));
    assert_eq!(bucket.current().await.unwrap(), ("1".into(), CacheStatus::Miss));
}

#[tokio::test(start_paused = true)]
async fn many_who_ask_at_once_are_one_question() {
    let bucket = Bucket::new();
    bucket.says(SECOND, Ok(known("1")));
    let (first, second, third) = tokio::join!(bucket.current(), bucket.current(), bucket.current());
    assert_eq!((first.unwrap().0, second.unwrap().0, third.unwrap().0), ("1".into(), "1".into(), "1".into()));
    assert_eq!(bucket.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_question_is_answered_for_the_next_though_the_one_who_asked_has_left() {
    let bucket = Bucket::new();
    bucket.says(SECOND, Ok(known("1")));
    timeout(SECOND / 2, bucket.current()).await.unwrap_err();
    tokio::time::sleep(SECOND).await;
    assert_eq!(bucket.current().await.unwrap(), ("1".into(), CacheStatus::Hit));
}

#[tokio::test(start_paused = true)]
async fn whoever_has_a_copy_does_not_hang_on_an_ill_bucket() {
    let bucket = Bucket::new();
    bucket.says(Duration::ZERO, Ok(known("1")));
    bucket.current().await.unwrap();
    tokio::time::advance(10 * SECOND).await;
    bucket.says(30 * SECOND, ill());
    let asked = Instant::now();
    assert_eq!(bucket.current().await.unwrap(), ("1".into(), CacheStatus::Stale));
    assert_eq!(asked.elapsed(), PATIENCE, "it is waited for a moment");
    assert_eq!(bucket.current().await.unwrap(), ("1".into(), CacheStatus::Stale));
    assert_eq!(asked.elapsed(), PATIENCE, "and not again at once");
    tokio::time::advance(70 * SECOND).await;
    assert!(bucket.current().await.is_err(), "not for ever");
    bucket.says(Duration::ZERO, Ok(known("1")));
    tokio::time::advance(30 * SECOND).await;
    assert_eq!(bucket.current().await.unwrap().0, "1", "until it is well again");
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_fails_is_not_asked_more_than_one_that_does_not() {
    let bucket = Bucket::new();
    bucket.says(Duration::ZERO, Ok(known("1")));
    bucket.current().await.unwrap();
    tokio::time::advance(10 * SECOND).await;
    bucket.says(Duration::ZERO, ill());
    bucket.asked();
    for _ in 0..100 {
        assert_eq!(bucket.current().await.unwrap(), ("1".into(), CacheStatus::Stale));
        tokio::time::advance(SECOND / 10).await;
    }
    assert_eq!(bucket.asked(), 5, "once in two seconds");
}

#[test]
fn a_long_name_takes_the_room_of_many_short_ones() {
    let objects = Objects::new(LIFETIMES);
    let mut weight = 0;
    for length in [1, 8_000] {
        let path = AssetPath::try_from("x".repeat(length)).unwrap();
        objects.keep(&path, State::Missing, Instant::now(), 0);
        objects.known.run_pending_tasks();
        let more = objects.known.weighted_size() - weight;
        assert!((length as u64..length as u64 + 1_000).contains(&more), "{length}: {more}");
        weight += more;
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_gone_is_not_served_from_the_cache() {
    let bucket = Bucket::new();
    bucket.says(Duration::ZERO, Ok(known("1")));
    bucket.current().await.unwrap();
    tokio::time::advance(10 * SECOND).await;
    bucket.says(Duration::ZERO, Err(OpenError::NotFound));
    assert!(matches!(bucket.current().await, Err(OpenError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_before_a_purge_is_not_kept_after_it() {
    let bucket = Bucket::new();
    bucket.says(SECOND, Ok(known("1")));
    let (answer, ()) = tokio::join!(bucket.current(), async {
        tokio::time::sleep(SECOND / 2).await;
        bucket.objects.purge(&path());
    });
    assert_eq!(answer.unwrap().0, "1");
    assert_eq!(bucket.asked(), 1);
    bucket.says(Duration::ZERO, Ok(known("2")));
    assert_eq!(bucket.current().await.unwrap().0, "2");
}

#[tokio::test(start_paused = true)]
async fn only_the_version_that_turned_out_wrong_is_forgotten() {
    let bucket = Bucket::new();
    bucket.says(Duration::ZERO, Ok(known("1")));
    bucket.current().await.unwrap();
    bucket.objects.forget(&path(), &known("0").object);
    assert_eq!(bucket.current().await.unwrap().1, CacheStatus::Hit);
    bucket.objects.forget(&path(), &known("1").object);
    assert_eq!(bucket.current().await.unwrap().1, CacheStatus::Miss);
}
