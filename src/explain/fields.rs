//! Header fields as a person reads them: in their order, with the names' usual spelling.

use http::HeaderMap;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::semantics::field_text;

/// Names and values, in the order in which they go out.
#[derive(Debug, ToSchema)]
#[schema(value_type = std::collections::BTreeMap<String, String>)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The fields of a message.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        Self(headers.iter().map(|(name, value)| (spelled(name.as_str()), field_text(value))).collect())
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }
}

impl Serialize for Fields {
    /// Lines of one name become one value: "A recipient MAY combine multiple field lines within a field section that have
    /// the same field name into one field line" (RFC 9110 §5.3). `Set-Cookie`, which that forbids, is here to be read only.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut combined: Vec<(&str, String)> = Vec::new();
        for (name, value) in &self.0 {
            match combined.iter_mut().find(|(known, _)| known == name) {
                Some((_, line)) => *line = format!("{line}, {value}"),
                None => combined.push((name, value.clone())),
            }
        }
        serializer.collect_map(combined)
    }
}

/// `cache-control` → `Cache-Control`, and the one name that is spelled otherwise.
fn spelled(name: &str) -> String {
    if name == "etag" {
        return "ETag".to_owned();
    }
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}
