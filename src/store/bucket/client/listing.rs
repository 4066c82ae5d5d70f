//! The keys of a bucket, page by page.

use http::Method;
use percent_encoding::percent_decode_str;

use super::counters::Operation;
use super::exchange::{Question, within};
use super::head::strong;
use super::xml::{Document, Element};
use super::{Client, key};
use crate::store::AssetPath;
use crate::store::bucket::UpstreamError;

/// Bytes of a page at most: a thousand of the longest keys, each byte of them encoded, fit.
const PAGE: usize = 8 << 20;

/// Some of the keys, in the bucket's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What was found: a key that is odd is an entry too, and never the end.
    pub entries: Vec<Result<Entry, OddKey>>,
    /// What to ask the next page with; `None` after the last one.
    pub next: Option<String>,
}

/// An object that a link can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The asset.
    pub path: AssetPath,
    /// How many bytes it has.
    pub complete_length: u64,
    /// The opaque part of its entity tag, if it has a strong one.
    pub tag: Option<Box<str>>,
}

/// A key that no link can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddKey {
    /// All of it, as far as it is text.
    pub key: String,
    /// What is odd about it.
    pub why: &'static str,
}

impl Client {
    /// The keys that begin with the prefix and then `start`, from the beginning or, with the `next` of another page, from
    /// where that ended.
    ///
    /// # Errors
    /// [`UpstreamError::Malformed`] if what comes is no listing, or would lead round in a circle.
    pub async fn page(&self, start: &str, token: Option<String>) -> Result<Page, UpstreamError> {
        let prefix = format!("{}{start}", self.prefix);
        let mut query =
            vec![("list-type", "2".to_owned()), ("encoding-type", "url".to_owned()), ("prefix", prefix)];
        query.extend(token.clone().map(|token| ("continuation-token", token)));
        let document = self.document(Operation::List, query).await?;
        let page = page(&document, &self.prefix)?;
        if page.next.is_some() && page.next == token {
            return Err(UpstreamError::Malformed("a listing that leads round in a circle".into()));
        }
        Ok(page)
    }

    /// What the bucket answers about itself.
    pub(super) async fn document(
        &self,
        operation: Operation,
        query: Vec<(&'static str, String)>,
    ) -> Result<Document, UpstreamError> {
        let question =
            Question { operation, method: Method::GET, path: String::new(), query, fields: vec![] };
        let body = within(self.timeout, self.exchange.ask_whole(&question, PAGE)).await?;
        let no_xml = || UpstreamError::Malformed("a listing that is no XML, or is cut short".into());
        Document::read(&body).ok_or_else(no_xml)
    }
}

fn page(document: &Document, prefix: &str) -> Result<Page, UpstreamError> {
    if document.root != "ListBucketResult" {
        return Err(UpstreamError::Malformed(format!("{:?} for a listing", document.root).into()));
    }
    let next = document.text("NextContinuationToken").filter(|token| !token.is_empty()).map(str::to_owned);
    if is_truncated(document) && next.is_none() {
        return Err(UpstreamError::Malformed("a listing that goes on, but not where".into()));
    }
    let is_encoded = is_encoded(document);
    let entries = document.all("Contents").map(|element| entry(element, prefix, is_encoded)).collect();
    Ok(Page { entries, next: next.filter(|_| is_truncated(document)) })
}

fn entry(element: &Element, prefix: &str, is_encoded: bool) -> Result<Entry, OddKey> {
    let raw = element.text("Key").unwrap_or_default();
    let key = decoded(raw, is_encoded).ok_or(OddKey { key: raw.to_owned(), why: "it is not UTF-8" })?;
    match key::asset(prefix, &key) {
        Ok(path) => match element.text("Size").and_then(|size| size.trim().parse().ok()) {
            Some(complete_length) => Ok(Entry { path, complete_length, tag: tag(element) }),
            None => Err(OddKey { key, why: "the listing does not say its size" }),
        },
        Err(why) => Err(OddKey { key, why }),
    }
}

pub(super) fn is_truncated(document: &Document) -> bool {
    document.text("IsTruncated").is_some_and(|text| text.trim() == "true")
}

/// Whether keys are encoded as was asked for; not every server does so.
pub(super) fn is_encoded(document: &Document) -> bool {
    document.text("EncodingType").is_some_and(|text| text.trim() == "url")
}

/// A key as the listing has it. AWS writes a space as a plus sign, and a plus sign as `%2B`.
pub(super) fn decoded(key: &str, is_encoded: bool) -> Option<String> {
    if !is_encoded {
        return Some(key.to_owned());
    }
    let spaced = key.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(Into::into)
}

/// Listings may leave out the quotes.
pub(super) fn tag(element: &Element) -> Option<Box<str>> {
    strong(element.text("ETag")?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str, prefix: &str) -> Result<Page, UpstreamError> {
        page(&Document::read(xml.as_bytes()).unwrap(), prefix)
    }

    fn odd(key: &str, why: &'static str) -> OddKey {
        OddKey { key: key.to_owned(), why }
    }

    fn found(path: &str, complete_length: u64, tag: Option<&str>) -> Entry {
        let path = AssetPath::try_from(path.to_owned()).unwrap();
        Entry { path, complete_length, tag: tag.map(Into::into) }
    }

    #[test]
    fn an_odd_key_is_an_entry_and_not_the_end() {
        let xml = "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
            <NextContinuationToken>t+1==</NextContinuationToken>\
            <Contents><Key>p/a+b%2Bc.jpg</Key><ETag>&quot;x&quot;</ETag><Size>7</Size></Contents>\
            <Contents><Key>p/a%2F%2Fb</Key><Size>1</Size></Contents>\
            <Contents><Key>p/folder/</Key><Size>0</Size></Contents>\
            <Contents><Key>p/%00</Key><Size>1</Size></Contents>\
            <Contents><Key>p/%ff</Key><Size>1</Size></Contents>\
            <Contents><Key>p/sizeless</Key></Contents>\
            <Contents><Size>1</Size></Contents>\
            <Contents><Key>p/%E5%A4%8F.webp</Key><ETag>bare</ETag><Size>5000000000</Size></Contents>\
            <Contents><Key>p/weak</Key><ETag>W/\"w\"</ETag><Size>0</Size></Contents>\
            </ListBucketResult>";
        let page = read(xml, "p/").unwrap();
        assert_eq!(page.next.as_deref(), Some("t+1=="));
        assert_eq!(
            page.entries,
            [
                Ok(found("a b+c.jpg", 7, Some("x"))),
                Err(odd("p/a//b", "a part of it is empty or begins with a dot, or it has a backslash")),
                Err(odd("p/folder/", "it ends with a slash, as the markers of empty folders do")),
                Err(odd("p/\0", "it has a control character")),
                Err(odd("p/%ff", "it is not UTF-8")),
                Err(odd("p/sizeless", "the listing does not say its size")),
                Err(odd("", "it is not below the prefix")),
                Ok(found("夏.webp", 5_000_000_000, Some("bare"))),
                Ok(found("weak", 0, None)),
            ]
        );
    }

    #[test]
    fn keys_that_are_not_encoded_are_taken_as_they_are() {
        let xml =
            "<ListBucketResult><Contents><Key>a+b%20c</Key><Size>1</Size></Contents></ListBucketResult>";
        let page = read(xml, "").unwrap();
        assert_eq!(page, Page { entries: vec![Ok(found("a+b%20c", 1, None))], next: None });
    }

    #[test]
    fn what_is_no_listing_is_said_to_be_none() {
        for xml in [
            "<html></html>",
            "<Error><Code>InternalError</Code></Error>",
            "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        ] {
            assert!(matches!(read(xml, ""), Err(UpstreamError::Malformed(_))), "{xml}");
        }
    }
}
