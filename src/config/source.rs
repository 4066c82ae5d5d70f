//! The text of a configuration: places in it as lines and columns, and what of it may be shown.

use super::secret::Credential;
use std::fmt;
use std::ops::Range;

/// A configuration's name and text.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// What messages call it: its path as it was given.
    pub(super) name: String,
    /// The text as it was read.
    pub(super) text: String,
    /// The text as messages show it: of the same length, without secrets.
    pub(super) shown: String,
}

impl Source {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), shown: without_secrets(text) }
    }

    /// The line of a byte, counted from 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.before(byte).matches('\n').count() + 1
    }

    /// The column of a byte, counted in characters from 1.
    pub(super) fn column(&self, byte: usize) -> usize {
        self.before(byte).chars().rev().take_while(|c| *c != '\n').count() + 1
    }

    /// What is written at `range`.
    pub(super) fn at(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// The bytes of the line that a byte is in, without its end.
    pub(super) fn range_of_line(&self, byte: usize) -> Range<usize> {
        let before = self.before(byte);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let rest = self.at(start..self.text.len());
        start..start + rest.lines().next().map_or(0, str::len)
    }

    /// `range`, shortened until it lies within the text and its ends between characters.
    pub(super) fn clamp(&self, range: &Range<usize>) -> Range<usize> {
        let floor = |byte: usize| self.text.floor_char_boundary(byte);
        let end = floor(range.end);
        floor(range.start).min(end)..end
    }

    /// Where the first byte of a string's value stands, if the value is written literally, without escapes.
    pub(super) fn literal(&self, string: Range<usize>, value: &str) -> Option<usize> {
        [1, 3].into_iter().find_map(|quotes| {
            let inside = string.start + quotes..string.end.checked_sub(quotes)?;
            (self.text.get(inside.clone())? == value).then_some(inside.start)
        })
    }

    fn before(&self, byte: usize) -> &str {
        self.at(0..self.text.floor_char_boundary(byte))
    }
}

/// The name alone: the text may hold a secret.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.name).finish()
    }
}

/// `text` with stars for its secrets: messages are logged, and a mistake must not spread them.
fn without_secrets(text: &str) -> String {
    let mut open = None;
    text.split_inclusive('\n').map(|line| shown(line, &mut open)).collect()
}

/// A line without its secrets; `open` is what ends a secret that goes on from line to line, or an array of them.
fn shown(line: &str, open: &mut Option<&'static str>) -> String {
    if let Some(end) = *open {
        if line.contains(end) {
            *open = None;
        }
        return masked(line, &(0..line.trim_end().len()));
    }
    let line = user(line).map_or_else(|| line.to_owned(), |user| masked(line, &user));
    let Some(secret) = secret(&line) else { return line };
    let value = line.get(secret.clone()).unwrap_or_default();
    *open = ["\"\"\"", "'''"].into_iter().find(|quotes| value.matches(quotes).count() == 1);
    if value.starts_with('[') && !value.contains(']') {
        *open = Some("]");
    }
    masked(&line, &secret)
}

fn masked(line: &str, secret: &Range<usize>) -> String {
    let part = |range| line.get(range).unwrap_or_default();
    format!("{}{}{}", part(0..secret.start), "*".repeat(secret.len()), part(secret.end..line.len()))
}

/// What is written after the key of a secret and `=`, or after such a key at the beginning of a line.
fn secret(line: &str) -> Option<Range<usize>> {
    let is_secret = |key: &str| Credential::named(key) == Some(Credential::Secret);
    let assigned = line.match_indices(['=', ':']).find(|(at, _)| is_secret(key_before(line, *at)));
    let assigned = assigned.and_then(|(at, sign)| line.get(at + sign.len()..));
    let misspelt = || {
        let (key, rest) = line.trim_start().split_once([' ', '\t'])?;
        is_secret(key).then_some(rest)
    };
    let value = assigned.or_else(misspelt)?.trim();
    let start = value.as_ptr() as usize - line.as_ptr() as usize;
    Some(start..start + value.len())
}

/// The key that ends before byte `at`, quotes or none around it.
fn key_before(line: &str, at: usize) -> &str {
    let key = line.get(..at).unwrap_or_default().trim_end_matches([' ', '\t', '"', '\'']);
    key.rsplit(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).next().unwrap_or_default()
}

/// What is written between `//` and `@`.
fn user(line: &str) -> Option<Range<usize>> {
    let start = line.find("://")? + "://".len();
    let end = start + line.get(start..)?.find(['@', '/', '"', '\'', ' '])?;
    line.get(end..)?.starts_with('@').then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_from_one_in_characters() {
        let source = Source::new("a.toml", "a\nüb\n");
        for (byte, line, column) in [(0, 1, 1), (1, 1, 2), (2, 2, 1), (4, 2, 2), (6, 3, 1), (99, 3, 1)] {
            assert_eq!((source.line(byte), source.column(byte)), (line, column), "byte {byte}");
        }
    }

    #[test]
    fn a_literal_string_gives_the_place_of_its_value() {
        let source = Source::new("", r#"a = "b" c = '''d''' e = "\u0066""#);
        for (value, at) in [("b", Some(5)), ("d", Some(15)), ("f", None)] {
            let range = match value {
                "b" => 4..7,
                "d" => 12..19,
                _ => 24..32,
            };
            assert_eq!(source.literal(range, value), at, "{value}");
        }
    }

    #[test]
    fn a_secret_is_never_shown() {
        for (text, shown) in [
            ("token = \"abc\"\nx = 1", "token = *****\nx = 1"),
            ("control.\"token\"= abc\r\n", "control.\"token\"= ***\r\n"),
            ("control = { token = 'abc' }", "control = { token = *******"),
            ("public-url = \"https://a:b@c.example/\"", "public-url = \"https://***@c.example/\""),
            ("public-url = \"https://c.example/@b\"", "public-url = \"https://c.example/@b\""),
            ("  token abc", "  token ***"),
            ("token: abc", "token: ***"),
            ("token-file = \"abc\"", "token-file = \"abc\""),
            ("# a token of thanks", "# a token of thanks"),
            ("secret-access-key = 'abc'", "secret-access-key = *****"),
            ("store = { access_key_id = 1, x = 2 }", "store = { access_key_id = **********"),
            ("{ endpoint = 'http://a:b@c', secret = 'd' }", "{ endpoint = 'http://***@c', secret = *****"),
            ("secret = '''\na\nb'''\nc = 1", "secret = ***\n*\n****\nc = 1"),
            ("keys = [\n\"a\",\n]\nc = 1", "keys = *\n****\n*\nc = 1"),
            ("keys = ['a'] # b\nc = 1", "keys = *********\nc = 1"),
            ("secret = \"\"\"a\"\"\"\nc = 1", "secret = *******\nc = 1"),
            ("credentials-file = 'abc'", "credentials-file = 'abc'"),
        ] {
            let source = Source::new("", text);
            assert_eq!(source.shown, shown);
            assert_eq!(source.shown.len(), text.len());
        }
    }
}
