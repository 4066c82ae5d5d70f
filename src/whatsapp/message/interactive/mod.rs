//! Interactive messages: reply buttons, a button for a URL, lists, and carousels of media cards.
//!
//! | kind | header | media |
//! |---|---|---|
//! | `button` | text, image, video, document | link or id |
//! | `cta_url` | text, image, video, document | link |
//! | `list` | text | none |
//! | `carousel` | none; image or video in each card | link |
//!
//! Other kinds go on as they are, but for the media in them.

mod buttons;
mod carousel;
mod list;
mod parts;

use super::choice::Choice;
use super::content::Interactive;
use super::fields::Fields;
use super::node::{Limit, Node};
use super::tree::Tree;
use super::{Place, Requested};

use parts::Header;

const INTERACTIVE: &str = "docs.360dialog.com/docs/messaging/message-types/interactive";
const BUTTONS: &str = "developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages";
const CTA_URL: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-cta-url-messages";

/// Kinds that are read here.
const KNOWN: [&str; 4] = ["button", "cta_url", "list", "carousel"];

/// Kinds that are known and not read here.
const OTHERS: [&str; 8] = [
    "address_message",
    "call_permission_request",
    "catalog_message",
    "flow",
    "location_request_message",
    "product",
    "product_list",
    "voice_call",
];

/// Reads the property `interactive`.
pub(super) fn read(node: &Node<'_>) -> Option<Interactive<Requested>> {
    let mut fields = node.object()?;
    let inferred = inferred(node);
    let kind = fields.kind(inferred, INTERACTIVE);
    let choice = kind.and_then(|kind| kind.one_of_many(&KNOWN, &OTHERS, INTERACTIVE));
    match choice.or(inferred.map(Choice::Known)) {
        Some(Choice::Known("button")) => button(fields),
        Some(Choice::Known("cta_url")) => cta_url(fields),
        Some(Choice::Known("list")) => list::read(fields),
        Some(Choice::Known(_)) => carousel::read(fields),
        Some(Choice::Other) | None => node.carried(),
    }
    Some(Interactive(Tree::of(node.json, &node.report.media())))
}

/// The kind that an action like this one belongs to.
fn inferred(node: &Node<'_>) -> Option<&'static str> {
    let action = node.peek("action")?;
    let keys = [("buttons", "button"), ("sections", "list"), ("cards", "carousel")];
    let by_key = keys.into_iter().find(|(key, _)| action.peek(key).is_some()).map(|(_, kind)| kind);
    by_key.or_else(|| action.peek("parameters")?.peek("display_text").map(|_| "cta_url"))
}

fn button(mut fields: Fields<'_>) {
    parts::header(&mut fields, &Header::any(Place::ButtonHeader, BUTTONS));
    parts::body(&mut fields, Limit { most: 1024, source: BUTTONS });
    parts::footer(&mut fields, BUTTONS);
    if let Some(mut action) = fields.required("action", BUTTONS).and_then(|action| action.object()) {
        if let Some(buttons) = action.required("buttons", BUTTONS) {
            buttons::replies(&buttons, "reply", 1..=3, BUTTONS);
        }
        action.finish();
    }
    fields.finish();
}

fn cta_url(mut fields: Fields<'_>) {
    parts::header(&mut fields, &Header::any(Place::CtaUrlHeader, CTA_URL));
    parts::body(&mut fields, Limit { most: 1024, source: CTA_URL });
    parts::footer(&mut fields, CTA_URL);
    if let Some(mut action) = fields.required("action", CTA_URL).and_then(|action| action.object()) {
        buttons::url(&mut action, CTA_URL);
        action.finish();
    }
    fields.finish();
}
