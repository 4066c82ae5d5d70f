//! Lists: a button that opens sections of rows. They carry no media.

use super::super::Place;
use super::super::fields::Fields;
use super::super::node::{Limit, Node};
use super::buttons::Unique;
use super::parts::{self, Header};
use crate::whatsapp::{Finding, Severity};

const LIST: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages";

/// The most rows of all sections together.
const ROWS: usize = 10;

/// Reads a list.
pub(super) fn read(mut fields: Fields<'_>) {
    parts::header(&mut fields, &Header { text: true, media: &[], place: Place::ButtonHeader, source: LIST });
    parts::body(&mut fields, limit(4096));
    parts::footer(&mut fields, LIST);
    if let Some(mut action) = fields.required("action", LIST).and_then(|action| action.object()) {
        if let Some(button) = action.required("button", LIST) {
            button.text(limit(20));
        }
        if let Some(list) = action.required("sections", LIST) {
            sections(&list);
        }
        action.finish();
    }
    fields.finish();
}

fn sections(node: &Node<'_>) {
    let Some(sections) = node.array_of(1..=10, LIST) else { return };
    let mut ids = Unique::default();
    let rows: usize = sections.iter().filter_map(|node| section(node, sections.len() > 1, &mut ids)).sum();
    if rows > ROWS {
        node.remark(|| {
            let detail = format!("there are {rows} rows in all sections together, where {ROWS} are taken");
            Finding::new(Severity::Refuse, "count", detail, LIST)
        });
    }
}

/// Reads a section, which needs a title beside others, and counts its rows.
fn section<'a>(node: &Node<'a>, needs_title: bool, ids: &mut Unique<'a>) -> Option<usize> {
    let mut fields = node.object()?;
    let title = if needs_title { fields.required("title", LIST) } else { fields.optional("title") };
    if let Some(title) = title {
        title.text(limit(24));
    }
    let rows = fields.required("rows", LIST).and_then(|rows| rows.array_of(1..=usize::MAX, LIST));
    fields.finish();
    let rows = rows?;
    for node in &rows {
        row(node, ids);
    }
    Some(rows.len())
}

fn row<'a>(node: &Node<'a>, ids: &mut Unique<'a>) {
    let Some(mut fields) = node.object() else { return };
    ids.see(fields.required("id", LIST), limit(200));
    if let Some(title) = fields.required("title", LIST) {
        title.text(limit(24));
    }
    if let Some(description) = fields.optional("description") {
        description.text(limit(72));
    }
    fields.finish();
}

fn limit(most: usize) -> Limit {
    Limit { most, source: LIST }
}
