//! Going through the keys of a bucket.

use std::ops::ControlFlow;

use crate::store::bucket::UpstreamError;
use crate::store::bucket::client::{Client, Entry, OddKey};

/// Shows `visit` each key that begins with `start` below the bucket's prefix, in the bucket's order, until there is none
/// left or it says stop.
pub(super) async fn each(
    client: &Client,
    start: &str,
    mut visit: impl FnMut(Result<Entry, OddKey>) -> ControlFlow<()>,
) -> Result<(), UpstreamError> {
    let mut token = None;
    loop {
        let page = client.page(start, token).await?;
        if page.entries.into_iter().try_for_each(&mut visit).is_break() {
            return Ok(());
        }
        match page.next {
            Some(next) => token = Some(next),
            None => return Ok(()),
        }
    }
}
