//! The versions of one key.

use super::Client;
use super::counters::Operation;
use super::listing::{decoded, is_encoded, is_truncated, tag};
use super::xml::{Document, Element};
use crate::config::Service;
use crate::semantics::HttpDate;
use crate::store::AssetPath;
use crate::store::bucket::UpstreamError;

/// Pages that are read at most: ten thousand versions.
const PAGES: usize = 10;

/// One version of an object, as a listing describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedVersion {
    /// The bucket's name for it (S3 version id, GCS generation).
    pub version_id: Box<str>,
    /// The opaque part of its entity tag.
    pub tag: Box<str>,
    /// How many bytes it has.
    pub complete_length: u64,
    /// When it was written, if the bucket says so.
    pub modified: Option<HttpDate>,
}

impl Client {
    /// The versions of an asset's object, newest first; at most as many as ten pages hold. One whose tag or size cannot
    /// be read is left out, and so is a deletion.
    ///
    /// # Errors
    /// [`UpstreamError::Malformed`] if what comes is no listing. A bucket that keeps no versions lists the current one,
    /// or refuses.
    pub async fn versions(&self, path: &AssetPath) -> Result<Vec<ListedVersion>, UpstreamError> {
        let key = self.key(path)?;
        let (mut found, mut from) = (Vec::new(), Vec::new());
        for _page in 0..PAGES {
            let document = self.document(Operation::Versions, self.query(key.as_str(), &from)).await?;
            let page = page(&document, key.as_str())?;
            found.extend(page.versions);
            match page.next {
                Some(next) if next != from => from = next,
                _ => break,
            }
        }
        // Google lists the oldest first, and its names are numbers of microseconds.
        if self.exchange.endpoint.service == Service::Gcs {
            found.sort_by_key(|version| std::cmp::Reverse(version.version_id.parse::<u64>().ok()));
        }
        Ok(found)
    }

    fn query(&self, key: &str, from: &Markers) -> Vec<(&'static str, String)> {
        let versions = match self.exchange.endpoint.service {
            Service::S3 => "",
            Service::Gcs => "true",
        };
        let mut query = vec![
            ("versions", versions.to_owned()),
            ("encoding-type", "url".to_owned()),
            ("prefix", key.to_owned()),
        ];
        query.extend(from.iter().cloned());
        query
    }
}

/// Where the next page begins, as it is asked for.
type Markers = Vec<(&'static str, String)>;

/// The element that says where the next page begins, and the parameter that asks for it: S3's, then Google's.
const MARKERS: [(&str, &str); 4] = [
    ("NextKeyMarker", "key-marker"),
    ("NextVersionIdMarker", "version-id-marker"),
    ("NextMarker", "marker"),
    ("NextGenerationMarker", "generation-marker"),
];

struct VersionsPage {
    versions: Vec<ListedVersion>,
    next: Option<Markers>,
}

fn page(document: &Document, key: &str) -> Result<VersionsPage, UpstreamError> {
    if !matches!(document.root.as_str(), "ListVersionsResult" | "ListBucketResult") {
        return Err(UpstreamError::Malformed(format!("{:?} for a listing", document.root).into()));
    }
    let is_encoded = is_encoded(document);
    let is_wanted =
        |text: Option<&str>| text.and_then(|raw| decoded(raw, is_encoded)).is_some_and(|name| name == key);
    let listed = || document.all("Version").chain(document.all("Contents"));
    let versions = listed().filter(|version| is_wanted(version.text("Key"))).filter_map(version).collect();
    // Keys come in order, and this one is the first of those that begin with it.
    let goes_on = is_truncated(document) && listed().all(|version| is_wanted(version.text("Key")));
    Ok(VersionsPage {
        versions,
        next: goes_on.then(|| markers(document, is_encoded)).filter(|m| !m.is_empty()),
    })
}

fn markers(document: &Document, is_encoded: bool) -> Markers {
    let marker = |(element, parameter): (&str, &'static str)| {
        let value = document.text(element).filter(|value| !value.is_empty())?;
        let is_key = matches!(element, "NextKeyMarker" | "NextMarker");
        Some((parameter, decoded(value, is_encoded && is_key)?))
    };
    MARKERS.into_iter().filter_map(marker).collect()
}

fn version(element: &Element) -> Option<ListedVersion> {
    Some(ListedVersion {
        version_id: element.text("VersionId").or_else(|| element.text("Generation"))?.trim().into(),
        tag: tag(element)?,
        complete_length: element.text("Size")?.trim().parse().ok()?,
        modified: element.text("LastModified").and_then(|date| modified(date.trim())),
    })
}

/// The epoch says nothing.
fn modified(date: &str) -> Option<HttpDate> {
    let date = HttpDate::from(humantime::parse_rfc3339(date).ok()?);
    (date > HttpDate::from_unix(0)).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str, key: &str) -> VersionsPage {
        page(&Document::read(xml.as_bytes()).unwrap(), key).unwrap_or_else(|error| panic!("{xml}: {error}"))
    }

    #[test]
    fn the_versions_of_one_key_without_its_deletions() {
        let xml = "<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>\
            <Version><Key>a+b</Key><VersionId>3</VersionId><ETag>\"t3\"</ETag><Size>9</Size>\
            <LastModified>2026-11-22T21:31:06.123Z</LastModified><Owner><ID>x</ID></Owner></Version>\
            <DeleteMarker><Key>a+b</Key><VersionId>2</VersionId></DeleteMarker>\
            <Version><Key>a+b</Key><VersionId>null</VersionId><ETag>\"t1\"</ETag><Size>8</Size>\
            <LastModified>1970-01-01T00:00:00Z</LastModified></Version>\
            <Version><Key>a+b</Key><VersionId>0</VersionId><ETag>W/\"weak\"</ETag><Size>8</Size></Version>\
            <Version><Key>a+b.other</Key><VersionId>9</VersionId><ETag>\"o\"</ETag><Size>1</Size></Version>\
            </ListVersionsResult>";
        let page = read(xml, "a b");
        let version = |id: &str, tag: &str, complete_length, modified| ListedVersion {
            version_id: id.into(),
            tag: tag.into(),
            complete_length,
            modified,
        };
        let written = Some(HttpDate::from_unix(1_795_383_066));
        assert_eq!(page.versions, [version("3", "t3", 9, written), version("null", "t1", 8, None)]);
        assert_eq!(page.next, None);
    }

    #[test]
    fn a_listing_goes_on_only_within_the_key() {
        let listing = |key: &str| {
            format!(
                "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker>\
                 <NextVersionIdMarker>7</NextVersionIdMarker><Version><Key>{key}</Key><VersionId>7</VersionId>\
                 <ETag>t</ETag><Size>1</Size></Version></ListVersionsResult>"
            )
        };
        let next = vec![("key-marker", "a".to_owned()), ("version-id-marker", "7".to_owned())];
        assert_eq!(read(&listing("a"), "a").next, Some(next));
        assert_eq!(read(&listing("ab"), "a").next, None);
        let google = "<ListBucketResult><IsTruncated>true</IsTruncated><NextMarker>a</NextMarker>\
            <NextGenerationMarker>12</NextGenerationMarker></ListBucketResult>";
        let next = vec![("marker", "a".to_owned()), ("generation-marker", "12".to_owned())];
        assert_eq!(read(google, "a").next, Some(next));
    }
}
