//! A message from its first key to its last: who, in reply to what, and which type.

use super::content::{Content, Marketing, Message};
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

const MARKETING: &str = "developers.facebook.com/documentation/business-messaging/whatsapp/marketing-messages/send-marketing-messages";

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
    let marketing = if name == Some("template") { marketing(&mut fields) } else { Marketing::default() };
    other_contents(&mut fields, name);
    fields.finish();
    Some(Message {
        recipient: recipient?,
        recipient_identity_key_hash: hash.map(str::to_owned),
        biz_opaque_callback_data: data.map(str::to_owned),
        reply_to: reply_to.map(str::to_owned),
        marketing,
        content: content?,
    })
}

fn product(fields: &mut Fields<'_>) {
    if let Some(product) = fields.optional("messaging_product")
        && product.string().is_some_and(|product| product != "whatsapp")
    {
        product.remark(|| {
            let detail = "`messaging_product` is always `whatsapp`";
            Finding::new(Severity::Refuse, "messaging-product", detail, MESSAGES)
                .remedy("leave it out: it is filled in")
        });
    }
}

fn callback_data<'a>(value: &Node<'a>) -> Option<&'a str> {
    value.string().inspect(|text| value.within(text, CALLBACK_DATA))
}

/// What `POST /marketing_messages` takes beside a template, and `POST /messages` does not.
fn marketing(fields: &mut Fields<'_>) -> Marketing {
    let policy = fields.optional("product_policy").inspect(marketing_only);
    let sharing = fields.optional("message_activity_sharing").inspect(marketing_only);
    Marketing {
        product_policy: policy.and_then(|value| value.filled()).map(str::to_owned),
        message_activity_sharing: sharing.and_then(|value| value.boolean()),
    }
}

fn marketing_only(value: &Node<'_>) {
    value.remark(|| {
        let detail = "this key belongs to the Marketing Messages API, so send it to `/marketing_messages`";
        Finding::new(Severity::Note, "marketing-only", detail, MARKETING)
    });
}

fn message_id<'a>(context: &Node<'a>, name: Option<&str>) -> Option<&'a str> {
    let mut fields = context.object()?;
    let id = fields.required("message_id", REPLIES).and_then(|value| value.filled());
    fields.finish();
    if name == Some("template") {
        context.remark(|| {
            let detail = "a template is sent as a message of its own: no bubble shows what it replies to";
            Finding::new(Severity::Note, "reply-without-bubble", detail, REPLIES)
        });
    }
    id
}

/// The type of the message.
fn type_name(fields: &mut Fields<'_>) -> Option<&'static str> {
    let Some(value) = fields.optional("type") else {
        fields.missing("type", || type_missing(fields));
        return None;
    };
    let name = value.string()?;
    if let Some(name) = WITHOUT_MEDIA.into_iter().find(|without| *without == name) {
        value.remark(|| {
            let detail = format!("`{name}` messages carry no media, and this is for messages that do");
            Finding::new(Severity::Refuse, "type-without-media", detail, MESSAGES)
                .remedy("send it as it is: there is no link to fill in")
        });
        fields.optional(name);
        return None;
    }
    // The type names a property of the message, so it is taken to the letter.
    value.exactly_one_of(&TYPES, MESSAGES)
}

/// Says which type it must be, where the message can only be of one.
fn type_missing(fields: &Fields<'_>) -> Finding {
    let remedy = match fields.only(&TYPES) {
        Some(only) => format!("add `\"type\": \"{only}\"`"),
        None => format!("give one of `{}`, and the property of that name", TYPES.join("`, `")),
    };
    Finding::new(Severity::Refuse, "required", "`type` is missing", MESSAGES).remedy(remedy)
}

/// The property that has the name of the type.
fn content(fields: &mut Fields<'_>, name: &'static str) -> Option<Content<Requested>> {
    let value = fields.named(name, MESSAGES)?;
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
