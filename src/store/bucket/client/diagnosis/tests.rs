use super::*;
use crate::store::bucket::client::fault::Fault;
use std::time::UNIX_EPOCH;

/// Sun, 22 Nov 2026 21:31:06 GMT
const NOW: Duration = Duration::from_secs(1_795_383_066);

const ASKED: Asked<'static> = Asked {
    service: Service::S3,
    base: "https://s3.eu-west-1.amazonaws.com/media",
    region: Some("eu-west-1"),
    is_signed: true,
};

fn diagnose(
    asked: &Asked<'_>,
    status: u16,
    fields: &[(&str, &str)],
    body: &str,
) -> Result<Access, Misconfigured> {
    let fields = fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    let headers: HeaderMap = fields.collect();
    let status = StatusCode::from_u16(status).unwrap();
    of_answer(&Answer { status, headers: &headers, body: body.as_bytes() }, asked, UNIX_EPOCH + NOW)
}

fn error(code: &str) -> String {
    format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>a sentence</Message></Error>")
}

#[test]
fn a_bucket_that_can_be_used() {
    let listing = "<ListBucketResult><Name>media</Name></ListBucketResult>";
    assert_eq!(diagnose(&ASKED, 200, &[], listing), Ok(Access::Full));
    assert_eq!(diagnose(&ASKED, 200, &[], "<ListBucketResult><Contents><Key>cut"), Ok(Access::Full));
    assert_eq!(diagnose(&ASKED, 403, &[], &error("AccessDenied")), Ok(Access::WithoutListing));
    // Some servers send a region of their own making.
    let other = [("x-amz-bucket-region", "auto")];
    assert_eq!(diagnose(&ASKED, 403, &other, &error("AccessDenied")), Ok(Access::WithoutListing));
}

fn expect(status: u16, fields: &[(&str, &str)], body: &str, sentence: &str, help: &str) {
    let wrong = diagnose(&ASKED, status, fields, body).expect_err(sentence);
    assert!(wrong.sentence.contains(sentence), "{wrong}");
    assert!(wrong.help.contains(help), "{wrong}");
    assert_eq!(wrong.may_pass, status >= 500, "{wrong}");
}

#[test]
fn each_mistake_has_its_own_sentence_and_remedy() {
    for (status, code, sentence, help) in [
        (403, "InvalidAccessKeyId", "access key id is unknown", "AWS_ACCESS_KEY_ID"),
        (403, "SignatureDoesNotMatch", "secret key does not belong", "AWS_SECRET_ACCESS_KEY"),
        (403, "RequestTimeTooSkewed", "far from the bucket's", "timedatectl"),
        (400, "ExpiredToken", "token has expired", "AWS_SESSION_TOKEN"),
        (404, "NoSuchBucket", "there is no bucket at https://s3.eu-west-1", "store.bucket"),
        (400, "InvalidBucketName", "400 InvalidBucketName: a sentence", "look the code up"),
        (503, "SlowDown", "answers 503 Service Unavailable: SlowDown", "may pass"),
    ] {
        expect(status, &[], &error(code), sentence, help);
    }
}

#[test]
fn a_wrong_clock_is_told_from_a_wrong_secret() {
    for (date, code, sentence) in [
        ("Sun, 22 Nov 2026 21:31:07 GMT", "SignatureDoesNotMatch", "secret key does not belong"),
        ("Sun, 22 Nov 2026 21:52:06 GMT", "SignatureDoesNotMatch", "clock of this machine is 21m behind"),
        ("Sun, 22 Nov 2026 20:31:06 GMT", "RequestTimeTooSkewed", "clock of this machine is 1h ahead of"),
    ] {
        expect(403, &[("date", date)], &error(code), sentence, "");
    }
}

#[test]
fn the_right_region_is_named() {
    let region = [("x-amz-bucket-region", "us-west-2")];
    let malformed = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>";
    let redirect = "<Error><Code>PermanentRedirect</Code><Endpoint>media.s3.amazonaws.com</Endpoint></Error>";
    for (status, fields, body, sentence, help) in [
        (301, &region[..], error("PermanentRedirect"), "is in the region us-west-2", "\"us-west-2\""),
        (400, &[], malformed.to_owned(), "is in the region us-west-2", "\"us-west-2\""),
        (400, &region, String::new(), "is in the region us-west-2", "\"us-west-2\""),
        (301, &[], redirect.to_owned(), "it names media.s3.amazonaws.com", "store.region"),
    ] {
        expect(status, fields, &body, sentence, help);
    }
}

#[test]
fn what_is_no_bucket_is_told() {
    let html = [("content-type", "text/html"), ("server", "nginx")];
    let plain = "<title>400 The plain HTTP request was sent to HTTPS port</title>";
    for (status, fields, body, sentence, help) in [
        (200, &html[..], "<html></html>", "is no S3: 200 OK by nginx, text/html", "address of the API"),
        (404, &html, "<html></html>", "is no S3: 404 Not Found by nginx", "address of the API"),
        (400, &html, plain, "is no S3", "https://"),
        (403, &[], "", "is no S3: 403 Forbidden, no Content-Type", "address of the API"),
        (502, &html, "<html>", "answers 502 Bad Gateway", "may pass"),
    ] {
        expect(status, fields, body, sentence, help);
    }
}

#[test]
fn a_refusal_to_the_unknown_asks_for_credentials() {
    let asked = Asked { service: Service::Gcs, region: None, is_signed: false, ..ASKED };
    let wrong = diagnose(&asked, 401, &[], &error("AuthenticationRequired")).unwrap_err();
    assert!(wrong.sentence.contains("wants to know who asks"), "{wrong}");
    assert!(wrong.help.contains("GOOGLE_APPLICATION_CREDENTIALS"), "{wrong}");
    let asked = Asked { is_signed: true, ..asked };
    let wrong = diagnose(&asked, 401, &[], &error("InvalidAuthentication")).unwrap_err();
    assert!(wrong.help.contains("GOOGLE_BEARER_TOKEN"), "{wrong}");
}

#[test]
fn no_answer_has_a_remedy_too() {
    let plain = Asked { base: "http://127.0.0.1:8333/media", ..ASKED };
    for (fault, asked, sentence, help, may_pass) in [
        (Fault::NoSuchHost, ASKED, "no address is known", "store.endpoint", true),
        (Fault::Refused, ASKED, "nothing listens", "start the service", true),
        (Fault::TimedOut, ASKED, "does not answer in time", "curl -v https://s3.eu", true),
        (
            Fault::Tls("invalid peer certificate: UnknownIssuer".into()),
            ASKED,
            "UnknownIssuer",
            "SSL_CERT_FILE",
            false,
        ),
        (
            Fault::Tls("received corrupt message of type InvalidContentType".into()),
            ASKED,
            "TLS",
            "http://",
            false,
        ),
        (Fault::NotHttp("invalid HTTP version".into()), plain, "no HTTP/1.1", "https://", false),
        (Fault::Credentials("none".into()), ASKED, "no credentials", "AWS_ACCESS_KEY_ID", false),
    ] {
        let wrong = of_fault(&fault, &asked);
        assert!(wrong.sentence.contains(sentence), "{wrong}");
        assert!(wrong.help.contains(help), "{wrong}");
        assert_eq!(wrong.may_pass, may_pass, "{wrong}");
    }
}
