//! Parts of a message that are not known here: they go on as they are, but for the media in them.
//!
//! WhatsApp adds kinds of messages every few months, and media stands in most of them under the same keys, as an object
//! of the same shape. So a file is found, its link made and its mistakes told, wherever it stands: but in the data of a
//! Flow, whose words are the sender's own.

use super::fields::FILE_KEYS;
use super::json::Value;
use super::media;
use super::node::Node;
use crate::whatsapp::MediaKind;

/// What a Flow is given. WhatsApp reads none of it.
const OF_FLOWS: [&str; 2] = ["flow_action_payload", "flow_action_data"];

impl Node<'_> {
    /// Reads every media object in here, whatever else there is.
    pub(super) fn carried(&self) {
        match &self.json.value {
            Value::Array(elements) => elements.iter().for_each(|json| self.inner(json).carried()),
            Value::Object(members) => {
                for (name, json) in members.iter().filter(|(name, _)| !OF_FLOWS.contains(&name.as_str())) {
                    let inner = self.inner(json);
                    if let Some(kind) = kind_of(name).filter(|_| inner.names_a_file()) {
                        media::carried(&inner, kind);
                    }
                    inner.carried();
                }
            }
            _ => {}
        }
    }

    /// Whether this is an object with one of the keys that name a file.
    fn names_a_file(&self) -> bool {
        FILE_KEYS.into_iter().any(|key| self.peek(key).is_some())
    }
}

/// What an object of this name is sent as. A GIF is a video that is played again and again.
fn kind_of(name: &str) -> Option<MediaKind> {
    MediaKind::named(name).or((name == "gif").then_some(MediaKind::Video))
}
