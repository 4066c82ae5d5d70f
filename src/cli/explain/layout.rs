//! An explanation as a person reads it: labels on the left, and sentences that end where the line does.

use std::io::IsTerminal;

use textwrap::{Options, WordSplitter, wrap};

use super::facts;
use crate::caching::rules::Access;
use crate::caching::verdict::Verdict;
use crate::cli::findings::word;
use crate::cli::printable;
use crate::explain::{Described, Explanation, Governing, SendAs, Signature, Subject};
use crate::whatsapp::limits::TYPE_NOT_TAKEN;
use crate::whatsapp::{Finding, Severity};

/// Columns of a line, at most, however wide the terminal is.
const WIDTH: usize = 110;

/// The explanation, in lines.
pub(super) fn explanation(explained: &Explanation) -> String {
    let mut page = Page::default();
    subject(explained, &mut page);
    page.line("status", &explained.status.map_or_else(|| "none".to_owned(), |status| status.to_string()));
    let fields = explained.headers.iter().map(|(name, value)| format!("{name}: {value}"));
    page.lines("headers", fields);
    if let Subject::Asset { unpinned_cache_control: Some(value), .. } = &explained.subject {
        page.line("unpinned", &format!("Cache-Control: {value}"));
    }
    if let Some(content) = &explained.content {
        page.line("content", &described(content));
    }
    page.table("found", explained.findings.iter().map(finding));
    send_as(explained, &mut page);
    if explained.status == Some(200) {
        page.table("caches", explained.caches.iter().map(reuse));
    }
    page.finish()
}

fn subject(explained: &Explanation, page: &mut Page) {
    match &explained.subject {
        Subject::Asset { path, link, rule, access, signature, .. } => {
            page.title(path);
            page.line("link", link);
            page.line("rule", &governing(rule.as_ref()));
            if *access == Access::Signed {
                page.line("access", "for signed links alone: any other is answered 403");
            }
            if let Some(signature) = signature {
                page.line("signature", &signed(signature));
            }
        }
        Subject::Url { url, timings_ms } => {
            page.title(url);
            if let Some(timings) = timings_ms {
                let (connect, first, whole) = (timings.connect, timings.first_byte, timings.whole);
                page.line(
                    "took",
                    &format!("{connect} ms to connect, {first} ms to the first byte, {whole} ms in all"),
                );
            }
        }
    }
}

fn signed(Signature { state, key, expires }: &Signature) -> String {
    let key = key.iter().map(|key| format!(", with the key {key}"));
    let expires = expires.iter().map(|expires| format!(", until {expires}"));
    let state = state.replace('_', " ");
    format!("{state}{}{}", key.collect::<String>(), expires.collect::<String>())
}

fn governing(rule: Option<&Governing>) -> String {
    match rule {
        Some(Governing { pattern, place }) => format!("{pattern}  ({place})"),
        None => "none names it: caches may store it and must ask before each use".to_owned(),
    }
}

fn described(content: &Described) -> String {
    let inside = facts::words(&content.facts);
    let inside = if inside.is_empty() { inside } else { format!(": {inside}") };
    let part = if content.whole { "" } else { "the first " };
    format!("{part}{} bytes of {}{inside}", content.bytes, content.content_type)
}

/// A row of a table: a word, and what is said of it.
type Row<'a> = (&'a str, String);

fn finding(finding: &Finding) -> Row<'_> {
    (word(finding.severity), sentence(finding))
}

/// The kinds of message that can have it as it is, that could have it if it were mended, and the rest in one row.
fn send_as(explained: &Explanation, page: &mut Page) {
    if explained.findings.iter().any(Finding::refuses) {
        return page.line("send as", "nothing, until the errors above are mended");
    }
    let is_of_its_type =
        |kind: &&SendAs| kind.findings.first().is_none_or(|worst| worst.code != TYPE_NOT_TAKEN);
    let (of_its_type, others): (Vec<_>, Vec<_>) = explained.send_as.iter().partition(is_of_its_type);
    let rest = explained.content.as_ref().map(|content| content.content_type.as_str());
    let others: Vec<_> = others.iter().map(|kind| kind.kind.as_str()).collect();
    let rest = rest.filter(|_| !others.is_empty());
    let rest =
        rest.map(|media_type| ("no", format!("{}: none of them takes {media_type}", others.join(", "))));
    page.table("send as", of_its_type.into_iter().map(sent_as).chain(rest));
}

fn sent_as(send_as: &SendAs) -> Row<'_> {
    let word = match (send_as.accepted, send_as.findings.first()) {
        (false, _) => "no",
        (true, Some(worst)) if worst.severity == Severity::Warn => "yes, but",
        (true, _) => "yes",
    };
    let because: Vec<_> = send_as.findings.iter().map(sentence).collect();
    let because = if because.is_empty() { String::new() } else { format!(": {}", because.join("; ")) };
    (send_as.kind.as_str(), format!("{word}{because}"))
}

fn reuse(verdict: &Verdict) -> Row<'_> {
    (verdict.cache.as_str(), format!("{}: {}", verdict.summary(), verdict.because))
}

fn sentence(finding: &Finding) -> String {
    let remedy = finding.remedy.iter().map(|remedy| format!(" → {remedy}"));
    format!("{}{}", finding.detail, remedy.collect::<String>())
}

/// Lines under each other, with their labels.
pub(super) struct Page {
    text: String,
    width: usize,
}

impl Default for Page {
    /// As wide as the terminal, where there is one and it is not too wide to read.
    fn default() -> Self {
        let width = std::io::stdout().is_terminal().then(textwrap::termwidth);
        Self { text: String::new(), width: width.map_or(WIDTH, |width| width.clamp(60, WIDTH)) }
    }
}

impl Page {
    /// A line without a label.
    pub(super) fn title(&mut self, text: &str) {
        self.text.push_str(&printable(text));
        self.text.push('\n');
    }

    pub(super) fn line(&mut self, label: &str, text: &str) {
        self.wrapped(&format!("  {label:9} "), text);
    }

    /// Lines with one label, the first of them beside it.
    fn lines(&mut self, label: &str, lines: impl Iterator<Item = String>) {
        labels(label).zip(lines).for_each(|(label, line)| self.line(label, &line));
    }

    /// Rows with one label.
    fn table<'a>(&mut self, label: &str, rows: impl Iterator<Item = Row<'a>>) {
        let rows = labels(label).zip(rows);
        rows.for_each(|(label, (word, text))| self.wrapped(&format!("  {label:9} {word:10} "), &text));
    }

    /// A text whose lines all begin below its first word.
    fn wrapped(&mut self, before: &str, text: &str) {
        let indent = " ".repeat(before.len());
        let options = Options::new(self.width)
            .initial_indent(before)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in wrap(&printable(text), options) {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// All lines, without the end of the last.
    pub(super) fn finish(self) -> String {
        self.text.trim_end().to_owned()
    }
}

/// The label, and then no more of it.
fn labels(label: &str) -> impl Iterator<Item = &str> {
    std::iter::once(label).chain(std::iter::repeat(""))
}
