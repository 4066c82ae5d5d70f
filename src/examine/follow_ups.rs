//! What else is asked once a GET has brought the file: whether the server keeps to what it said.

use std::slice;

use http::header::{ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE};
use http::{HeaderName, HeaderValue, Method, StatusCode};

use super::session::{Again, Fetched, Session};
use super::spool::OPENING;
use super::{Ending, Unreachable};

/// What else was asked, once the GET had brought the file. `None` was not asked.
#[derive(Debug, Default)]
pub(super) struct FollowUps {
    pub(super) head: Option<Answered>,
    /// With the validators of the GET.
    pub(super) conditional: Option<Answered>,
    /// Of the first [`OPENING`] bytes.
    pub(super) range: Option<Answered>,
    /// The same, if the file is of a version that it never had.
    pub(super) other_version: Option<Answered>,
    /// What was not asked because the examination's time was over.
    pub(super) untried: Vec<&'static str>,
}

/// The answer to one of them, or why there is none.
pub(super) type Answered = Result<Again, Unreachable>;

impl FollowUps {
    pub(super) async fn of(session: &mut Session<'_>, first: &Fetched) -> Self {
        if first.response.status() != StatusCode::OK || first.ending != Ending::Whole {
            return Self::default();
        }
        let validators = validators(first.response.headers());
        let range = (RANGE, HeaderValue::from_static("bytes=0-1023"));
        let never = (IF_RANGE, HeaderValue::from_static("\"media-origin-no-such-version\""));
        let mut again = Self::default();
        again.head = session.again(Method::HEAD, &[], 1).await;
        again.unless(again.head.is_some(), "HEAD");
        if !validators.is_empty() {
            again.conditional = session.again(Method::GET, &validators, OPENING).await;
            again.unless(again.conditional.is_some(), "a conditional GET");
        }
        if first.body.length > 0 {
            again.range = session.again(Method::GET, slice::from_ref(&range), OPENING + 1).await;
            again.unless(again.range.is_some(), "a range");
            again.other_version = session.again(Method::GET, &[range, never], OPENING + 1).await;
            again.unless(again.other_version.is_some(), "a range of another version");
        }
        again
    }

    fn unless(&mut self, asked: bool, request: &'static str) {
        if !asked {
            self.untried.push(request);
        }
    }
}

/// The conditions that ask whether the file is still what it was.
fn validators(headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let fields = [(ETAG, IF_NONE_MATCH), (LAST_MODIFIED, IF_MODIFIED_SINCE)];
    let asked = |(validator, condition)| Some((condition, headers.get(validator)?.clone()));
    fields.into_iter().filter_map(asked).collect()
}
