//! The client against a bucket that answers what it is told to.

mod credentials;
mod heads;
mod listings;
mod probes;
mod reads;
mod scripted;

use std::sync::Arc;
use std::time::Duration;

use super::{Client, Counters, Misconfigured, Variables};
use crate::config::{Bucket, Service};
use crate::store::AssetPath;
use crate::store::bucket::Object;
use scripted::Server;

/// A client of a scripted server, and what it counts.
struct Subject {
    client: Client,
    counters: Arc<Counters>,
}

const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
];

fn bucket(service: Service, endpoint: Option<String>) -> Bucket {
    Bucket {
        service,
        name: "media".into(),
        prefix: "shop/".into(),
        region: None,
        endpoint,
        versions: false,
        fresh_for: Duration::from_mins(1),
        missing_for: Duration::from_secs(5),
        stale_if_error: Duration::from_hours(1),
        timeout: Duration::from_secs(1),
        slice: 1 << 20,
        disk: None,
    }
}

fn with(bucket: &Bucket, variables: &[(&str, &str)]) -> Result<Subject, Misconfigured> {
    let counters = Arc::new(Counters::default());
    let variables: Variables = variables.iter().copied().collect();
    let client = Client::with_variables(bucket, &variables, Arc::clone(&counters))?;
    Ok(Subject { client, counters })
}

fn s3(server: &Server) -> Subject {
    with(&bucket(Service::S3, Some(format!("http://{}", server.address))), &KEYS).unwrap()
}

fn gcs(server: &Server) -> Subject {
    with(&bucket(Service::Gcs, Some(format!("http://{}/", server.address))), &[]).unwrap()
}

fn path(text: &str) -> AssetPath {
    AssetPath::try_from(text.to_owned()).unwrap()
}

/// Ten bytes, of which `"t"` is the tag.
fn object() -> Object {
    Object {
        complete_length: 10,
        tag: "t".into(),
        modified: None,
        content_type: None,
        cache_control: None,
        sha256: None,
        version_id: Some("v1".into()),
    }
}

/// The value of a field of a request, by its name in lower case.
fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The status of a status line that leaves out the version.
fn status_of(line: &str) -> http::StatusCode {
    line.split(' ').next().unwrap().parse().unwrap()
}
