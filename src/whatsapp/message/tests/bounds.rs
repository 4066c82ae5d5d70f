//! Messages that are made to cost: what is answered stays small, and reading takes about as long as the text is.

use super::*;
use std::time::{Duration, Instant};

/// What one message may have at most, as the command and the server read it.
const LARGEST: usize = 1024 * 1024;

/// `{"to": …, "type": "interactive", "interactive": {"type": "flow", KEY: [ELEMENT, ELEMENT, …]}}`, as large as can be.
fn of_elements(key: &str, element: &str) -> String {
    let (start, end) =
        (format!(r#"{{"to":"+1","type":"interactive","interactive":{{"type":"flow","{key}":["#), "]}}");
    let count = (LARGEST - start.len() - end.len()) / (element.len() + 1);
    start + &vec![element; count].join(",") + end
}

fn of_members(member: impl Fn(usize) -> String) -> String {
    let mut body = r#"{"to":"+1","type":"image","image":{"path":"a"}"#.to_owned();
    for index in 0.. {
        let next = member(index);
        if body.len() + next.len() + 2 > LARGEST {
            break;
        }
        body = body + "," + &next;
    }
    body + "}"
}

fn components(component: impl Fn(usize) -> String) -> String {
    let list: Vec<_> = (0..20_000).map(component).collect();
    let template =
        r#"{"to":"+1","type":"template","template":{"name":"n","language":{"code":"de"},"components":["#;
    format!("{template}{}]}}}}", list.join(","))
}

/// In so many objects, each of a name as long as can be.
fn nested(depth: usize, innermost: &str) -> String {
    let long = "k".repeat(256);
    (0..depth).fold(innermost.to_owned(), |inner, _| format!(r#"{{"{long}":{inner}}}"#))
}

fn many_wrong() -> String {
    format!("[{}]", vec![r#"{"image":{"path":1}}"#; 1000].join(","))
}

/// The shapes that cost most, each for another reason.
fn worst() -> Vec<String> {
    let long = "k".repeat(256);
    let deep = nested(56, "1");
    vec![
        of_elements(&long, r#"{"image":{"path":1}}"#),
        of_elements(&long, "0"),
        of_elements(&long, &format!(r#"{{"image":{{"path":{deep}}}}}"#)),
        of_elements(&long, &nested(50, r#"{"image":{"path":1}}"#)),
        of_elements(&format!("a\":{},\"b", nested(55, &many_wrong())), "0"),
        of_members(|index| format!("\"{index:07}\":0")),
        of_members(|index| format!("\"mesaging_product{index}\":0")),
        components(|index| format!(r#"{{"type":"bodx{index}"}}"#)),
        components(|index| format!(r#"{{"type":"header","parameters":[{{"type":"imag{index}"}}]}}"#)),
        components(|_| r#"{"type":"body","parameters":[{"type":"image","image":{"path":"a"}}]}"#.to_owned()),
    ]
}

#[test]
fn what_is_answered_is_smaller_than_what_was_asked() {
    for body in worst() {
        let reading = read(body.as_bytes()).unwrap();
        let said = serde_json::to_string(&reading.remarks).unwrap();
        assert!(
            said.len() < body.len(),
            "{} bytes on {}",
            said.len(),
            body.chars().take(120).collect::<String>()
        );
        assert!(reading.remarks.len() <= 201 && reading.media.len() <= 32);
    }
    let key = "k".repeat(500_000);
    let body = format!(r#"{{"to":"+1","type":"interactive","interactive":{{"type":"flow","{key}":[0]}}}}"#);
    assert!(serde_json::to_string(&read(body.as_bytes()).unwrap_err().remark()).unwrap().len() < 1000);
}

#[test]
fn where_nothing_more_can_be_said_slips_are_not_looked_for() {
    let place = |components: usize| {
        let wrong = r#"{"type":"hologram","image":{"link":null}},"#.repeat(components);
        let slip = r#"{"type":"header","parameters":[{"type":"imgae","text":"t","image":{"path":"a"}}]}"#;
        let template =
            r#"{"to":"+1","type":"template","template":{"name":"n","language":{"code":"de"},"components":["#;
        let reading = read(format!("{template}{wrong}{slip}]}}}}").as_bytes()).unwrap();
        reading.media[0].place
    };
    assert_eq!(place(99), Place::TemplateHeader, "read as what was meant");
    assert_eq!(place(100), Place::Unchecked);
}

#[test]
fn reading_takes_about_as_long_as_the_text_is() {
    for body in worst() {
        // Another program may be busy at the same time: but not three times, and only here.
        let in_time = || {
            let plain = taken(|| drop(serde_json::from_str::<Written>(&body).unwrap()));
            let ours = taken(|| drop(read(body.as_bytes()).unwrap()));
            ours < plain * 15 + Duration::from_millis(100)
        };
        assert!((0..3).any(|_| in_time()), "{}", body.chars().take(120).collect::<String>());
    }
}

#[expect(clippy::disallowed_methods, reason = "a test of how long something takes reads the clock")]
fn taken(run: impl Fn()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
