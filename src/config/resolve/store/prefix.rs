//! What stands before the path of every asset in its key.

use crate::config::error::Problem;

/// In bytes: of the 1024 that a key may have with either service, some are for the asset.
const LONGEST: usize = 1000;

/// Empty, or folders that end with a slash, whether one was written or not.
pub(super) fn prefix(text: &str) -> Result<String, Problem> {
    match fault(text) {
        None if text.is_empty() => Ok(String::new()),
        None => Ok(format!("{}/", folders(text))),
        Some((found, expected)) => Err(Problem::error(found).label(expected).help_if(meant(text))),
    }
}

/// Without the slash at the end.
fn folders(text: &str) -> &str {
    text.strip_suffix('/').unwrap_or(text)
}

/// What is found and what was expected, if anything is wrong.
fn fault(text: &str) -> Option<(&'static str, &'static str)> {
    let any = |is: fn(&str) -> bool| folders(text).split('/').any(is);
    if text.is_empty() {
        return None;
    }
    if text.starts_with('/') {
        return Some(("the prefix begins with a slash", "expected the name of a folder first"));
    }
    if text.contains("://") {
        return Some(("the prefix is a URL", "expected folders of the bucket"));
    }
    if any(str::is_empty) {
        return Some(("the prefix has two slashes in a row", "expected a name between slashes"));
    }
    if any(|folder| matches!(folder, "." | "..")) {
        return Some(("the prefix has a `.` or `..`", "expected names of folders: a key is not resolved"));
    }
    if text.contains(char::is_control) {
        return Some(("the prefix has a control character", "expected names of folders"));
    }
    let is_long = folders(text).len() >= LONGEST;
    is_long.then_some(("the prefix is too long", "expected 1000 bytes at most, of the 1024 of a key"))
}

/// The same folders as they are to be written, if slashes, dots or the bucket before them are all that is wrong.
fn meant(text: &str) -> Option<String> {
    let url = text.split_once("://").map(|(_, rest)| rest.split_once('/').map_or("", |(_bucket, key)| key));
    let written = url.unwrap_or(text).split('/').filter(|folder| !matches!(*folder, "" | "."));
    let folders: Vec<_> = written.collect();
    if folders.is_empty() {
        return Some("leave it out to serve all of the bucket".into());
    }
    let plain = format!("{}/", folders.join("/"));
    fault(&plain).is_none().then(|| format!("write \"{plain}\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_prefix_is_nothing_or_folders() {
        for (text, resolved) in [
            ("", Some("")),
            ("a", Some("a/")),
            ("a/", Some("a/")),
            ("a/b", Some("a/b/")),
            ("é 1/+%", Some("é 1/+%/")),
            (".well-known", Some(".well-known/")),
            ("/", None),
            ("/a", None),
            ("a//b", None),
            ("a//", None),
            ("./a", None),
            ("a/..", None),
            ("a\nb", None),
            ("s3://a/b", None),
        ] {
            assert_eq!(prefix(text).ok().as_deref(), resolved, "{text:?}");
        }
        for (bytes, taken) in [(LONGEST - 1, true), (LONGEST, false)] {
            assert_eq!(prefix(&"a".repeat(bytes)).is_ok(), taken, "{bytes} bytes");
        }
    }

    #[test]
    fn what_was_meant_can_be_taken() {
        for (text, meant) in [
            ("/a/b", Some("write \"a/b/\"")),
            ("./a//b/./", Some("write \"a/b/\"")),
            ("s3://media/a", Some("write \"a/\"")),
            ("s3://media", Some("leave it out to serve all of the bucket")),
            ("//", Some("leave it out to serve all of the bucket")),
            ("a/../b", None),
            ("/a\nb", None),
        ] {
            assert_eq!(super::meant(text).as_deref(), meant, "{text:?}");
        }
    }

    proptest! {
        /// What is taken stands before a path without a fault of its own, and says the same when it is written again.
        #[test]
        fn a_resolved_prefix_is_its_own(text in "[a./ é:%]{0,12}") {
            let Ok(resolved) = prefix(&text) else {
                prop_assert!(text.starts_with('/') || text.contains("//") || text.contains('.'));
                return Ok(());
            };
            prop_assert_eq!(prefix(&resolved).ok(), Some(resolved.clone()));
            prop_assert_eq!(resolved.trim_end_matches('/'), text.trim_end_matches('/'));
            let key = format!("{resolved}x");
            prop_assert!(key.split('/').all(|segment| !matches!(segment, "" | "." | "..")));
        }
    }
}
