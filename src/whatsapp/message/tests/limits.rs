//! Every limit takes what it says, and not one more.

use super::*;

/// Where the limit holds, how much it takes, and a message that has so much there.
type Row = (&'static str, usize, fn(usize) -> Written);

fn text(count: usize) -> String {
    "é".repeat(count)
}

fn interactive(kind: &str, key: &str, value: Written, action: Written) -> Written {
    let mut content = json!({"type": kind, "body": {"text": "b"}, "action": action});
    content[key] = value;
    of_type("interactive", content)
}

fn button(key: &str, value: Written) -> Written {
    let reply = json!({"buttons": [{"type": "reply", "reply": {"id": "1", "title": "A"}}]});
    interactive("button", key, value, reply)
}

fn reply(id: usize, title: usize) -> Written {
    let reply = json!({"type": "reply", "reply": {"id": text(id), "title": text(title)}});
    button("action", json!({"buttons": [reply]}))
}

fn buttons(count: usize) -> Written {
    let reply = |n: usize| json!({"type": "reply", "reply": {"id": n.to_string(), "title": n.to_string()}});
    button("action", json!({"buttons": (0..count).map(reply).collect::<Vec<_>>()}))
}

fn cta_url(key: &str, value: Written) -> Written {
    let action =
        json!({"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://example.com"}});
    interactive("cta_url", key, value, action)
}

fn label(count: usize) -> Written {
    let parameters = json!({"display_text": text(count), "url": "https://example.com"});
    cta_url("action", json!({"name": "cta_url", "parameters": parameters}))
}

fn list(key: &str, value: Written) -> Written {
    let action = json!({"button": "o", "sections": [{"rows": [{"id": "1", "title": "t"}]}]});
    interactive("list", key, value, action)
}

fn row(key: &str, value: Written) -> Written {
    let mut row = json!({"id": "1", "title": "t"});
    row[key] = value;
    list("action", json!({"button": "o", "sections": [{"title": "s", "rows": [row]}]}))
}

fn sections(count: usize) -> Written {
    let section = |n: usize| json!({"title": "s", "rows": [{"id": n.to_string(), "title": "t"}]});
    list("action", json!({"button": "o", "sections": (0..count).map(section).collect::<Vec<_>>()}))
}

fn rows(count: usize) -> Written {
    let row = |n: usize| json!({"id": n.to_string(), "title": "t"});
    list("action", json!({"button": "o", "sections": [{"rows": (0..count).map(row).collect::<Vec<_>>()}]}))
}

fn carousel(key: &str, value: Written) -> Written {
    let url = json!({"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://example.com"}});
    let card = |index: u8| json!({"card_index": index, "type": "cta_url", "header": {"type": "image", "image": {"path": "a"}}, "action": url});
    let mut second = card(1);
    second[key] = value;
    of_type(
        "interactive",
        json!({"type": "carousel", "body": {"text": "b"}, "action": {"cards": [card(0), second]}}),
    )
}

fn template(name: usize) -> Written {
    of_type("template", json!({"name": text(name), "language": {"code": "de"}}))
}

const TABLE: [Row; 24] = [
    (
        "/biz_opaque_callback_data too-long!",
        512,
        |n| json!({"to": "+1", "type": "image", "image": {"path": "a"}, "biz_opaque_callback_data": text(n)}),
    ),
    ("/image/caption too-long!", 1024, |n| of_type("image", json!({"path": "a", "caption": text(n)}))),
    ("/document/caption too-long!", 1024, |n| of_type("document", json!({"path": "a", "caption": text(n)}))),
    ("/document/filename long-filename?", 240, |n| {
        of_type("document", json!({"path": "a", "filename": text(n - 4) + ".pdf"}))
    }),
    ("/interactive/header/text too-long!", 60, |n| {
        button("header", json!({"type": "text", "text": text(n)}))
    }),
    ("/interactive/body/text too-long!", 1024, |n| button("body", json!({"text": text(n)}))),
    ("/interactive/footer/text too-long!", 60, |n| button("footer", json!({"text": text(n)}))),
    ("/interactive/action/buttons count!", 3, buttons),
    ("/interactive/action/buttons/0/reply/id too-long!", 256, |n| reply(n, 1)),
    ("/interactive/action/buttons/0/reply/title too-long!", 20, |n| reply(1, n)),
    ("/interactive/body/text too-long!", 1024, |n| cta_url("body", json!({"text": text(n)}))),
    ("/interactive/footer/text too-long!", 60, |n| cta_url("footer", json!({"text": text(n)}))),
    ("/interactive/action/parameters/display_text too-long!", 20, label),
    ("/interactive/body/text too-long!", 4096, |n| list("body", json!({"text": text(n)}))),
    ("/interactive/footer/text too-long!", 60, |n| list("footer", json!({"text": text(n)}))),
    ("/interactive/action/sections count!", 10, sections),
    ("/interactive/action/sections count!", 10, rows),
    ("/interactive/action/sections/0/rows/0/id too-long!", 200, |n| row("id", json!(text(n)))),
    ("/interactive/action/sections/0/rows/0/title too-long!", 24, |n| row("title", json!(text(n)))),
    ("/interactive/action/sections/0/rows/0/description too-long!", 72, |n| {
        row("description", json!(text(n)))
    }),
    ("/interactive/action/cards/1/body/text too-long!", 160, |n| carousel("body", json!({"text": text(n)}))),
    ("/interactive/action/cards/1/body/text line-breaks?", 2, |n| {
        carousel("body", json!({"text": "a".to_owned() + &"\nb".repeat(n)}))
    }),
    ("/interactive/action/cards/1/card_index card-index!", 9, |n| carousel("card_index", json!(n))),
    ("/template/name too-long!", 512, template),
];

#[test]
fn every_limit_takes_what_it_says_and_not_one_more() {
    for (line, limit, message) in TABLE {
        assert_eq!(remarks(&message(limit)), Vec::<String>::new(), "{line} at {limit}");
        assert_eq!(remarks(&message(limit + 1)), [line], "{line} above {limit}");
    }
    let button = |n: usize| {
        list("action", json!({"button": text(n), "sections": [{"rows": [{"id": "1", "title": "t"}]}]}))
    };
    let title = |n: usize| {
        list(
            "action",
            json!({"button": "o", "sections": [{"title": text(n), "rows": [{"id": "1", "title": "t"}]}]}),
        )
    };
    assert_eq!((remarks(&button(20)), remarks(&title(24))), (vec![], vec![]));
    assert_eq!(remarks(&button(21)), ["/interactive/action/button too-long!"]);
    assert_eq!(remarks(&title(25)), ["/interactive/action/sections/0/title too-long!"]);
}
