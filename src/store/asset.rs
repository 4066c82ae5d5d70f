//! An asset, opened: what a request needs of it, wherever it comes from.

use std::iter::Sum;
use std::ops::Add;
use std::sync::Arc;

use http::HeaderValue;

use super::memory::Sighting;
use super::{Agreement, Content, Reader};
use crate::semantics::Representation;

/// An asset, opened: what is known of it, and its bytes.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its one representation.
    pub representation: Arc<Representation>,
    /// The bytes of that representation, and never of another.
    pub content: Content,
    /// Whether its label and its bytes say the same.
    pub agreement: Agreement,
    /// What the bucket says of how it may be cached; `None` where it says nothing, and of files.
    pub stored_cache_control: Option<HeaderValue>,
    /// How it was come by; `None` of files.
    pub cache: Option<CacheStatus>,
    /// The farthest place that its bytes came from so far; `None` where none were looked for.
    pub tier: Option<Tier>,
    /// What its file was when it was opened, if that will stand for these bytes.
    pub(in crate::store) seen: Option<Sighting>,
}

/// How an asset of a bucket was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CacheStatus {
    /// From the cache, without asking the bucket.
    Hit,
    /// The bucket was asked whether it has changed, and it has not.
    Revalidated,
    /// From the bucket.
    Miss,
    /// From the cache, because the bucket could not be asked.
    Stale,
}

/// Where bytes were found, the nearest place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// In memory.
    Memory,
    /// On the disk of this machine: a file, or a slice that is cached there.
    Disk,
    /// In the bucket.
    Bucket,
}

impl Tier {
    /// Every place there is.
    pub const ALL: [Self; 3] = [Self::Memory, Self::Disk, Self::Bucket];

    /// A word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Bucket => "bucket",
        }
    }
}

impl CacheStatus {
    /// Every way there is.
    pub const ALL: [Self; 4] = [Self::Hit, Self::Revalidated, Self::Miss, Self::Stale];

    /// A word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Revalidated => "revalidated",
            Self::Miss => "miss",
            Self::Stale => "stale",
        }
    }
}

/// What was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Bodies, or slices of them.
    pub slices: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Purged {
    /// One body, or slice of one.
    pub(super) fn one(bytes: u64) -> Self {
        Self { slices: 1, bytes }
    }
}

impl Add for Purged {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self { slices: self.slices + more.slices, bytes: self.bytes + more.bytes }
    }
}

impl Sum for Purged {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// Which bytes an answer needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The position of the first of them.
    pub first: u64,
    /// Whether they are half of all or more: then it is worth having all of them at hand.
    pub most: bool,
}

impl Asset {
    /// Reads the bytes in any order.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::new(&self.content, self.representation.complete_length)
    }
}
