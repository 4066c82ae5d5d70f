//! What goes out to a client: a header section, and the body behind it in the same call where it is at hand.

use std::error::Error as StdError;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http_body::Body;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::server::activity::UnderWay;

/// A body of at most so many bytes is copied behind its header section: that costs less than to send two places of memory.
const SMALL: u64 = 8 << 10;

/// How much room a header section should have for its body.
pub(super) fn room_for(body: &impl Body) -> usize {
    let small = body.size_hint().exact().filter(|length| *length <= SMALL);
    small.and_then(|length| usize::try_from(length).ok()).unwrap_or(0)
}

/// What comes next of a body.
enum Next {
    Bytes(Bytes),
    /// Some, but not now.
    Later,
    Nothing,
}

/// Sends a response, and notes in `under_way` whom it waits for.
///
/// # Errors
/// If the client does not take it, or the body ends with an error.
pub(super) async fn send<B>(
    io: &mut (impl AsyncWrite + Unpin),
    mut section: BytesMut,
    mut body: B,
    under_way: &mut UnderWay,
) -> io::Result<()>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>> + Unpin,
{
    // Whether all that there was is with the system.
    let mut is_sent = false;
    loop {
        let next = poll_fn(|context| poll_next(&mut body, is_sent, under_way, context)).await;
        is_sent = false;
        match next? {
            Next::Bytes(bytes) if bytes.len() <= section.capacity() - section.len() => section.put(bytes),
            Next::Bytes(bytes) => io.write_all_buf(&mut std::mem::take(&mut section).chain(bytes)).await?,
            Next::Later => {
                io.write_all_buf(&mut section).await?;
                // What TLS holds back is the client's, too, however long the next bytes take.
                io.flush().await?;
                is_sent = true;
            }
            Next::Nothing => {
                io.write_all_buf(&mut section).await?;
                break;
            }
        }
    }
    under_way.whole();
    io.flush().await
}

/// The next bytes of a body. Whoever `waits` has nothing else to send meanwhile.
fn poll_next<B>(
    body: &mut B,
    waits: bool,
    under_way: &mut UnderWay,
    context: &mut Context<'_>,
) -> Poll<io::Result<Next>>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>> + Unpin,
{
    if body.is_end_stream() {
        under_way.wait(false);
        return Poll::Ready(Ok(Next::Nothing));
    }
    let polled = Pin::new(body).poll_frame(context);
    under_way.wait(waits && polled.is_pending());
    Poll::Ready(match polled {
        Poll::Pending if waits => return Poll::Pending,
        Poll::Pending => Ok(Next::Later),
        Poll::Ready(None) => Ok(Next::Nothing),
        // There are no trailers.
        Poll::Ready(Some(Ok(frame))) => Ok(frame.into_data().map_or(Next::Nothing, Next::Bytes)),
        Poll::Ready(Some(Err(error))) => {
            // What ends by a fault of ours was not cancelled by the client.
            under_way.whole();
            Err(io::Error::other(error))
        }
    })
}
