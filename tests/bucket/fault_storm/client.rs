//! One client: it asks until the storm is over, reads every answer to its end, and judges it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::connection::{Answer, Connection, End, NoAnswer};
use super::storm::Weather;
use super::truth::{Asset, Dice, MISSING, Truth, Versions};

/// Whoever waits longer for all of an answer hangs.
pub const PATIENCE: Duration = Duration::from_secs(12);

/// Ranges are shorter than a slice, so that of a new version some slices are fetched and some are not.
const LONGEST_RANGE: usize = 600_000;

/// A request, and what came of it.
pub struct Sent {
    pub client: usize,
    /// Its place in the order of phases.
    pub phase: usize,
    pub begun: Instant,
    pub took: Duration,
    pub peer: SocketAddr,
    pub path: String,
    /// Of the answer, if there was one.
    pub status: Option<u16>,
    pub verdict: Verdict,
}

/// What an answer is.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// All bytes of a version.
    Whole,
    /// The bytes of a version that were asked for.
    Range,
    /// Right bytes, and then visibly no more.
    Cut,
    /// 404, of what was never there.
    Missing,
    /// 502, 503 or 504 as they should be: not to be kept, and with no byte of an asset.
    Refused(u16),
    /// No end within [`PATIENCE`].
    Hung,
    /// Anything else.
    Wrong(String),
}

impl Verdict {
    /// Whether the client has what it asked for.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Whole | Self::Range)
    }
}

/// What is asked for: an asset, or what was never there; and of the asset the bytes between two positions.
#[derive(Clone, Copy)]
struct Question<'a> {
    asset: Option<&'a Asset>,
    name: &'a str,
    range: Option<(usize, usize)>,
}

impl<'a> Question<'a> {
    fn next(dice: &mut Dice, assets: &'a [Asset]) -> Self {
        if dice.below(10) == 0 {
            return Self { asset: None, name: MISSING[dice.below(MISSING.len())], range: None };
        }
        let is_replaced = dice.below(2) == 0;
        let assets: Vec<_> =
            assets.iter().filter(|asset| is_replaced == (asset.versions != Versions::One)).collect();
        let asset = assets[dice.below(assets.len())];
        let range = (dice.below(2) == 1).then(|| {
            let first = dice.below(asset.shortest());
            (first, first + dice.below(LONGEST_RANGE.min(asset.shortest() - first)))
        });
        Self { asset: Some(asset), name: &asset.name, range }
    }
}

/// Asks until the storm is over. Connections are kept for a few requests.
pub fn ask_on(server: SocketAddr, client: usize, weather: &Weather, truth: &Truth) -> Vec<Sent> {
    let mut dice = Dice(7919 * (client as u64 + 1));
    let mut sent = Vec::new();
    let mut kept: Option<Connection> = None;
    while let Some(phase) = weather.phase() {
        let question = Question::next(&mut dice, &truth.assets);
        let path = format!("/media/{}", question.name);
        let range = question.range.map(|(first, last)| format!("bytes={first}-{last}"));
        let mut connection = kept.take().unwrap_or_else(|| Connection::open(server).unwrap());
        let begun = Instant::now();
        let answer = connection.get(&path, range.as_deref(), PATIENCE);
        let took = begun.elapsed();
        let status = answer.as_ref().ok().map(|answer| answer.status);
        let (verdict, peer) = (judge(question, answer.as_ref(), truth), connection.peer);
        sent.push(Sent { client, phase, begun, took, peer, path, status, verdict });
        if answer.is_ok_and(|answer| goes_on(&answer)) && dice.below(10) > 0 {
            kept = Some(connection);
        }
        std::thread::sleep(Duration::from_millis(10 + dice.below(60) as u64));
    }
    sent
}

fn goes_on(answer: &Answer) -> bool {
    answer.end == End::Whole && answer.fields.get("connection").is_none_or(|value| value != "close")
}

fn judge(question: Question<'_>, answer: Result<&Answer, &NoAnswer>, truth: &Truth) -> Verdict {
    let answer = match answer {
        Ok(answer) if answer.end == End::Hung => return Verdict::Hung,
        Ok(answer) => answer,
        Err(NoAnswer::Hung) => return Verdict::Hung,
        Err(other) => return Verdict::Wrong(format!("no answer: {other:?}")),
    };
    let judged = match (answer.status, question.asset) {
        (200 | 206, Some(asset)) => bytes(asset, question.range, answer, truth),
        (404, None) => refusal(answer).map(|()| Verdict::Missing),
        (status @ (502..=504), _) => refusal(answer).map(|()| Verdict::Refused(status)),
        _ => Err("it cannot be answered so".to_owned()),
    };
    judged.unwrap_or_else(|why| Verdict::Wrong(format!("{} of {}: {why}", answer.status, question.name)))
}

/// The bytes are those that were asked for, of the version that the tag names, as far as they came.
fn bytes(
    asset: &Asset,
    range: Option<(usize, usize)>,
    answer: &Answer,
    truth: &Truth,
) -> Result<Verdict, String> {
    let field = |name: &str| answer.fields.get(name).map_or("", String::as_str);
    let promised: usize = field("content-length").parse().unwrap();
    let (first, complete) = match range {
        None => (0, promised),
        Some((first, last)) => {
            let complete = field("content-range").strip_prefix(&format!("bytes {first}-{last}/"));
            let complete = complete.and_then(|complete| complete.parse().ok());
            (first, complete.ok_or_else(|| format!("Content-Range: {}", field("content-range")))?)
        }
    };
    let whole = answer.status == 200;
    if whole != range.is_none() || range.is_some_and(|(first, last)| promised != last - first + 1) {
        return Err(format!("{promised} bytes for {range:?}"));
    }
    if field("content-type") != "image/jpeg" {
        return Err(format!("Content-Type: {}", field("content-type")));
    }
    truth.check(asset, field("etag"), (first, complete), &answer.body)?;
    Ok(match (answer.end, whole) {
        (End::Whole, true) => Verdict::Whole,
        (End::Whole, false) => Verdict::Range,
        (End::Cut | End::Hung, _) => Verdict::Cut,
    })
}

/// It says that nobody may keep it, stands for no version, and is a sentence.
fn refusal(answer: &Answer) -> Result<(), String> {
    let field = |name: &str| answer.fields.get(name).map(String::as_str);
    let text = std::str::from_utf8(&answer.body).is_ok_and(|text| text.len() < 200 && text.ends_with('\n'));
    let right = answer.end == End::Whole
        && text
        && field("cache-control") == Some("no-store")
        && field("etag").is_none()
        && field("last-modified").is_none();
    if right { Ok(()) } else { Err(format!("{:?} with {} bytes", answer.fields, answer.body.len())) }
}
