//! A corner of a bucket for one test alone: uploads, and the configuration that leads there.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::Method;
use sha2::{Digest, Sha256};

use super::exchange::{Call, Reply, path_of};
use super::seaweedfs::{SeaweedFs, Shared};

/// Looked at again as often as a hot file of a directory is.
const FRESH: &str = "fresh-for = \"1s\"\nmissing-for = \"1s\"\n";

/// A prefix in a bucket of a server that speaks S3.
pub struct Bucket {
    server: SocketAddr,
    name: String,
    /// Ends with a slash.
    prefix: String,
    /// Where a store is led to: the server, or a proxy before it.
    door: SocketAddr,
    /// More keys of a store.
    keys: String,
    shared: Option<Shared>,
}

impl Bucket {
    /// In the bucket `media` of the server that all tests share.
    pub fn new() -> Self {
        let shared = SeaweedFs::shared();
        let at = Self::at(shared.address());
        Self { shared: Some(shared), ..at }
    }

    /// In the bucket `media` of this server.
    pub fn at(server: SocketAddr) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let prefix = format!("test-{}-{}/", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self { server, name: "media".into(), prefix, door: server, keys: FRESH.into(), shared: None }
    }

    /// A bucket of its own on the server that all tests share, which keeps every version.
    pub fn with_versions() -> Self {
        let mut bucket = Self::new();
        bucket.name = bucket.prefix.trim_end_matches('/').to_owned();
        bucket.call(Method::PUT, &format!("/{}", bucket.name), b"").expect(200);
        let on = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        bucket.call(Method::PUT, &format!("/{}?versioning", bucket.name), on).expect(200);
        bucket
    }

    /// The same objects, for somebody else.
    pub fn again(&self) -> Self {
        let shared = self.shared.as_ref().map(|_| SeaweedFs::shared());
        Self { name: self.name.clone(), prefix: self.prefix.clone(), shared, ..Self::at(self.server) }
    }

    /// The same bucket, by way of a proxy.
    pub fn behind(self, proxy: SocketAddr) -> Self {
        Self { door: proxy, ..self }
    }

    /// The same bucket for a store with these keys of its own.
    pub fn with(self, keys: &str) -> Self {
        Self { keys: keys.to_owned(), ..self }
    }

    pub fn server(&self) -> SocketAddr {
        self.server
    }

    /// The keys of `[store]` for which this prefix is the root.
    pub fn toml(&self) -> String {
        let Self { name, prefix, door, keys, .. } = self;
        format!(
            "kind = \"s3\"\nbucket = \"{name}\"\nprefix = \"{prefix}\"\n\
             endpoint = \"http://{door}\"\nregion = \"us-east-1\"\n{keys}"
        )
    }

    /// Uploads an object as tools do: with the type of its name, and its SHA-256, so that its entity tag is the one
    /// that the same file has in a directory. Answers the tag that the bucket itself gives it.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let media_type = mime_guess::from_path(name).first_or_octet_stream();
        let digest = digest(bytes.as_ref());
        let fields = [("content-type", media_type.essence_str()), ("x-amz-checksum-sha256", &digest)];
        self.put_with(name, bytes, &fields)
    }

    /// The same where the server may be gone, or go: whether it has been done is not known then.
    pub fn try_put(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let target = self.path(name);
        let call = Call::new(Method::PUT, &target).field("x-amz-checksum-sha256", &digest(bytes)).body(bytes);
        let mut stream = call.signed(self.server).try_open(self.server)?;
        std::io::copy(&mut stream, &mut std::io::sink()).map(|_| ())
    }

    /// Uploads an object with these fields and no other.
    pub fn put_with(&self, name: &str, bytes: impl AsRef<[u8]>, fields: &[(&str, &str)]) -> String {
        let target = self.path(name);
        let call = Call::new(Method::PUT, &target).body(bytes.as_ref());
        let call = fields.iter().fold(call, |call, (name, value)| call.field(name, value));
        let reply = call.send_signed(self.server).expect(200);
        reply.field("etag").expect("an ETag").to_owned()
    }

    /// Uploads an object in these parts.
    pub fn put_in_parts(&self, name: &str, parts: &[&[u8]]) -> String {
        let path = self.path(name);
        let begun = self.call(Method::POST, &format!("{path}?uploads="), b"").expect(200).text();
        let id = between(&begun, "<UploadId>", "</UploadId>");
        let list = (1..).zip(parts).fold(String::new(), |list, (number, part)| {
            let target = format!("{path}?partNumber={number}&uploadId={id}");
            let reply = self.call(Method::PUT, &target, part).expect(200);
            let etag = reply.field("etag").expect("an ETag");
            format!("{list}<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>")
        });
        let list = format!("<CompleteMultipartUpload>{list}</CompleteMultipartUpload>");
        let done = self.call(Method::POST, &format!("{path}?uploadId={id}"), list.as_bytes()).expect(200);
        between(&done.text(), "<ETag>", "</ETag>").replace("&#34;", "\"").replace("&quot;", "\"")
    }

    pub fn delete(&self, name: &str) {
        self.call(Method::DELETE, &self.path(name), b"").expect(204);
    }

    /// The path of an object on its server.
    pub fn path(&self, name: &str) -> String {
        path_of(&self.name, &format!("{}{name}", self.prefix))
    }

    /// Any signed request, without fields of its own.
    pub fn call(&self, method: Method, target: &str, body: &[u8]) -> Reply {
        Call::new(method, target).body(body).send_signed(self.server)
    }
}

/// SHA-256 as fields have it.
fn digest(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(bytes))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let found = text.split_once(start).and_then(|(_, rest)| rest.split_once(end));
    found.unwrap_or_else(|| panic!("no {start} in {text}")).0
}
