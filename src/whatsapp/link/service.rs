//! Servers of which it is known what they answer to Meta's fetcher, whatever the link says.

use http::Uri;

use super::host::is_below;
use super::{Finding, LINKS, Severity};

const META_CDN: &str = "github.com/fazer-ai/chatwoot/pull/363";

/// Meta's own servers of media: its fetcher is answered 403 or 500 by them, where others are answered 200.
const META: [&str; 3] = ["whatsapp.net", "fbcdn.net", "lookaside.fbsbx.com"];

/// Tunnels that put a page of their own before the first answer.
const TUNNELS: [&str; 4] = ["ngrok-free.app", "ngrok-free.dev", "ngrok.app", "ngrok.io"];

/// Meta's own API.
const GRAPH: &str = "graph.facebook.com";

/// Below it is the API of 360dialog, at `waba`, `waba-v2` and the like.
const PROVIDER: &str = "360dialog.io";

/// What is to be said about a host of these.
pub(super) fn findings(host: &str, uri: &Uri) -> impl Iterator<Item = Finding> {
    [meta(host), needs_key(host), web_page(host, uri), tunnel(host)].into_iter().flatten()
}

fn meta(host: &str) -> Option<Finding> {
    is_below(host, &META).then(|| {
        let detail = "the link leads to Meta's own storage, such as the example of a template: its fetcher is refused there";
        Finding::new(Severity::Refuse, "link-meta-cdn", detail, META_CDN)
            .remedy("host the file yourself: give `path`, or upload it and give `id`")
    })
}

/// What an API answers with is fetched with a key, which Meta's fetcher does not have.
fn needs_key(host: &str) -> Option<Finding> {
    let (severity, detail) = if host.starts_with("waba") && is_below(host, &[PROVIDER]) {
        (Severity::Refuse, "the link leads to 360dialog's API, which answers nobody without its key")
    } else if is_below(host, &[GRAPH]) {
        (Severity::Warn, "the link leads to Meta's API, which answers to almost nothing without a token")
    } else {
        return None;
    };
    let finding = Finding::new(severity, "link-needs-key", detail, LINKS);
    Some(finding.remedy("download the file and give `path`, or upload it and give `id`"))
}

/// Links for people: what they open is a page about the file, with the file behind a button.
fn web_page(host: &str, uri: &Uri) -> Option<Finding> {
    let parameters = || uri.query().unwrap_or_default().split('&');
    let remedy = if host == "drive.google.com" && uri.path().starts_with("/file/") {
        "host the file yourself: give `path`; Drive has no link to the bytes that is promised to stay"
    } else if is_below(host, &["dropbox.com"])
        && ["/s/", "/scl/"].iter().any(|start| uri.path().starts_with(start))
        && !parameters().any(|parameter| matches!(parameter, "dl=1" | "raw=1"))
    {
        "write `dl=1` in the query instead of `dl=0`, or host the file yourself: give `path`"
    } else {
        return None;
    };
    let detail = "the link opens a web page about the file, not the file";
    Some(Finding::new(Severity::Warn, "link-web-page", detail, LINKS).remedy(remedy))
}

fn tunnel(host: &str) -> Option<Finding> {
    is_below(host, &TUNNELS).then(|| {
        let detail =
            "tunnels like this one answer with a page of their own, and are gone when the message is fetched";
        Finding::new(Severity::Warn, "link-tunnel", detail, LINKS)
            .remedy("use it for trials only, and see that the first answer is the file itself")
    })
}
