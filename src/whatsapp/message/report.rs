//! Collects what is found while several readers walk through one message, and puts it into the order of the document.

use std::cell::RefCell;

use super::{Medium, Pointer, Remark};
use crate::whatsapp::Finding;

/// Everything that is found in one message. Each entry has the number of its value: see [`super::json::Json::at`].
#[derive(Default)]
pub(super) struct Report {
    remarks: RefCell<Vec<(usize, Remark)>>,
    media: RefCell<Vec<(usize, Medium)>>,
}

impl Report {
    pub(super) fn remark(&self, at: usize, pointer: Pointer, finding: Finding) {
        self.remarks.borrow_mut().push((at, Remark { pointer, finding }));
    }

    pub(super) fn medium(&self, at: usize, medium: Medium) {
        self.media.borrow_mut().push((at, medium));
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
        (media, remarks.into_iter().map(|(_, remark)| remark).collect())
    }
}
