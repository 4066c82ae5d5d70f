//! Accepts connections until it is told to stop, then lets them finish what they are sending.

use std::pin::pin;
use std::sync::Arc;

use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use super::admission::Refusal;
use super::answer::Answer;
use super::conversation::{Front, converse};
use super::listener::{Departed, Listener, Socket};
use super::occasionally::Occasionally;
use super::phase::Course;
use super::pulse::Pulse;
use super::shed::Shedder;
use super::workers::Workers;
use crate::peer::Peer;

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every response was finished.
    Whole,
    /// So many connections were still busy at the deadline, and were cut.
    Cut(usize),
}

impl Drained {
    /// How both ended.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole, ended) | (ended, Self::Whole) => ended,
            (Self::Cut(some), Self::Cut(others)) => Self::Cut(some + others),
        }
    }
}

/// Takes connections, gives them to `workers`, and answers on each with what `answer_for` makes for its peer, as its
/// `course` says. `front` is asked for each connection; it goes by what it was given until it ends.
pub async fn serve<A: Answer>(
    mut listener: Listener,
    front: impl Fn() -> Arc<Front>,
    answer_for: impl Fn(Peer) -> A + Clone + Send + 'static,
    course: Course,
    workers: Arc<Workers>,
    mut pulse: Pulse,
) -> Drained {
    let (mut connections, door, failures) = (JoinSet::new(), Door::default(), Occasionally::default());
    let take = |connections: &mut JoinSet<()>, (socket, peer): (Socket, Peer)| {
        let front = front();
        if let Some((socket, admitted)) = door.let_in(&front, socket, peer) {
            let (place, answer_for, course) = (workers.place(), answer_for.clone(), course.clone());
            let (runtime, departed) = (place.runtime().clone(), socket.depart());
            let connection = async move {
                // A socket that the system takes no more is one that is gone.
                if let Ok(socket) = departed.and_then(Departed::arrive) {
                    converse(front, socket, peer, answer_for, course).await;
                }
                drop((admitted, place));
            };
            connections.spawn_on(connection, &runtime);
        }
    };
    let mut closed = pin!(course.closed());
    loop {
        tokio::select! {
            accepted = listener.accept(&failures) => take(&mut connections, accepted),
            Some(ended) = connections.join_next() => survive(ended),
            () = pulse.feel() => {}
            () = &mut closed => break,
        }
    }
    // Those that were made before it closes.
    let mut cut = pin!(course.cut());
    while let Some(accepted) = tokio::select! {
        biased;
        () = &mut cut => None,
        accepted = waiting(&mut listener, &failures) => accepted,
    } {
        take(&mut connections, accepted);
    }
    drop((listener, pulse));
    let drained = tokio::select! {
        () = async { while let Some(ended) = connections.join_next().await { survive(ended) } } => Drained::Whole,
        () = cut => Drained::Cut(connections.len()),
    };
    // Ends what is left, and waits until each has said so in the log.
    connections.shutdown().await;
    drained
}

/// A connection that is there to be accepted.
async fn waiting(listener: &mut Listener, failures: &Occasionally) -> Option<(Socket, Peer)> {
    tokio::select! {
        biased;
        accepted = listener.accept(failures) => Some(accepted),
        // By then the runtime has looked once more.
        () = tokio::task::yield_now() => None,
    }
}

/// A fault of this program ends the connection that met it, and no other.
fn survive(ended: Result<(), JoinError>) {
    if ended.is_err_and(|error| error.is_panic()) {
        tracing::error!("a connection met a fault of this program, and was closed; please report it");
    }
}

/// Where connections are let in, or turned away.
#[derive(Default)]
struct Door {
    shedder: Shedder,
    refused: Occasionally,
}

impl Door {
    /// The connection, and what is to be held as long as it is there; `None` for one that was turned away.
    fn let_in(&self, front: &Front, socket: Socket, peer: Peer) -> Option<(Socket, impl Send + 'static)> {
        match front.admission.admit(peer, front.is_shared(peer)) {
            Ok(admitted) => Some((socket, (admitted, front.metrics.accept()))),
            Err(refusal) => {
                front.metrics.refuse(refusal.into());
                self.say(refusal, peer);
                self.shedder.shed(socket, front.tls.is_none());
                None
            }
        }
    }

    /// Says that a connection was turned away, though not of each.
    fn say(&self, refusal: Refusal, peer: Peer) {
        if let Some(times) = self.refused.happens(Instant::now()) {
            let limit = refusal.as_str();
            tracing::warn!(%peer, times, "turned a connection away: there are as many as limits.{limit} allows");
        }
    }
}
