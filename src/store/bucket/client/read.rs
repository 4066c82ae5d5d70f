//! Some bytes of an object: exactly those, of exactly that version, or an error.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderValue, IF_MATCH, RANGE};
use http::response::Parts;
use http::{HeaderMap, Method, StatusCode};
use object_store::client::HttpResponseBody;

use super::Client;
use super::counters::Operation;
use super::exchange::{Question, Retries, next, unexpected, within};
use super::head::tag;
use super::key::Key;
use crate::store::AssetPath;
use crate::store::bucket::{Object, UpstreamError};

/// How many times as long as the first byte a whole body may take.
const BODY: u32 = 6;

impl Client {
    /// The bytes `range` of exactly this object. Where versions are configured, of the version that it is, whether or
    /// not it is still the current one.
    ///
    /// `range` lies within the object and is not empty. A connection that breaks is taken up where it broke.
    ///
    /// # Errors
    /// [`UpstreamError::Changed`] if the object is another one now, [`UpstreamError::NotFound`] if there is none any
    /// more, [`UpstreamError::Malformed`] if other bytes came than were asked for.
    pub async fn read(
        &self,
        path: &AssetPath,
        object: &Object,
        range: Range<u64>,
    ) -> Result<Bytes, UpstreamError> {
        if range.start >= range.end || range.end > object.complete_length {
            let what = format!("nothing has the bytes from {} to {}", range.start, range.end);
            return Err(UpstreamError::Malformed(what.into()));
        }
        let key = self.key(path)?;
        within(self.timeout * BODY, self.fill(&key, object, Filling::new(range))).await
    }

    async fn fill(&self, key: &Key, object: &Object, mut filling: Filling) -> Result<Bytes, UpstreamError> {
        loop {
            let rest = filling.rest();
            let question = self.about_range(key, object, &rest)?;
            let answer = within(self.timeout, self.exchange.ask(&question)).await?;
            let (parts, body) = answer.into_parts();
            check(&parts, object, &rest)?;
            if filling.take(body).await? {
                return Ok(filling.bytes());
            }
        }
    }

    fn about_range(&self, key: &Key, object: &Object, range: &Range<u64>) -> Result<Question, UpstreamError> {
        let version_id = object.version_id.as_deref().filter(|_| self.versions);
        let mut question = self.about(Operation::Read, Method::GET, key, version_id);
        let tag = HeaderValue::try_from(format!("\"{}\"", object.tag))
            .map_err(|_| UpstreamError::Malformed("an entity tag that is no field value".into()))?;
        question.fields.push((IF_MATCH, tag));
        let range = HeaderValue::try_from(format!("bytes={}-{}", range.start, range.end - 1))
            .expect("digits are a field value");
        question.fields.push((RANGE, range));
        Ok(question)
    }
}

/// What was asked for, and what has come of it.
#[derive(Debug)]
struct Filling {
    asked: Range<u64>,
    bytes: BytesMut,
    /// For bodies that break; each question has its own.
    retries: Retries,
}

impl Filling {
    fn new(asked: Range<u64>) -> Self {
        let length = usize::try_from(asked.end.saturating_sub(asked.start)).unwrap_or(usize::MAX);
        Self { asked, bytes: BytesMut::with_capacity(length), retries: Retries::new() }
    }

    /// What is still to come.
    fn rest(&self) -> Range<u64> {
        self.asked.start + self.bytes.len() as u64..self.asked.end
    }

    /// Takes the body of an answer that was found right. `true` once there is nothing to come, `false` if the rest is
    /// to be asked for.
    async fn take(&mut self, mut body: HttpResponseBody) -> Result<bool, UpstreamError> {
        while let Some(bytes) = next(&mut body).await {
            let (bytes, rest) = match bytes {
                Ok(bytes) => (bytes, self.rest()),
                Err(fault) if self.retries.again(fault.is_transient()).await => return Ok(false),
                Err(fault) => return Err(fault.into()),
            };
            if bytes.len() as u64 > rest.end - rest.start {
                return Err(malformed("more bytes than were asked for".into()));
            }
            self.bytes.extend_from_slice(&bytes);
        }
        let rest = self.rest();
        if !rest.is_empty() {
            return Err(malformed(format!("the body ends {} bytes early", rest.end - rest.start)));
        }
        Ok(true)
    }

    /// All that was asked for.
    fn bytes(self) -> Bytes {
        self.bytes.freeze()
    }
}

/// Whether an answer is about the bytes `asked` of that very `object`.
fn check(parts: &Parts, object: &Object, asked: &Range<u64>) -> Result<(), UpstreamError> {
    let found = tag(&parts.headers).map_err(|fault| malformed(format!("{} of a range", fault.words())))?;
    // A server that does not know If-Match sends another version as if nothing had been asked.
    if found != object.tag {
        return Err(UpstreamError::Changed);
    }
    match parts.status {
        StatusCode::PARTIAL_CONTENT => part(&parts.headers, object, asked)?,
        StatusCode::OK => complete(&parts.headers, object, asked)?,
        other => return Err(unexpected(other)),
    }
    length(&parts.headers, asked)
}

/// "Content-Range" of the one range that was asked for, and nothing else (RFC 9110 §14.4).
fn part(headers: &HeaderMap, object: &Object, asked: &Range<u64>) -> Result<(), UpstreamError> {
    let field = headers.get(CONTENT_RANGE).and_then(|value| value.to_str().ok()).unwrap_or("none");
    match content_range(field) {
        Some((_, complete)) if complete != object.complete_length => Err(UpstreamError::Changed),
        Some((range, _)) if range == *asked => Ok(()),
        _ => Err(malformed(format!(
            "bytes {}-{} were asked for, Content-Range: {field}",
            asked.start,
            asked.end - 1
        ))),
    }
}

/// All of it was asked for, so all of it may come.
fn complete(headers: &HeaderMap, object: &Object, asked: &Range<u64>) -> Result<(), UpstreamError> {
    if *asked != (0..object.complete_length) || headers.contains_key(CONTENT_RANGE) {
        return Err(malformed("status 200 for a request for a range".into()));
    }
    Ok(())
}

fn length(headers: &HeaderMap, asked: &Range<u64>) -> Result<(), UpstreamError> {
    let wanted = asked.end - asked.start;
    match headers
        .get(CONTENT_LENGTH)
        .map(|value| value.to_str().ok().and_then(|text| text.parse::<u64>().ok()))
    {
        None => Ok(()),
        Some(Some(length)) if length == wanted => Ok(()),
        Some(_) => Err(malformed(format!("Content-Length is not {wanted}"))),
    }
}

/// `bytes first-last/complete`, as a range without its last byte, and the complete length.
fn content_range(field: &str) -> Option<(Range<u64>, u64)> {
    let (range, complete) = field.strip_prefix("bytes ")?.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last, complete) = (number(first)?, number(last)?, number(complete)?);
    (first <= last && last < complete).then(|| (first..last + 1, complete))
}

/// `1*DIGIT`: the standard library would take a plus sign.
fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn malformed(what: String) -> UpstreamError {
    UpstreamError::Malformed(what.into())
}
