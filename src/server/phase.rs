//! From serving to stopped: what takes a server from one phase to the next, and what a listener does in each.

use std::convert::Infallible;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::config::Shutdown;

/// How far a server has come. Phases only go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It takes connections.
    Serving,
    /// It is to stop, and says so; it takes connections while those who send them notice.
    Leaving,
    /// It takes no more, and finishes the responses under way.
    Draining,
    /// What is not finished is cut.
    Stopping,
    /// No connection of a public listener is left.
    Stopped,
    /// Nor is there anything that the operator is still to be told.
    Over,
}

/// Goes from phase to phase: `told` resolves whenever the server is told to stop. The first time it leaves and then
/// drains, each for as long as `times` say by then; the second time it cuts what is left.
pub async fn advance(
    phase: &watch::Sender<Phase>,
    mut told: impl AsyncFnMut(),
    times: impl Fn() -> Shutdown,
) -> Infallible {
    told().await;
    let Shutdown { grace, drain } = times();
    tracing::info!(?grace, ?drain, "stopping: finishing responses; a second signal cuts them");
    go_on_to(phase, Phase::Leaving);
    let told_again = timeout(grace, told()).await.is_ok();
    if !told_again {
        tracing::info!("taking no more connections");
        go_on_to(phase, Phase::Draining);
        let _either = timeout(drain, told()).await;
    }
    go_on_to(phase, Phase::Stopping);
    std::future::pending().await
}

/// Never goes back.
pub fn go_on_to(phase: &watch::Sender<Phase>, next: Phase) {
    phase.send_if_modified(|phase| {
        let goes_on = *phase < next;
        *phase = next.max(*phase);
        goes_on
    });
}

/// What a listener does as the server goes from phase to phase.
#[derive(Clone, Debug)]
pub struct Course {
    phases: watch::Receiver<Phase>,
    leave: Phase,
    close: Phase,
    cut: Phase,
}

impl Course {
    /// A public listener's: it closes when the server drains, and cuts what is left when that has to end.
    #[must_use]
    pub fn public(phases: watch::Receiver<Phase>) -> Self {
        Self { phases, leave: Phase::Leaving, close: Phase::Draining, cut: Phase::Stopping }
    }

    /// The operator's, who is answered until there is nothing left to ask about.
    #[must_use]
    pub fn control(phases: watch::Receiver<Phase>) -> Self {
        Self { phases, leave: Phase::Stopped, close: Phase::Stopped, cut: Phase::Over }
    }

    /// Whether clients should go elsewhere with their next request. This is asked with every answer, and costs nothing
    /// before the first change.
    #[must_use]
    pub fn is_leaving(&self) -> bool {
        self.phases.has_changed().unwrap_or(true) && *self.phases.borrow() >= self.leave
    }

    /// Resolves when no more connections are to be taken.
    pub async fn closed(&self) {
        reached(self.phases.clone(), self.close).await;
    }

    /// Resolves when what is left is to be cut.
    pub async fn cut(&self) {
        reached(self.phases.clone(), self.cut).await;
    }
}

/// Resolves when the server has come to that phase.
pub async fn reached(mut phases: watch::Receiver<Phase>, wanted: Phase) {
    // A sender that is gone has nothing more to say: all phases are past.
    let _gone = phases.wait_for(|phase| *phase >= wanted).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::sync::mpsc;
    use tokio::time::{Instant, sleep};

    const TIMES: Shutdown = Shutdown { grace: Duration::from_secs(10), drain: Duration::from_secs(30) };

    /// After how many seconds each phase is reached if signals come after so many.
    async fn course(signals: &[u64]) -> Vec<(Phase, u64)> {
        let (phase, phases) = watch::channel(Phase::Serving);
        let (send, mut told) = mpsc::unbounded_channel();
        let begun = Instant::now();
        let send = async {
            for after in signals {
                tokio::time::sleep_until(begun + Duration::from_secs(*after)).await;
                send.send(()).expect("somebody listens");
            }
            sleep(Duration::from_hours(1)).await;
        };
        let watch = async {
            let mut seen = Vec::new();
            for wanted in [Phase::Leaving, Phase::Draining, Phase::Stopping] {
                reached(phases.clone(), wanted).await;
                seen.push((*phases.borrow(), begun.elapsed().as_secs()));
            }
            seen
        };
        let told = async || told.recv().await.expect("nobody left");
        tokio::select! {
            seen = watch => seen,
            never = advance(&phase, told, || TIMES) => match never {},
            () = send => panic!("it takes too long"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_signal_leaves_and_drains_and_the_second_cuts() {
        use Phase::{Draining, Leaving, Stopping};
        for (signals, expected) in [
            (&[5][..], [(Leaving, 5), (Draining, 15), (Stopping, 45)]),
            (&[5, 8], [(Leaving, 5), (Stopping, 8), (Stopping, 8)]),
            (&[5, 20], [(Leaving, 5), (Draining, 15), (Stopping, 20)]),
            (&[0, 20, 30], [(Leaving, 0), (Draining, 10), (Stopping, 20)]),
        ] {
            assert_eq!(course(signals).await, expected, "{signals:?}");
        }
    }

    #[test]
    fn a_listener_says_goodbye_from_its_own_phase_on() {
        let (phase, phases) = watch::channel(Phase::Serving);
        let (public, control) = (Course::public(phases.clone()), Course::control(phases));
        for (next, expected) in [
            (Phase::Serving, (false, false)),
            (Phase::Leaving, (true, false)),
            (Phase::Draining, (true, false)),
            (Phase::Serving, (true, false)),
            (Phase::Stopped, (true, true)),
        ] {
            go_on_to(&phase, next);
            assert_eq!((public.is_leaving(), control.is_leaving()), expected, "{next:?}");
        }
    }
}
