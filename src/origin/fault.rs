//! A fault of this program costs the answer that met it, and nothing else.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use super::Refusal;

/// The answer, or 500 in place of a panic, which has said on standard error where it was.
///
/// Nothing half-made is seen again: what the answer was being made of goes with it, and what requests share is replaced
/// as a whole or not at all.
pub(super) async fn caught<T>(
    mut answer: Pin<&mut impl Future<Output = Result<T, Refusal>>>,
) -> Result<T, Refusal> {
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context)));
        polled.unwrap_or_else(|_panic| {
            tracing::error!("a request met a fault of this program; please report it");
            Poll::Ready(Err(Refusal::Fault))
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;

    #[tokio::test]
    async fn a_panic_is_an_answer_too() {
        for (code, expected) in [(0, Ok(0)), (1, Err(Refusal::NotFound)), (2, Err(Refusal::Fault))] {
            let answer = async {
                tokio::task::yield_now().await;
                match code {
                    0 => Ok(code),
                    1 => Err(Refusal::NotFound),
                    _ => panic!("on purpose"),
                }
            };
            assert_eq!(caught(pin!(answer)).await, expected);
        }
    }
}
