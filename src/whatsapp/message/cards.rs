//! The numbers of cards, in the carousels of interactive messages and of templates.

use super::node::Node;
use crate::whatsapp::{Finding, Severity};

/// The numbers that were seen so far. Cards are shown in the order of their numbers, from 0.
pub(super) struct Indices {
    seen: Vec<u64>,
    source: &'static str,
}

impl Indices {
    pub(super) fn new(source: &'static str) -> Self {
        Self { seen: Vec::new(), source }
    }

    /// Reads the number of the next card.
    pub(super) fn see(&mut self, node: &Node<'_>) {
        let Some(index) = node.whole_number() else { return };
        if let Some(finding) = self.fault(index) {
            node.remark(|| finding);
        }
        self.seen.push(index);
    }

    fn fault(&self, index: u64) -> Option<Finding> {
        let refuse = |code, detail| Some(Finding::new(Severity::Refuse, code, detail, self.source));
        if index > 9 {
            return refuse("card-index", "cards are numbered from 0 to 9".to_owned());
        }
        if self.seen.contains(&index) {
            return refuse("not-unique", format!("another card has the number {index} too"));
        }
        self.seen.iter().any(|seen| *seen > index).then(|| {
            let detail = "the cards stand in another order than their numbers, by which they are shown";
            Finding::new(Severity::Warn, "card-order", detail, self.source)
                .remedy("number them from 0 in the order in which they stand")
        })
    }
}
