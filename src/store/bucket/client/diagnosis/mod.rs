//! What an answer to the first question says about the configuration. Pure: the answer and the time come in.

#[cfg(test)]
mod tests;
mod words;

use std::time::{Duration, SystemTime};

use http::header::DATE;
use http::{HeaderMap, HeaderName, StatusCode};

use super::Misconfigured;
use super::probe::Access;
use super::refusal::{code, detail};
use super::xml::root;
use crate::config::Service;
pub(super) use words::of_fault;
use words::{
    bad_token, elsewhere, ill, no_bucket, no_such_bucket, refused, skewed, unknown_key, wrong_region,
    wrong_secret,
};

/// Where AWS says, even to those it refuses, in which region a bucket is.
const BUCKET_REGION: HeaderName = HeaderName::from_static("x-amz-bucket-region");

/// A clock that is further off than this is worth a word: AWS refuses signatures that are 15 minutes off.
const TOLERABLE_SKEW: Duration = Duration::from_mins(5);

/// What was asked, as far as its answer is to be understood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) service: Service,
    /// The address of the bucket.
    pub(super) base: &'a str,
    /// The region that the question was signed for.
    pub(super) region: Option<&'a str>,
    pub(super) is_signed: bool,
}

/// What was answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer<'a> {
    pub(super) status: StatusCode,
    pub(super) headers: &'a HeaderMap,
    /// The beginning of its body.
    pub(super) body: &'a [u8],
}

/// What an answer to a request for one key comes to.
pub(super) fn of_answer(
    answer: &Answer<'_>,
    asked: &Asked<'_>,
    now: SystemTime,
) -> Result<Access, Misconfigured> {
    if answer.status.is_success() {
        // Servers that send more than one key send more than was read.
        let is_listing = root(answer.body).is_some_and(|root| root == "ListBucketResult");
        return if is_listing { Ok(Access::Full) } else { Err(no_bucket(answer, asked)) };
    }
    if let Some(region) = right_region(answer, asked) {
        return Err(wrong_region(&region, asked));
    }
    let code = code(answer.body);
    match (answer.status.as_u16(), code.as_deref()) {
        (_, Some("AccessDenied" | "forbidden")) => Ok(Access::WithoutListing),
        (_, Some("InvalidAccessKeyId")) => Err(unknown_key(asked)),
        (_, Some("RequestTimeTooSkewed" | "RequestExpired")) => Err(skewed(answer.headers, now)),
        (_, Some("SignatureDoesNotMatch")) => match skew(answer.headers, now) {
            Some(skew) if skew.by > TOLERABLE_SKEW => Err(skewed(answer.headers, now)),
            _ => Err(wrong_secret(asked)),
        },
        (_, Some("ExpiredToken" | "InvalidToken" | "TokenRefreshRequired")) | (401, _) => {
            Err(bad_token(asked))
        }
        (_, Some("NoSuchBucket")) => Err(no_such_bucket(asked)),
        (301 | 307 | 308, Some("PermanentRedirect" | "TemporaryRedirect" | "Redirect")) => {
            Err(elsewhere(answer.body, asked))
        }
        (429 | 500..=599, _) => Err(ill(answer.status, code.as_deref(), asked)),
        (status, Some(code)) => Err(refused(status, code, answer.body, asked)),
        (_, None) => Err(no_bucket(answer, asked)),
    }
}

/// The region in which the bucket is, if it is refused for that and the answer names one that was not asked for.
fn right_region(answer: &Answer<'_>, asked: &Asked<'_>) -> Option<String> {
    let asked_region = asked.region?;
    if !matches!(answer.status.as_u16(), 301 | 307 | 308 | 400) {
        return None;
    }
    let field = answer.headers.get(BUCKET_REGION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let is_region =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    field.or_else(|| detail(answer.body, "Region")).filter(|name| is_region(name) && name != asked_region)
}

/// How far two clocks are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Skew {
    by: Duration,
    is_behind: bool,
}

/// How far the clock of this machine is from the one that dated the answer.
fn skew(headers: &HeaderMap, now: SystemTime) -> Option<Skew> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    Some(match date.duration_since(now) {
        Ok(by) => Skew { by, is_behind: true },
        Err(ahead) => Skew { by: ahead.duration(), is_behind: false },
    })
}
