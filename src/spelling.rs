//! "Did you mean": the known word that a person most likely meant to write.

/// How alike two words must be, from 0 (nothing in common) to 1 (the same), to suggest one for the other.
///
/// At this mark `listner` finds `listen` and `adress` finds `address`, while `pinned` and `pin` stay two words.
const ALIKE: f64 = 0.7;

/// The longest word that is compared, in bytes. Nobody means another by a longer one, and comparing it takes long.
const LONGEST: usize = 64;

/// The word of `known` nearest to `found`, if any is near enough to be a slip of the fingers.
///
/// Damerau–Levenshtein counts a swapped pair of letters as one slip, as fingers do.
pub(crate) fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if found.len() > LONGEST {
        return None;
    }
    let found = compared(found);
    known
        .into_iter()
        .filter(|word| can_be_alike(found.chars().count(), word.chars().count()))
        .map(|word| (strsim::normalized_damerau_levenshtein(&found, &compared(word)), word))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, word)| word)
}

/// Whether words of such lengths can be alike at all: each letter that one has more is a slip. It saves comparing.
#[expect(clippy::cast_precision_loss, reason = "no word is as long as that")]
fn can_be_alike(one: usize, other: usize) -> bool {
    one.min(other) as f64 >= ALIKE * one.max(other) as f64
}

/// A word without what people do not tell apart: case, and whether `-` or `_` joins its parts.
fn compared(word: &str) -> String {
    word.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const KNOWN: [&str; 7] =
        ["listen", "pin", "address", "cache-control", "max-age", "s-maxage", "token-file"];

    #[test]
    fn a_slip_finds_its_word() {
        for (found, meant) in [
            ("adress", "address"),
            ("listner", "listen"),
            ("cache-contol", "cache-control"),
            ("cache_control", "cache-control"),
            ("Max-Age", "max-age"),
            ("maxage", "max-age"),
            ("mxa-age", "max-age"),
            ("s-max-age", "s-maxage"),
            ("äddréss", "address"),
            ("s-max-ages-", "s-maxage"),
        ] {
            assert_eq!(nearest(found, KNOWN), Some(meant), "{found}");
        }
    }

    #[test]
    fn words_joined_by_either_sign_are_found() {
        const KEYS: [&str; 3] = ["message_id", "recipient_type", "to"];
        for (found, meant) in
            [("message-id", "message_id"), ("mesage_id", "message_id"), ("recipientType", "recipient_type")]
        {
            assert_eq!(nearest(found, KEYS), Some(meant), "{found}");
        }
        assert_eq!(nearest("a_b", ["a-b"]), Some("a-b"));
        assert_eq!(nearest("message_id", ["message-id", "message_ids"]), Some("message-id"));
    }

    #[test]
    fn another_word_finds_none() {
        let long = "max-age".repeat(10);
        assert_eq!(nearest(&long, [long.as_str()]), None);
        for found in ["", "host", "expires", "age", "a", "pinned"] {
            assert_eq!(nearest(found, KNOWN), None, "{found}");
        }
    }
}
