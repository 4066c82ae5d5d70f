use super::{Because, Unreachable, unreachable};
use crate::caching::pattern::Pattern;
use globset::GlobMatcher;
use proptest::prelude::*;
use std::sync::LazyLock;

fn parsed(globs: &[impl AsRef<str>]) -> Vec<Pattern> {
    globs.iter().map(|glob| Pattern::parse(glob.as_ref()).expect("a glob")).collect()
}

fn dead(globs: &[impl AsRef<str>]) -> Vec<Unreachable> {
    unreachable(&parsed(globs).iter().collect::<Vec<_>>())
}

#[test]
fn patterns_that_match_no_asset_path() {
    for glob in [
        "",
        "/",
        "/a",
        "/**",
        "a/",
        "a//b",
        ".git/**",
        "**/.env",
        "a/./b",
        "../a",
        ".*",
        "a/{.b,.c}",
        r"a\\b",
        "[.]a",
        "[é]",
        "a/../b",
    ] {
        let expected = Unreachable { rule: 0, because: Because::NeverAnAssetPath };
        assert_eq!(dead(&[glob]), [expected], "{glob}");
    }
}

#[test]
fn patterns_that_match_some_asset_path() {
    for glob in
        ["a", "**", "*", "?", "a/**", "**/a", "*.jpg", "a.", "a..b/c", "{a,.b}", "é", "[a-z]", "**/*.*", " "]
    {
        assert_eq!(dead(&[glob]), [], "{glob}");
    }
}

#[test]
fn rules_behind_one_that_takes_all() {
    for (earlier, later) in [
        ("**", "a"),
        ("a/**", "a/b/*.pdf"),
        ("a/**", "a/**"),
        ("**/*", "**"),
        ("**/*.jpg", "*.jpg"),
        ("**/*.jpg", "a/**/b/*.jpg"),
        ("*", "?"),
        ("[a-f]", "[b-d]"),
        ("{a,b,c}/*", "{b,c}/x"),
        ("a*", "ab*"),
        // A path that begins with a dot is none, so nothing is left for the later rule.
        ("[!.]*", "*"),
    ] {
        let because = Because::CoveredBy(vec![0]);
        assert_eq!(dead(&[earlier, later]), [Unreachable { rule: 1, because }], "{earlier} {later}");
    }
}

#[test]
fn rules_behind_one_that_leaves_some() {
    for (earlier, later) in [
        ("a/*", "a/**"),
        ("a/**", "a"),
        ("*.jpg", "**/*.jpg"),
        ("a/*.pdf", "a/*.*"),
        ("?", "*"),
        ("[a-z]*", "*"),
        ("**/a/**", "a*/**"),
        ("?.jpg", "é.jpg"),
    ] {
        assert_eq!(dead(&[earlier, later]), [], "{earlier} {later}");
    }
}

#[test]
fn the_fewest_rules_that_explain_it() {
    for (globs, because) in [
        (vec!["x", "{a,b}/**", "y", "{c,d}/**", "[a-d]/*.jpg"], vec![1, 3]),
        (vec!["{a,b}/**", "{c,d}/**", "[a-d]/**", "[a-c]/*"], vec![2]),
        (vec!["*", "*/**", "**"], vec![0, 1]),
    ] {
        let rule = globs.len() - 1;
        let found = dead(&globs).pop().expect("the last rule is dead");
        assert_eq!(found, Unreachable { rule, because: Because::CoveredBy(because) });
    }
}

#[test]
fn what_is_too_large_is_left_out_without_a_hang() {
    let letters = 'a'..='t';
    let gaps: Vec<_> =
        letters.map(|letter| format!("**/{letter}*/**")).chain(["**/[a-t]*/**/z".into()]).collect();
    assert_eq!(dead(&gaps), []);
    let wide = format!("**/*a{}", "?".repeat(40));
    assert_eq!(dead(&[wide.as_str(), wide.as_str()]), []);
}

/// Short globs over an alphabet small enough that they often overlap.
fn globs() -> impl Strategy<Value = Vec<String>> {
    let piece = prop::sample::select(vec!["a", "b", "/", "*", "?", "**", "[ab]", "{a,/b}", ".", "a/"]);
    let glob = prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat());
    prop::collection::vec(glob, 1..5)
}

/// Every asset path of up to six characters: two that the globs name, one that they do not, dot and slash.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut longest = vec![String::new()];
    let mut all = Vec::new();
    for _ in 0..6 {
        let longer = |text: &String| ["a", "b", "c", ".", "/"].map(|c| format!("{text}{c}"));
        longest = longest.iter().flat_map(longer).collect();
        all.extend(longest.iter().filter(|path| is_asset_path(path)).cloned());
    }
    all
});

fn is_asset_path(path: &str) -> bool {
    path.split('/').all(|segment| !segment.is_empty() && !segment.starts_with('.'))
}

proptest! {
    /// No path of any length contradicts what was found, and what the short paths leave open is left open.
    #[test]
    fn agrees_with_trying_every_short_path(globs in globs()) {
        let patterns = parsed(&globs);
        let dead = unreachable(&patterns.iter().collect::<Vec<_>>());
        let matchers: Vec<_> = patterns.iter().map(|pattern| pattern.glob().compile_matcher()).collect();
        for (rule, matcher) in matchers.iter().enumerate() {
            let matched: Vec<_> = PATHS.iter().filter(|path| matcher.is_match(path)).collect();
            let taken_by = |others: &[usize]| {
                matched.iter().all(|path| others.iter().any(|other| matchers[*other].is_match(path)))
            };
            let earlier: Vec<_> = (0..rule).collect();
            match dead.iter().find(|dead| dead.rule == rule).map(|dead| &dead.because) {
                None => prop_assert!(!taken_by(&earlier), "{globs:?}: rule {rule} looks dead"),
                Some(Because::NeverAnAssetPath) => prop_assert!(matched.is_empty(), "{globs:?}"),
                Some(Because::CoveredBy(others)) => {
                    prop_assert!(!matched.is_empty() && taken_by(others), "{globs:?}");
                    prop_assert!(is_irreducible(others, &matchers, &matched), "{globs:?}");
                }
            }
        }
    }
}

/// Whether each of `others` takes a path that the rest of them do not.
fn is_irreducible(others: &[usize], matchers: &[GlobMatcher], matched: &[&String]) -> bool {
    others.iter().all(|own| {
        let rest = || others.iter().filter(|other| *other != own);
        matched.iter().any(|path| !rest().any(|other| matchers[*other].is_match(path)))
    })
}
