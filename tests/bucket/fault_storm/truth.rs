//! What the bucket holds, and every version that it ever held, on record by its tag before it is uploaded.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::buckets::bucket::Bucket;

/// An asset that is there all the time.
#[derive(Clone, Debug)]
pub struct Asset {
    pub name: String,
    /// Of its longest version, in bytes.
    longest: usize,
    pub versions: Versions,
}

/// Which versions of an asset there are, and what their tags are made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Versions {
    /// It is never replaced. Its tag is the SHA-256 that was uploaded with it.
    One,
    /// It is replaced by a few again and again. Their tags are what the bucket makes them, and were learnt before.
    Few,
    /// Each time it is replaced it is by a new one. Its tag is the SHA-256 that was uploaded with it.
    New,
}

/// Those that are replaced: under, at and over one slice, up to six of them.
const REPLACED: [(&str, usize, Versions); 7] = [
    ("small-1.jpg", 20_000, Versions::New),
    ("small-2.jpg", 20_000, Versions::Few),
    ("slice-1.jpg", 700_000, Versions::New),
    ("slice-2.jpg", 1024 * 1024, Versions::Few),
    ("several-1.jpg", 6_200_000, Versions::New),
    ("several-2.jpg", 5_200_000, Versions::New),
    ("several-3.jpg", 2_200_000, Versions::Few),
];

/// So many are not, of four slices each: more than the caches hold, so that at any time some slices are here and
/// some are not.
const ARCHIVED: usize = 22;
const ARCHIVED_LENGTH: usize = 3_400_000;

/// Nothing was ever at these.
pub const MISSING: [&str; 2] = ["never-there-1.jpg", "never-there-2.jpg"];

/// How many versions there are where there are a few.
const FEW: usize = 4;

/// What every version begins with, so that it is a picture.
const MAGIC: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";

impl Asset {
    /// All that there are.
    fn all() -> Vec<Self> {
        let replaced =
            REPLACED.map(|(name, longest, versions)| Self { name: name.into(), longest, versions });
        let archived = (0..ARCHIVED).map(|number| Self {
            name: format!("archive/{number}.jpg"),
            longest: ARCHIVED_LENGTH,
            versions: Versions::One,
        });
        replaced.into_iter().chain(archived).collect()
    }

    /// All versions are at least that long.
    pub fn shortest(&self) -> usize {
        self.longest - self.longest / 4
    }

    fn version(&self, number: usize) -> Version {
        let number = if self.versions == Versions::Few { number % FEW } else { number };
        let length = self.longest - number * 7919 % (self.longest / 4);
        Version { offset: number * 4099 % (NOISE - self.longest), length }
    }
}

/// The bytes of a version are noise from some position on, with [`MAGIC`] over its beginning.
#[derive(Clone, Copy, Debug)]
struct Version {
    offset: usize,
    length: usize,
}

const NOISE: usize = 8 * 1024 * 1024;

/// All that was ever uploaded.
pub struct Truth {
    pub assets: Vec<Asset>,
    noise: Vec<u8>,
    /// By asset and tag.
    versions: Mutex<HashMap<(String, String), Version>>,
}

impl Truth {
    /// Uploads each asset.
    pub fn begin(bucket: &Bucket) -> Self {
        let truth = Self { assets: Asset::all(), noise: noise(), versions: Mutex::default() };
        for (number, asset) in truth.assets.iter().enumerate() {
            let last = if asset.versions == Versions::Few { number + FEW } else { number + 1 };
            for number in number..last {
                let (bytes, fields) = truth.upload(asset, number);
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let tag = bucket.put_with(&asset.name, bytes, &fields);
                if asset.versions == Versions::Few {
                    truth.record(asset, tag, number);
                }
            }
        }
        truth
    }

    /// The bytes and the fields of an upload, whose tag is on record now.
    pub fn upload(&self, asset: &Asset, number: usize) -> (Vec<u8>, Vec<(&'static str, String)>) {
        let Version { offset, length } = asset.version(number);
        let mut bytes = self.noise[offset..offset + length].to_vec();
        bytes[..MAGIC.len()].copy_from_slice(MAGIC);
        let mut fields = vec![("content-type", "image/jpeg".to_owned())];
        if asset.versions != Versions::Few {
            let digest = Sha256::digest(&bytes);
            fields.push(("x-amz-checksum-sha256", BASE64_STANDARD.encode(digest)));
            self.record(asset, format!("\"{}\"", hex::encode(digest)), number);
        }
        (bytes, fields)
    }

    fn record(&self, asset: &Asset, tag: String, number: usize) {
        self.versions.lock().unwrap().insert((asset.name.clone(), tag), asset.version(number));
    }

    /// Says what is wrong with these bytes, which are said to be of the version of that tag from position `first` on.
    /// `complete` is the length that it is said to have.
    pub fn check(
        &self,
        asset: &Asset,
        tag: &str,
        (first, complete): (usize, usize),
        bytes: &[u8],
    ) -> Result<(), String> {
        let found = self.versions.lock().unwrap().get(&(asset.name.clone(), tag.to_owned())).copied();
        let version = found.ok_or_else(|| format!("there never was a version {tag}"))?;
        if complete != version.length {
            return Err(format!("{complete} bytes long, and {tag} has {}", version.length));
        }
        let magic = MAGIC.get(first..).unwrap_or_default();
        let (head, rest) = bytes.split_at(magic.len().min(bytes.len()));
        let begin = version.offset + first + head.len();
        let right = magic.starts_with(head)
            && first + bytes.len() <= version.length
            && self.noise[begin..begin + rest.len()] == *rest;
        if right { Ok(()) } else { Err(format!("{} bytes from {first} on are not of {tag}", bytes.len())) }
    }
}

/// Bytes of which no two places are alike.
fn noise() -> Vec<u8> {
    let mut noise = vec![0; NOISE];
    let mut dice = Dice(77);
    for word in noise.chunks_exact_mut(8) {
        word.copy_from_slice(&dice.roll().to_le_bytes());
    }
    noise
}

/// Numbers that look random, and are the same for the same seed.
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 up to and without `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end).unwrap()).unwrap()
    }
}
