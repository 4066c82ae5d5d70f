//! Which names lead to an asset, and which are plain 404s that never block.

use std::time::Duration;

use crate::support::Site;

#[tokio::test]
async fn every_name_works_when_it_is_encoded() {
    let site = Site::new();
    for (name, encoded) in [
        ("a b.txt", "a%20b.txt"),
        ("a+b.txt", "a+b.txt"),
        ("a+c.txt", "a%2Bc.txt"),
        ("100%.txt", "100%25.txt"),
        ("%41.txt", "%2541.txt"),
        ("what?.txt", "what%3F.txt"),
        ("#1.txt", "%231.txt"),
        ("café/crème brûlée & co.txt", "caf%C3%A9/cr%C3%A8me%20br%C3%BBl%C3%A9e%20&%20co.txt"),
        ("夏/🍋.txt", "%E5%A4%8F/%F0%9F%8D%8B.txt"),
        ("quote\"'s.txt", "quote%22's.txt"),
        ("a;b=c,d:e@f$g!(h)*~_-.txt", "a;b=c,d:e@f$g!(h)*~_-.txt"),
        ("[x]{y}|^`.txt", "%5Bx%5D%7By%7D%7C%5E%60.txt"),
        ("trailing .txt ", "trailing%20.txt%20"),
    ] {
        site.file(name, name);
        site.get(encoded).await.expect(200).expect_body(name.as_bytes());
    }
}

#[tokio::test]
async fn names_that_are_not_there_are_plain_404s() {
    let site = Site::new();
    site.file("folder/a.txt", "hello").file(".hidden", "secret").file("folder/.git/config", "secret");
    let long = "x".repeat(256);
    let longer = format!("{}x", "x/".repeat(2100));
    for path in [
        "none.txt",
        "folder",
        "folder/",
        "folder/a.txt/",
        "folder/a.txt/b",
        "folder//a.txt",
        "/folder/a.txt",
        "./folder/a.txt",
        "folder/./a.txt",
        "Folder/a.txt",
        ".hidden",
        "%2ehidden",
        "folder/.git/config",
        "folder/..%2f.hidden",
        "../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%5c..%5cetc%5cpasswd",
        "..%c0%af..%c0%afetc/passwd",
        "%c0%ae%c0%ae/etc/passwd",
        "..;/etc/passwd",
        "folder/a.txt%00.jpg",
        "%00",
        "",
        "%ff.txt",
        long.as_str(),
        longer.as_str(),
    ] {
        let answer = site.get(path).await;
        answer.expect(404).expect_header("cache-control", "no-store");
        answer.expect_body(b"404 Not Found: there is no asset at this path\n");
    }
}

#[tokio::test]
async fn a_malformed_encoding_says_how_to_mend_it() {
    let site = Site::new();
    for path in ["100%.txt", "%zz", "a%2"] {
        let answer = site.get(path).await;
        answer.expect(400);
        let text = String::from_utf8_lossy(answer.body.as_ref().unwrap()).into_owned();
        assert!(text.contains("%25"), "{text}");
    }
}

#[tokio::test]
async fn an_asset_that_goes_away_is_a_404_within_a_second() {
    let site = Site::new();
    site.file("a.txt", "hello");
    site.get("a.txt").await.expect(200);
    site.backend().remove("a.txt");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    site.get("a.txt").await.expect(404);
}

/// Links, what is no regular file, and names that no bucket has.
mod directory_only {
    use std::future::IntoFuture;
    use std::os::unix::fs::symlink;
    use std::process::Command;
    use std::time::Duration;

    use tokio::time::timeout;

    use crate::support::Site;

    #[tokio::test]
    async fn a_name_may_have_control_characters() {
        let site = Site::new();
        site.file("new\nline\t.txt", "hello");
        site.get("new%0Aline%09.txt").await.expect(200).expect_body(b"hello");
    }

    #[tokio::test]
    async fn links_are_followed_inside_the_root_and_nowhere_else() {
        let site = Site::new();
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret.txt"), "secret").unwrap();
        site.file("folder/a.txt", "hello");
        symlink("folder/a.txt", site.path("inside.txt")).unwrap();
        symlink("folder", site.path("inside-folder")).unwrap();
        symlink("../folder/a.txt", site.path("folder/up-and-down.txt")).unwrap();
        for name in ["inside.txt", "inside-folder/a.txt", "folder/up-and-down.txt"] {
            site.get(name).await.expect(200).expect_body(b"hello");
        }
        symlink(outside.path().join("secret.txt"), site.path("absolute.txt")).unwrap();
        symlink(outside.path(), site.path("outside")).unwrap();
        symlink("../..", site.path("folder/up")).unwrap();
        symlink("loop", site.path("loop")).unwrap();
        symlink("/proc/self/root/etc/passwd", site.path("magic.txt")).unwrap();
        symlink("nowhere.txt", site.path("dangling.txt")).unwrap();
        let up = format!("folder/up/{}/a.txt", site.path("").file_name().unwrap().to_str().unwrap());
        for name in ["absolute.txt", "outside/secret.txt", "loop", "magic.txt", "dangling.txt", &up] {
            site.get(name).await.expect(404);
        }
    }

    #[tokio::test]
    async fn what_is_no_regular_file_is_a_404_at_once() {
        let site = Site::new();
        let made = Command::new("mkfifo").arg(site.path("fifo.jpg")).status().unwrap();
        assert!(made.success());
        let _socket = std::os::unix::net::UnixListener::bind(site.path("socket.jpg")).unwrap();
        let device = Command::new("mknod").arg(site.path("null.jpg")).args(["c", "1", "3"]).status();
        println!("a device could be made: {}", device.is_ok_and(|status| status.success()));
        for name in ["fifo.jpg", "socket.jpg", "null.jpg"] {
            let answer = timeout(Duration::from_secs(5), site.get(name).into_future()).await;
            answer.unwrap_or_else(|_| panic!("{name} blocked")).expect(404);
        }
    }
}
