//! Reads a TOML table key by key, and reports what is left over.
//!
//! What a table may hold is said once, by reading it: each key that is asked for is a known one. Whatever has not
//! been asked for at the end was never going to have an effect, so it is an error, with the nearest known key.

use super::error::Problem;
use super::report::Report;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

/// A table of which some keys have been read.
pub(super) struct Table<'a> {
    report: &'a Report,
    /// What messages call it: `[listen]`; empty for the file itself.
    name: String,
    /// Where its header stands.
    range: Range<usize>,
    entries: DeTable<'a>,
    known: Vec<&'static str>,
}

/// A string, or `false` to have none.
pub(super) enum TextOrFalse {
    Text(Spanned<String>),
    False,
}

/// A key's value as it was read.
type Value<'a> = Spanned<DeValue<'a>>;

impl<'a> Table<'a> {
    /// The table at the top of the file.
    pub(super) fn root(entries: DeTable<'a>, report: &'a Report) -> Self {
        Self::new(entries, report, String::new(), 0..0)
    }

    fn new(entries: DeTable<'a>, report: &'a Report, name: String, range: Range<usize>) -> Self {
        Self { report, name, range, entries, known: Vec::new() }
    }

    /// Where the table's header stands.
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Whether a key is there and has not been read, be its value of the right kind or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// A string; `example` shows in a message what kind.
    pub(super) fn string(&mut self, key: &'static str, example: &str) -> Option<Spanned<String>> {
        let value = self.take(key)?;
        self.as_string(&value, key, &format!("expected a string, such as \"{example}\""))
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        self.spanned_boolean(key).map(Spanned::into_inner)
    }

    /// The same, with its place.
    pub(super) fn spanned_boolean(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        let value = self.take(key)?;
        if let DeValue::Boolean(boolean) = value.get_ref() {
            return Some(Spanned::new(value.span(), *boolean));
        }
        self.refuse(&value, key, "expected `true` or `false`");
        None
    }

    /// A whole number; `example` shows in a message what kind.
    pub(super) fn integer(&mut self, key: &'static str, example: i64) -> Option<Spanned<i64>> {
        let value = self.take(key)?;
        if let DeValue::Integer(integer) = value.get_ref()
            && let Ok(number) = i64::from_str_radix(integer.as_str(), integer.radix())
        {
            return Some(Spanned::new(value.span(), number));
        }
        self.refuse(&value, key, &format!("expected a whole number, such as {example}"));
        None
    }

    /// A string, which is `of` something, or `false`.
    pub(super) fn string_or_false(&mut self, key: &'static str, of: &str) -> Option<TextOrFalse> {
        let value = self.take(key)?;
        if let DeValue::Boolean(false) = value.get_ref() {
            return Some(TextOrFalse::False);
        }
        self.as_string(&value, key, &format!("expected {of} as a string, or `false`")).map(TextOrFalse::Text)
    }

    /// An array of strings; what else is in it is reported and left out.
    pub(super) fn strings(
        &mut self,
        key: &'static str,
        example: &str,
    ) -> Option<Spanned<Vec<Spanned<String>>>> {
        let value = self.take(key)?;
        let expected = format!("expected an array of strings, such as {example}");
        let DeValue::Array(array) = value.get_ref() else {
            self.refuse(&value, key, &expected);
            return None;
        };
        let strings = array.iter().filter_map(|item| self.as_string(item, key, &expected));
        Some(Spanned::new(value.span(), strings.collect()))
    }

    /// A string, or an array of at least one; what else is in it is reported and left out.
    pub(super) fn string_or_strings(
        &mut self,
        key: &'static str,
        example: &str,
    ) -> Option<Spanned<Vec<Spanned<String>>>> {
        let value = self.take(key)?;
        let expected = format!("expected a string, such as \"{example}\", or an array of them");
        let strings = match value.get_ref() {
            DeValue::Array(array) if !array.is_empty() => {
                array.iter().filter_map(|item| self.as_string(item, key, &expected)).collect()
            }
            DeValue::Array(_) => {
                let problem = Problem::error(format!("`{key}` is an empty array"));
                self.report.add(problem.label(expected).at(value.span()));
                return None;
            }
            _ => vec![self.as_string(&value, key, &expected)?],
        };
        Some(Spanned::new(value.span(), strings))
    }

    /// A table; one without entries if it is not there.
    pub(super) fn table(&mut self, key: &'static str) -> Self {
        let header = format!("[{}]", self.path(key));
        let table = self.take(key).and_then(|value| self.as_table(value, key, &header));
        table.unwrap_or_else(|| Self::new(DeTable::new(), self.report, header, 0..0))
    }

    /// An array of tables, each under a header of its own.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Self> {
        let header = format!("[[{}]]", self.path(key));
        let array = self.take(key).and_then(|value| self.as_array(value, key, &header));
        let tables = array.into_iter().flatten();
        tables.filter_map(|value| self.as_table(value, key, &header)).collect()
    }

    /// What the header of a table below this one holds.
    fn path(&self, key: &str) -> String {
        let name = self.name.trim_matches(['[', ']']);
        if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
    }

    /// A key that must not be there: where it stands, if it does.
    pub(super) fn forbidden(&mut self, key: &str) -> Option<Range<usize>> {
        self.entries.remove_entry(key).map(|(key, _)| key.span())
    }

    /// The keys that `is` names and that must not be there, in the order of the file, and where they stand.
    pub(super) fn forbidden_where(&mut self, is: impl Fn(&str) -> bool) -> Vec<(String, Range<usize>)> {
        let keys = self.entries.keys().map(|key| key.get_ref().to_string());
        let keys: Vec<_> = keys.filter(|key| is(key)).collect();
        let places = keys.into_iter().filter_map(|key| self.forbidden(&key).map(|place| (key, place)));
        let mut found: Vec<_> = places.collect();
        found.sort_by_key(|(_, place)| place.start);
        found
    }

    /// Reports every key that nothing has asked for.
    pub(super) fn finish(self) {
        for (key, value) in &self.entries {
            self.report.add(self.unknown(key, value));
        }
    }

    fn unknown(&self, key: &Spanned<DeString<'a>>, value: &Value<'a>) -> Problem {
        let what = match value.get_ref() {
            DeValue::Table(_) if self.name.is_empty() => format!("table `[{}]`", key.get_ref()),
            DeValue::Array(array) if array.iter().any(|item| item.get_ref().is_table()) => {
                format!("table `[[{}]]`", key.get_ref())
            }
            _ if self.name.is_empty() => format!("key `{}`", key.get_ref()),
            _ => format!("key `{}` in `{}`", key.get_ref(), self.name),
        };
        let problem = Problem::error(format!("unknown {what}")).at(key.span());
        match crate::spelling::nearest(key.get_ref(), self.known.iter().copied()) {
            Some(known) => problem.label(format!("did you mean `{known}`?")),
            None => problem.help(format!("the keys known here are `{}`", self.known.join("`, `"))),
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.known.push(key);
        self.entries.remove(key)
    }

    fn as_string(&self, value: &Value<'a>, key: &str, expected: &str) -> Option<Spanned<String>> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(Spanned::new(value.span(), text.to_string()));
        }
        self.refuse(value, key, expected);
        None
    }

    fn as_array(&self, value: Value<'a>, key: &str, header: &str) -> Option<DeArray<'a>> {
        if !value.get_ref().is_array() {
            self.refuse(&value, key, &format!("expected `{header}` as the header of each"));
        }
        match value.into_inner() {
            DeValue::Array(array) => Some(array),
            _ => None,
        }
    }

    fn as_table(&self, value: Value<'a>, key: &str, header: &str) -> Option<Self> {
        let range = value.span();
        if !value.get_ref().is_table() {
            self.refuse(&value, key, &format!("expected a table, `{header}`"));
        }
        match value.into_inner() {
            DeValue::Table(entries) => Some(Self::new(entries, self.report, header.to_owned(), range)),
            _ => None,
        }
    }

    fn refuse(&self, value: &Value<'a>, key: &str, expected: &str) {
        let found = format!("`{key}` is {}", kind(value.get_ref()));
        self.report.add(Problem::error(found).label(expected).at(value.span()));
    }
}

/// A value's type with its article.
fn kind(value: &DeValue<'_>) -> String {
    let name = value.type_str();
    let article = if name.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {name}")
}
