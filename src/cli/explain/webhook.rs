//! `media-origin explain --webhook`: what went wrong with a message, in plain words.

use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, SystemTime};

use httpdate::fmt_http_date;

use super::layout::Page;
use crate::cli::{Exit, answer, answer_json, no};
use crate::whatsapp::failure::{self, Failure, Report};

/// Explains the report in `file`, or on standard input if that is `-`.
pub(super) fn explain(file: &Path, json: bool) -> Exit {
    let explained = read(file)
        .map_err(|error| error.to_string())
        .and_then(|text| failure::explain(&text).map_err(|wrong| wrong.to_string()));
    match explained {
        Err(why) => no(&format!("error: {}: {why}", file.display())),
        Ok(report) => {
            let exit = if report.failures.is_empty() { Exit::Success } else { Exit::No };
            if json { answer_json(&report, exit) } else { answer(&lines(&report), exit) }
        }
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    if file != Path::new("-") {
        #[expect(clippy::disallowed_methods, reason = "a report that a person names, not an asset")]
        return std::fs::read(file);
    }
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text)?;
    Ok(text)
}

fn lines(report: &Report) -> String {
    let mut page = Page::default();
    report.failures.iter().for_each(|failure| one(failure, &mut page));
    match (report.failures.is_empty(), report.without_failure) {
        (true, 0) => page.title("the report is of no message"),
        (true, count) => {
            page.title(&format!("nothing failed: {count} messages are on their way, or were read"));
        }
        (false, 0) => {}
        (false, count) => page.title(&format!("{count} others are on their way, or were read")),
    }
    page.finish()
}

fn one(failure: &Failure, page: &mut Page) {
    page.title(failure.message_id.as_deref().unwrap_or("refused at once"));
    if let Some(when) = failure.when {
        page.line("when", &date(when));
    }
    let title = failure.title.as_deref().unwrap_or_default();
    page.line("error", &failure.code.map_or_else(|| title.to_owned(), |code| format!("{code} {title}")));
    if let Some(details) = &failure.details {
        page.line("details", details);
    }
    page.line("means", &failure.explanation);
    page.line("do", &failure.remedy);
    page.line("source", failure.source);
}

/// Seconds since 1970 as a date; as they are, if no calendar has it.
fn date(seconds: u64) -> String {
    /// The end of the year 9999, where HTTP's dates end.
    const LAST: u64 = 253_402_300_799;
    if seconds > LAST {
        return seconds.to_string();
    }
    fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}
