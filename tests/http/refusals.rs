//! Requests that get no asset: the status that the RFC gives, a sentence, and nothing that a cache keeps.

use http::Method;

use crate::support::Site;

fn site() -> Site {
    let site = Site::new();
    site.file("a.txt", "hello");
    site
}

#[tokio::test]
async fn methods_that_assets_do_not_have() {
    let site = site();
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE"] {
        let answer = site.request(method.parse().unwrap(), "/media/a.txt").await;
        answer.expect(405).expect_header("allow", "GET, HEAD, OPTIONS");
    }
    for method in ["PROPFIND", "FOO", "get", "PURGE"] {
        site.request(method.parse().unwrap(), "/media/a.txt").await.expect(501).expect_no_header("allow");
    }
}

#[tokio::test]
async fn options_says_which_methods_there_are() {
    let site = site();
    for target in ["/media/a.txt", "/media/none.txt", "*"] {
        let answer = site.request(Method::OPTIONS, target).await;
        answer.expect(204).expect_header("allow", "GET, HEAD, OPTIONS").expect_no_header("content-length");
    }
}

#[tokio::test]
async fn a_request_has_one_valid_host() {
    let site = site();
    site.get("a.txt").without("host").await.expect(400);
    site.get("a.txt").header("host", "other.example.com").await.expect(400);
    for host in ["", "###", "a b", "user@a"] {
        site.get("a.txt").without("host").header("host", host).await.expect(400);
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_name() {
    let site = site();
    site.get(&"a".repeat(8192)).await.expect(414);
    site.get("a.txt").header("x", &"a".repeat(8192)).await.expect(431);
    let many = (0..5).fold(site.get("a.txt"), |request, _| request.header("x", &"a".repeat(7000)));
    many.await.expect(431);
    site.get("a.txt").header("x", &"a".repeat(8000)).await.expect(200);
}

#[tokio::test]
async fn targets_that_are_no_path_below_the_mount() {
    let site = site();
    for target in ["/", "/media", "/mediaa.txt", "/other/a.txt", "*", "/media%2fa.txt", "/MEDIA/a.txt"] {
        site.request(Method::GET, target).await.expect(404);
    }
    site.request(Method::GET, "http://media.example.com/media/a.txt").await.expect(200);
}

mod directory_only {
    use http::Method;
    use media_origin::clock::Clock;

    use crate::support::{origin, request};

    /// The kernel's view of this process's memory is a regular file that fails to be read, whoever asks.
    #[tokio::test]
    async fn a_file_that_cannot_be_read_is_a_500_that_names_no_path() {
        let root = std::path::Path::new("/proc/self");
        let origin = origin("", root, Clock::system());
        let answer = request(&origin, Method::GET, "/media/mem").await;
        answer.expect(500).expect_header("cache-control", "no-store");
        let text = String::from_utf8_lossy(answer.body.as_ref().unwrap()).into_owned();
        assert!(!text.contains("mem") && !text.contains("proc"), "{text}");
    }
}
