//! `media-origin explain --webhook`: what went wrong with a message, in plain words.

use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, SystemTime};

use httpdate::fmt_http_date;

use super::layout::Page;
use crate::cli::{Exit, answer, answer_json, complain, printable};
use crate::whatsapp::failure::{self, Failure, NotAWebhook, Report};

/// Explains the report in `file`, or on standard input if that is `-`.
pub(super) fn explain(file: &Path, json: bool) -> Exit {
    let explained = read(file)
        .map_err(|error| format!("{}: {error}", name(file)))
        .and_then(|text| failure::explain(&text).map_err(|wrong| unread(file, &wrong)));
    match explained {
        Err(why) => {
            complain(&format!("error: {why}\nhelp: {HELP}"));
            Exit::Usage
        }
        Ok(report) => {
            let exit = if report.failures.is_empty() { Exit::Success } else { Exit::No };
            if json { answer_json(&report, exit) } else { answer(&lines(&report), exit) }
        }
    }
}

const HELP: &str = "give the JSON that Meta sent to your webhook, or the error that its API answered: a file, or \"-\" and \
                    the JSON on standard input; several may follow one another, a line each";

fn name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { printable(&file.to_string_lossy()) }
}

fn unread(file: &Path, wrong: &NotAWebhook) -> String {
    match wrong {
        NotAWebhook::Empty => format!("{} is empty", name(file)),
        other => format!("{}: {other}", name(file)),
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
        (true, 1) => page.title("nothing failed: 1 message is on its way, or was read"),
        (true, count) => {
            page.title(&format!("nothing failed: {count} messages are on their way, or were read"));
        }
        (false, 0) => {}
        (false, 1) => page.title("1 other is on its way, or was read"),
        (false, count) => page.title(&format!("{count} others are on their way, or were read")),
    }
    page.finish()
}

fn one(failure: &Failure, page: &mut Page) {
    page.title(match (&failure.message_id, &failure.status) {
        (Some(id), _) => id,
        (None, Some(_)) => "a message (the report has no id)",
        (None, None) => "refused at once",
    });
    if let Some(when) = failure.when {
        page.line("when", &date(when));
    }
    let code = failure.code.map(|code| code.to_string());
    let error: Vec<_> = [code.as_deref(), failure.title.as_deref()].into_iter().flatten().collect();
    if !error.is_empty() {
        page.line("error", &error.join(" "));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(json: &str) -> String {
        lines(&failure::explain(json.as_bytes()).expect("a report"))
    }

    #[test]
    fn what_is_not_there_has_no_line() {
        let page = shown(
            r#"{"id":"wamid.A","status":"failed","errors":[{"title":"","error_data":{"details":" "}}]}"#,
        );
        let labels: Vec<_> =
            page.lines().map(|line| line.split_whitespace().next().unwrap_or("none")).collect();
        assert_eq!(labels, ["wamid.A", "means", "do", "source"], "{page}");
        let page = shown(r#"{"id":"wamid.A","status":"failed","errors":[{"code":131026}]}"#);
        assert!(page.contains("error     131026\n"), "{page}");
    }

    #[test]
    fn a_message_without_an_id_is_not_taken_for_one_that_was_refused_at_once() {
        for (json, title) in [
            (r#"{"status":"failed","errors":[{"code":131026}]}"#, "a message (the report has no id)"),
            (r#"{"statuses":[{"status":"failed"}]}"#, "a message (the report has no id)"),
            (r#"{"error":{"code":100}}"#, "refused at once"),
        ] {
            assert_eq!(shown(json).lines().next(), Some(title), "{json}");
        }
    }

    #[test]
    fn one_is_one_and_two_are_two() {
        let (read, failed) = (r#"{"id":"a","status":"read"}"#, r#"{"id":"b","status":"failed"}"#);
        for (reports, last) in [
            (vec![read], "nothing failed: 1 message is on its way, or was read"),
            (vec![read, read], "nothing failed: 2 messages are on their way, or were read"),
            (vec![failed, read], "1 other is on its way, or was read"),
            (vec![failed, read, read], "2 others are on their way, or were read"),
        ] {
            assert_eq!(shown(&reports.join("\n")).lines().last(), Some(last));
        }
    }
}
