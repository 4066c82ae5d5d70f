//! Which rules can never govern an asset.
//!
//! A rule is dead if every asset path that its pattern matches is matched by an earlier one too, or if it matches no
//! asset path at all. Patterns are regular languages, so this is decided, not guessed: each pattern becomes a
//! deterministic automaton, and a breadth-first walk of their product looks for the shortest asset path that the rule
//! matches and no earlier rule does. A walk that ends without one has proved that there is none.

use super::pattern::Pattern;
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_automata::{MatchKind, nfa::thompson};
use std::collections::{HashSet, VecDeque};

/// A rule that governs no asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// The rule's index, counted from 0.
    pub rule: usize,
    /// What keeps assets from it.
    pub because: Because,
}

/// What keeps assets from a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The pattern matches no path that an asset can have: it begins with `/`, say, or names a hidden segment.
    NeverAnAssetPath,
    /// Earlier rules, by index, match all that it matches: one if one suffices, and never one too many.
    CoveredBy(Vec<usize>),
}

/// The paths that assets have: UTF-8, relative, no empty or hidden segment, no backslash, no NUL.
const ASSET_PATH: &str = r"^[^/.\\\x00][^/\\\x00]*(?:/[^/.\\\x00][^/\\\x00]*)*$";

/// The most memory for one automaton, in bytes. A pattern that needs more is left out.
const AUTOMATON: usize = 1 << 20;

/// The most transitions followed for all rules together: well under a second. What is left then is left out.
const TRANSITIONS: usize = 10_000_000;

type Dfa = dense::DFA<Vec<u32>>;

/// Every rule that can be shown to govern no asset, in order. `patterns` are in order of precedence.
pub(super) fn unreachable(patterns: &[&Pattern]) -> Vec<Unreachable> {
    let Some(assets) = automaton(ASSET_PATH) else {
        return Vec::new();
    };
    let rules: Vec<_> = patterns.iter().map(|pattern| automaton(pattern.glob().regex())).collect();
    let mut search = Search { assets, rules, transitions: TRANSITIONS };
    let reason = |rule| Some(Unreachable { rule, because: search.because(rule)? });
    (0..patterns.len()).filter_map(reason).collect()
}

/// The automaton of an expression in the dialect of globset, or `None` if it would be too large.
fn automaton(expression: &str) -> Option<Dfa> {
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .match_kind(MatchKind::All)
        .dfa_size_limit(Some(AUTOMATON))
        .determinize_size_limit(Some(AUTOMATON));
    dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().utf8(false).dot_matches_new_line(true))
        .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(AUTOMATON)))
        .build(expression)
        .ok()
}

struct Search {
    assets: Dfa,
    /// `None` for a pattern whose automaton would be too large.
    rules: Vec<Option<Dfa>>,
    /// How many more transitions may be followed.
    transitions: usize,
}

impl Search {
    fn because(&mut self, rule: usize) -> Option<Because> {
        let earlier: Vec<_> = (0..rule).filter(|index| self.rules[*index].is_some()).collect();
        if self.covers(&[], rule) {
            return Some(Because::NeverAnAssetPath);
        }
        if let Some(single) = earlier.iter().find(|index| self.covers(&[**index], rule)) {
            return Some(Because::CoveredBy(vec![*single]));
        }
        self.covers(&earlier, rule).then(|| Because::CoveredBy(self.fewest(earlier, rule)))
    }

    /// Leaves out of `covering` each rule that the others do without.
    fn fewest(&mut self, mut covering: Vec<usize>, rule: usize) -> Vec<usize> {
        for index in (0..covering.len()).rev() {
            let left_out = covering.remove(index);
            if !self.covers(&covering, rule) {
                covering.insert(index, left_out);
            }
        }
        covering
    }

    /// Whether every asset path that `rule` matches is matched by one of `others`, as far as can be shown.
    fn covers(&mut self, others: &[usize], rule: usize) -> bool {
        let required = [Some(&self.assets), self.rules[rule].as_ref()];
        let others = others.iter().map(|index| self.rules[*index].as_ref());
        let automata: Option<Vec<_>> = required.into_iter().chain(others).collect();
        automata.is_some_and(|automata| Product::new(automata).is_covered(&mut self.transitions))
    }
}

/// Automata that read the same text side by side. The first two must match it, the others must not.
struct Product<'a> {
    automata: Vec<&'a Dfa>,
    /// One byte for each set of bytes that no automaton tells apart.
    alphabet: Vec<u8>,
}

/// How many automata must match: that of asset paths, and that of the rule.
const REQUIRED: usize = 2;

/// Where each automaton stands.
type State = Vec<StateID>;

impl<'a> Product<'a> {
    fn new(automata: Vec<&'a Dfa>) -> Self {
        let class = |byte: u8| automata.iter().map(move |dfa| dfa.byte_classes().get(byte));
        let differs = |byte: &u8| *byte == 0 || !class(*byte).eq(class(*byte - 1));
        let alphabet = (0..=u8::MAX).filter(differs).collect();
        Self { automata, alphabet }
    }

    /// Whether no text is matched by the required automata alone; false too when `transitions` run out.
    fn is_covered(&self, transitions: &mut usize) -> bool {
        let Some(start) = self.start() else {
            return false;
        };
        let mut seen = HashSet::from([start.clone()]);
        let mut next = VecDeque::from([start]);
        while let Some(state) = next.pop_front() {
            let cost = self.alphabet.len() * self.automata.len();
            let Some(left) = transitions.checked_sub(cost) else {
                return false;
            };
            *transitions = left;
            if self.is_witness(&state) {
                return false;
            }
            let following = self.alphabet.iter().map(|byte| self.step(&state, *byte));
            next.extend(following.filter(|state| self.is_alive(state) && seen.insert(state.clone())));
        }
        true
    }

    fn start(&self) -> Option<State> {
        let anchored = start::Config::new().anchored(Anchored::Yes);
        self.automata.iter().map(|dfa| dfa.start_state(&anchored).ok()).collect()
    }

    fn step(&self, state: &State, byte: u8) -> State {
        self.automata.iter().zip(state).map(|(dfa, at)| dfa.next_state(*at, byte)).collect()
    }

    /// Whether the required automata may still match.
    fn is_alive(&self, state: &State) -> bool {
        let mut required = self.automata.iter().zip(state).take(REQUIRED);
        required.all(|(dfa, at)| !dfa.is_dead_state(*at))
    }

    /// Whether the text that led here is matched by the required automata and by none of the others.
    fn is_witness(&self, state: &State) -> bool {
        let ends = |(dfa, at): (&&Dfa, &StateID)| dfa.is_match_state(dfa.next_eoi_state(*at));
        let mut matched = self.automata.iter().zip(state).map(ends);
        matched.by_ref().take(REQUIRED).all(|required| required) && !matched.any(|other| other)
    }
}

#[cfg(test)]
mod tests;
