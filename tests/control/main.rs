//! The operator's listener of a running server: messages that are built or refused, explanations, caches that are filled
//! and emptied, and the description of all that.
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]

#[expect(dead_code, reason = "what spoils a bucket's answers is for the tests of buckets")]
#[path = "../buckets/mod.rs"]
mod buckets;
#[expect(dead_code, reason = "the harness serves the tests of the public listener too")]
#[path = "../http/support/server.rs"]
mod server;

mod caches;
mod explain;
mod guard;
mod messages;
mod openapi;
mod signed;

use std::path::Path;

use serde_json::Value;
use server::Server;

/// The samples of this repository.
const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/media");

/// A server of the samples, with the rules of the shipped configuration.
fn server() -> Server {
    let config = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/media-origin.toml"));
    Server::start(&config.unwrap(), |root| copy(Path::new(SAMPLES), root))
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// An answer of the control listener, taken apart.
struct Answer {
    status: u16,
    head: String,
    body: Value,
}

impl Answer {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {text}"));
        Self { status, head: head.to_ascii_lowercase(), body }
    }

    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{:#}", self.head, self.body);
        assert!(self.head.contains("cache-control: no-store"), "{}", self.head);
        let json = if status < 300 { "application/json" } else { "application/problem+json" };
        assert!(self.head.contains(&format!("content-type: {json}")), "{}", self.head);
        if status >= 300 {
            assert_eq!(self.body["status"], status, "RFC 9457 §3.1.3");
            assert!(self.body["title"].is_string() && self.body["detail"].is_string(), "{:#}", self.body);
        }
        self
    }

    /// The errors, each as pointer and code.
    fn errors(&self) -> Vec<(&str, &str)> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let text =
            |value: &'_ Value| -> &str { Box::leak(value.as_str().unwrap().to_owned().into_boxed_str()) };
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }
}
