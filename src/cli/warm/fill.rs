//! The server is asked for each asset.

use std::time::Duration;

use http::{Method, StatusCode};
use tokio::task::JoinSet;
use tokio::time::interval;

use super::find::Wanted;
use super::progress::Progress;
use super::summary::Summary;
use crate::cli::operator::{Operator, Unanswered};
use crate::control::Warmed;
use crate::store::AssetPath;

/// So many assets are asked for at a time: as many as the server brings in at a time.
const AT_A_TIME: usize = 4;

/// How often progress is looked at.
const TICK: Duration = Duration::from_millis(250);

/// What came of asking for one asset; the inner error is of that asset alone.
type Asked = Result<Result<Warmed, String>, Unanswered>;

/// Asks for every asset, in their order, and adds to the summary what came of it. Returns why it stopped before the end,
/// if it did: what is under way then is given up.
pub(super) async fn fill(
    operator: &Operator,
    assets: Vec<Wanted>,
    summary: &mut Summary,
) -> Option<Unanswered> {
    let mut idle: Vec<_> = (0..AT_A_TIME).map(|_| operator.another()).collect();
    let mut progress = Progress::begin();
    let mut left = assets.into_iter();
    let mut under_way = JoinSet::new();
    let mut ticks = interval(TICK);
    loop {
        let next = idle.drain(..).zip(left.by_ref());
        next.for_each(|(operator, asset)| drop(under_way.spawn(ask(operator, asset.path))));
        let asked = tokio::select! {
            asked = under_way.join_next() => asked?,
            _now = ticks.tick() => {
                progress.show(summary);
                continue;
            }
        };
        let (operator, path, asked) = asked.expect("asking does not panic, and nobody aborts it");
        idle.push(operator);
        match asked {
            Ok(warmed) => summary.add(&path, warmed),
            Err(unanswered) => return Some(unanswered),
        }
    }
}

async fn ask(mut operator: Operator, path: AssetPath) -> (Operator, AssetPath, Asked) {
    let answer = operator.ask(Method::POST, &format!("/warm/{}", path.encoded())).await;
    let asked = answer.map(|answer| match answer.status {
        StatusCode::OK => serde_json::from_slice(&answer.body).map_err(|error| error.to_string()),
        _ => Err(answer.detail()),
    });
    (operator, path, asked)
}
