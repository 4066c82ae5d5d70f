//! The little of XML that buckets answer in: an element whose children are texts, or hold texts themselves.
//!
//! It is read event by event, because a listing must not end at one odd entry.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

/// A whole document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// The name of its root, without a prefix.
    pub(super) root: String,
    children: Vec<Element>,
}

/// The name of the root of a document, of which only the beginning need be there.
pub(super) fn root(body: &[u8]) -> Option<String> {
    let mut reader = Reader::from_reader(body);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => return Some(lossy(start.local_name().as_ref())),
            Event::Empty(empty) => return Some(lossy(empty.local_name().as_ref())),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// A child of the root.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    name: String,
    text: String,
    /// The names and texts of its own children; what is deeper is left out.
    children: Vec<(String, String)>,
}

impl Document {
    /// Reads a document to the end of its root. `None` if it is no XML, or is cut short.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::from_reader(body);
        let mut document = Self { root: String::new(), children: Vec::new() };
        let mut depth = 0_usize;
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => {
                    document.open(depth, &lossy(start.local_name().as_ref()));
                    depth += 1;
                }
                Event::Empty(empty) if depth == 0 => {
                    document.open(depth, &lossy(empty.local_name().as_ref()));
                    return Some(document);
                }
                Event::Empty(empty) => document.open(depth, &lossy(empty.local_name().as_ref())),
                Event::Text(text) => document.add(depth, &lossy(&text)),
                Event::CData(text) => document.add(depth, &lossy(&text)),
                Event::GeneralRef(reference) => document.add(depth, &resolved(&reference)),
                Event::End(_) if depth <= 1 => return (depth == 1).then_some(document),
                Event::End(_) => depth -= 1,
                Event::Eof => return None,
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// The text of the first child of this name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).next().map(|child| child.text.as_str())
    }

    /// The children of this name, in the order of the document.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn open(&mut self, depth: usize, name: &str) {
        match (depth, self.children.last_mut()) {
            (0, _) => name.clone_into(&mut self.root),
            (1, _) => self.children.push(Element { name: name.to_owned(), ..Element::default() }),
            (2, Some(child)) => child.children.push((name.to_owned(), String::new())),
            _ => {}
        }
    }

    fn add(&mut self, depth: usize, text: &str) {
        let Some(child) = self.children.last_mut() else { return };
        match (depth, child.children.last_mut()) {
            (2, None) => child.text.push_str(text),
            (3, Some((_, known))) => known.push_str(text),
            _ => {}
        }
    }
}

impl Element {
    /// The text of the first child of this name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The character that a reference stands for. One that stands for none, such as a control character, is replaced by
/// the sign for that.
fn resolved(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => character.to_string(),
        Ok(None) => resolve_xml_entity(&lossy(reference)).unwrap_or("\u{fffd}").to_owned(),
        Err(_) => "\u{fffd}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_entries() {
        let xml = b"<?xml version=\"1.0\"?><!-- x --><s3:R xmlns:s3='u'>\n<A> a &amp; &#34;b&#x22; </A><E><K>k<![CDATA[<1>]]></K>\
                    <O><Deep>no</Deep></O><S/></E><B/><E><K>two</K></E></s3:R> trailing";
        let read = Document::read(xml).unwrap();
        assert_eq!(read.root, "R");
        assert_eq!(read.text("A"), Some(" a & \"b\" "));
        assert_eq!((read.text("B"), read.text("C")), (Some(""), None));
        let entries: Vec<_> =
            read.all("E").map(|entry| (entry.text("K"), entry.text("O"), entry.text("S"))).collect();
        assert_eq!(entries, [(Some("k<1>"), Some(""), Some("")), (Some("two"), None, None)]);
    }

    #[test]
    fn what_is_odd_ends_nothing() {
        let xml = b"<R><E><K>\x01</K></E><E><K>&#1;</K></E><E><K>&unknown;</K></E><E><K>\xff</K></E><E><K>last</K></E></R>";
        let read = Document::read(xml).unwrap();
        let keys: Vec<_> = read.all("E").filter_map(|entry| entry.text("K")).collect();
        assert_eq!(keys, ["\u{1}", "\u{1}", "\u{fffd}", "\u{fffd}", "last"]);
    }

    #[test]
    fn an_empty_root_is_a_document() {
        assert_eq!(Document::read(b"<R/>").unwrap().root, "R");
    }

    #[test]
    fn a_root_is_known_by_its_beginning() {
        for (text, name) in [
            ("<?xml version=\"1.0\"?>\n<s3:R><A>cut", Some("R")),
            ("<R/>", Some("R")),
            ("text", None),
            ("", None),
        ] {
            assert_eq!(root(text.as_bytes()).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn what_is_no_document_is_none() {
        for text in ["", "text", "<R>", "<R><E></R>", "<R><E/>", "{}", "</R>"] {
            assert_eq!(Document::read(text.as_bytes()), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
            let _document = Document::read(&bytes);
        }
    }
}
