//! Buttons: those that answer, and the one that opens a URL.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::super::fields::Fields;
use super::super::json::Value;
use super::super::node::{Limit, Node, too_long};
use crate::whatsapp::{Finding, Severity};

/// The longest label of a button, in characters.
const LABEL: usize = 20;

/// The longest id of a button on a card that one provider takes; Meta takes 256.
const CARD_ID: Limit =
    Limit { most: 20, source: "docs.360dialog.com/docs/messaging/message-types/interactive/media-carousel" };

/// Buttons whose id comes back when they are tapped. `key` is their type, and the property in which id and title stand.
/// Returns how many there are.
pub(super) fn replies(
    node: &Node<'_>,
    key: &'static str,
    count: RangeInclusive<usize>,
    source: &'static str,
) -> Option<usize> {
    let buttons = node.array_of(count, source)?;
    let (mut ids, mut titles) = (Unique::default(), Unique::default());
    for button in &buttons {
        if let Some((id, title)) = reply(button, key, source) {
            id.filter(|_| key == "quick_reply").inspect(short_id);
            ids.see(id, Limit { most: 256, source });
            titles.see(title, Limit { most: LABEL, source });
        }
    }
    Some(buttons.len())
}

/// The values of `id` and `title`, where they are there.
fn reply<'a>(
    button: &Node<'a>,
    key: &'static str,
    source: &'static str,
) -> Option<(Option<Node<'a>>, Option<Node<'a>>)> {
    let mut fields = button.object()?;
    if let Some(kind) = fields.required("type", source) {
        kind.one_of(&[key], source);
    }
    let inner = fields.required(key, source);
    fields.finish();
    let mut inner = inner?.object()?;
    let both = (inner.required("id", source), inner.required("title", source));
    inner.finish();
    Some(both)
}

/// The id of a button on a card.
fn short_id(id: &Node<'_>) {
    let Value::String(text) = &id.json.value else { return };
    let found = text.chars().count();
    if found > CARD_ID.most {
        id.remark(|| {
            let (detail, remedy) = too_long(found, CARD_ID.most);
            Finding::new(Severity::Warn, "long-button-id", detail, CARD_ID.source).remedy(remedy)
        });
    }
}

/// `name` and `parameters` of the button that opens a URL.
pub(super) fn url(action: &mut Fields<'_>, source: &'static str) {
    if let Some(name) = action.required("name", source) {
        name.one_of(&["cta_url"], source);
    }
    let parameters = action.required("parameters", source);
    let Some(mut parameters) = parameters.and_then(|parameters| parameters.object()) else { return };
    if let Some(label) = parameters.required("display_text", source) {
        label.text(Limit { most: LABEL, source });
    }
    if let Some(url) = parameters.required("url", source) {
        url.web_address(source);
    }
    parameters.finish();
}

/// Texts of which no two may be the same.
#[derive(Default)]
pub(super) struct Unique<'a>(HashSet<&'a str>);

impl<'a> Unique<'a> {
    /// Reads one of them.
    pub(super) fn see(&mut self, node: Option<Node<'a>>, limit: Limit) {
        let Some(node) = node else { return };
        if node.text(limit).is_some_and(|text| !self.0.insert(text)) {
            node.remark(|| {
                let detail = "another one before has the same text, and each must be unique in the message";
                Finding::new(Severity::Refuse, "not-unique", detail, limit.source)
            });
        }
    }
}
