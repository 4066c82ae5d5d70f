//! Interactive messages: reply buttons, a button for a URL, lists, and carousels of media cards.
//!
//! | kind | header | media |
//! |---|---|---|
//! | `button` | text, image, video, document | link or id |
//! | `cta_url` | text, image, video, document | link |
//! | `list` | text | none |
//! | `carousel` | none; image or video in each card | link |
//!
//! Other kinds go on as they are.

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

pub(super) use carousel::card_index;
use parts::Header;

const INTERACTIVE: &str = "docs.360dialog.com/docs/messaging/message-types/interactive";
const BUTTONS: &str = "developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages";
const CTA_URL: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-cta-url-messages";

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
    let kind = fields.required("type", INTERACTIVE)?;
    match kind.one_of_many(&["button", "cta_url", "list", "carousel"], &OTHERS, INTERACTIVE)? {
        Choice::Known("button") => button(fields),
        Choice::Known("cta_url") => cta_url(fields),
        Choice::Known("list") => list::read(fields),
        Choice::Known(_) => carousel::read(fields),
        Choice::Other => node.refuse_paths(),
    }
    Some(Interactive(Tree::of(node.json, &node.report.media())))
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
