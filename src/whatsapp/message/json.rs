//! A JSON text as a tree that keeps what was written: the order of members, and numbers digit by digit.
//!
//! Parsers into maps forget the order, take the last of two members with one name, and round `1e400` or a long number.
//! What goes on to Meta must be what the sender wrote, so here the first is kept and the others are errors.

use std::collections::HashSet;

use json_event_parser::{JsonEvent, JsonSyntaxError, SliceJsonParser};

use super::{NotJson, Pointer};

/// How deep arrays and objects may stand in one another. The deepest message that is documented needs 11.
pub(super) const MAX_DEPTH: usize = 64;

/// A value, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Json {
    /// The number of values that begin before this one: the order of the document, and a name for the value.
    pub(super) at: usize,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    /// As it was written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    /// In the order in which they were written; no name stands twice.
    Object(Vec<(String, Json)>),
}

/// Reads a whole text.
pub(super) fn parse(text: &[u8]) -> Result<Json, NotJson> {
    if text.starts_with(b"\xEF\xBB\xBF") {
        return Err(NotJson::ByteOrderMark);
    }
    if let Err(error) = std::str::from_utf8(text) {
        return Err(NotJson::not_utf8(text, error.valid_up_to()));
    }
    if text.trim_ascii().is_empty() {
        return Err(NotJson::Empty);
    }
    let mut reader = Reader { text, events: SliceJsonParser::new(text), values: 0 };
    let first = reader.next()?;
    let json = reader.value(first, &Pointer::default(), 0)?;
    reader.next()?; // the end of the text: anything else is a syntax error
    Ok(json)
}

struct Reader<'a> {
    text: &'a [u8],
    events: SliceJsonParser<'a>,
    values: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<JsonEvent<'a>, NotJson> {
        self.events.parse_next().map_err(|error| syntax(self.text, &error))
    }

    /// The value that begins with `event`, inside of `depth` others.
    fn value(&mut self, event: JsonEvent<'a>, pointer: &Pointer, depth: usize) -> Result<Json, NotJson> {
        let at = self.values;
        self.values += 1;
        let value = match event {
            JsonEvent::String(text) => Value::String(text.into_owned()),
            JsonEvent::Number(digits) => Value::Number(digits.into_owned()),
            JsonEvent::Boolean(boolean) => Value::Boolean(boolean),
            JsonEvent::StartArray | JsonEvent::StartObject if depth == MAX_DEPTH => {
                return Err(NotJson::TooDeep { pointer: pointer.clone() });
            }
            JsonEvent::StartArray => Value::Array(self.array(pointer, depth + 1)?),
            JsonEvent::StartObject => Value::Object(self.object(pointer, depth + 1)?),
            // The others never begin a value: the parser reports them as errors.
            JsonEvent::Null
            | JsonEvent::EndArray
            | JsonEvent::EndObject
            | JsonEvent::ObjectKey(_)
            | JsonEvent::Eof => Value::Null,
        };
        Ok(Json { at, value })
    }

    fn array(&mut self, pointer: &Pointer, depth: usize) -> Result<Vec<Json>, NotJson> {
        let mut elements = Vec::new();
        loop {
            match self.next()? {
                JsonEvent::EndArray | JsonEvent::Eof => return Ok(elements),
                event => elements.push(self.value(event, &pointer.element(elements.len()), depth)?),
            }
        }
    }

    fn object(&mut self, pointer: &Pointer, depth: usize) -> Result<Vec<(String, Json)>, NotJson> {
        let mut members = Vec::new();
        let mut names = HashSet::new();
        while let JsonEvent::ObjectKey(name) = self.next()? {
            let pointer = pointer.member(&name);
            if !names.insert(name.clone()) {
                return Err(NotJson::DuplicateKey { pointer });
            }
            let event = self.next()?;
            let value = self.value(event, &pointer, depth)?;
            members.push((name.into_owned(), value));
        }
        Ok(members)
    }
}

/// What is wrong with a text that is not JSON, in the words of `serde_json`, which tells more of it: half a surrogate pair
/// is the end of the text to the other. Neither repeats more of the text than a character.
fn syntax(text: &[u8], error: &JsonSyntaxError) -> NotJson {
    let second = serde_json::from_slice::<serde_json::Value>(text).err().map(|error| {
        let sentence = error.to_string();
        let detail = sentence.split(" at line ").next().unwrap_or_default().to_owned();
        NotJson::Syntax { line: error.line(), column: characters(text, error.line(), error.column()), detail }
    });
    // A number that is only too large is JSON.
    let is_syntax = |found: &NotJson| !found.to_string().ends_with("number out of range");
    second.filter(is_syntax).unwrap_or_else(|| {
        let start = error.location().start;
        let number = |number: u64| usize::try_from(number + 1).unwrap_or(usize::MAX);
        let detail = error.message().replace(char::is_control, " ");
        NotJson::Syntax { line: number(start.line), column: number(start.column), detail }
    })
}

/// A column in characters, of one that is counted in bytes. All count from 1.
fn characters(text: &[u8], line: usize, column: usize) -> usize {
    let line = text.split(|&byte| byte == b'\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let before = line.get(..column.saturating_sub(1)).unwrap_or(line);
    String::from_utf8_lossy(before).chars().count() + 1
}

impl Value {
    /// What it is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
