//! A value together with who set it, for the checks that compare two of them.

use super::values;
use crate::config::error::Problem;
use crate::config::file::Text;
use crate::config::report::Report;
use std::ops::Range;

/// Something was refused, and is in the report.
pub(super) struct Refused;

/// A value and where it comes from.
pub(super) struct Setting<T> {
    pub(super) value: T,
    pub(super) origin: Origin,
}

/// Where a value comes from.
pub(super) enum Origin {
    /// Nobody set it.
    Default,
    /// The file, at this place.
    File(Range<usize>),
    /// A flag of this name.
    Flag(&'static str),
    /// What the file says was refused; the default stands in, and is not to be judged.
    Refused,
}

impl<T> Setting<T> {
    /// What `text` says, or `default` if it says nothing, or nothing that `parse` takes.
    pub(super) fn of(
        text: Option<&Text>,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, Problem>,
        report: &Report,
    ) -> Self {
        let Some(text) = text else {
            return Self { value: default, origin: Origin::Default };
        };
        match parse(text.get_ref()) {
            Ok(value) => Self { value, origin: Origin::File(text.span()) },
            Err(problem) => {
                report.add(problem.at(text.span()));
                Self { value: default, origin: Origin::Refused }
            }
        }
    }

    /// What the flag says, if it was given.
    pub(super) fn unless(self, name: &'static str, flag: Option<T>) -> Self {
        match flag {
            Some(value) => Self { value, origin: Origin::Flag(name) },
            None => self,
        }
    }

    /// Reports `problem` where the value was set; a value that was refused has been reported.
    pub(super) fn refuse(&self, problem: Problem, report: &Report) {
        match &self.origin {
            Origin::File(range) => report.add(problem.at(range.clone())),
            Origin::Flag(name) => report.add_outside(problem.prefixed(name)),
            Origin::Default => report.add(problem),
            Origin::Refused => {}
        }
    }
}

impl Setting<u64> {
    /// This size, at most `bound`: a default gives way, what was written is reported.
    pub(super) fn at_most(self, bound: &Self, [own, other]: [&str; 2], report: &Report) -> u64 {
        if matches!(self.origin, Origin::File(_))
            && !matches!(bound.origin, Origin::Refused)
            && self.value > bound.value
        {
            let (size, most) = (values::in_bytes(self.value), values::in_bytes(bound.value));
            let problem = Problem::error(format!("`{own}` ({size}) is larger than `{other}` ({most})"))
                .label(format!("expected at most {most}"))
                .help(format!("lower `{own}`, or raise `{other}` to \"{size}\""));
            self.refuse(problem, report);
        }
        self.value.min(bound.value)
    }
}
