//! The log: one line a request, and what the program says of itself.
//!
//! Both go into one [`Sink`], which writes them from a thread of its own: a reader that stalls costs lines, and never an
//! answer. What is written of a request is an [`Exchange`], told by whoever answered it when the answer has ended.
//!
//! | file | holds |
//! |---|---|
//! | [`sink`] | lines on their way to whoever reads them |
//! | [`access`] | the line of a request: whether, and in which form |
//! | [`exchange`] | what is known of a request and its answer |
//! | `text`, `json`, `combined` | the three forms |
//! | `values` | what stands in all of them |
//! | [`escape`] | what keeps a client from writing lines of its own |
//! | [`request_id`], [`trace_context`] | by which names others know the request |
//! | `spans` | the same as a span, for whoever collects traces (feature `opentelemetry`) |

pub mod access;
mod combined;
pub mod escape;
pub mod exchange;
mod json;
pub mod request_id;
pub mod sink;
#[cfg(feature = "opentelemetry")]
pub mod spans;
mod text;
pub mod trace_context;
mod values;

#[cfg(test)]
mod tests;

pub use access::AccessLog;
pub use exchange::Exchange;
pub use request_id::RequestId;
pub use sink::Sink;
#[cfg(feature = "opentelemetry")]
pub use spans::Spans;
pub use trace_context::TraceContext;

/// The target of the lines of requests: `RUST_LOG` chooses by it.
pub const ACCESS: &str = "media_origin::access";
