//! What is wrong, in sentences, each with its remedy.

use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, SERVER};
use http::{HeaderMap, HeaderName, StatusCode};

use super::super::Misconfigured;
use super::super::fault::Fault;
use super::super::refusal::detail;
use super::{Answer, Asked, skew};
use crate::config::Service;

const SPEAKS_TLS: &str =
    "the port speaks TLS, most likely: begin store.endpoint with https://; or correct the port";

const SPEAKS_NO_TLS: &str = "the port speaks no TLS, most likely: begin store.endpoint with http://";
const MISSPELT: &str = "compare the spelling of store.endpoint, or of store.region; or give this machine a resolver that knows the name";
const TRUST: &str = "add the authority of its certificate to this machine's list, or name a file of authorities with SSL_CERT_FILE";
const LOOK: &str = "look at the log of the service, and for a proxy in between; where the port speaks TLS, begin \
                    store.endpoint with https://";

/// What it comes to that there was no answer.
pub(in super::super) fn of_fault(fault: &Fault, asked: &Asked<'_>) -> Misconfigured {
    let base = asked.base;
    let sentence = match fault {
        Fault::Credentials(why) => format!("there are no credentials to ask the bucket with: {why}"),
        other => format!("the bucket at {base} cannot be reached: {other}"),
    };
    let help = match fault {
        Fault::Credentials(_) => return Misconfigured::new(sentence, credentials(asked.service)),
        Fault::NoSuchHost => MISSPELT.to_owned(),
        Fault::Refused => "start the service, or correct the port in store.endpoint".to_owned(),
        Fault::Tls(why) if why.contains("corrupt message") => SPEAKS_NO_TLS.to_owned(),
        Fault::Tls(_) => TRUST.to_owned(),
        Fault::NotHttp(_) if base.starts_with("http://") => SPEAKS_TLS.to_owned(),
        Fault::NotHttp(_) => "correct the port in store.endpoint".to_owned(),
        Fault::TooLong | Fault::Broken(_) => LOOK.to_owned(),
        Fault::TimedOut | Fault::NoConnection(_) => {
            format!("look for a firewall or proxy in between; compare with `curl -v {base}`")
        }
    };
    match fault {
        Fault::Tls(_) | Fault::NotHttp(_) => Misconfigured::new(sentence, help),
        _ => Misconfigured::for_now(sentence, help),
    }
}

fn credentials(service: Service) -> &'static str {
    match service {
        Service::S3 => {
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write a profile with `aws configure`, or give the \
             instance a role; for a bucket that everybody may read set AWS_SKIP_SIGNATURE=true"
        }
        Service::Gcs => {
            "let GOOGLE_APPLICATION_CREDENTIALS name the JSON file of a service account, or give the instance one; for \
             a bucket that everybody may read set GOOGLE_SKIP_SIGNATURE=true"
        }
    }
}

pub(super) fn wrong_region(region: &str, asked: &Asked<'_>) -> Misconfigured {
    let signed = asked.region.unwrap_or_default();
    Misconfigured::new(
        format!("the bucket at {} is in the region {region}, and was asked for in {signed}", asked.base),
        format!("set store.region to \"{region}\""),
    )
}

pub(super) fn elsewhere(body: &[u8], asked: &Asked<'_>) -> Misconfigured {
    let host = detail(body, "Endpoint").filter(|name| name.bytes().all(|byte| byte.is_ascii_graphic()));
    let endpoint = host.map(|name| format!(": it names {name}")).unwrap_or_default();
    Misconfigured::new(
        format!("the bucket is not at {}{endpoint}", asked.base),
        "set store.region to the bucket's own (`aws s3api get-bucket-location` says which), or correct store.endpoint",
    )
}

pub(super) fn unknown_key(asked: &Asked<'_>) -> Misconfigured {
    Misconfigured::new(
        format!("the access key id is unknown at {}", asked.base),
        "correct AWS_ACCESS_KEY_ID, or the profile; a key of another service or account is unknown here",
    )
}

pub(super) fn wrong_secret(asked: &Asked<'_>) -> Misconfigured {
    let help = match asked.service {
        Service::S3 => "correct AWS_SECRET_ACCESS_KEY, or the profile; a line end at its end counts too",
        Service::Gcs => credentials(Service::Gcs),
    };
    Misconfigured::new(
        format!("the secret key does not belong to the access key id, says {}", asked.base),
        help,
    )
}

pub(super) fn bad_token(asked: &Asked<'_>) -> Misconfigured {
    if !asked.is_signed {
        return Misconfigured::new(
            format!("the bucket at {} wants to know who asks", asked.base),
            credentials(asked.service),
        );
    }
    let help = match asked.service {
        Service::S3 => {
            "set AWS_SESSION_TOKEN anew together with both keys, or remove it where the keys are lasting ones"
        }
        Service::Gcs => "fetch new credentials; a token in GOOGLE_BEARER_TOKEN lives for an hour",
    };
    Misconfigured::new(format!("the token has expired, or is not valid at {}", asked.base), help)
}

pub(super) fn no_such_bucket(asked: &Asked<'_>) -> Misconfigured {
    Misconfigured::new(
        format!("there is no bucket at {}", asked.base),
        "create it, or correct store.bucket and store.endpoint",
    )
}

pub(super) fn ill(status: StatusCode, code: Option<&str>, asked: &Asked<'_>) -> Misconfigured {
    let code = code.map(|code| format!(": {code}")).unwrap_or_default();
    Misconfigured::for_now(
        format!("the bucket at {} answers {status}{code}", asked.base),
        "look at the service itself; it may pass",
    )
}

pub(super) fn refused(status: u16, code: &str, body: &[u8], asked: &Asked<'_>) -> Misconfigured {
    let message = detail(body, "Message").filter(|text| text.chars().all(|c| !c.is_control()));
    let message = message.map(|message| format!(": {message}")).unwrap_or_default();
    Misconfigured::new(
        format!("the bucket at {} refuses with {status} {code}{message}", asked.base),
        "look the code up among the errors of the service",
    )
}

pub(super) fn no_bucket(answer: &Answer<'_>, asked: &Asked<'_>) -> Misconfigured {
    let says = |name: &HeaderName| answer.headers.get(name).and_then(|value| value.to_str().ok());
    let server = says(&SERVER).map(|name| format!(" by {name}")).unwrap_or_default();
    let kind = says(&CONTENT_TYPE).unwrap_or("no Content-Type");
    let service = match asked.service {
        Service::S3 => "S3",
        Service::Gcs => "GCS",
    };
    // nginx and Go answer so at a port for TLS.
    let wants_tls =
        answer.status == StatusCode::BAD_REQUEST && answer.body.windows(5).any(|word| word == b"HTTPS");
    let help = if wants_tls {
        SPEAKS_TLS
    } else {
        "correct store.endpoint: it is the address of the API, not of a console or website"
    };
    Misconfigured::new(
        format!("what answers at {} is no {service}: {}{server}, {kind}", asked.base, answer.status),
        help,
    )
}

pub(super) fn skewed(headers: &HeaderMap, now: SystemTime) -> Misconfigured {
    let how = skew(headers, now).map_or_else(
        || "far from the bucket's".to_owned(),
        |skew| {
            let by = humantime::format_duration(Duration::from_secs(skew.by.as_secs()));
            format!("{by} {} the bucket's", if skew.is_behind { "behind" } else { "ahead of" })
        },
    );
    Misconfigured::new(
        format!("the clock of this machine is {how}, so that signatures are refused"),
        "set the clock, and keep it right with NTP: `timedatectl set-ntp true`",
    )
}
