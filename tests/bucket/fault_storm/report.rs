//! What came of a storm: each request beside its line in the log, counted by phase.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::time::Duration;

use super::client::{Sent, Verdict};
use super::storm::Aftermath;

/// A request's line in the server's log.
#[derive(Debug)]
struct Line {
    path: String,
    status: Option<u16>,
    cut: bool,
    stale: bool,
}

impl Line {
    /// Of the line of a request: whose it is, and what it says.
    fn parse(line: &str) -> Option<(String, Self)> {
        let (_, rest) = line.split_once(" GET ")?;
        let (path, fields) = rest.split_once(' ')?;
        let field = |name: &str| fields.split(' ').find_map(|field| field.strip_prefix(name));
        let peer = field("peer=")?.to_owned();
        let status = field("status=").and_then(|status| status.parse().ok());
        let (cut, stale) = (field("cut=").is_some(), field("cache=") == Some("\"stale\""));
        Some((peer, Self { path: path.to_owned(), status, cut, stale }))
    }

    /// Whether it says of the request what the client saw.
    fn agrees(&self, sent: &Sent) -> bool {
        let ends_so = match sent.verdict {
            Verdict::Cut => self.cut,
            // Counted as what it is, however it ended.
            Verdict::Wrong(_) | Verdict::Hung => true,
            _ => !self.cut,
        };
        self.path == sent.path && self.status == sent.status && ends_so
    }
}

/// How many lines of requests there are.
pub fn lines(log: &[String]) -> usize {
    log.iter().filter(|line| Line::parse(line).is_some()).count()
}

/// What is counted of a phase.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub whole: u64,
    pub ranges: u64,
    /// Of all, how many were of what was known before, because the bucket could not be asked: so the log says.
    pub stale: u64,
    pub cut: u64,
    pub bad_gateway: u64,
    pub gateway_timeout: u64,
    pub busy: u64,
    pub missing: u64,
    pub hung: u64,
    pub wrong: u64,
    /// Without a line in the log, or with one that says something else.
    pub unlogged: u64,
    pub slowest: Duration,
}

impl Counts {
    fn count(&mut self, sent: &Sent, line: Option<&Line>) {
        let counter = match &sent.verdict {
            Verdict::Whole => &mut self.whole,
            Verdict::Range => &mut self.ranges,
            Verdict::Cut => &mut self.cut,
            Verdict::Missing => &mut self.missing,
            Verdict::Refused(502) => &mut self.bad_gateway,
            Verdict::Refused(504) => &mut self.gateway_timeout,
            Verdict::Refused(_) => &mut self.busy,
            Verdict::Hung => &mut self.hung,
            Verdict::Wrong(_) => &mut self.wrong,
        };
        *counter += 1;
        self.stale += u64::from(line.is_some_and(|line| line.stale));
        self.unlogged += u64::from(line.is_none());
        self.slowest = self.slowest.max(sent.took);
    }

    fn add(mut self, other: &Self) -> Self {
        for (sum, more) in [
            (&mut self.whole, other.whole),
            (&mut self.ranges, other.ranges),
            (&mut self.stale, other.stale),
            (&mut self.cut, other.cut),
            (&mut self.bad_gateway, other.bad_gateway),
            (&mut self.gateway_timeout, other.gateway_timeout),
            (&mut self.busy, other.busy),
            (&mut self.missing, other.missing),
            (&mut self.hung, other.hung),
            (&mut self.wrong, other.wrong),
            (&mut self.unlogged, other.unlogged),
        ] {
            *sum += more;
        }
        Self { slowest: self.slowest.max(other.slowest), ..self }
    }
}

/// The counts of a storm, and what was wrong in words.
pub struct Report {
    phases: Vec<(&'static str, Counts)>,
    complaints: Vec<String>,
    /// Lines in the log of requests that nobody sent.
    pub strays: usize,
}

impl Report {
    pub fn of(aftermath: &Aftermath, log: &[String]) -> Self {
        let mut lines: HashMap<String, VecDeque<Line>> = HashMap::new();
        for (peer, line) in log.iter().filter_map(|line| Line::parse(line)) {
            lines.entry(peer).or_default().push_back(line);
        }
        let name = |phase: &super::storm::Phase| (phase.name, Counts::default());
        let mut phases: Vec<_> = aftermath.phases.iter().map(name).collect();
        let mut complaints = Vec::new();
        for sent in &aftermath.sent {
            // A client sends one request after the other, so the lines of a connection are in the order of requests.
            let line = lines.get_mut(&sent.peer.to_string()).and_then(VecDeque::pop_front);
            let agreed = line.as_ref().filter(|line| line.agrees(sent));
            let (phase, counts) = &mut phases[sent.phase];
            counts.count(sent, agreed);
            if agreed.is_none() || matches!(sent.verdict, Verdict::Wrong(_) | Verdict::Hung) {
                let (path, peer, took, verdict) = (&sent.path, sent.peer, sent.took, &sent.verdict);
                complaints
                    .push(format!("{phase}: {path} of {peer} after {took:?}: {verdict:?}; logged: {line:?}"));
            }
        }
        Self { phases, complaints, strays: lines.values().map(VecDeque::len).sum() }
    }

    /// The counts of one phase.
    pub fn of_phase(&self, name: &str) -> &Counts {
        &self.phases.iter().find(|(phase, _)| *phase == name).expect("a phase").1
    }

    /// Those of all phases.
    pub fn total(&self) -> Counts {
        self.phases.iter().fold(Counts::default(), |sum, (_, counts)| sum.add(counts))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns =
            ["whole", "ranges", "stale", "cut", "502", "504", "503", "404", "hung", "wrong", "unlogged"];
        write!(f, "{:<34}", "")?;
        columns.iter().try_for_each(|column| write!(f, " {column:>8}"))?;
        writeln!(f, "  slowest")?;
        let total = self.total();
        let rows = self.phases.iter().map(|(phase, counts)| (*phase, counts));
        for (phase, counts) in rows.chain([("all", &total)]) {
            let Counts { whole, ranges, stale, cut, bad_gateway, gateway_timeout, .. } = counts;
            let Counts { busy, missing, hung, wrong, unlogged, slowest, .. } = counts;
            write!(f, "{phase:<34}")?;
            [whole, ranges, stale, cut, bad_gateway, gateway_timeout, busy, missing, hung, wrong, unlogged]
                .iter()
                .try_for_each(|count| write!(f, " {count:>8}"))?;
            writeln!(f, "  {:>5.2} s", slowest.as_secs_f64())?;
        }
        self.complaints.iter().take(20).try_for_each(|complaint| writeln!(f, "{complaint}"))
    }
}
