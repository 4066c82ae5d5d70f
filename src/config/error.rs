//! What is wrong with a configuration, laid out as the compiler lays out its own messages.

use super::source::Source;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The configuration is refused.
    Error,
    /// The configuration is taken, and does not do what whoever wrote it believes.
    Warning,
}

/// One thing that is wrong with a configuration: where, what was found, what was expected, and the remedy.
///
/// `Display` is the whole message, of several lines, without colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    severity: Severity,
    source: Arc<Source>,
    /// The bytes at fault; `None` for what stands in no file, or concerns all of it.
    range: Option<Range<usize>>,
    found: Box<str>,
    expected: String,
    others: Vec<(Range<usize>, String)>,
    remedy: Option<Box<str>>,
}

/// Everything that keeps a configuration from being used, and the warnings beside it, in the order of the file.
///
/// `Display` is all messages and a last line that counts them, without colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The problems; at least one is a [`Severity::Error`].
    pub problems: Vec<Problem>,
}

impl Problem {
    pub(super) fn error(found: impl Into<Box<str>>) -> Self {
        Self::new(Severity::Error, found.into())
    }

    pub(super) fn warning(found: impl Into<Box<str>>) -> Self {
        Self::new(Severity::Warning, found.into())
    }

    fn new(severity: Severity, found: Box<str>) -> Self {
        Self {
            severity,
            source: Arc::default(),
            range: None,
            found,
            expected: String::new(),
            others: Vec::new(),
            remedy: None,
        }
    }

    /// The same problem at a place in the file.
    pub(super) fn at(mut self, range: Range<usize>) -> Self {
        self.range = Some(range);
        self
    }

    /// The same problem, with what should have stood there.
    pub(super) fn label(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// The same problem, with another place that has to do with it.
    pub(super) fn beside(mut self, range: Range<usize>, role: impl Into<String>) -> Self {
        self.others.push((range, role.into()));
        self
    }

    /// The same problem, with an instruction that puts it right.
    pub(super) fn help(mut self, remedy: impl Into<Box<str>>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same problem, with an instruction if there is one.
    pub(super) fn help_if(mut self, remedy: Option<String>) -> Self {
        self.remedy = remedy.map(Into::into);
        self
    }

    /// The same problem, of something that stands in no file: `name` says what.
    pub(super) fn prefixed(mut self, name: &str) -> Self {
        self.found = format!("{name}: {}", self.found).into();
        self
    }

    /// The same problem, found in `source`.
    pub(super) fn of(mut self, source: &Arc<Source>) -> Self {
        self.range = self.range.map(|range| source.clamp(&range));
        self.source = Arc::clone(source);
        self
    }

    pub(super) fn start(&self) -> usize {
        self.range.as_ref().map_or(0, |range| range.start)
    }

    /// How much it weighs.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The file's name as it was given; empty for what stands in no file, such as a flag.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.source.name
    }

    /// Line and column of the first character at fault, both counted from 1, the column in characters.
    #[must_use]
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        let start = self.range.as_ref()?.start;
        Some((self.source.line(start), self.source.column(start)))
    }

    /// What is wrong, in a sentence without a full stop.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What should have stood there; empty where that says no more than [`Self::found`].
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// How to put it right, as an instruction.
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref()
    }

    /// The whole message with the colours of a terminal.
    #[must_use]
    pub fn styled(&self) -> String {
        self.render(&Renderer::styled())
    }

    fn render(&self, renderer: &Renderer) -> String {
        renderer.render(&[self.group()])
    }

    fn group(&self) -> Group<'_> {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let group = level.primary_title(&*self.found);
        let group = match &self.range {
            Some(range) => group.element(self.snippet(range)),
            None => Group::with_title(group),
        };
        group.elements(self.remedy.iter().map(|remedy| Level::HELP.message(&**remedy)))
    }

    fn snippet(&self, range: &Range<usize>) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let label = Some(self.expected.as_str()).filter(|label| !label.is_empty());
        let primary = AnnotationKind::Primary.span(range.clone()).label(label);
        let others = self
            .others
            .iter()
            .map(|(range, role)| AnnotationKind::Context.span(self.source.clamp(range)).label(role));
        Snippet::source(&self.source.shown).path(self.file()).annotation(primary).annotations(others)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

impl ConfigError {
    /// The error that something is of no use which a configuration only names: a sentence, and the remedy.
    #[must_use]
    pub fn elsewhere(found: &str, remedy: &str) -> Self {
        Self::of(Problem::error(found).help(remedy))
    }

    pub(super) fn of(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }

    /// All messages with the colours of a terminal.
    #[must_use]
    pub fn styled(&self) -> String {
        self.render(&Renderer::styled())
    }

    fn render(&self, renderer: &Renderer) -> String {
        let summary = self.summary();
        let mut report: Vec<_> = self.problems.iter().map(Problem::group).collect();
        report.push(Group::with_title(Level::ERROR.primary_title(&summary)));
        let messages: Vec<_> = report.into_iter().map(|group| renderer.render(&[group])).collect();
        messages.join("\n\n")
    }

    /// That it is refused, and how many errors and warnings there are, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let file = self.problems.iter().map(Problem::file).find(|file| !file.is_empty());
        let count = |severity, name: &str| match self
            .problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
        {
            0 => None,
            1 => Some(format!("1 {name}")),
            many => Some(format!("{many} {name}s")),
        };
        let counts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
        let counts: Vec<_> = counts.into_iter().flatten().collect();
        format!("{} is refused: {}", file.unwrap_or("the configuration"), counts.join(", "))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

impl std::error::Error for ConfigError {}
