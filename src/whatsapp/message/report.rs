//! Collects what is found while several readers walk through one message, and puts it into the order of the document.

use std::cell::{Cell, RefCell};

use super::json::Json;
use super::medium::File;
use super::node::MESSAGES;
use super::{Medium, Place, Pointer, Position, Remark};
use crate::whatsapp::{Finding, MediaKind, Severity};

/// How many remarks are kept of one message: more than a person reads, and few enough for one that is made to have many.
const MOST: usize = 200;

/// How many media are kept of one message, for each is a file to be opened. A carousel of ten cards has the most.
const MOST_MEDIA: usize = 32;

/// Everything that is found in one message.
pub(super) struct Report<'a> {
    document: &'a Json,
    remarks: RefCell<Vec<Remark>>,
    /// Whether there was more to say than is kept.
    left_out: Cell<bool>,
    /// Each with the position of its object.
    media: RefCell<Vec<(Position, Medium)>>,
}

impl<'a> Report<'a> {
    pub(super) fn new(document: &'a Json) -> Self {
        Self { document, remarks: RefCell::default(), left_out: Cell::new(false), media: RefCell::default() }
    }

    /// Says something about a value. It is put into words only if it is kept.
    pub(super) fn remark(&self, json: &Json, finding: impl FnOnce() -> Finding) {
        self.keep(json.at, || self.document.pointer(json.at), finding);
    }

    /// Says that an object has no member of this name. It stands behind what the object does have: a slip in another key
    /// is most often the reason.
    pub(super) fn missing(&self, object: &Json, key: &str, finding: impl FnOnce() -> Finding) {
        self.keep(object.end, || self.document.pointer(object.at).member(key), finding);
    }

    /// Says that something is missing in an object, of which no name can be given.
    pub(super) fn incomplete(&self, object: &Json, finding: impl FnOnce() -> Finding) {
        self.keep(object.end, || self.document.pointer(object.at), finding);
    }

    /// Whether nothing more can be said. The message is refused then.
    pub(super) fn is_full(&self) -> bool {
        self.remarks.borrow().len() >= MOST
    }

    fn keep(&self, at: Position, pointer: impl FnOnce() -> Pointer, finding: impl FnOnce() -> Finding) {
        if self.is_full() {
            return self.left_out.set(true);
        }
        self.remarks.borrow_mut().push(Remark { at, pointer: pointer(), finding: finding() });
    }

    /// A file that stands at this object.
    pub(super) fn medium(&self, json: &Json, kind: MediaKind, place: Place, file: File) {
        let mut media = self.media.borrow_mut();
        if media.len() >= MOST_MEDIA {
            return self.remark(json, || {
                let detail = format!("no message carries more than {MOST_MEDIA} media");
                Finding::new(Severity::Refuse, "too-many-media", detail, MESSAGES)
            });
        }
        let File { requested, filename, voice } = file;
        let at = json.get(requested.key()).map_or(json.at, |key| key.at);
        let (pointer, voice) = (self.document.pointer(json.at), voice == Some(true));
        media.push((json.at, Medium { at, pointer, kind, place, voice, filename, requested }));
    }

    /// The media that were found so far, each with the position of its object, in the order of the document.
    pub(super) fn media(&self) -> Vec<(Position, Medium)> {
        let mut media = self.media.borrow().clone();
        media.sort_by_key(|(at, _)| *at);
        media
    }

    /// The media and the remarks, in the order of the document.
    pub(super) fn finish(self) -> (Vec<Medium>, Vec<Remark>) {
        let media = self.media().into_iter().map(|(_, medium)| medium).collect();
        let mut remarks = self.remarks.into_inner();
        remarks.sort_by_key(|remark| remark.at);
        if self.left_out.get() {
            let detail = format!(
                "there is more to say than these {MOST} remarks; nobody means to send such a message"
            );
            let finding = Finding::new(Severity::Refuse, "more-remarks", detail, MESSAGES);
            remarks.push(Remark { at: Position::END, pointer: Pointer::default(), finding });
        }
        (media, remarks)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn what_is_not_kept_is_never_put_into_words() {
        let document = parse(b"{}").unwrap();
        let report = Report::new(&document);
        let worded = Cell::new(0);
        for _ in 0..10_000 {
            let finding = || {
                worded.set(worded.get() + 1);
                Finding::new(Severity::Note, "a", "b", "c")
            };
            report.remark(&document, finding);
            report.missing(&document, "key", finding);
        }
        assert_eq!((worded.get(), report.finish().1.len()), (MOST, MOST + 1));
    }
}
