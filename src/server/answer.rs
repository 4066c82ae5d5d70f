//! Whoever answers the requests of a connection, as those see it who read and write them.

use std::error::Error as StdError;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;

/// Answers the requests of one connection.
pub trait Answer: Send + Sync + 'static {
    /// What is sent after the header section.
    type Body: Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>> + Unpin + Send + 'static;

    /// Answers one request. Its content is `None` where none is taken.
    fn answer(&self, request: Request<Option<Incoming>>)
    -> impl Future<Output = Response<Self::Body>> + Send;
}
