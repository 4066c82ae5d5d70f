//! Collects what is found while several readers walk through one message, and puts it into the order of the document.

use std::cell::{Cell, RefCell};

use super::{Medium, Pointer, Remark};
use crate::whatsapp::{Finding, Severity};

/// How many remarks are kept of one message: more than a person reads, and few enough for one that is made to have many.
const MOST: usize = 200;

/// How many media are kept of one message, for each is a file to be opened. A carousel of ten cards has the most.
const MOST_MEDIA: usize = 32;

/// Everything that is found in one message. Each entry has the number of its value: see [`super::json::Json::at`].
#[derive(Default)]
pub(super) struct Report {
    remarks: RefCell<Vec<(usize, Remark)>>,
    /// The heaviest of those that were not kept.
    left_out: Cell<Option<Severity>>,
    media: RefCell<Vec<(usize, Medium)>>,
}

impl Report {
    pub(super) fn remark(&self, at: usize, pointer: Pointer, finding: Finding) {
        let mut remarks = self.remarks.borrow_mut();
        if remarks.len() < MOST {
            remarks.push((at, Remark { pointer, finding }));
        } else {
            self.left_out.set(self.left_out.get().max(Some(finding.severity)));
        }
    }

    pub(super) fn medium(&self, at: usize, medium: Medium) {
        if self.media.borrow().len() < MOST_MEDIA {
            return self.media.borrow_mut().push((at, medium));
        }
        let detail = format!("no message carries more than {MOST_MEDIA} media");
        let source = super::node::MESSAGES;
        self.remark(at, medium.pointer, Finding::new(Severity::Refuse, "too-many-media", detail, source));
    }

    /// The media that were found so far, with the numbers of their objects, in the order of the document.
    pub(super) fn media(&self) -> Vec<(usize, Medium)> {
        let mut media = self.media.borrow().clone();
        media.sort_by_key(|(at, _)| *at);
        media
    }

    /// The media and the remarks, in the order of the document.
    pub(super) fn finish(self) -> (Vec<Medium>, Vec<Remark>) {
        let media = self.media().into_iter().map(|(_, medium)| medium).collect();
        let mut remarks = self.remarks.into_inner();
        remarks.sort_by_key(|(at, _)| *at);
        if let Some(severity) = self.left_out.get() {
            let detail = format!("there is more to say than these {MOST} remarks, and it is left out");
            let finding = Finding::new(severity, "more-remarks", detail, super::node::MESSAGES);
            remarks.push((usize::MAX, Remark { pointer: Pointer::default(), finding }));
        }
        (media, remarks.into_iter().map(|(_, remark)| remark).collect())
    }
}
