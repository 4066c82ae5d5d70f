//! Attends a connection: lets it go on, and looks up when it is time to judge it, or when the server drains.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep, sleep_until};

use super::activity::Activity;
use super::patience::{Overdue, Patience, Verdict};

/// What became of the attended.
#[derive(Debug)]
pub enum Event<T> {
    /// It came to its end.
    Ended(T),
    /// It is to be ended.
    Overdue(Overdue),
    /// The server drains: it is to end when what is under way has ended. Said once.
    Leaves,
}

/// Whoever attends one connection.
pub struct Attendance {
    activity: Arc<Activity>,
    patience: Patience,
    alarm: Pin<Box<Sleep>>,
    /// When the alarm goes off, if it is set.
    set: Option<Instant>,
    leave: Leave,
    leaves: bool,
}

/// Resolves when the connection is to end after what is under way.
pub type Leave = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Attendance {
    /// For a connection on which `activity` is noted; `leave` resolves when the server drains.
    #[must_use]
    pub fn new(activity: Arc<Activity>, patience: Patience, leave: Leave) -> Self {
        let alarm = Box::pin(sleep_until(Instant::now()));
        Self { activity, patience, alarm, set: None, leave, leaves: false }
    }

    /// What happens on the connection.
    pub(super) fn activity(&self) -> Arc<Activity> {
        Arc::clone(&self.activity)
    }

    /// Whether the server drains.
    pub(super) fn leaves(&self) -> bool {
        self.leaves
    }

    /// The client has been told that the conversation is over.
    pub(super) fn bid_farewell(&mut self, now: Instant) {
        self.patience.bid_farewell(now);
    }

    /// Lets `work` go on until something is to be done about it.
    pub(super) async fn attend<F: Future + Unpin>(&mut self, mut work: F) -> Event<F::Output> {
        let Self { activity, patience, alarm, set, leave, leaves } = self;
        tokio::select! {
            biased;
            ended = &mut work => Event::Ended(ended),
            () = leave.as_mut(), if !*leaves => {
                *leaves = true;
                Event::Leaves
            }
            event = poll_fn(|context| poll_judge(activity, patience, (alarm, set), context)) => event,
        }
    }
}

/// Judges now, and again when the alarm goes off. It is only ever set to go off earlier: one that goes off too early costs
/// a look, and most of what is awaited comes long before.
fn poll_judge<T>(
    activity: &Activity,
    patience: &mut Patience,
    (alarm, set): (&mut Pin<Box<Sleep>>, &mut Option<Instant>),
    context: &mut Context<'_>,
) -> Poll<Event<T>> {
    loop {
        let until = match patience.judge(activity.seen(), Instant::now()) {
            Verdict::End(overdue) => return Poll::Ready(Event::Overdue(overdue)),
            Verdict::Wait(until) => until,
            Verdict::Ask(until) => {
                activity.ask();
                // Whoever writes is to see it.
                context.waker().wake_by_ref();
                until
            }
        };
        if set.is_none_or(|set| until < set) {
            alarm.as_mut().reset(until);
            *set = Some(until);
        }
        ready!(alarm.as_mut().poll(context));
        *set = None;
    }
}
