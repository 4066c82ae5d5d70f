//! Connections to the bucket, and to whoever gives out credentials for it: each attempt is counted and logged.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
    ReqwestConnector,
};
use tokio::time::Instant;

use super::counters::{Counters, Operation, Outcome};
use super::fault::{Fault, root_cause};

/// How long a connection is kept that nobody uses: less than what servers and the boxes before them keep it.
const IDLE_CONNECTION: Duration = Duration::from_secs(15);

/// How long connecting may take, name resolution and TLS included.
const CONNECT: Duration = Duration::from_secs(3);

/// Connects to the bucket. `quiet` is how long it may send nothing at all. There is no limit on the whole answer: a
/// body takes as long as it takes.
///
/// # Errors
/// The reason, if TLS cannot be set up on this machine.
pub(super) fn connect(
    endpoint: &str,
    quiet: Duration,
    counters: &Arc<Counters>,
) -> Result<HttpClient, Box<str>> {
    let encrypted = endpoint.starts_with("https://");
    let builder = reqwest::Client::builder()
        // A signature is good for one host, and a bucket that is elsewhere is a mistake to be told of.
        .redirect(reqwest::redirect::Policy::none())
        // Bodies in parallel over one connection would wait for each other.
        .http1_only()
        .https_only(encrypted)
        .user_agent(concat!("media-origin/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT.min(quiet))
        .read_timeout(quiet)
        .pool_idle_timeout(IDLE_CONNECTION);
    // A machine without authorities can still speak to a server without TLS.
    let builder = if encrypted { builder } else { builder.tls_certs_only([]) };
    let client = builder.build().map_err(|error| root_cause(&error).to_string())?;
    Ok(HttpClient::new(Watched { inner: HttpClient::new(client), counters: Arc::clone(counters) }))
}

/// What the client library connects with when it fetches credentials.
#[derive(Debug)]
pub(super) struct Connector(pub(super) Arc<Counters>);

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let inner = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Watched { inner, counters: Arc::clone(&self.0) }))
    }
}

/// Sends requests and keeps the books. What a request is for stands in its extensions; one that does not say is for
/// credentials.
#[derive(Debug)]
struct Watched {
    inner: HttpClient,
    counters: Arc<Counters>,
}

#[async_trait]
impl HttpService for Watched {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut attempt = Attempt::new(&request, Arc::clone(&self.counters));
        let answer = self.inner.execute(request).await;
        attempt.outcome = match &answer {
            Ok(answer) => Outcome::Status(answer.status()),
            Err(error) => Fault::from(error).outcome(),
        };
        let counters = Arc::clone(&self.counters);
        answer.map(|answer| answer.map(|inner| HttpResponseBody::new(Counted { inner, counters })))
    }
}

/// One request on its way. It is counted when it is dropped, so that one that nobody waits for any longer counts too.
struct Attempt {
    counters: Arc<Counters>,
    operation: Operation,
    /// Method and path: a query may hold a signature.
    what: String,
    began: Instant,
    outcome: Outcome,
}

impl Attempt {
    fn new(request: &HttpRequest, counters: Arc<Counters>) -> Self {
        let operation = request.extensions().get().copied().unwrap_or(Operation::Credentials);
        let what = format!("{} {}", request.method(), request.uri().path());
        Self { counters, operation, what, began: Instant::now(), outcome: Outcome::Abandoned }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let Self { counters, operation, what, began, outcome } = self;
        counters.attempted(*operation, *outcome);
        let ms = began.elapsed().as_millis();
        tracing::debug!(request = %what, %operation, %outcome, ms, "asked the bucket");
    }
}

/// A body whose bytes are counted as they come.
struct Counted {
    inner: HttpResponseBody,
    counters: Arc<Counters>,
}

impl Body for Counted {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => self.counters.received(frame.data_ref().map_or(0, Bytes::len)),
            Poll::Ready(Some(Err(_))) => self.counters.cut(),
            Poll::Ready(None) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
