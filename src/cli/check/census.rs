//! How many assets each rule governs.

use std::ops::ControlFlow;

use crate::caching::rules::Rules;
use crate::cli::store::{self, Remember};
use crate::cli::tally::Tally;
use crate::cli::{Exit, keys, no, printable};
use crate::clock::Clock;
use crate::config::{Config, Store};
use crate::store::bucket::client::{Client, Entry, OddKey};
use crate::store::directory::Listed;
use crate::store::{AssetPath, Backend, Directory, Fault};

/// So many keys of a bucket are counted.
const MOST_KEYS: u64 = 1_000_000;

/// What there is to say of the assets.
#[derive(Debug, Default)]
pub(super) struct Census {
    /// How many there are; `None` if nobody counted them.
    pub(super) counts: Option<Counts>,
    pub(super) warnings: Vec<String>,
    /// What the counts are not.
    pub(super) note: Option<String>,
}

/// How many assets each rule governs.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Those of each rule, in the rules' order.
    pub(super) of_rules: Vec<usize>,
    /// Those that no rule names.
    pub(super) unnamed: usize,
}

/// Counts the assets of the store that the configuration names. A bucket is asked only if `online`.
pub(super) async fn take(config: &Config, online: bool) -> Result<Census, Exit> {
    if let (Store::Bucket(_), false) = (&config.store, online) {
        let note = "assets are not counted: --online asks the bucket".to_owned();
        return Ok(Census { note: Some(note), ..Census::default() });
    }
    let store = store::open(config, Remember::Nothing, Clock::system())?;
    match store.backend() {
        Backend::Directory(directory) => Ok(of_directory(directory, &config.rules)),
        Backend::Bucket(bucket) => of_bucket(bucket.client(), &config.rules).await,
    }
}

fn of_directory(directory: &Directory, rules: &Rules) -> Census {
    let mut counts = Counts::none(rules);
    let mut warnings = Vec::new();
    for listed in directory.list() {
        match listed {
            Listed::Asset(path) => {
                counts.add(&path, rules);
                let fault = directory.fault(&path);
                warnings.extend(fault.map(|fault| of_fault(&path, &fault)));
            }
            Listed::Unreachable(path, why) => {
                let path = printable(&path.to_string_lossy());
                warnings.push(format!("warning: no link can name {path}: {why}"));
            }
        }
    }
    Census { counts: Some(counts), warnings, note: None }
}

async fn of_bucket(client: &Client, rules: &Rules) -> Result<Census, Exit> {
    let access = client.probe().await.map_err(|misconfigured| no(&misconfigured.to_string()))?;
    let mut warnings: Vec<_> =
        access.warning().map(|warning| format!("warning: {warning}")).into_iter().collect();
    let mut keys = Keys { counts: Counts::none(rules), odd: Tally::default(), seen: 0, most: MOST_KEYS };
    match keys::each(client, "", |key| keys.take(key, rules)).await {
        Ok(()) => {
            warnings.extend(keys.odd.lines().map(|odd| format!("warning: no link can name {odd}")));
            Ok(Census { note: keys.note(), counts: Some(keys.counts), warnings })
        }
        Err(error) => {
            // That it may not be listed has been said.
            if warnings.is_empty() {
                warnings.push(format!("warning: the bucket cannot be listed to its end: {error}"));
            }
            Ok(Census { warnings, ..Census::default() })
        }
    }
}

/// The keys of a bucket, counted.
struct Keys {
    counts: Counts,
    odd: Tally,
    seen: u64,
    most: u64,
}

impl Keys {
    fn take(&mut self, key: Result<Entry, OddKey>, rules: &Rules) -> ControlFlow<()> {
        if self.seen == self.most {
            // There is one more: what was counted is not all.
            self.seen += 1;
            return ControlFlow::Break(());
        }
        self.seen += 1;
        match key {
            Ok(Entry { path, .. }) => self.counts.add(&path, rules),
            Err(OddKey { key, why }) => self.odd.add(&key, why),
        }
        ControlFlow::Continue(())
    }

    fn note(&self) -> Option<String> {
        (self.seen > self.most)
            .then(|| format!("there are more: only the first {} keys were counted", self.most))
    }
}

impl Counts {
    fn none(rules: &Rules) -> Self {
        Self { of_rules: vec![0; rules.iter().count()], unnamed: 0 }
    }

    fn add(&mut self, path: &AssetPath, rules: &Rules) {
        let index = rules.govern(path.as_str()).rule.map(|(index, _)| index);
        *index.and_then(|index| self.of_rules.get_mut(index)).unwrap_or(&mut self.unnamed) += 1;
    }
}

fn of_fault(path: &AssetPath, fault: &Fault) -> String {
    let lines: Vec<_> = fault.to_string().lines().map(printable).collect();
    format!("warning: {}: {}", printable(path.as_str()), lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::pattern::Pattern;
    use crate::caching::policy::Policy;
    use crate::caching::rules::{Place, Rule};

    fn rules(globs: &[&str]) -> Rules {
        let place = || Place { file: "a.toml".into(), line: 1 };
        let rule = |glob: &&str| Rule::new(Pattern::parse(glob).unwrap(), Policy::default(), place());
        Rules::new(globs.iter().map(rule).collect()).unwrap()
    }

    fn counted(most: u64) -> Keys {
        let rules = rules(&["a/*", "**/*.png"]);
        let mut keys = Keys { counts: Counts::none(&rules), odd: Tally::default(), seen: 0, most };
        let entry = |name: &str| {
            let path = AssetPath::try_from(name.to_owned()).unwrap();
            Ok(Entry { path, complete_length: 1, tag: None })
        };
        let odd = Err(OddKey { key: "a//b".to_owned(), why: "it is odd" });
        let all = [entry("a/x.png"), odd, entry("b/y.png"), entry("c.jpg"), entry("d.jpg")];
        let _stopped = all.into_iter().try_for_each(|key| keys.take(key, &rules));
        keys
    }

    #[test]
    fn each_key_is_counted_for_the_rule_that_governs_it() {
        let keys = counted(5);
        assert_eq!((keys.counts.of_rules, keys.counts.unnamed, keys.odd.count), (vec![1, 1], 2, 1));
        assert_eq!(counted(5).note(), None, "all of them were counted");
    }

    #[test]
    fn what_is_beyond_the_bound_is_not_counted_and_that_is_said() {
        let keys = counted(4);
        assert_eq!((&keys.counts.of_rules, keys.counts.unnamed), (&vec![1, 1], 1));
        assert!(keys.note().unwrap().contains("only the first 4 keys"));
    }
}
