//! The harness: the program over a corner of a bucket, which it reaches by way of a proxy.

use std::time::Duration;

use http::Method;

use crate::buckets::backend::Backend;
use crate::buckets::bucket::Bucket;
use crate::buckets::exchange::{Call, Reply};
use crate::buckets::faulty::{Exchange, FaultyProxy};
use crate::server::{Log, Server};

/// Bytes of a slice in these tests: the least there can be.
pub const SLICE: usize = 1024 * 1024;

/// What is asked anew each time, and not waited for long.
pub const IMPATIENT: &str = "fresh-for = \"0s\"\nmissing-for = \"0s\"\ntimeout = \"2s\"\nslice = \"1 MiB\"\n";

/// What is asked once in a test.
pub const PATIENT: &str = "fresh-for = \"1h\"\nmissing-for = \"1m\"\ntimeout = \"2s\"\nslice = \"1 MiB\"\n";

/// Longer than anybody waits.
pub const NEVER: Duration = Duration::from_hours(1);

/// A running server, and the proxy between it and its bucket.
pub struct Scene {
    pub proxy: FaultyProxy,
    pub server: Server,
}

impl Scene {
    /// With these keys of `[store]`, over what `fill` uploads.
    pub fn new(keys: &str, fill: impl FnOnce(&Bucket)) -> Self {
        Self::with(Bucket::new(), keys, "", fill)
    }

    /// The same in this bucket, with more of the configuration.
    pub fn with(bucket: Bucket, keys: &str, toml: &str, fill: impl FnOnce(&Bucket)) -> Self {
        fill(&bucket);
        let proxy = FaultyProxy::start(bucket.server());
        let assets = Backend::Bucket(bucket.behind(proxy.address()).with(keys));
        let server = Server::over(assets, toml, Log::Read);
        Self { proxy, server }
    }

    /// Another server over the same objects, which knows nothing of this one.
    pub fn replica(&self, keys: &str, toml: &str) -> Self {
        Self::with(self.bucket().again(), keys, toml, |_| {})
    }

    pub fn bucket(&self) -> &Bucket {
        match &self.server.assets {
            Backend::Bucket(bucket) => bucket,
            Backend::Directory { .. } | Backend::Elsewhere(_) => panic!("a scene is over a bucket"),
        }
    }

    /// A GET of the asset at this encoded path.
    pub fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    /// The same with these fields.
    pub fn get_with(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let target = format!("/media/{path}");
        let call = Call::new(Method::GET, &target);
        fields.iter().fold(call, |call, (name, value)| call.field(name, value)).send(self.server.address)
    }

    /// What the bucket was asked about an object, with this method.
    pub fn asked(&self, method: &str, name: &str) -> Vec<Exchange> {
        let path = self.bucket().path(name);
        let is_about = |exchange: &Exchange| exchange.target.split('?').next() == Some(&path);
        self.proxy.asked(method).into_iter().filter(is_about).collect()
    }

    /// The ranges of an object that were fetched, in their order.
    pub fn ranges(&self, name: &str) -> Vec<String> {
        let first = |range: &String| range.split(['=', '-']).nth(1).unwrap().parse::<u64>().unwrap();
        let range = |exchange: Exchange| exchange.range.expect("a range");
        let mut ranges: Vec<_> = self.asked("GET", name).into_iter().map(range).collect();
        ranges.sort_by_key(first);
        ranges
    }

    /// Bytes of an object that were fetched.
    pub fn fetched(&self, name: &str) -> usize {
        let bytes: u64 = self.asked("GET", name).iter().map(|exchange| exchange.bytes).sum();
        bytes.try_into().unwrap()
    }

    /// What a counter stands at: its name, with labels if it has any, below `media_origin_`.
    pub fn counted(&self, counter: &str) -> u64 {
        let metrics = self.server.ask("/metrics", "");
        let line = metrics.lines().find_map(|line| line.strip_prefix(&format!("media_origin_{counter} ")));
        line.map_or(0, |value| value.parse().unwrap())
    }
}

/// The range of slice number `index` of an object of this length.
pub fn slice(index: usize, length: usize) -> String {
    format!("bytes={}-{}", index * SLICE, ((index + 1) * SLICE).min(length) - 1)
}
