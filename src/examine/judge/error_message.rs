//! Error messages that come with 200, as programs write them: in JSON, and in the XML of object stores.

use serde_json::Value;

use super::super::spool::OPENING;
use crate::whatsapp::media_type::essence;

/// So much of a message is repeated, in characters.
const SHOWN: usize = 120;

/// The message, if the beginning of a body that has this `Content-Type` is one.
pub(super) fn read(content_type: &str, opening: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(opening);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    (is_error_in_xml(text) || is_error_in_json(content_type, text)).then(|| shown(text))
}

/// `<Error><Code>AccessDenied</Code>…`: S3, and all that answer as it does.
fn is_error_in_xml(text: &str) -> bool {
    let root = match text.strip_prefix("<?xml") {
        Some(declaration) => declaration.split_once("?>").map_or("", |(_, root)| root.trim_start()),
        None => text,
    };
    root.strip_prefix("<Error").is_some_and(|rest| rest.starts_with(['>', ' ', '\r', '\n']))
}

/// `{"error": …}` that calls itself JSON. Of a longer one than [`OPENING`] only the beginning is known.
fn is_error_in_json(content_type: &str, text: &str) -> bool {
    let essence = essence(content_type).to_ascii_lowercase();
    if essence == "application/problem+json" {
        return true;
    }
    let is_json = essence == "application/json" || essence == "text/json" || essence.ends_with("+json");
    is_json && text.starts_with('{') && {
        match serde_json::from_str::<Value>(text) {
            Ok(json) => says_error(&json),
            Err(_) => text.len() as u64 >= OPENING && text.contains("\"error"),
        }
    }
}

fn says_error(json: &Value) -> bool {
    let has =
        |name: &&str| json.get(name).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)));
    let is_false = |name: &&str| json.get(name) == Some(&Value::Bool(false));
    ["error", "errors"].iter().any(has) || ["ok", "success"].iter().any(is_false)
}

/// The beginning of a message, on one line.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_from_a_file() {
        let s3 = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code></Error>";
        let long = format!("{{\"error\": \"{}", "a".repeat(1024));
        for (content_type, text, expected) in [
            ("application/xml", s3, true),
            ("binary/octet-stream", s3, true),
            ("application/xml", "<Error>", true),
            ("application/xml", "<Errors>", false),
            ("application/xml", "<?xml <Error>", false),
            ("application/json", "{\"error\": {\"message\": \"no such media\"}}", true),
            ("application/json; charset=utf-8", "\u{feff} {\"errors\": [\"no\"]}", true),
            ("application/json", "{\"success\": false}", true),
            ("application/json", "{\"error\": null}", false),
            ("application/json", "{\"file\": \"error\"}", false),
            ("application/json", "[\"error\"]", false),
            ("application/json", "{\"error\": ", false),
            ("application/json", &long, true),
            ("application/problem+json", "{\"title\": \"Not Found\"}", true),
            ("text/plain", "{\"error\": \"an example\"}", false),
        ] {
            assert_eq!(read(content_type, text.as_bytes()).is_some(), expected, "{content_type}: {text}");
        }
    }

    #[test]
    fn a_message_is_repeated_on_one_line_and_not_for_ever() {
        assert_eq!(shown("{\n  \"error\": 1\n}"), "{ \"error\": 1 }");
        assert_eq!(shown(&"ä".repeat(SHOWN)), "ä".repeat(SHOWN));
        assert_eq!(shown(&"ä".repeat(SHOWN + 1)), format!("{}…", "ä".repeat(SHOWN)));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(content_type: String, opening: Vec<u8>) {
            let _message = read(&content_type, &opening);
            let _message = read("application/json", &opening);
        }
    }
}
