//! Templates: the values for what a template leaves open, media in its header or in the headers of its cards among them.

mod carousel;
mod parameter;

use std::collections::HashSet;

use super::choice::Choice;
use super::content::Template;
use super::fields::Fields;
use super::json::Value;
use super::node::{Limit, Node};
use super::tree::Tree;
use super::{MediaKind, Place, Requested};
use crate::whatsapp::{Finding, Severity};

use parameter::Spot;

const TEMPLATE: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/templates/components";
const TEMPLATE_MEDIA: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-media";

/// Components that are read here, but for what buttons take.
const KNOWN: [&str; 4] = ["header", "body", "button", "carousel"];

/// Components that are known and not read here.
const OTHERS: [&str; 4] = ["footer", "limited_time_offer", "order_status", "tap_target_configuration"];

/// The header of a template that is no carousel.
const HEADER: Spot = Spot::Header {
    place: Place::TemplateHeader,
    media: &[MediaKind::Image, MediaKind::Video, MediaKind::Document],
    source: TEMPLATE_MEDIA,
};

/// Reads the property `template`.
pub(super) fn read(node: &Node<'_>) -> Option<Template<Requested>> {
    let mut fields = node.object()?;
    if let Some(name) = fields.required("name", TEMPLATE) {
        name.text(Limit { most: 512, source: TEMPLATE });
    }
    if let Some(language) = fields.required("language", TEMPLATE) {
        read_language(&language);
    }
    if let Some(namespace) = fields.optional("namespace") {
        namespace.remark(|| {
            let detail = "`namespace` was for the on-premises API, and names nothing here";
            Finding::new(Severity::Warn, "namespace", detail, TEMPLATE).remedy("remove it")
        });
    }
    let components = fields.optional("components").and_then(|components| components.array());
    fields.finish();
    read_components(components.unwrap_or_default(), &HEADER);
    Some(Template(Tree::of(node.json, &node.report.media())))
}

fn read_language(node: &Node<'_>) {
    let Some(mut fields) = node.object() else { return };
    if let Some(code) = fields.required("code", TEMPLATE) {
        code.filled();
    }
    if let Some(policy) = fields.optional("policy") {
        policy.one_of(&["deterministic"], TEMPLATE);
    }
    fields.finish();
}

/// What the header of a template, or of a card, is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Headed {
    /// There is no header.
    Not,
    /// Media of this kind.
    With(MediaKind),
    /// Text, or something that is not read here.
    Otherwise,
}

/// The components of a template, or of a card, whose header is `header`. Of all but buttons there is one at most.
fn read_components(components: Vec<Node<'_>>, header: &Spot) -> Headed {
    let (mut seen, mut found) = (HashSet::new(), Headed::Not);
    for node in components {
        let Some((choice, fields)) = component(&node) else { continue };
        if let Choice::Known(name) = choice
            && name != "button"
            && !seen.insert(name)
        {
            node.peek("type").unwrap_or(node).remark(|| {
                let detail = format!("there is another `{name}` before, and a template has one at most");
                Finding::new(Severity::Refuse, "repeated-component", detail, TEMPLATE)
            });
        }
        match choice {
            Choice::Known("header") => found = parameters(fields, header),
            Choice::Known("body") => drop(parameters(fields, &Spot::Body)),
            Choice::Known("carousel") if header.is_card() => nested(&node),
            Choice::Known("carousel") => carousel::read(fields),
            // What a button takes depends on its kind, of which there are many.
            Choice::Known(_) | Choice::Other => node.carried(),
        }
    }
    found
}

/// A component and its type. Where that cannot be told, its media is read all the same.
fn component<'a>(node: &Node<'a>) -> Option<(Choice, Fields<'a>)> {
    let mut fields = node.object()?;
    let inferred = inferred(node);
    let kind = fields.kind(inferred, TEMPLATE);
    let choice = kind.and_then(|kind| kind.one_of_many(&KNOWN, &OTHERS, TEMPLATE));
    let choice = choice.or(inferred.map(Choice::Known));
    if choice.is_none() {
        node.carried();
    }
    Some((choice?, fields))
}

/// The component that has such keys, or such parameters.
fn inferred(node: &Node<'_>) -> Option<&'static str> {
    if node.peek("cards").is_some() {
        return Some("carousel");
    }
    if node.peek("sub_type").is_some() || node.peek("index").is_some() {
        return Some("button");
    }
    let Value::Array(parameters) = &node.peek("parameters")?.json.value else { return None };
    let is_media = |json| MediaKind::ALL.iter().any(|kind| node.inner(json).peek(kind.as_str()).is_some());
    Some(if parameters.iter().any(is_media) { "header" } else { "body" })
}

/// A carousel in a card of a carousel.
fn nested(node: &Node<'_>) {
    node.remark(|| {
        Finding::new(
            Severity::Refuse,
            "nested-carousel",
            "a card of a carousel has no carousel in it",
            TEMPLATE,
        )
    });
    node.carried();
}

fn parameters(mut fields: Fields<'_>, spot: &Spot) -> Headed {
    let list = match spot {
        Spot::Header { source, .. } => {
            let list = fields.required("parameters", source);
            list.and_then(|list| list.array_of(1..=1, source))
        }
        Spot::Body => fields.optional("parameters").and_then(|list| list.array()),
    };
    fields.finish();
    let kinds = list.into_iter().flatten().map(|node| parameter::read(&node, spot));
    kinds.fold(None, Option::or).map_or(Headed::Otherwise, Headed::With)
}
