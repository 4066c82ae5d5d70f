//! Keys and versions.

use super::super::{ListedVersion, Page};
use super::scripted::{Reply, Server, answer, error, whole};
use super::{gcs, path, s3};
use crate::store::bucket::UpstreamError;

fn xml(body: &str) -> Reply {
    Reply::Send(whole("200 OK", &["Content-Type: application/xml"], body))
}

fn contents(key: &str) -> String {
    format!("<Contents><Key>{key}</Key><ETag>\"t\"</ETag><Size>1</Size></Contents>")
}

#[tokio::test]
async fn pages_lead_to_the_end() {
    let first = format!(
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a+b/=</NextContinuationToken>{}{}\
         </ListBucketResult>",
        contents("shop/a"),
        contents("shop//odd")
    );
    let last = format!(
        "<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>",
        contents("shop/z")
    );
    let server = Server::start([xml(&first), xml(&last)]).await;
    let client = s3(&server).client;
    let (mut names, mut token) = (Vec::new(), None);
    loop {
        let Page { entries, next } = client.page("", token).await.unwrap();
        names.extend(entries.into_iter().map(|entry| match entry {
            Ok(found) => found.path.to_string(),
            Err(odd) => format!("odd: {}", odd.key),
        }));
        token = next;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(names, ["a", "odd: shop//odd", "z"]);
    let lines: Vec<_> = server.asked().iter().map(|head| head.lines().next().unwrap().to_owned()).collect();
    assert_eq!(
        lines,
        [
            "GET /media/?list-type=2&encoding-type=url&prefix=shop%2F HTTP/1.1",
            "GET /media/?list-type=2&encoding-type=url&prefix=shop%2F&continuation-token=a%2Bb%2F%3D HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn a_listing_ends_or_is_an_error() {
    let round = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>\
                 </ListBucketResult>";
    let server = Server::start([xml(round)]).await;
    let found = s3(&server).client.page("", Some("x".repeat(1 << 16))).await;
    assert!(matches!(found, Err(UpstreamError::Unreachable(_))), "{found:?}");
    let found = s3(&server).client.page("a/", Some("x".into())).await;
    assert!(matches!(found, Err(UpstreamError::Malformed(_))), "{found:?}");
    for (body, is_expected) in
        [("<html></html>", true), ("<ListBucketResult>", true), ("<ListBucketResult/>", false)]
    {
        let server = Server::start([xml(body)]).await;
        let found = s3(&server).client.page("", None).await;
        assert_eq!(matches!(found, Err(UpstreamError::Malformed(_))), is_expected, "{body}: {found:?}");
    }
}

#[tokio::test]
async fn a_listing_that_breaks_is_asked_for_again() {
    let broken = Reply::Cut(answer("200 OK", &["Content-Length: 99"], "<ListBucketResult>"));
    let server = Server::start([broken, xml("<ListBucketResult/>")]).await;
    assert_eq!(s3(&server).client.page("", None).await, Ok(Page { entries: vec![], next: None }));
}

#[tokio::test]
async fn a_listing_that_is_refused_says_why() {
    let server = Server::start([error("403 Forbidden", "AccessDenied")]).await;
    let found = s3(&server).client.page("", None).await;
    let status = http::StatusCode::FORBIDDEN;
    assert_eq!(found, Err(UpstreamError::Refused { status, code: Some("AccessDenied".into()) }));
}

fn version(element: &str, key: &str, id: &str) -> String {
    format!(
        "<Version><Key>{key}</Key><{element}>{id}</{element}><ETag>\"t{id}\"</ETag><Size>1</Size></Version>"
    )
}

fn ids(versions: &[ListedVersion]) -> Vec<&str> {
    versions.iter().map(|version| &*version.version_id).collect()
}

#[tokio::test]
async fn versions_of_s3_over_several_pages() {
    let first = format!(
        "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>shop/a b</NextKeyMarker>\
         <NextVersionIdMarker>3</NextVersionIdMarker>{}{}</ListVersionsResult>",
        version("VersionId", "shop/a b", "4"),
        version("VersionId", "shop/a b", "3")
    );
    let last = format!(
        "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>shop/a b2</NextKeyMarker>{}{}\
         </ListVersionsResult>",
        version("VersionId", "shop/a b", "2"),
        version("VersionId", "shop/a b2", "9")
    );
    let server = Server::start([xml(&first), xml(&last)]).await;
    let versions = s3(&server).client.versions(&path("a b")).await.unwrap();
    assert_eq!(ids(&versions), ["4", "3", "2"]);
    let asked = server.asked();
    let line = "GET /media/?versions=&encoding-type=url&prefix=shop%2Fa%20b&key-marker=shop%2Fa%20b&version-id-marker=3 \
                HTTP/1.1";
    assert_eq!((asked.len(), asked[1].lines().next()), (2, Some(line)));
}

#[tokio::test]
async fn versions_of_google_are_turned_round() {
    let body = format!(
        "<ListBucketResult>{}{}{}</ListBucketResult>",
        version("Generation", "shop/a", "99"),
        version("Generation", "shop/a", "100"),
        version("Generation", "shop/ab", "101")
    );
    let server = Server::start([xml(&body)]).await;
    let versions = gcs(&server).client.versions(&path("a")).await.unwrap();
    assert_eq!(ids(&versions), ["100", "99"]);
    assert!(server.asked()[0].starts_with("GET /media/?versions=true&"), "{:?}", server.asked());
}

#[tokio::test]
async fn a_listing_of_versions_without_an_end_is_left() {
    let server = Server::start((0..20).map(|page| {
        xml(&format!(
            "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>shop/a</NextKeyMarker>\
             <NextVersionIdMarker>{page}</NextVersionIdMarker></ListVersionsResult>"
        ))
    }))
    .await;
    assert_eq!(s3(&server).client.versions(&path("a")).await, Ok(vec![]));
    assert_eq!(server.asked().len(), 10);
}
