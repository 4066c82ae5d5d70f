//! HTTP/2, by the library.

use std::io;
use std::pin::pin;

use bytes::Bytes;
use hyper::server::conn::http2::Builder;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::time::Instant;

use super::answer::Answer;
use super::answered::answered;
use super::attendance::{Attendance, Event};
use super::connection_error::ConnectionError;
use super::http::{Content, PREFACE};
use super::http1::head::HeadLimits;
use super::patience::Overdue;
use super::prefixed::Prefixed;
use crate::config::Limits;

/// Bytes before the payload of a frame (RFC 9113 §4.1), and the type of one of settings (§6.5).
const FRAME_HEADER: usize = 9;
const SETTINGS: u8 = 4;

/// Bytes of a body that are held for a stream whose window is full.
const HELD: usize = 64 << 10;

/// So many bytes of a body are handed over at a time: what the client's window has no room for is held.
const PORTION: usize = 16 << 10;

/// Bytes that a client may send ahead where no request has content: as few as the protocol allows without a word
/// (RFC 9113 §6.9.2).
const WINDOW: u32 = (1 << 16) - 1;

/// HTTP/2 within these limits.
pub(super) fn builder(limits: &Limits, head: HeadLimits, content: Content) -> Builder<TokioExecutor> {
    let mut http2 = Builder::new(TokioExecutor::new());
    http2
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(head.all).unwrap_or(u32::MAX))
        .max_concurrent_streams(limits.streams)
        .max_local_error_reset_streams(usize::try_from(limits.resets).unwrap_or(usize::MAX))
        .max_send_buf_size(HELD);
    if content == Content::Refused {
        http2.initial_stream_window_size(WINDOW).initial_connection_window_size(WINDOW);
    }
    http2
}

/// Answers requests until the connection ends, or `attendance` ends it.
///
/// # Errors
/// If it ended early: what came is no HTTP/2, or the client left, or was not waited for any longer.
pub(super) async fn converse<Io, A>(
    http2: &Builder<TokioExecutor>,
    io: Io,
    answer: A,
    mut attendance: Attendance,
) -> Result<(), ConnectionError>
where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    A: Answer,
{
    let io = match attendance.attend(pin!(preface(io))).await {
        Event::Ended(io) => io?,
        Event::Overdue(overdue) => return Err(overdue.into()),
        Event::Leaves => return Ok(()),
    };
    let service = answered(answer, attendance.activity(), PORTION);
    let mut connection = pin!(http2.serve_connection(TokioIo::new(io), service));
    let mut farewell = None;
    loop {
        match attendance.attend(connection.as_mut()).await {
            Event::Ended(ended) => {
                return farewell.map_or_else(|| Ok(ended?), |why: Overdue| Err(why.into()));
            }
            Event::Leaves => {
                attendance.bid_farewell(Instant::now());
                connection.as_mut().graceful_shutdown();
            }
            Event::Overdue(why @ (Overdue::Idle | Overdue::Header | Overdue::Cancelling))
                if farewell.is_none() =>
            {
                farewell = Some(why);
                attendance.bid_farewell(Instant::now());
                connection.as_mut().graceful_shutdown();
            }
            Event::Overdue(why) => return Err(farewell.unwrap_or(why).into()),
        }
    }
}

/// Reads up to the header of the first frame, which is still to be read from what is given back: "This sequence MUST be
/// followed by a SETTINGS frame" RFC 9113 §3.4.
async fn preface<Io: AsyncRead + Unpin>(mut io: Io) -> io::Result<Prefixed<Io>> {
    let mut read = [0; PREFACE.len() + FRAME_HEADER];
    io.read_exact(&mut read).await?;
    let (preface, frame) = read.split_at(PREFACE.len());
    match frame {
        // Three bytes of length, the type, flags, and the stream, with a bit that means nothing (§4.1).
        [_, _, _, SETTINGS, 0, 0 | 0x80, 0, 0, 0] if preface == PREFACE => {
            Ok(Prefixed::new(Bytes::copy_from_slice(&read), io))
        }
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "HTTP/2 begins with other bytes")),
    }
}
