//! Bodies that are no message at all.

use super::*;

#[test]
fn a_body_that_is_no_object_is_told_why() {
    for (body, sentence) in [
        (&b""[..], "the body is empty"),
        (b" \r\n\t", "the body is empty"),
        (b"\xEF\xBB\xBF{}", "the body begins with a byte order mark"),
        (b"[]", "the body is an array, not an object"),
        (b"\"x\"", "the body is a string, not an object"),
        (b"null", "the body is null, not an object"),
        (b"12", "the body is a number, not an object"),
        (b"{\n \"a\": \"\xC3\xA9 \xFF\"}", "line 2, column 10: this is not UTF-8"),
        (b"\xFF\xFE{\0}\0", "line 1, column 1: this is not UTF-8"),
    ] {
        assert_eq!(read(body).unwrap_err().to_string(), sentence, "{}", body.escape_ascii());
    }
}

#[test]
fn what_is_not_json_is_told_where() {
    for (body, sentence) in [
        ("{", "line 1, column 1: EOF while parsing an object"),
        ("{\n  \"to\": NaN}", "line 2, column 9: expected value"),
        ("{\"to\": +1}", "line 1, column 8: expected value"),
        ("{\"to\": 01}", "line 1, column 9: invalid number"),
        ("{\"to\": \"a\"} x", "line 1, column 13: trailing characters"),
        ("{}{}", "line 1, column 3: trailing characters"),
        ("{\"a\": 1,}", "line 1, column 9: trailing comma"),
        ("{\"a\" 1}", "line 1, column 6: expected `:`"),
        ("{'a': 1}", "line 1, column 2: key must be a string"),
        ("{\"é\": \"\\ud800\"}", "line 1, column 14: unexpected end of hex escape"),
        ("{\"a\": \"\\udc00 and more\"}", "line 1, column 13: lone leading surrogate in hex escape"),
        ("{\"a\": \"\\x\"}", "line 1, column 9: invalid escape"),
        ("{\"a\": \"b", "line 1, column 8: EOF while parsing a string"),
        ("{\"a\": tru}", "line 1, column 10: expected ident"),
        ("{\"a\": 1e400, b}", "line 1, column 14: Unexpected char: 'b'"),
    ] {
        assert_eq!(read(body.as_bytes()).unwrap_err().to_string(), sentence, "{body}");
    }
    let raw_line_feed = read(b"{\"a\": \"\n\"}").unwrap_err().to_string();
    assert!(raw_line_feed.contains("control character"), "{raw_line_feed}");
}

#[test]
fn a_key_that_is_there_twice_is_refused_wherever_it_is() {
    for (body, pointer) in [
        (r#"{"to": "+1", "to": "+2"}"#, "/to"),
        (r#"{"interactive": {"a": [{"b": 1, "b/c": 2, "b\u002fc": 3}]}}"#, "/interactive/a/0/b~1c"),
    ] {
        let error = read(body.as_bytes()).unwrap_err();
        assert_eq!(error, NotJson::DuplicateKey { pointer: error.pointer() });
        assert_eq!(error.pointer().as_str(), pointer);
        assert_eq!(error.finding().code, "duplicate-key");
    }
}

#[test]
fn names_of_members_are_bounded() {
    let named = |bytes: usize| read(format!(r#"{{"a": {{"{}": [1]}}}}"#, "k".repeat(bytes)).as_bytes());
    assert!(named(256).is_ok());
    let error = named(257).unwrap_err();
    assert_eq!((error.pointer().as_str(), error.finding().code), ("/a", "key-too-long"));
    assert_eq!(error.to_string(), "the object has a member with a name of 257 bytes, where 256 are read");
    assert_eq!(error.remark().pointer.as_str(), "/a");
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
        read(format!("{{\"a\": {open}{close}}}").as_bytes())
    };
    assert!(nested(64).is_ok());
    assert_eq!(nested(65).unwrap_err().finding().code, "too-deep");
    assert_eq!(nested(1_000_000).unwrap_err().finding().code, "too-deep");
}
