//! The description of the routes, and requests that are made up from it.

use std::path::PathBuf;
use std::process::Command;

use crate::{Answer, server};

#[test]
fn every_route_is_described() {
    let answer = Answer::of(&server().ask("/openapi.json", "")).expect(200);
    let paths: Vec<_> = answer.body["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "/explain",
            "/explain/{path}",
            "/healthz",
            "/messages",
            "/metrics",
            "/openapi.json",
            "/purge/{path}",
            "/readyz",
            "/reload",
            "/warm/{path}"
        ]
    );
    for (route, method) in
        [("/messages", "post"), ("/explain", "get"), ("/explain/{path}", "get"), ("/warm/{path}", "post")]
    {
        let responses = &answer.body["paths"][route][method]["responses"];
        for status in ["401", "403", "502", "504"] {
            assert!(responses[status].is_object(), "{method} {route} {status}");
        }
        let late = responses["504"]["description"].as_str().unwrap();
        assert!(late.contains("the bucket") || late.contains("The bucket"), "{late}");
    }
    let schemas = answer.body["components"]["schemas"].as_object().unwrap();
    for schema in [
        "MessageRequest",
        "Problem",
        "Explanation",
        "Finding",
        "Verdict",
        "Forgotten",
        "Warmed",
        "Reloaded",
        "RefusedConfiguration",
    ] {
        assert!(schemas.contains_key(schema), "{schema} in {:?}", schemas.keys());
    }
}

/// Sends some hundred requests, right and wrong ones, and holds every answer against the description.
#[test]
#[ignore = "needs schemathesis: scripts/test installs it and runs this"]
fn answers_are_as_they_are_described_whatever_is_asked() {
    let server = server();
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let installed = here.join(".tools/bin/schemathesis");
    let program = if installed.exists() { installed } else { "schemathesis".into() };
    let output = Command::new(program)
        .arg("--config-file")
        .arg(here.join("tests/control/schemathesis.toml"))
        .arg("run")
        .arg(format!("http://{}/openapi.json", server.control))
        .current_dir(&server.folder)
        .output()
        .expect("schemathesis runs; install it with `scripts/test`");
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}{wrong}\n{}", server.log());
    println!("{}", said.lines().filter(|line| line.contains("generated,")).collect::<String>().trim());
}
