//! HTTP/1 where assets are served: one request after the other, each answered before the next is read.
//!
//! ```text
//! inbox    reads a header section, and lets none pass that is not what RFC 9112 says it is
//! head     what it says
//! answer   whoever answers requests
//! outbox   the header section of the answer, and its body
//! persistence  does the connection go on?
//! ```
//!
//! It is our own because this is what the program exists for: nothing is parsed or copied twice, and between two
//! requests nothing is kept but the stream.

pub mod head;
mod header_section;
mod inbox;
mod outbox;
mod persistence;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONNECTION;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use self::head::HeadLimits;
use self::header_section::{header_section, is_delimited};
use self::inbox::{Came, Inbox};
use self::outbox::{room_for, send};
use self::persistence::{Persistence, has_option};
use super::answer::Answer;
use super::attendance::{Attendance, Event};
use super::connection_error::ConnectionError;
use super::last_words::close;
use crate::response::Response;

/// For how long, and for how many bytes, a client is listened to that has been told that its connection is over.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 1 << 20;

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Between two requests.
    Idle,
    /// After a response: more may have been sent than was read.
    Answered,
}

/// Answers requests until the connection ends, or `attendance` ends it.
///
/// # Errors
/// If it ended early: the client left, or was not waited for any longer.
pub(super) async fn converse<Io, A>(
    mut io: Io,
    limits: HeadLimits,
    answer: &A,
    mut attendance: Attendance,
) -> Result<(), ConnectionError>
where
    Io: AsyncRead + AsyncWrite + Unpin + Send,
    A: Answer,
{
    let mut inbox = Inbox::new(limits);
    let (end, ended) = loop {
        let came = match next(&mut io, &mut inbox, &mut attendance).await {
            Ok(Some(came)) => came,
            Ok(None) => break (End::Idle, Ok(())),
            Err(error) => break (End::Idle, Err(error)),
        };
        // On the heap: most connections are idle most of the time, and an answer is large.
        let exchange = Box::pin(exchange(&mut io, came, answer, &mut attendance));
        // What is cut within an answer is to be seen as cut, and not parted from.
        if exchange.await? == Persistence::Ends {
            break (End::Answered, Ok(()));
        }
    };
    part(io, end).await;
    ended
}

/// The next request; `None` if the client has closed the connection, or the server drains and nothing has come of one.
async fn next<Io: AsyncRead + Unpin>(
    io: &mut Io,
    inbox: &mut Inbox,
    attendance: &mut Attendance,
) -> Result<Option<Came>, ConnectionError> {
    loop {
        if attendance.leaves() && inbox.is_empty() {
            return Ok(None);
        }
        match attendance.attend(pin!(inbox.request(io))).await {
            Event::Ended(came) => return Ok(came?),
            Event::Overdue(overdue) => return Err(overdue.into()),
            Event::Leaves => {}
        }
    }
}

/// Answers one request.
async fn exchange<Io: AsyncWrite + Unpin>(
    io: &mut Io,
    came: Came,
    answer: &impl Answer,
    attendance: &mut Attendance,
) -> Result<Persistence, ConnectionError> {
    let Came { request, is_last } = came;
    let asked = Persistence::of(request.version, &request.headers).unless(is_last);
    let leaves = attendance.leaves();
    let mut under_way = attendance.activity().begin();
    let mut answered = pin!(async {
        let Response { status, fields, body } = answer.answer(Arc::clone(&request), None).await;
        let persistence = asked
            .unless(leaves || has_option(fields.values(&CONNECTION), "close"))
            .unless(!is_delimited(&request.method, status, &fields));
        let section = header_section(status, &fields, persistence, room_for(&body));
        send(io, section, body, &mut under_way).await?;
        Ok(persistence)
    });
    loop {
        match attendance.attend(answered.as_mut()).await {
            Event::Ended(ended) => return ended,
            Event::Overdue(overdue) => return Err(overdue.into()),
            Event::Leaves => {}
        }
    }
}

/// Ends a connection. After an answer, lingering: a client that is still sending may otherwise never read it.
async fn part<Io: AsyncRead + AsyncWrite + Unpin>(io: Io, end: End) {
    let most = match end {
        End::Idle => 0,
        End::Answered => LINGER_BYTES,
    };
    // Who does not take it is not waited for.
    let _parted = timeout(LINGER, close(io, most)).await;
}
