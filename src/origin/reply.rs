//! The one writer of status and caching fields.
//!
//! An asset goes out with what its policy promises; everything else is `no-store`. So forgetting to say how an
//! answer may be cached is safe, and an error is never kept.

use http::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, DATE, ETAG, LAST_MODIFIED, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, StatusCode};

use super::{Pin, Refusal, ResponseBody};
use crate::caching::policy::Policy;
use crate::response::{Fields, Response};
use crate::semantics::repr_digest::{self, REPR_DIGEST};
use crate::semantics::{HttpDate, Outcome, Ranges, byte_range};
use crate::store::Asset;

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
const SOON: HeaderValue = HeaderValue::from_static("1");

/// An asset on its way to a client: all that the fields of the response are made of.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The asset, its content where the answer needs it.
    pub asset: &'a Asset,
    /// What its rule promises.
    pub policy: &'a Policy,
    /// What the link says about the version.
    pub pin: Pin,
    /// Whether `Repr-Digest` was asked for.
    pub wants_digest: bool,
    /// The time of the message.
    pub now: HttpDate,
}

impl Delivery<'_> {
    /// The response that `outcome` stands for.
    #[must_use]
    pub fn reply(&self, outcome: &Outcome) -> Response<ResponseBody> {
        let representation = &self.asset.representation;
        let content = &self.asset.content;
        match outcome {
            Outcome::Full => {
                let body = ResponseBody::whole(content, representation.complete_length);
                self.with_content(StatusCode::OK, representation.content_type.clone(), body)
            }
            Outcome::Partial(Ranges::One(range)) => {
                let body = ResponseBody::range(content, *range);
                let media_type = representation.content_type.clone();
                let mut response = self.with_content(StatusCode::PARTIAL_CONTENT, media_type, body);
                response.fields.push(CONTENT_RANGE, range.content_range());
                response
            }
            // "a server MUST NOT generate a Content-Range header field in the HTTP header section of a multiple part
            // response" §15.3.7.2
            Outcome::Partial(Ranges::Several(multipart)) => {
                let body = ResponseBody::multipart(content, multipart);
                self.with_content(StatusCode::PARTIAL_CONTENT, multipart.content_type(), body)
            }
            Outcome::NotModified => {
                let mut response = bare(StatusCode::NOT_MODIFIED, self.now);
                self.write_caching_fields(&mut response.fields);
                response
            }
            Outcome::PreconditionFailed => {
                text(StatusCode::PRECONDITION_FAILED, "the asset is not as the request wants it", self.now)
            }
            Outcome::RangeNotSatisfiable => {
                let sentence = "the asset has none of the bytes asked for";
                let mut response = text(StatusCode::RANGE_NOT_SATISFIABLE, sentence, self.now);
                let unsatisfied = byte_range::unsatisfied(representation.complete_length);
                response.fields.push(CONTENT_RANGE, unsatisfied);
                response
            }
        }
    }

    fn with_content(
        &self,
        status: StatusCode,
        media_type: HeaderValue,
        body: ResponseBody,
    ) -> Response<ResponseBody> {
        let mut response = bare(status, self.now);
        let fields = &mut response.fields;
        self.write_caching_fields(fields);
        fields.push(CONTENT_TYPE, media_type);
        fields.push(CONTENT_LENGTH, body.remaining().into());
        fields.push(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if let Some(disposition) = &self.asset.representation.content_disposition {
            fields.push(CONTENT_DISPOSITION, disposition.clone());
        }
        if self.wants_digest
            && let Some(sha256) = self.asset.representation.sha256
        {
            fields.push(REPR_DIGEST, repr_digest::field(sha256));
        }
        response.map(|_| body)
    }

    /// The three fields that steer caches, as far as the policy sends them: the same on 200, 206 and 304
    /// (§15.3.7, §15.4.5).
    fn write_caching_fields(&self, fields: &mut Fields) {
        let validators = &self.asset.representation.validators;
        if let Some(value) = self.cache_control() {
            fields.push(CACHE_CONTROL, value);
        }
        if self.policy.send.last_modified
            && let Some(value) = validators.last_modified_field(self.now)
        {
            fields.push(LAST_MODIFIED, value);
        }
        if self.policy.send.etag {
            fields.push(ETAG, validators.etag_field().clone());
        }
    }

    /// A link whose pin matches is good for as long as the policy says of pinned links. One whose pin does not must
    /// not be stored at all, whatever the policy leaves out: a cache would keep these bytes for the version that the
    /// link names.
    fn cache_control(&self) -> Option<HeaderValue> {
        let stored = self.asset.stored_cache_control.as_ref();
        let value = match self.pin {
            Pin::Differs | Pin::Malformed => return Some(NO_STORE),
            Pin::Matches => self.policy.pinned_field(stored),
            Pin::Absent => self.policy.bare_field(stored),
        };
        self.policy.send.cache_control.then_some(value)
    }
}

/// The answer to a request that gets no asset.
#[must_use]
pub fn refusal(refusal: Refusal, now: HttpDate) -> Response<ResponseBody> {
    let mut response = text(refusal.status(), refusal.sentence(), now);
    match refusal {
        // "The origin server MUST generate an Allow header field in a 405 response" §15.5.6
        Refusal::MethodNotAllowed => response.fields.push(ALLOW, METHODS),
        Refusal::Busy | Refusal::Overloaded => response.fields.push(RETRY_AFTER, SOON),
        // A client that sends such messages is broken or worse: what it sends next is not worth reading.
        Refusal::BadRequest(_)
        | Refusal::TargetTooLong
        | Refusal::FieldsTooLarge
        | Refusal::CodingNotImplemented => {
            response.fields.push(CONNECTION, HeaderValue::from_static("close"));
        }
        _ => {}
    }
    response
}

/// The answer to OPTIONS: the methods that assets have (§9.3.7).
#[must_use]
pub fn options(now: HttpDate) -> Response<ResponseBody> {
    let mut response = bare(StatusCode::NO_CONTENT, now);
    response.fields.push(ALLOW, METHODS);
    response.fields.push(CACHE_CONTROL, NO_STORE);
    response
}

/// A sentence for a person, never stored.
fn text(status: StatusCode, sentence: &str, now: HttpDate) -> Response<ResponseBody> {
    let body = ResponseBody::bytes(format!("{status}: {sentence}\n").into());
    let mut response = bare(status, now);
    let fields = &mut response.fields;
    fields.push(CACHE_CONTROL, NO_STORE);
    fields.push(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    fields.push(CONTENT_LENGTH, body.remaining().into());
    response.map(|_| body)
}

/// What every response has.
fn bare(status: StatusCode, now: HttpDate) -> Response<ResponseBody> {
    let mut response = Response::new(status, ResponseBody::empty());
    response.fields.push(DATE, now.field());
    response.fields.push(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
