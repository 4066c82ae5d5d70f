//! One question to the bucket: signed, sent, asked again where that can help, and answered in bounded time.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{HeaderName, HeaderValue};
use http::response::Parts;
use http::{Method, Request, StatusCode};
use http_body::Body;
use object_store::client::{HttpClient, HttpRequestBody, HttpResponse, HttpResponseBody};

use super::counters::Operation;
use super::endpoint::Endpoint;
use super::fault::Fault;
use super::key::encoded_value;
use super::refusal::{code, is_transient, refusal};
use crate::store::bucket::UpstreamError;

/// How often a question is asked again.
const RETRIES: u32 = 2;

/// How long to wait before the first time; it doubles, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Bytes of the body of an error that are read: more than any has that a bucket wrote.
const ERROR_BODY: usize = 16 << 10;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) operation: Operation,
    pub(super) method: Method,
    /// The encoded path below the bucket, without a leading slash.
    pub(super) path: String,
    /// Names that need no encoding, and values as they are.
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) fields: Vec<(HeaderName, HeaderValue)>,
}

/// Where questions go.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) endpoint: Endpoint,
    pub(super) http: HttpClient,
}

impl Exchange {
    /// Asks until there is an answer that is no error, or asking again is no use.
    pub(super) async fn ask(&self, question: &Question) -> Result<HttpResponse, UpstreamError> {
        let mut retries = Retries::new();
        loop {
            match self.ask_once(question).await {
                Err(failure) if retries.again(failure.is_transient).await => {}
                done => return done.map_err(|failure| failure.error),
            }
        }
    }

    /// The same with all of the body, which has at most `most` bytes.
    pub(super) async fn ask_whole(&self, question: &Question, most: usize) -> Result<Bytes, UpstreamError> {
        let mut retries = Retries::new();
        loop {
            match self.ask_whole_once(question, most).await {
                Err(failure) if retries.again(failure.is_transient).await => {}
                done => return done.map_err(|failure| failure.error),
            }
        }
    }

    async fn ask_whole_once(&self, question: &Question, most: usize) -> Result<Bytes, Failure> {
        whole(self.ask_once(question).await?.into_body(), most).await
    }

    /// Asks until there is an answer, whatever its status, that is not one of a moment; with the beginning of its body.
    pub(super) async fn look(&self, question: &Question) -> Result<(Parts, Bytes), Fault> {
        let mut retries = Retries::new();
        loop {
            let answer = self.send(question).await;
            let passes = match &answer {
                Ok(answer) => is_transient(answer.status(), None),
                Err(fault) => fault.is_transient(),
            };
            if !retries.again(passes).await {
                let (parts, body) = answer?.into_parts();
                return Ok((parts, beginning(body, ERROR_BODY).await));
            }
        }
    }

    async fn ask_once(&self, question: &Question) -> Result<HttpResponse, Failure> {
        let answer = self.send(question).await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let (parts, body) = answer.into_parts();
        // What could not be read of it says nothing; the status does.
        let body = beginning(body, ERROR_BODY).await;
        Err(Failure::of_status(parts.status, &body))
    }

    /// Sends a question and takes whatever is answered.
    async fn send(&self, question: &Question) -> Result<HttpResponse, Fault> {
        let mut request = self.request(question)?;
        self.endpoint.signer.sign(&mut request).await?;
        Ok(self.http.execute(request).await?)
    }

    fn request(&self, question: &Question) -> Result<Request<HttpRequestBody>, Fault> {
        let query: Vec<String> =
            question.query.iter().map(|(name, value)| format!("{name}={}", encoded_value(value))).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let uri = format!("{}/{}{mark}{}", self.endpoint.base, question.path, query.join("&"));
        let mut request = Request::new(HttpRequestBody::empty());
        *request.method_mut() = question.method.clone();
        *request.uri_mut() = uri.parse().map_err(|_| Fault::TooLong)?;
        request.headers_mut().extend(question.fields.iter().cloned());
        request.extensions_mut().insert(question.operation);
        Ok(request)
    }
}

/// Why an attempt came to nothing, and whether the next one may come to more.
#[derive(Debug)]
struct Failure {
    error: UpstreamError,
    is_transient: bool,
}

impl Failure {
    fn of_status(status: StatusCode, body: &[u8]) -> Self {
        let code = code(body);
        Self { is_transient: is_transient(status, code.as_deref()), error: refusal(status, code) }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { is_transient: fault.is_transient(), error: fault.into() }
    }
}

/// How often more a question may be asked.
#[derive(Debug)]
pub(super) struct Retries {
    left: u32,
    pause: Duration,
}

impl Retries {
    pub(super) fn new() -> Self {
        Self { left: RETRIES, pause: FIRST_PAUSE }
    }

    /// Whether to ask again, after a failure that may pass if `is_transient`; if so, returns when it is time to.
    pub(super) async fn again(&mut self, is_transient: bool) -> bool {
        if self.left == 0 || !is_transient {
            return false;
        }
        self.left -= 1;
        // Anything between half of it and all: whoever was refused together does not come back together.
        tokio::time::sleep(self.pause.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
        self.pause = LONGEST_PAUSE.min(self.pause * 2);
        true
    }
}

/// What `work` comes to, or [`UpstreamError::TimedOut`] if that takes longer than `limit`.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, UpstreamError>>,
) -> Result<T, UpstreamError> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(UpstreamError::TimedOut))
}

/// The next bytes of a body; `None` at its end.
pub(super) async fn next(body: &mut HttpResponseBody) -> Option<Result<Bytes, Fault>> {
    let mut body = pin!(body);
    loop {
        match poll_fn(|context| body.as_mut().poll_frame(context)).await? {
            Ok(frame) => match frame.into_data() {
                Ok(bytes) => return Some(Ok(bytes)),
                Err(_trailers) => {}
            },
            Err(error) => return Some(Err(error.into())),
        }
    }
}

/// As much of a body as there is, up to `most` bytes.
pub(super) async fn beginning(mut body: HttpResponseBody, most: usize) -> Bytes {
    let mut read = BytesMut::new();
    while let Some(Ok(bytes)) = next(&mut body).await {
        read.extend_from_slice(&bytes[..bytes.len().min(most - read.len())]);
        if read.len() == most {
            break;
        }
    }
    read.freeze()
}

/// All of a body, which has at most `most` bytes.
async fn whole(mut body: HttpResponseBody, most: usize) -> Result<Bytes, Failure> {
    let mut read = BytesMut::new();
    while let Some(bytes) = next(&mut body).await {
        read.extend_from_slice(&bytes?);
        if read.len() > most {
            let error = UpstreamError::Malformed(format!("a body of more than {most} bytes").into());
            return Err(Failure { error, is_transient: false });
        }
    }
    Ok(read.freeze())
}

/// An answer whose status says that there is nothing in it.
pub(super) fn unexpected(status: StatusCode) -> UpstreamError {
    UpstreamError::Malformed(format!("status {status} for a request that cannot be answered with it").into())
}
