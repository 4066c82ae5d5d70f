//! Answers that are noted for those who speak HTTP by the library: when they begin, whom they wait for, and how they end.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};

use super::activity::{Activity, UnderWay};
use super::answer::Answer;

/// What the library asks for answers, which are noted. Bodies are handed to it in portions of so many bytes.
pub(super) fn answered<A: Answer>(
    answer: A,
    activity: Arc<Activity>,
    portion: usize,
) -> impl Service<Request<Incoming>, Response = Response<Noted<A::Body>>, Error = Infallible, Future: Send> + Send
{
    let answer = Arc::new(answer);
    service_fn(move |request: Request<Incoming>| {
        let (answer, under_way) = (Arc::clone(&answer), activity.begin());
        async move {
            let (request, content) = request.into_parts();
            let response = Response::from(answer.answer(Arc::new(request), Some(content)).await);
            Ok(response.map(|body| Noted::new(body, under_way, portion)))
        }
    })
}

/// A body that tells how it is taken.
#[derive(Debug)]
pub(super) struct Noted<B> {
    body: B,
    /// What has been read of it and is more than a portion.
    rest: Bytes,
    under_way: UnderWay,
    portion: usize,
}

impl<B: Body<Data = Bytes> + Unpin> Noted<B> {
    fn new(body: B, under_way: UnderWay, portion: usize) -> Self {
        let mut noted = Self { body, rest: Bytes::new(), under_way, portion };
        noted.note();
        noted
    }

    /// Notes that bytes of it are at hand, or that there are none left.
    fn note(&mut self) {
        self.under_way.wait(false);
        if self.is_end_stream() {
            self.under_way.whole();
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Noted<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if self.rest.is_empty() {
            let polled = Pin::new(&mut self.body).poll_frame(context);
            self.under_way.wait(polled.is_pending());
            match ready!(polled) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => {
                    // What ends by a fault of ours was not cancelled by the client.
                    self.under_way.whole();
                    return Poll::Ready(end);
                }
            }
        }
        let length = self.rest.len().min(self.portion);
        let portion = self.rest.split_to(length);
        self.note();
        Poll::Ready(Some(Ok(Frame::data(portion))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let mut hint = self.body.size_hint();
        match hint.exact() {
            Some(length) => hint.set_exact(length + rest),
            None => hint.set_lower(hint.lower() + rest),
        }
        hint
    }
}
