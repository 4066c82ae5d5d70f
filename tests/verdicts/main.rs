//! The shared cache of `caching::freshness`, held against an independent model of RFC 9111: npm's http-cache-semantics.
//!
//! Thousands of responses, always the same ones, are judged by both. Where the other model departs from the RFC it does
//! so for a reason that `deviations` names, with the clause that says who is right; only the answers that the deviation
//! touches are left out, and each is counted.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod case;
mod deviations;
mod moment;
mod peer;

use case::{Case, cases};
use deviations::{Answer, Deviation};
use media_origin::caching::directive::Name;
use media_origin::caching::freshness::{
    How, Storage, Use, current_age, lifetime, may_send_on_error, may_store, on_request,
};
use media_origin::caching::received::{Received, Scope};
use peer::{At, Judgement};
use std::collections::BTreeMap;

const CASES: usize = 20_000;

#[test]
#[ignore = "needs node: scripts/test installs it and runs them"]
fn an_independent_model_of_rfc_9111_agrees_but_for_its_named_deviations() {
    let cases = cases(CASES);
    let judgements = peer::judge(&cases);
    assert_eq!(judgements.len(), cases.len());
    let mut tally = Tally::default();
    for (case, theirs) in cases.iter().zip(&judgements) {
        tally.compare(case, theirs);
    }
    println!("{tally}");
    assert!(tally.disagreements.is_empty(), "{}", tally.disagreements.join("\n\n"));
    // What is left out stays the exception, and no deviation outlives its cause.
    for answer in Answer::ALL {
        let (compared, left_out) = tally.answers[&answer];
        assert!(compared > left_out, "{answer:?}: {compared} compared, {left_out} left out");
    }
    for deviation in Deviation::ALL {
        let seen = tally.deviations.get(&deviation).copied().unwrap_or_default();
        assert!(seen.differs > 0, "{deviation:?} makes no difference in {} cases", seen.cases);
    }
}

/// How many responses a deviation concerned, and how many answers differed because of it alone.
#[derive(Clone, Copy, Default)]
struct Seen {
    cases: usize,
    differs: usize,
}

#[derive(Default)]
struct Tally {
    cases: usize,
    /// By kind of answer: how many were compared, and how many were left out.
    answers: BTreeMap<Answer, (usize, usize)>,
    deviations: BTreeMap<Deviation, Seen>,
    disagreements: Vec<String>,
}

impl Tally {
    fn compare(&mut self, case: &Case, theirs: &Judgement) {
        self.cases += 1;
        let response = case.response();
        let ours = our_judgement(case, &response);
        let deviations = Deviation::of(case, &response);
        for deviation in &deviations {
            self.deviations.entry(*deviation).or_default().cases += 1;
        }
        self.answer(Answer::Storable, None, (ours.storable, theirs.storable), &deviations, case);
        if !ours.storable {
            return;
        }
        self.answer(Answer::Lifetime, None, (ours.lifetime, theirs.lifetime), &deviations, case);
        self.answer(Answer::Conditions, None, (&ours.conditions, &theirs.conditions), &deviations, case);
        for ((own, their), seconds) in ours.at.iter().zip(&theirs.at).zip(&case.after) {
            self.moment(*seconds, own, their, &deviations, case);
        }
    }

    fn moment(&mut self, seconds: u64, ours: &At, theirs: &At, deviations: &[Deviation], case: &Case) {
        self.answer(Answer::Age, Some(seconds), (ours.age, theirs.age), deviations, case);
        self.answer(Answer::Use, Some(seconds), (&ours.used, &theirs.used), deviations, case);
        if ours.used != "send" {
            self.answer(Answer::OnError, Some(seconds), (ours.on_error, theirs.on_error), deviations, case);
        }
    }

    fn answer<T: PartialEq + std::fmt::Debug>(
        &mut self,
        answer: Answer,
        after: Option<u64>,
        (ours, theirs): (T, T),
        deviations: &[Deviation],
        case: &Case,
    ) {
        let response = case.response();
        let touching = deviations.iter().filter(|deviation| deviation.touches(answer, after, &response));
        let touching: Vec<_> = touching.copied().collect();
        let (compared, left_out) = self.answers.entry(answer).or_default();
        if touching.is_empty() {
            *compared += 1;
            if ours != theirs && self.disagreements.len() < 5 {
                let when = after.map(|seconds| format!(" after {seconds} s")).unwrap_or_default();
                let told = format!("{answer:?}{when}: ours {ours:?}, theirs {theirs:?}: {case:#?}");
                self.disagreements.push(told);
            }
            return;
        }
        *left_out += 1;
        // Where several meet, nobody can tell which makes the difference.
        if let ([only], true) = (touching.as_slice(), ours != theirs) {
            self.deviations.entry(*only).or_default().differs += 1;
        }
    }
}

fn our_judgement(case: &Case, response: &Received) -> Judgement {
    // The other model says 0 where nothing may be used without a question.
    let never_as_it_is = response.cache_control.scope(Name::NoCache) == Scope::Everything;
    let at = case.after.iter().map(|seconds| {
        let now = case.moment(*seconds);
        At {
            age: current_age(response, now).seconds().cast_signed(),
            used: word(on_request(response, now)).to_owned(),
            on_error: may_send_on_error(response, now),
        }
    });
    Judgement {
        storable: may_store(response) == Storage::Allowed,
        lifetime: if never_as_it_is { 0 } else { lifetime(response).lifetime.seconds().cast_signed() },
        conditions: conditions(response),
        at: at.collect(),
    }
}

fn word(decision: Use) -> &'static str {
    match decision {
        Use::Send => "send",
        Use::SendAndRevalidate(_) => "send-and-revalidate",
        Use::Fetch | Use::Revalidate(_) => "ask",
    }
}

fn conditions(response: &Received) -> Vec<String> {
    let fields: &[&str] = match How::of(response) {
        _ if response.varies_on_everything => &[],
        How::EtagAndLastModified => &["if-none-match", "if-modified-since"],
        How::Etag => &["if-none-match"],
        How::LastModified => &["if-modified-since"],
        How::Whole => &[],
    };
    fields.iter().map(ToString::to_string).collect()
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} responses", self.cases)?;
        for (answer, (compared, left_out)) in &self.answers {
            writeln!(f, "  {:24} {compared:7} compared, {left_out:6} left out", format!("{answer:?}"))?;
        }
        writeln!(f, "named deviations of http-cache-semantics")?;
        for (deviation, Seen { cases, differs }) in &self.deviations {
            let clause = deviation.clause();
            writeln!(
                f,
                "  {:24} {cases:7} responses, {differs:6} answers differ  {clause}",
                format!("{deviation:?}")
            )?;
        }
        Ok(())
    }
}
