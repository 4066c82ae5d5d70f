//! A message from its first key to its last: who, in reply to what, and which type.

use super::content::{Content, Message};
use super::fields::Fields;
use super::node::{Limit, MESSAGES, Node};
use super::{Requested, interactive, media, recipient, template};
use crate::whatsapp::{Finding, MediaKind, Severity};

/// The types of messages that carry media.
const TYPES: [&str; 7] = ["audio", "document", "image", "sticker", "video", "interactive", "template"];

/// The types that never do.
const WITHOUT_MEDIA: [&str; 5] = ["contacts", "location", "pin", "reaction", "text"];

const REPLIES: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/contextual-replies";

/// Echoed in webhooks; it was 256 until 26 January 2024.
const CALLBACK_DATA: Limit = Limit { most: 512, source: MESSAGES };

/// Reads a message. `None` where something was reported that keeps it from being one.
pub(super) fn read(mut fields: Fields<'_>) -> Option<Message<Requested>> {
    product(&mut fields);
    let recipient = recipient::read(&mut fields);
    let hash = fields.optional("recipient_identity_key_hash").and_then(|value| value.filled());
    let data = fields.optional("biz_opaque_callback_data").and_then(|value| callback_data(&value));
    let reply = fields.optional("context");
    let name = type_name(&mut fields);
    let reply_to = reply.and_then(|reply| message_id(&reply, name));
    let content = name.and_then(|name| content(&mut fields, name));
    other_contents(&mut fields, name);
    fields.finish();
    Some(Message {
        recipient: recipient?,
        recipient_identity_key_hash: hash.map(str::to_owned),
        biz_opaque_callback_data: data.map(str::to_owned),
        reply_to: reply_to.map(str::to_owned),
        content: content?,
    })
}

fn product(fields: &mut Fields<'_>) {
    if let Some(product) = fields.optional("messaging_product")
        && product.string().is_some_and(|product| product != "whatsapp")
    {
        let finding = Finding::new(
            Severity::Refuse,
            "messaging-product",
            "`messaging_product` is always `whatsapp`",
            MESSAGES,
        );
        product.remark(finding.remedy("leave it out: it is filled in"));
    }
}

fn callback_data<'a>(value: &Node<'a>) -> Option<&'a str> {
    value.string().filter(|text| value.is_within(text, CALLBACK_DATA))
}

fn message_id<'a>(context: &Node<'a>, name: Option<&str>) -> Option<&'a str> {
    let mut fields = context.object()?;
    let id = fields.required("message_id", REPLIES).and_then(|value| value.filled());
    fields.finish();
    if name == Some("template") {
        let detail = "a template is sent as a message of its own: no bubble shows what it replies to";
        context.remark(Finding::new(Severity::Note, "reply-without-bubble", detail, REPLIES));
    }
    id
}

/// The type of the message.
fn type_name(fields: &mut Fields<'_>) -> Option<&'static str> {
    let Some(value) = fields.optional("type") else {
        fields.missing("type", type_missing(fields));
        return None;
    };
    let name = value.string()?;
    if let Some(name) = WITHOUT_MEDIA.into_iter().find(|without| *without == name) {
        let detail = format!("`{name}` messages carry no media, and this is for messages that do");
        let finding = Finding::new(Severity::Refuse, "type-without-media", detail, MESSAGES);
        value.remark(finding.remedy("send it as it is: there is no link to fill in"));
        fields.optional(name);
        return None;
    }
    value.one_of(&TYPES, MESSAGES)
}

/// Says which type it must be, where the message can only be of one.
fn type_missing(fields: &Fields<'_>) -> Finding {
    let mut there = TYPES.into_iter().filter(|name| fields.has(name));
    let remedy = match (there.next(), there.next()) {
        (Some(only), None) => format!("add `\"type\": \"{only}\"`"),
        _ => format!("give one of `{}`, and the property of that name", TYPES.join("`, `")),
    };
    Finding::new(Severity::Refuse, "required", "`type` is missing", MESSAGES).remedy(remedy)
}

/// The property that has the name of the type.
fn content(fields: &mut Fields<'_>, name: &'static str) -> Option<Content<Requested>> {
    let Some(value) = fields.optional(name) else {
        let detail = format!("the type is `{name}`, and the property `{name}` is missing");
        fields.missing(name, Finding::new(Severity::Refuse, "required", detail, MESSAGES));
        return None;
    };
    match MediaKind::named(name) {
        Some(kind) => media::content(&value, kind),
        None if name == "template" => template::read(&value).map(Content::Template),
        None => interactive::read(&value).map(Content::Interactive),
    }
}

/// Properties that belong to other types.
fn other_contents(fields: &mut Fields<'_>, name: Option<&'static str>) {
    let Some(name) = name else {
        // Which of them is meant has been asked already; each is checked all the same.
        for other in TYPES {
            if fields.has(other) {
                content(fields, other);
            }
        }
        return;
    };
    for other in TYPES.into_iter().chain(WITHOUT_MEDIA).filter(|other| *other != name) {
        fields.forbidden(other, || {
            let detail = format!("the type is `{name}`, so `{other}` is no key of this message");
            let finding = Finding::new(Severity::Refuse, "unknown-key", detail, MESSAGES);
            finding.remedy(format!("remove it, or send it as a message with `\"type\": \"{other}\"`"))
        });
    }
}
