//! What is inside an asset, remembered per version: the bytes of a version never change, so neither does the answer.

use std::sync::Arc;

use http::HeaderValue;
use moka::future::Cache;
use tokio::sync::Semaphore;

use super::{Asset, AssetPath, OpenError, blocking};
use crate::semantics::representation::Version;
use crate::whatsapp::limits::Media;
use crate::whatsapp::probe::{Facts, probe};

/// What is remembered takes so many bytes at most: some hundred thousand versions, or fewer with much to say.
const MOST_BYTES: u64 = 64 << 20;

/// So many bytes are counted for a version, beside the words in it: its key, the facts themselves, and the cache's own.
const EACH: usize = 512;

/// A version's bytes, and the media type by which they are read. The type is settled by name and bytes together, so the
/// same bytes can have two. Of a version that is known by an entity tag alone also whose it is: a tag tells versions of
/// one resource apart, and says nothing of another's (RFC 9110 §8.8.3).
type Key = (Version, HeaderValue, Option<AssetPath>);

/// An asset, and what is inside it.
#[derive(Clone, Debug)]
pub struct Explored {
    /// The asset.
    pub asset: Asset,
    /// What is inside.
    pub facts: Arc<Facts>,
}

impl Explored {
    /// What a kind of message is asked whether it takes.
    #[must_use]
    pub fn media(&self) -> Media<'_> {
        let representation = &self.asset.representation;
        Media {
            content_type: representation.content_type.to_str().unwrap_or_default(),
            length: representation.complete_length,
            facts: &self.facts,
            name_says: self.asset.agreement.name_says(),
        }
    }
}

/// So many assets are looked into at a time: each keeps a thread waiting for bytes, which may need another to come.
const LOOKS_AT_A_TIME: usize = 64;

/// Remembers what was found inside.
#[derive(Debug)]
pub struct KnownFacts {
    known: Cache<Key, Arc<Facts>>,
    looks: Semaphore,
}

impl KnownFacts {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            known: Cache::builder().max_capacity(MOST_BYTES).weigher(weight).build(),
            looks: Semaphore::new(LOOKS_AT_A_TIME),
        }
    }

    /// What is inside `asset`, which is at `path`. Several who ask at once have it looked at once.
    ///
    /// # Errors
    /// [`OpenError::KeepsChanging`] if the file is no longer that version, [`OpenError::Io`] if it cannot be read.
    pub async fn of(&self, path: &AssetPath, asset: &Asset) -> Result<Arc<Facts>, OpenError> {
        let representation = &asset.representation;
        let owner = representation.sha256.is_none().then(|| path.clone());
        let key = (representation.version, representation.content_type.clone(), owner);
        let look = async {
            let _turn = self.looks.acquire().await;
            look_inside(asset).await.map(Arc::new)
        };
        self.known.try_get_with(key, look).await.map_err(|error| OpenError::clone(&error))
    }
}

/// About how many bytes the facts take. What a file can make long are lists of brands and tracks, and words.
fn weight((_, _, owner): &Key, facts: &Arc<Facts>) -> u32 {
    /// A track, with the letters of its codec; a brand; on the heap, and so with something around them.
    const TRACK: usize = 96;
    const BRAND: usize = 48;
    let owner = owner.as_ref().map_or(0, |path| path.as_str().len());
    let more = match facts.as_ref() {
        Facts::Mp4(mp4) => mp4.tracks.len() * TRACK + mp4.compatible_brands.len() * BRAND,
        Facts::Damaged { what } => what.len(),
        _ => 0,
    };
    u32::try_from(EACH + owner + more).unwrap_or(u32::MAX)
}

async fn look_inside(asset: &Asset) -> Result<Facts, OpenError> {
    let (reader, length) = (asset.reader(), asset.representation.complete_length);
    let content_type = asset.representation.content_type.clone();
    blocking(move || Ok(probe(reader, length, content_type.to_str().unwrap_or_default())?)).await
}

impl Default for KnownFacts {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::{Representation, Validators};
    use crate::store::tests::late_store;
    use crate::store::{Agreement, Content};

    #[tokio::test]
    async fn a_version_is_looked_into_once_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let store = late_store(folder.path(), 0);
        let written = async |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
            store.explore(&AssetPath::try_from(name.to_owned()).unwrap()).await.unwrap().facts
        };
        let first = written("a.txt", "hello").await;
        assert!(Arc::ptr_eq(&first, &written("a.txt", "hello").await), "the same bytes, written again");
        assert!(Arc::ptr_eq(&first, &written("b.txt", "hello").await), "the same bytes under another name");
        assert!(!Arc::ptr_eq(&first, &written("a.txt", "caf\u{e9}").await), "another version");
        assert!(!Arc::ptr_eq(&first, &written("a.csv", "hello").await), "the same bytes as another type");
    }

    #[tokio::test]
    async fn a_file_that_has_changed_since_it_was_opened_is_not_described() {
        let folder = tempfile::tempdir().unwrap();
        let store = late_store(folder.path(), 0);
        std::fs::write(folder.path().join("a.txt"), "hello").unwrap();
        let path = AssetPath::try_from("a.txt".to_owned()).unwrap();
        let asset = store.open(&path).await.unwrap();
        std::fs::write(folder.path().join("a.txt"), "HELLO").unwrap();
        let described = KnownFacts::new().of(&path, &asset).await;
        assert!(matches!(described, Err(OpenError::KeepsChanging)), "{described:?}");
    }

    #[tokio::test]
    async fn a_tag_says_nothing_of_another_asset() {
        let known = KnownFacts::new();
        let facts = async |name: &str, text: &'static str| {
            let path = AssetPath::try_from(name.to_owned()).unwrap();
            let representation = Representation {
                content_type: HeaderValue::from_static("text/plain"),
                content_disposition: None,
                complete_length: text.len() as u64,
                version: Version::of_tag("1", text.len() as u64),
                sha256: None,
                validators: Validators::with_tag("1", None),
            };
            let asset = Asset {
                representation: Arc::new(representation),
                content: Content::Memory(text.into()),
                agreement: Agreement::Agree,
                stored_cache_control: None,
                cache: None,
                tier: None,
                seen: None,
            };
            known.of(&path, &asset).await.unwrap()
        };
        let first = facts("a.txt", "hello").await;
        assert!(Arc::ptr_eq(&first, &facts("a.txt", "hello").await));
        assert!(!Arc::ptr_eq(&first, &facts("b.txt", "HELLO").await));
    }
}
