//! Whoever answers the requests of a connection, as those see it who read and write them.

use std::error::Error as StdError;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http_body::Body;
use hyper::body::Incoming;

use crate::response::Response;

/// Answers the requests of one connection.
pub trait Answer: Send + Sync + 'static {
    /// What is sent after the header section.
    type Body: Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>> + Unpin + Send + 'static;

    /// Answers one request. Its content is `None` where none is taken.
    fn answer(
        &self,
        request: Arc<Parts>,
        content: Option<Incoming>,
    ) -> impl Future<Output = Response<Self::Body>> + Send;
}
