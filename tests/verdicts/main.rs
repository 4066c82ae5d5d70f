//! What a person is told of a shared cache, held against an independent model of RFC 9111: npm's http-cache-semantics.
//!
//! Thousands of responses, always the same ones, are judged by both. Where the other model departs from the RFC it does
//! so for a reason that `deviations` names, with the clause that says who is right; it is then asked about a response
//! that means the same and that it reads rightly. The few answers for which there is no such response are left out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod case;
mod deviations;
mod peer;

use case::{Case, cases};
use deviations::{Deviation, put_right};
use media_origin::caching::directive::Name;
use media_origin::caching::freshness::{How, Storage, initial_age, lifetime, may_store};
use media_origin::caching::received::Scope;
use media_origin::caching::verdict::Reuse;
use peer::{At, Judgement};
use std::collections::BTreeMap;

const CASES: usize = 15_000;

#[test]
#[ignore = "needs node: scripts/test installs it and runs them"]
fn an_independent_model_of_rfc_9111_agrees_but_for_its_named_deviations() {
    let cases = cases(CASES);
    let (right, concerned): (Vec<_>, Vec<_>) = cases.iter().map(put_right).unzip();
    let judgements = peer::judge(&right);
    assert_eq!(judgements.len(), cases.len());
    let mut tally = Tally::default();
    for ((case, right), theirs) in cases.iter().zip(&right).zip(&judgements) {
        tally.compare(case, right, theirs);
    }
    tally.deviations(&cases, &concerned, &judgements);
    println!("{tally}");
    assert!(tally.disagreements.is_empty(), "{}", tally.disagreements.join("\n\n"));
    // What is left out stays the exception, and no deviation outlives its cause.
    for (answer, (compared, left_out)) in tally.answers {
        assert!(compared >= 10 * left_out, "{answer:?}: {compared} compared, {left_out} left out");
    }
    for deviation in Deviation::ALL {
        let seen = tally.deviations.get(&deviation).copied().unwrap_or_default();
        assert!(seen.differs > 0, "{deviation:?} makes no difference in {} cases", seen.cases);
    }
}

/// What both models are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    Storable,
    Lifetime,
    Conditions,
    Age,
    Use,
    OnError,
}

/// How many responses a deviation concerned, and how many the other model judges wrongly because of it alone.
#[derive(Clone, Copy, Default)]
struct Seen {
    cases: usize,
    differs: usize,
}

#[derive(Default)]
struct Tally {
    /// By kind of answer: how many were compared, and how many were left out.
    answers: BTreeMap<Answer, (usize, usize)>,
    deviations: BTreeMap<Deviation, Seen>,
    disagreements: Vec<String>,
}

impl Tally {
    fn compare(&mut self, case: &Case, right: &Case, theirs: &Judgement) {
        let ours = our_judgement(case);
        self.answer(Answer::Storable, true, (ours.storable, theirs.storable), case);
        if !ours.storable {
            return;
        }
        // Of a response that matches no request the other model says that its lifetime is 0, and sends it if the origin
        // fails. RFC 9111 §4.1
        let matches = !right.values("vary").any(|value| value.contains('*'));
        self.answer(Answer::Lifetime, matches, (ours.lifetime, theirs.lifetime), case);
        self.answer(Answer::Conditions, true, (&ours.conditions, &theirs.conditions), case);
        for (own, their) in ours.at.iter().zip(&theirs.at) {
            let told = !is_cut(right, theirs.lifetime, their.age);
            self.answer(Answer::Age, true, (own.age, their.age), case);
            self.answer(Answer::Use, told, (&own.used, &their.used), case);
            if own.used != "send" {
                self.answer(Answer::OnError, told && matches, (own.on_error, their.on_error), case);
            }
        }
    }

    fn answer<T: PartialEq + std::fmt::Debug>(
        &mut self,
        answer: Answer,
        is_compared: bool,
        (ours, theirs): (T, T),
        case: &Case,
    ) {
        let (compared, left_out) = self.answers.entry(answer).or_default();
        if !is_compared {
            *left_out += 1;
            return;
        }
        *compared += 1;
        if ours != theirs && self.disagreements.len() < 5 {
            self.disagreements.push(format!("{answer:?}: ours {ours:?}, theirs {theirs:?}: {case:#?}"));
        }
    }

    /// Asks about the responses as they are, where one deviation alone concerns them.
    fn deviations(&mut self, cases: &[Case], concerned: &[Vec<Deviation>], right: &[Judgement]) {
        let mut alone = Vec::new();
        for ((case, deviations), right) in cases.iter().zip(concerned).zip(right) {
            for deviation in deviations {
                self.deviations.entry(*deviation).or_default().cases += 1;
            }
            if let [only] = deviations.as_slice() {
                alone.push((case.clone(), *only, right));
            }
        }
        let cases: Vec<_> = alone.iter().map(|(case, ..)| case.clone()).collect();
        for ((_, only, right), as_it_is) in alone.iter().zip(peer::judge(&cases)) {
            self.deviations.entry(*only).or_default().differs += usize::from(as_it_is != **right);
        }
    }
}

/// Whether it matters that we cut a tenth of a number of seconds, which is a guess, to whole seconds, and the other model
/// does not. RFC 9111 §4.2.2: either.
fn is_cut(case: &Case, lifetime: i64, age: i64) -> bool {
    let explicit = ["max-age=", "s-maxage=", "no-cache"];
    let says = |name: &&str| case.directives.iter().any(|own| own.starts_with(*name));
    let has = |name: &str| case.values(name).next().is_some();
    let guessed = has("last-modified") && !has("expires") && !explicit.iter().any(says);
    let seconds = |name: &str| {
        let value = case.directives.iter().find_map(|own| own.strip_prefix(name));
        value.map_or(0, |value| value.trim_matches('"').parse::<i64>().unwrap())
    };
    let past = age - lifetime;
    guessed && [0, seconds("stale-while-revalidate="), seconds("stale-if-error=")].contains(&past)
}

fn our_judgement(case: &Case) -> Judgement {
    let (response, verdict) = (case.response(), case.verdict());
    // The other model says 0 where nothing may be used without a question.
    let never_as_it_is = response.cache_control.scope(Name::NoCache) == Scope::Everything;
    let age = initial_age(&response).seconds();
    let at = case.after.iter().map(|seconds| At {
        age: (age + seconds).cast_signed(),
        used: used(verdict, *seconds).to_owned(),
        on_error: is_sent_on_error(verdict, *seconds),
    });
    Judgement {
        storable: may_store(&response) == Storage::Allowed,
        lifetime: if never_as_it_is { 0 } else { lifetime(&response).lifetime.seconds().cast_signed() },
        conditions: conditions(verdict),
        at: at.collect(),
    }
}

/// What the verdict says is done so many seconds after the response was received.
fn used(verdict: Reuse, after: u64) -> &'static str {
    let (fresh, then) = match verdict {
        Reuse::For { seconds, then } => (seconds, then),
        Reuse::AfterRevalidation(then) => (0, then),
        Reuse::Never => return "ask",
        Reuse::Undisclosed | Reuse::Undefined => unreachable!("RFC 9111 leaves nothing open"),
    };
    if after < fresh {
        "send"
    } else if after - fresh < then.stale.while_revalidating() {
        "send-and-revalidate"
    } else {
        "ask"
    }
}

fn is_sent_on_error(verdict: Reuse, after: u64) -> bool {
    match verdict {
        Reuse::For { seconds, then } => after < seconds + then.stale.if_error(),
        Reuse::AfterRevalidation(then) => after < then.stale.if_error(),
        _ => false,
    }
}

fn conditions(verdict: Reuse) -> Vec<String> {
    let (Reuse::For { then, .. } | Reuse::AfterRevalidation(then)) = verdict else { return Vec::new() };
    let fields: &[&str] = match then.checks {
        How::EtagAndLastModified => &["if-none-match", "if-modified-since"],
        How::Etag => &["if-none-match"],
        How::LastModified => &["if-modified-since"],
        How::Whole => &[],
    };
    fields.iter().map(ToString::to_string).collect()
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (answer, (compared, left_out)) in &self.answers {
            writeln!(f, "  {:24} {compared:7} compared, {left_out:6} left out", format!("{answer:?}"))?;
        }
        writeln!(f, "named deviations of http-cache-semantics")?;
        for (deviation, Seen { cases, differs }) in &self.deviations {
            let (name, clause) = (format!("{deviation:?}"), deviation.clause());
            writeln!(f, "  {name:24} {cases:7} responses, {differs:6} wrong by it alone  {clause}")?;
        }
        Ok(())
    }
}
