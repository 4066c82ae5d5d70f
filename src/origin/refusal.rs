//! Why a request gets no asset, the status that says so, and the sentence for whoever reads it.

use http::StatusCode;

use crate::malformed::Malformed;
use crate::signing::Fault;
use crate::store::bucket::UpstreamError;
use crate::store::{NotAnAssetPath, OpenError};

/// The answers that carry no asset. Each has one status and says nothing private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The message is not one that RFC 9112 allows.
    BadRequest(&'static str),
    /// The link gives no access to what the path may name.
    Forbidden(Fault),
    /// There is no such asset, or it is not to be known.
    NotFound,
    /// The link names a version that is no more, and the configuration says not to answer with another.
    VersionGone,
    /// A method that assets do not have.
    MethodNotAllowed,
    /// A target over the limit.
    TargetTooLong,
    /// A field line, or all of them, over the limit.
    FieldsTooLarge,
    /// The file is there and cannot be read.
    Unreadable,
    /// This program is at fault.
    Fault,
    /// A method that nobody here knows.
    MethodNotImplemented,
    /// The content of the request is coded in a way that nobody here knows.
    CodingNotImplemented,
    /// The asset is being written.
    Busy,
    /// There is no memory left for another answer.
    Overloaded,
    /// The bucket behind this server has failed.
    BadGateway,
    /// The bucket behind this server did not answer in time.
    GatewayTimeout,
}

impl Refusal {
    /// The status code that stands for it (RFC 9110 §15; RFC 6585 §5 for 431).
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound | Self::VersionGone => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TargetTooLong => StatusCode::URI_TOO_LONG,
            Self::FieldsTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Unreadable | Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::MethodNotImplemented | Self::CodingNotImplemented => StatusCode::NOT_IMPLEMENTED,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::Busy | Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::GatewayTimeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What went wrong, in one sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::BadRequest(why) => why,
            // One sentence for all: what is wrong with a signature helps whoever forges one.
            Self::Forbidden(_) => "this link gives no access to what may be at this path",
            Self::NotFound => "there is no asset at this path",
            Self::VersionGone => "this link is pinned to a version of the asset that is no more",
            Self::MethodNotAllowed => "assets are read with GET and HEAD",
            Self::TargetTooLong => "the path and query are longer than this server takes",
            Self::FieldsTooLarge => "the header fields are larger than this server takes",
            Self::Unreadable => "the asset cannot be read; the server's log says why",
            Self::Fault => "this is a fault of the server; its log says where",
            Self::MethodNotImplemented => "this server does not know the method",
            Self::CodingNotImplemented => "this server knows no transfer coding but chunked",
            Self::Overloaded => "this server sends all that it can at the moment; ask again in a second",
            Self::BadGateway => "the asset cannot be had at the moment; the server's log says why",
            Self::GatewayTimeout => "the asset cannot be had in time; the server's log says why",
            Self::Busy => "the asset is being written; ask again in a second",
        }
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Syntax(why) => Self::BadRequest(why),
            Malformed::TargetTooLong => Self::TargetTooLong,
            Malformed::FieldsTooLarge => Self::FieldsTooLarge,
            Malformed::UnknownCoding => Self::CodingNotImplemented,
        }
    }
}

impl From<NotAnAssetPath> for Refusal {
    fn from(error: NotAnAssetPath) -> Self {
        match error {
            NotAnAssetPath::MalformedEncoding => {
                Self::BadRequest("a % in the path stands before two hex digits; % itself is written %25")
            }
            NotAnAssetPath::NoSuchName => Self::NotFound,
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Forbidden(fault)
    }
}

impl From<OpenError> for Refusal {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NotFound => Self::NotFound,
            OpenError::KeepsChanging => Self::Busy,
            OpenError::Overloaded => Self::Overloaded,
            OpenError::Io(_) => Self::Unreadable,
            OpenError::Upstream(UpstreamError::TimedOut) => Self::GatewayTimeout,
            OpenError::Upstream(_) => Self::BadGateway,
        }
    }
}
