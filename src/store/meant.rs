//! Which asset was meant by a path that names none: the slips that people make with paths.

use percent_encoding::percent_decode_str;

use super::{AssetPath, MediaStore};

impl MediaStore {
    /// The asset that is there once a slip in `text` is mended: a slash or a dot before it, the directory's or the
    /// bucket's own name before it, or percent-encoding.
    pub async fn meant(&self, text: &str) -> Option<AssetPath> {
        for candidate in candidates(text, self.name()) {
            if self.has(&candidate).await {
                return Some(candidate);
            }
        }
        None
    }
}

/// What may have been meant, the likeliest first.
fn candidates(text: &str, root: &str) -> Vec<AssetPath> {
    let relative = text.trim_start_matches("./").trim_start_matches('/');
    let decoded = percent_decode_str(relative).decode_utf8().map_or_else(|_| relative.to_owned(), Into::into);
    let mut candidates = Vec::new();
    for spelling in [relative.to_owned(), decoded] {
        let below = spelling.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'));
        candidates.extend(below.map(str::to_owned));
        candidates.push(spelling);
    }
    candidates.into_iter().filter_map(|candidate| AssetPath::try_from(candidate).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::late_store;

    #[tokio::test]
    async fn the_slips_that_people_make_are_mended() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("media");
        std::fs::create_dir_all(root.join("a b")).unwrap();
        std::fs::write(root.join("a b/ü.jpg"), "hello").unwrap();
        let store = late_store(&root, 0);
        for slip in [
            "/a b/ü.jpg",
            "./a b/ü.jpg",
            "media/a b/ü.jpg",
            "/media/a b/ü.jpg",
            "a%20b/%C3%BC.jpg",
            "media/a%20b/%c3%bc.jpg",
        ] {
            let meant = store.meant(slip).await;
            assert_eq!(meant.as_ref().map(AssetPath::as_str), Some("a b/ü.jpg"), "{slip}");
        }
        for other in ["", "/", "..", "../media/a b/ü.jpg", "a b", "a b/u.jpg", "%zz", "\0", "/etc/passwd"] {
            assert_eq!(store.meant(other).await, None, "{other}");
        }
    }
}
