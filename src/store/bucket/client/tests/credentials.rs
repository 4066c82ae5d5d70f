//! Where the bucket is and who asks: from the configuration, the environment, and the files of the AWS tools.

use std::path::Path;

use super::scripted::{Reply, Server, answer};
use super::{KEYS, Subject, bucket, field, path, with};
use crate::config::Service;

fn base_of(subject: &Subject) -> &str {
    &subject.client.exchange.endpoint.base
}

fn signer_of(subject: &Subject) -> String {
    format!("{:?}", subject.client.exchange.endpoint.signer)
}

#[test]
fn the_file_goes_before_the_environment() {
    let endpoint = |url: &str| Some(url.to_owned());
    for (file, region, variables, base, signer) in [
        (None, Some("eu-west-1"), &[][..], "https://s3.eu-west-1.amazonaws.com/media", "Aws(eu-west-1)"),
        (
            None,
            None,
            &[("AWS_REGION", "cn-north-1")],
            "https://s3.cn-north-1.amazonaws.com.cn/media",
            "Aws(cn-north-1)",
        ),
        (
            None,
            None,
            &[("AWS_DEFAULT_REGION", "a"), ("AWS_REGION", "b")],
            "https://s3.b.amazonaws.com/media",
            "Aws(b)",
        ),
        (
            endpoint("http://h:1"),
            None,
            &[("AWS_ENDPOINT_URL", "http://e"), ("AWS_BUCKET", "x")],
            "http://h:1/media",
            "Aws(us-east-1)",
        ),
        (
            None,
            None,
            &[("AWS_ENDPOINT_URL", "http://e/"), ("AWS_ENDPOINT_URL_S3", "")],
            "http://e/media",
            "Aws(us-east-1)",
        ),
        (
            None,
            None,
            &[("AWS_ENDPOINT_URL", "http://e"), ("AWS_ENDPOINT_URL_S3", "http://s3")],
            "http://s3/media",
            "Aws(us-east-1)",
        ),
        (
            None,
            Some("r"),
            &[("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")],
            "https://media.s3.r.amazonaws.com",
            "Aws(r)",
        ),
        (
            endpoint("http://media.h"),
            None,
            &[("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")],
            "http://media.h",
            "Aws(us-east-1)",
        ),
        (None, Some("r"), &[("AWS_SKIP_SIGNATURE", "true")], "https://s3.r.amazonaws.com/media", "Anonymous"),
    ] {
        let mut wanted = bucket(Service::S3, file);
        wanted.region = region.map(str::to_owned);
        let subject = with(&wanted, &[&KEYS, variables].concat()).unwrap();
        assert_eq!((base_of(&subject), signer_of(&subject).as_str()), (base, signer), "{variables:?}");
    }
}

#[test]
fn google_is_asked_anonymously_only_where_that_is_meant() {
    let token = [("GOOGLE_BEARER_TOKEN", "ya29.x")];
    for (file, variables, base, signer) in [
        (None, &token[..], "https://storage.googleapis.com/media", "Google"),
        (None, &[("GOOGLE_SKIP_SIGNATURE", "true")], "https://storage.googleapis.com/media", "Anonymous"),
        (Some("http://h:1/"), &[], "http://h:1/media", "Anonymous"),
        (Some("http://h:1"), &token, "http://h:1/media", "Google"),
        (None, &[("GOOGLE_BASE_URL", "http://e")], "http://e/media", "Anonymous"),
    ] {
        let subject = with(&bucket(Service::Gcs, file.map(str::to_owned)), variables).unwrap();
        assert_eq!((base_of(&subject), signer_of(&subject).as_str()), (base, signer), "{variables:?}");
    }
}

#[test]
fn what_cannot_be_used_has_a_remedy() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let credentials = file.path().to_str().unwrap();
    std::fs::write(file.path(), "[sso]\nsso_session = x\n[half]\naws_access_key_id = x\n").unwrap();
    let none = Some("http://h".to_owned());
    for (endpoint, variables, sentence, help) in [
        (None, &KEYS[..], "in which region", "store.region"),
        (None, &[("AWS_ACCESS_KEY_ID", "x"), ("AWS_REGION", "r")], "Missing SecretAccessKey", "AWS_"),
        (Some("h:8333".to_owned()), &KEYS, "no URL", "http://"),
        (Some("http://h:99999".to_owned()), &KEYS, "no URL", "http://"),
        (Some("ftp://h".to_owned()), &KEYS, "no URL", "http://"),
        (none.clone(), &[("AWS_PROFILE", "gone"), ("HOME", "/nonexistent")], "profile gone", "aws configure"),
        (
            none.clone(),
            &[("AWS_PROFILE", "sso"), ("AWS_SHARED_CREDENTIALS_FILE", credentials)],
            "has sso_session instead of keys",
            "export-credentials --profile sso",
        ),
        (
            none,
            &[("AWS_PROFILE", "half"), ("AWS_SHARED_CREDENTIALS_FILE", credentials)],
            "has no aws_access_key_id and aws_secret_access_key",
            "export-credentials",
        ),
    ] {
        let wrong = with(&bucket(Service::S3, endpoint), variables).err().expect(sentence);
        assert!(wrong.sentence.contains(sentence), "{wrong}");
        assert!(wrong.help.contains(help), "{wrong}");
    }
}

#[test]
fn nothing_that_is_printed_is_secret() {
    let secret = [("AWS_SESSION_TOKEN", "SECRETTOKEN")];
    let variables = [&KEYS[..], &secret].concat();
    let subject = with(&bucket(Service::S3, Some("http://h".into())), &variables).unwrap();
    let printed = format!("{:?}", subject.client);
    assert!(!printed.contains("EXAMPLE") && !printed.contains("SECRETTOKEN"), "{printed}");
}

#[test]
fn what_is_refused_is_not_quoted_where_it_is_secret() {
    for (service, variable, value) in [
        (Service::S3, "AWS_ENDPOINT_URL", "http://user:s3cr3t@h"),
        (Service::S3, "AWS_ENDPOINT_URL", "no url:s3cr3t@h"),
        (Service::Gcs, "GOOGLE_BASE_URL", "http://user:s3cr3t@h"),
        (Service::Gcs, "GOOGLE_SERVICE_ACCOUNT_KEY", "\"s3cr3t\""),
        (Service::Gcs, "GOOGLE_SERVICE_ACCOUNT_KEY", "{\"private_key\": [\"s3cr3t\"]}"),
        (Service::Gcs, "GOOGLE_SERVICE_ACCOUNT_KEY", "s3cr3t"),
    ] {
        let variables = [&KEYS[..], &[(variable, value)]].concat();
        let wrong = with(&bucket(service, None), &[&variables[..], &[("AWS_REGION", "r")]].concat());
        let wrong = wrong.err().expect(value);
        assert!(!wrong.to_string().contains("s3cr3t"), "{wrong}");
        assert!(!wrong.help.is_empty());
    }
}

/// A server that takes every request, and a profile in a file.
async fn profiled(folder: &Path, variables: &[(&str, &str)]) -> (Server, Subject) {
    let server =
        Server::start([Reply::Send(answer("200 OK", &["ETag: \"t\"", "Content-Length: 1"], ""))]).await;
    let home = [("HOME", folder.to_str().unwrap())];
    let bucket = bucket(Service::S3, Some(format!("http://{}", server.address)));
    let subject = with(&bucket, &[&home, variables].concat()).unwrap();
    (server, subject)
}

async fn signature(server: &Server, subject: &Subject) -> String {
    subject.client.head(&path("a"), None).await.unwrap();
    let asked = server.asked();
    field(asked.last().unwrap(), "authorization").unwrap().to_owned()
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(folder.join(".aws")).unwrap();
    std::fs::write(folder.join(".aws").join(name), text).unwrap();
}

#[tokio::test]
async fn a_profile_is_read_and_read_again_when_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "credentials", "[default]\naws_access_key_id = FIRST\naws_secret_access_key = x\n");
    write(
        folder.path(),
        "config",
        "[default]\nregion = eu-north-1\n[profile shop]\naws_access_key_id = SHOP\n\
                                    aws_secret_access_key = y\n",
    );
    let (server, subject) = profiled(folder.path(), &[]).await;
    let first = signature(&server, &subject).await;
    assert!(first.contains("Credential=FIRST/") && first.contains("/eu-north-1/"), "{first}");
    write(folder.path(), "credentials", "half written");
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert!(signature(&server, &subject).await.contains("Credential=FIRST/"));
    write(folder.path(), "credentials", "[default]\naws_access_key_id = SECOND\naws_secret_access_key = x\n");
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert!(signature(&server, &subject).await.contains("Credential=SECOND/"));
    let (server, subject) = profiled(folder.path(), &[("AWS_PROFILE", "shop")]).await;
    assert!(signature(&server, &subject).await.contains("Credential=SHOP/"));
    let (server, subject) = profiled(folder.path(), &KEYS).await;
    let own = signature(&server, &subject).await;
    assert!(own.contains("Credential=AKIDEXAMPLE/") && own.contains("/eu-north-1/"), "{own}");
}

#[tokio::test]
async fn a_line_end_in_a_key_is_told_and_no_panic() {
    let server = Server::start([Reply::Hang(vec![])]).await;
    let keys = [("AWS_ACCESS_KEY_ID", "AKID\n"), ("AWS_SECRET_ACCESS_KEY", "x")];
    let bucket = bucket(Service::S3, Some(format!("http://{}", server.address)));
    let wrong = with(&bucket, &keys).unwrap().client.probe().await.unwrap_err();
    assert!(wrong.sentence.contains("line end"), "{wrong}");
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn a_bearer_token_is_sent_to_google() {
    let server =
        Server::start([Reply::Send(answer("200 OK", &["ETag: \"t\"", "Content-Length: 1"], ""))]).await;
    let bucket = bucket(Service::Gcs, Some(format!("http://{}", server.address)));
    let subject = with(&bucket, &[("GOOGLE_BEARER_TOKEN", "ya29.x")]).unwrap();
    assert_eq!(signature(&server, &subject).await, "Bearer ya29.x");
}
