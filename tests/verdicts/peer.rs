//! The other model, in a process of its own: `tests/peers/http-cache-semantics/judge.mjs`.

use crate::case::{Case, RECEIVED};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a model says of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) storable: bool,
    /// Freshness lifetime in whole seconds.
    pub(crate) lifetime: i64,
    /// The conditional fields with which it is validated.
    pub(crate) conditions: Vec<String>,
    /// At each moment of the case.
    pub(crate) at: Vec<At>,
}

/// What a model does with a response at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) age: i64,
    /// `send`, `send-and-revalidate` or `ask`.
    pub(crate) used: String,
    pub(crate) on_error: bool,
}

/// All cases, judged by one process.
pub(crate) fn judge(cases: &[Case]) -> Vec<Judgement> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/http-cache-semantics");
    assert!(
        folder.join("node_modules/http-cache-semantics").is_dir(),
        "http-cache-semantics is not installed: run `npm ci --prefix {}`",
        folder.display()
    );
    let mut process = Command::new(node())
        .arg("judge.mjs")
        .current_dir(&folder)
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node does not start: {error}; set NODE to where it is"));
    let mut questions = process.stdin.take().unwrap();
    let answers = BufReader::new(process.stdout.take().unwrap());
    let judgements = std::thread::scope(|scope| {
        scope.spawn(move || cases.iter().for_each(|case| writeln!(questions, "{}", question(case)).unwrap()));
        answers.lines().map(|line| judgement(&serde_json::from_str(&line.unwrap()).unwrap())).collect()
    });
    assert!(process.wait().unwrap().success(), "judge.mjs ended with an error");
    judgements
}

/// `NODE`, else the one that `scripts/test` installs, else that of the path.
fn node() -> OsString {
    let installed = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/bin/node"));
    std::env::var_os("NODE")
        .unwrap_or_else(|| if installed.exists() { installed.into() } else { "node".into() })
}

fn question(case: &Case) -> Value {
    json!({
        "status": case.status,
        "headers": case.lines(),
        "received": RECEIVED,
        "after": case.after,
    })
}

fn judgement(answer: &Value) -> Judgement {
    let texts = |value: &Value| value.as_array().unwrap().iter().map(text).collect();
    Judgement {
        storable: answer["storable"].as_bool().unwrap(),
        lifetime: answer["lifetime"].as_f64().map(whole).unwrap(),
        conditions: texts(&answer["conditions"]),
        at: answer["at"].as_array().unwrap().iter().map(at).collect(),
    }
}

fn at(answer: &Value) -> At {
    At {
        age: answer["age"].as_f64().map(whole).unwrap(),
        used: text(&answer["use"]),
        on_error: answer["onError"].as_bool().unwrap(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// JavaScript has one kind of number; these are whole ones.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is beyond i64 is saturated, and differs from any lifetime of ours"
)]
fn whole(number: f64) -> i64 {
    number as i64
}
