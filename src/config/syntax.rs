//! What keeps a text from being TOML, in words for whoever wrote it.
//!
//! The parser goes on after most errors, but gives up the rest of the text at a line such as `listen 8080`, which has
//! no `=`. Such lines are blanked, and the text is read again, so that what comes after them is judged too.

use super::error::Problem;
use super::source::Source;
use std::ops::Range;
use toml::de::{DeTable, Error};

/// How many lines are blanked at most: a text with more of them is no configuration.
const BLANKED: usize = 20;

/// The parser's words for a line that it does not get past.
const NO_VALUE: &str = "key with no value";

/// A text of which the parser reads every line, and what is wrong with those that are blank in it.
pub(super) struct Readable {
    text: String,
    problems: Vec<Problem>,
}

impl Readable {
    /// Blanks the lines of `source` that the parser would not get past; all others stay where they are.
    pub(super) fn new(source: &Source) -> Self {
        let mut readable = Self { text: source.text.clone(), problems: Vec::new() };
        for _ in 0..BLANKED {
            let (_, errors) = DeTable::parse_recoverable(&readable.text);
            let Some(error) = errors.iter().find(|error| error.message().starts_with(NO_VALUE)) else {
                break;
            };
            let problem = describe(error, source);
            if !readable.blank(source.range_of_line(problem.start())) {
                break;
            }
            readable.problems.push(problem);
        }
        readable
    }

    /// The tables, and everything that is wrong with the text.
    pub(super) fn parse(&self, source: &Source) -> (DeTable<'_>, Vec<Problem>) {
        let (entries, errors) = DeTable::parse_recoverable(&self.text);
        let problems = errors.iter().map(|error| describe(error, source));
        (entries.into_inner(), self.problems.iter().cloned().chain(problems).collect())
    }

    /// Whether there was anything to blank.
    fn blank(&mut self, line: Range<usize>) -> bool {
        let spaces = " ".repeat(line.len());
        let written = self.text.get(line.clone()) != Some(&spaces);
        self.text.replace_range(line, &spaces);
        written
    }
}

/// The parser says what it found and what it expected in one breath: "invalid string, expected `"`".
fn describe(error: &Error, source: &Source) -> Problem {
    let range = source.clamp(&error.span().unwrap_or_default());
    let line = source.shown.get(source.range_of_line(range.start)).unwrap_or_default();
    let message = error.message();
    let (found, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let problem = match found {
        "duplicate key" => duplicate(source.at(range.clone())),
        "string values must be quoted" | "invalid float" | "invalid integer" | "invalid datetime" => {
            not_a_value(line, expected)
        }
        NO_VALUE => Problem::error("a key has no value").label(format!("expected {expected}")),
        _ if expected.is_empty() => Problem::error(found),
        _ => Problem::error(found).label(format!("expected {expected}")),
    };
    problem.at(range)
}

fn duplicate(key: &str) -> Problem {
    Problem::error(format!("`{key}` is given twice"))
        .label("it is there already, further up")
        .help("keep one of the two")
}

/// Most often a string without its quotes.
fn not_a_value(line: &str, expected: &str) -> Problem {
    let value = line.split_once('=').map_or("", |(_, value)| value);
    let value = value.split_once(" #").map_or(value, |(value, _)| value).trim();
    if value.is_empty() {
        return Problem::error("a key has no value").label("expected a value after `=`");
    }
    if value.contains(['"', '\'', '[', '{']) {
        return Problem::error("this is not a value").label(format!("expected {expected}"));
    }
    Problem::error("this is not a value")
        .label("expected quotes around a string")
        .help(format!("write \"{value}\""))
}
