//! From bytes to [`Json`]: what is no JSON, and what cannot be trusted to mean one thing.

use std::collections::HashSet;

use json_event_parser::{JsonEvent, JsonSyntaxError, SliceJsonParser};

use super::json::{Json, Value};
use super::pointer::{Step, Trail};
use super::{NotJson, Position};

/// How deep arrays and objects may stand in one another. The deepest message that is documented needs 11.
pub(super) const MAX_DEPTH: usize = 64;

/// How long the name of a member may be, in bytes. The longest that is documented has 30.
pub(super) const LONGEST_KEY: usize = 256;

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
    let mut reader = Reader { text, events: SliceJsonParser::new(text), position: Position::default() };
    let first = reader.next()?;
    let json = reader.value(first, &Trail::DOCUMENT, 0)?;
    reader.next()?; // the end of the text: anything else is a syntax error
    Ok(json)
}

struct Reader<'a> {
    text: &'a [u8],
    events: SliceJsonParser<'a>,
    /// Where the next value begins or ends.
    position: Position,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<JsonEvent<'a>, NotJson> {
        self.events.parse_next().map_err(|error| syntax(self.text, &error))
    }

    /// The value that begins with `event`, inside of `depth` others.
    fn value(&mut self, event: JsonEvent<'a>, trail: &Trail<'_>, depth: usize) -> Result<Json, NotJson> {
        let at = self.pass();
        let value = match event {
            JsonEvent::String(text) => Value::String(text.into_owned()),
            JsonEvent::Number(digits) => Value::Number(digits.into_owned()),
            JsonEvent::Boolean(boolean) => Value::Boolean(boolean),
            JsonEvent::StartArray | JsonEvent::StartObject if depth == MAX_DEPTH => {
                return Err(NotJson::TooDeep { pointer: trail.pointer() });
            }
            JsonEvent::StartArray => Value::Array(self.array(trail, depth + 1)?),
            JsonEvent::StartObject => Value::Object(self.object(trail, depth + 1)?),
            // The others never begin a value: the parser reports them as errors.
            JsonEvent::Null
            | JsonEvent::EndArray
            | JsonEvent::EndObject
            | JsonEvent::ObjectKey(_)
            | JsonEvent::Eof => Value::Null,
        };
        Ok(Json { at, end: self.pass(), value })
    }

    /// This position; the next is another.
    fn pass(&mut self) -> Position {
        let next = self.position.next();
        std::mem::replace(&mut self.position, next)
    }

    fn array(&mut self, trail: &Trail<'_>, depth: usize) -> Result<Vec<Json>, NotJson> {
        let mut elements = Vec::new();
        loop {
            match self.next()? {
                JsonEvent::EndArray | JsonEvent::Eof => return Ok(elements),
                event => {
                    let trail = trail.then(Step::Element(elements.len()));
                    elements.push(self.value(event, &trail, depth)?);
                }
            }
        }
    }

    fn object(&mut self, trail: &Trail<'_>, depth: usize) -> Result<Vec<(String, Json)>, NotJson> {
        let mut members = Vec::new();
        let mut names = HashSet::new();
        while let JsonEvent::ObjectKey(name) = self.next()? {
            if name.len() > LONGEST_KEY {
                return Err(NotJson::KeyTooLong { pointer: trail.pointer(), bytes: name.len() });
            }
            let trail = trail.then(Step::Member(&name));
            if !names.insert(name.clone()) {
                return Err(NotJson::DuplicateKey { pointer: trail.pointer() });
            }
            let event = self.next()?;
            let value = self.value(event, &trail, depth)?;
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
