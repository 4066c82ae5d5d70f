//! Signed links: who has one is answered, and whoever has none learns nothing.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use http::Method;
use media_origin::clock::Clock;
use media_origin::origin::AssetLink;
use media_origin::signing::Expiry;
use media_origin::store::AssetPath;
use tempfile::NamedTempFile;

use crate::support::{Answer, Site, etag_of, pin_of};

const OLD: &str = "2026-01:1111111111111111111111111111111111111111111111111111111111111111";
const NEW: &str = "2026-02:2222222222222222222222222222222222222222222222222222222222222222";
const ASSETS: [&str; 4] = ["invoices/a.txt", "invoices/sub/ü b.txt", "open.txt", "invoices.txt"];

/// A site with a part that is for signed links alone, and a clock that tests turn.
struct Private {
    site: Site,
    /// Seconds that have gone by.
    later: Arc<AtomicU64>,
    begun: SystemTime,
}

impl Private {
    fn new(keys: &str) -> Self {
        Self::with(keys, "")
    }

    fn with(keys: &str, toml: &str) -> Self {
        let mut file = NamedTempFile::new().unwrap();
        writeln!(file, "{keys}").unwrap();
        let path = file.path().display();
        let toml = format!(
            "{toml}\n[signing]\nkeys-file = '{path}'\n[[rule]]\npath = 'invoices/**'\ncache-control = 'private'\n\
             access = 'signed'\n"
        );
        let later = Arc::new(AtomicU64::new(0));
        // In whole seconds, so that a test can name the last one of a link.
        let begun = Expiry::at(SystemTime::now() + Duration::from_hours(1)).moment();
        let seconds = Arc::clone(&later);
        let clock = Clock::new(move || begun + Duration::from_secs(seconds.load(Ordering::Relaxed)));
        let site = Site::with_clock(&toml, clock);
        for name in ASSETS {
            site.file(name, "hello");
        }
        Self { site, later, begun }
    }

    /// The link to an asset in whatever version it has, below the mount.
    fn unpinned(&self, name: &str) -> String {
        below_mount(&self.site.origin().unpinned_link(&path(name)))
    }

    /// The link to the version that an asset has, good for so many seconds from the beginning.
    async fn pinned(&self, name: &str, seconds: u64) -> String {
        let asset = self.site.origin().store().open(&path(name)).await.unwrap();
        let expiry = Expiry::at(self.begun + Duration::from_secs(seconds));
        below_mount(&self.site.origin().link_until(&path(name), &asset.representation.version, expiry))
    }

    /// How often requests were forbidden for that reason, GET and HEAD both.
    fn failures(&self, reason: &str) -> usize {
        let text = self.site.origin().metrics().text();
        let name = format!("media_origin_signature_failures_total{{reason=\"{reason}\"}} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&name));
        line.unwrap_or_else(|| panic!("{name} in {text}")).parse().unwrap()
    }
}

fn path(name: &str) -> AssetPath {
    AssetPath::try_from(name.to_owned()).unwrap()
}

fn below_mount(link: &AssetLink) -> String {
    let link = link.to_string();
    link.split_once("/media/").unwrap_or_else(|| panic!("{link}")).1.to_owned()
}

/// All that a client sees of an answer, but for the time of day.
fn seen(answer: &Answer) -> String {
    let fields: Vec<_> = answer.headers.iter().filter(|(name, _)| *name != "date").collect();
    format!("{} {fields:?} {:?}", answer.status, answer.body)
}

#[tokio::test]
async fn a_signed_link_is_answered_like_any_other() {
    let private = Private::new(OLD);
    for name in ["invoices/a.txt", "invoices/sub/ü b.txt"] {
        for link in [private.unpinned(name), private.pinned(name, 60).await] {
            let answer = private.site.get(&link).await;
            answer.expect(200).expect_body(b"hello").expect_header("cache-control", "private");
            private.site.get(&format!("{link}&abc123")).await.expect(200);
            private.site.get(&link).range("bytes=1-2").await.expect(206).expect_body(b"el");
            private.site.get(&link).if_none_match(&etag_of(b"hello")).await.expect(304);
        }
    }
    let link = private.unpinned("invoices/sub/ü b.txt");
    let other_spelling = link.replace("invoices/sub/%C3%BC%20b.txt", "%69nvoices/sub/%c3%bc%20b%2Etxt");
    assert_ne!(link, other_spelling);
    private.site.get(&other_spelling).await.expect(200);
}

#[tokio::test]
async fn every_other_link_is_refused_alike() {
    let private = Private::new(OLD);
    let good = private.pinned("invoices/a.txt", 60).await;
    let (_, query) = good.split_once('?').unwrap();
    let old_query = {
        let other = Private::new(NEW);
        other.pinned("invoices/a.txt", 60).await.split_once('?').unwrap().1.to_owned()
    };
    let cases = [
        ("missing", "invoices/a.txt".to_owned()),
        ("missing", "invoices/none.txt".to_owned()),
        ("missing", "invoices/sub".to_owned()),
        ("missing", format!("invoices/a.txt?v={}", pin_of(b"hello"))),
        ("missing", "invoices/none.txt?v=0000000000000000".to_owned()),
        ("wrong", format!("invoices/none.txt?{query}")),
        ("wrong", format!("invoices/sub/%C3%BC%20b.txt?{query}")),
        ("wrong", good.replace("v=", "v=0")),
        ("wrong", good.replace("&expires=", "&expires=1")),
        ("unknown_key", format!("invoices/a.txt?{old_query}")),
        ("malformed", good.replace("&key=2026-01", "")),
        ("malformed", format!("{good}&v=0")),
        ("malformed", format!("{good}&signature=a")),
    ];
    let first = seen(private.site.get("invoices/a.txt").await.expect(403));
    let before = private.failures("missing");
    for (reason, target) in &cases {
        let counted = private.failures(reason);
        let answer = private.site.get(target).await;
        assert_eq!(seen(answer.expect(403)), first, "{target}");
        answer.expect_no_header("www-authenticate").expect_header("cache-control", "no-store");
        assert_eq!(private.failures(reason), counted + 2, "GET and HEAD of {target}");
    }
    assert_eq!((before, private.failures("expired")), (2, 0));
    private.later.store(60, Ordering::Relaxed);
    assert_eq!(seen(private.site.get(&good).await.expect(403)), first, "what is over");
    assert_eq!(private.failures("expired"), 2);
}

#[tokio::test]
async fn neither_conditions_nor_ranges_are_looked_at_before_the_signature() {
    let private = Private::new(OLD);
    let etag = etag_of(b"hello");
    let first = seen(private.site.get("invoices/none.txt").await.expect(403));
    for (field, value) in [
        ("if-none-match", etag.as_str()),
        ("if-none-match", "*"),
        ("if-match", "\"a\""),
        ("range", "bytes=9-"),
    ] {
        let answer = private.site.get("invoices/a.txt").header(field, value).await;
        assert_eq!(seen(&answer), first, "{field}: {value}");
    }
}

#[tokio::test]
async fn a_link_is_over_at_its_second_and_not_before() {
    let private = Private::new(OLD);
    let link = private.pinned("invoices/a.txt", 60).await;
    for (seconds, status) in [(0, 200), (59, 200), (60, 403), (61, 403)] {
        private.later.store(seconds, Ordering::Relaxed);
        private.site.get(&link).await.expect(status);
    }
}

#[tokio::test]
async fn the_links_of_messages_are_good_for_the_lifetime_and_end_with_the_hour() {
    let private = Private::with(OLD, "");
    let days = |days: u64| Duration::from_hours(24 * days);
    let link = || private.site.origin().unpinned_link(&path("invoices/a.txt"));
    let expiry = link().expiry().unwrap();
    assert_eq!(expiry.unix() % 3600, 0);
    let left = expiry.left(private.begun);
    assert!(left >= days(45) && left < days(45) + Duration::from_hours(1), "{left:?}");
    let text = below_mount(&link());
    private.later.store(left.as_secs() - 1, Ordering::Relaxed);
    private.site.get(&text).await.expect(200);
    assert_ne!(below_mount(&link()), text, "a later one is good for longer");
    private.later.store(left.as_secs(), Ordering::Relaxed);
    private.site.get(&text).await.expect(403);
    assert_eq!(private.site.origin().unpinned_link(&path("open.txt")).expiry(), None);
}

#[tokio::test]
async fn a_pin_is_a_part_of_what_is_signed() {
    let private = Private::new(OLD);
    let link = private.pinned("invoices/a.txt", 60).await;
    let pin = format!("v={}", pin_of(b"hello"));
    assert!(link.contains(&pin), "{link}");
    private.site.get(&link.replace(&format!("{pin}&"), "")).await.expect(403);
    private.site.get(&link.replace(&pin, "v=0000000000000000")).await.expect(403);
    private.site.get(&private.unpinned("invoices/a.txt").replace('?', &format!("?{pin}&"))).await.expect(403);
}

#[tokio::test]
async fn a_signed_link_to_a_version_that_is_no_more_is_as_good_as_an_unsigned_one() {
    for (toml, status) in [("", 200), ("[links]\non-mismatch = 'not-found'", 404)] {
        let private = Private::with(OLD, &format!("{toml}\n[memory]\nhot = '0'"));
        let link = private.pinned("invoices/a.txt", 60).await;
        private.site.file("invoices/a.txt", "other");
        private.later.store(2, Ordering::Relaxed);
        let answer = private.site.get(&link).await;
        answer.expect(status).expect_header("cache-control", "no-store");
    }
}

#[tokio::test]
async fn keys_are_changed_without_a_link_that_fails() {
    let [before, between, after] =
        [OLD.to_owned(), format!("{NEW}\n{OLD}"), NEW.to_owned()].map(|keys| Private::new(&keys));
    let first = before.unpinned("invoices/a.txt");
    let second = between.unpinned("invoices/a.txt");
    assert!(first.contains("key=2026-01&") && second.contains("key=2026-02&"), "{first} {second}");
    for (private, of_first, of_second) in [(&before, 200, 403), (&between, 200, 200), (&after, 403, 200)] {
        private.site.get(&first).await.expect(of_first);
        private.site.get(&second).await.expect(of_second);
    }
}

#[tokio::test]
async fn what_is_for_everybody_stays_so() {
    let private = Private::new(OLD);
    for name in ["open.txt", "invoices.txt", "open.txt?signature=a", "open.txt?expires=1&key=b&signature=c"] {
        private.site.get(name).await.expect(200);
    }
    assert_eq!(below_mount(&private.site.origin().unpinned_link(&path("open.txt"))), "open.txt");
    private.site.get("none.txt").await.expect(404);
    private.site.get("invoices/.hidden").await.expect(404);
    private.site.get("invoices/%zz").await.expect(400);
    private.site.request(Method::OPTIONS, "/media/invoices/a.txt").await.expect(204);
    private.site.request(Method::POST, "/media/invoices/a.txt").await.expect(405);
    let counted: usize = ["missing", "malformed", "unknown_key", "wrong", "expired"]
        .map(|reason| private.failures(reason))
        .iter()
        .sum();
    assert_eq!(counted, 0);
}

mod directory_only {
    use super::*;
    use crate::support::{origin, request};

    /// The kernel's view of this process's memory cannot be read, so that it tells whether somebody tried.
    #[tokio::test]
    async fn the_store_is_not_asked_before_the_signature() {
        let root = std::path::Path::new("/proc/self");
        let keys = NamedTempFile::new().unwrap();
        std::fs::write(keys.path(), OLD).unwrap();
        let rules = format!(
            "[signing]\nkeys-file = '{}'\n[[rule]]\npath = '**'\ncache-control = 'private'\naccess = 'signed'\n",
            keys.path().display()
        );
        let origin = origin(&rules, root, Clock::system());
        let first = seen(request(&origin, Method::GET, "/media/none").await.expect(403));
        let second = seen(request(&origin, Method::GET, "/media/mem").await.expect(403));
        assert_eq!(first, second);
        let link = origin.unpinned_link(&path("mem")).to_string();
        let (_, target) = link.split_once(":8080").unwrap();
        request(&origin, Method::GET, target).await.expect(500);
    }

    #[test]
    fn the_log_says_why_and_never_the_signature() {
        let keys = NamedTempFile::new().unwrap();
        std::fs::write(keys.path(), OLD).unwrap();
        let toml = format!(
            "[signing]\nkeys-file = '{}'\n[[rule]]\npath = 'invoices/**'\ncache-control = 'private'\naccess = 'signed'\n",
            keys.path().display()
        );
        let server = crate::support::server::Server::start(&toml, |root| {
            std::fs::create_dir(root.join("invoices")).unwrap();
            std::fs::write(root.join("invoices/a.txt"), "hello").unwrap();
        });
        let signature = "up51wzXI5CKHSkE9VgUTFfswtH6liuNchYyS5-WjJP0";
        let got = server.get(&format!("invoices/a.txt?expires=1&key=2026-01&signature={signature}"));
        assert!(got.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{got}");
        let line = server.wait_for_log(&["GET /media/invoices/a.txt", "status=403"]);
        assert!(line.contains("signature=\"wrong\"") && line.contains("rule=\"invoices/**\""), "{line}");
        // So many digits in a row are of the key; a few may be of the request's random name.
        let secrets = [signature, &"1".repeat(16)];
        assert!(!secrets.iter().any(|secret| server.log().contains(secret)), "{}", server.log());
        let metrics = server.ask("/metrics", "");
        assert!(metrics.contains("media_origin_signature_failures_total{reason=\"wrong\"} 1"), "{metrics}");
    }
}
