//! Collects what is wrong, so that one run tells everything.

use super::error::{ConfigError, Problem, Severity};
use super::source::Source;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The problems of one configuration, collected while several readers hold on to it.
pub(super) struct Report {
    source: Arc<Source>,
    problems: RefCell<Vec<Problem>>,
    /// Lines that are not TOML: what else seems wrong with them follows from that.
    broken: BTreeSet<usize>,
}

impl Report {
    /// A report that opens with what keeps the text from being TOML.
    pub(super) fn new(source: &Arc<Source>, syntax: Vec<Problem>) -> Self {
        let broken = syntax.iter().map(|problem| source.line(problem.start())).collect();
        let problems = syntax.into_iter().map(|problem| problem.of(source)).collect();
        Self { source: Arc::clone(source), problems: RefCell::new(problems), broken }
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// Whether the text is TOML throughout. If not, what seems to be missing may only have been unreadable.
    pub(super) fn is_readable(&self) -> bool {
        self.broken.is_empty()
    }

    pub(super) fn add(&self, problem: Problem) {
        let problem = problem.of(&self.source);
        let follows = problem.line_and_column().is_some_and(|(line, _)| self.broken.contains(&line));
        if !follows {
            self.problems.borrow_mut().push(problem);
        }
    }

    /// Adds what is wrong with something that stands in no file: a flag, a variable.
    pub(super) fn add_outside(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// The warnings in the order of the file.
    ///
    /// # Errors
    /// All problems, if one of them is an error.
    pub(super) fn finish(self) -> Result<Vec<Problem>, ConfigError> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(Problem::start);
        if problems.iter().any(|problem| problem.severity() == Severity::Error) {
            return Err(ConfigError { problems });
        }
        Ok(problems)
    }
}
