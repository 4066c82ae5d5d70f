//! The query of a signed link: what each vendor calls the end of it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

/// 31 December 9999, 23:59:59: the last second that a date is written of.
const LATEST: u64 = 253_402_300_799;

/// Parameters that only signed links have. Whatever else they say, they end some day.
const SIGNATURES: [&str; 10] = [
    "signature",
    "sig",
    "x-amz-signature",
    "x-goog-signature",
    "key-pair-id",
    "x-amz-credential",
    "q-signature",
    "hdnts",
    "hdnea",
    "__token__",
];

/// The parameters of a query: names in lower case, values decoded.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn of(query: &str) -> Self {
        let parameter = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            Some((name.to_ascii_lowercase(), percent_decode_str(value).decode_utf8().ok()?.into_owned()))
        };
        Self(query.split('&').filter_map(parameter).collect())
    }

    /// The value of the first parameter of this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Whether the link has a signature.
    pub(super) fn is_signed(&self) -> bool {
        SIGNATURES.iter().any(|name| self.get(name).is_some())
    }

    /// The last moment at which the link is good, if it says so: of several, the first.
    pub(super) fn end(&self) -> Option<SystemTime> {
        let ends = [
            self.dated(),
            self.shared_access(),
            self.unix(),
            self.policy(),
            self.token(),
            self.tencent(),
            self.akamai(),
            self.discord(),
        ];
        ends.into_iter().flatten().min()
    }

    /// `X-Amz-Date` and `X-Amz-Expires`; Google, Alibaba and others have the same under their own names.
    fn dated(&self) -> Option<SystemTime> {
        let date = |(name, value): &(String, String)| {
            let vendor = name.strip_prefix("x-")?.strip_suffix("-date")?;
            Some((basic_date(value)?, self.get(&format!("x-{vendor}-expires"))?))
        };
        let (date, seconds) = self.0.iter().find_map(date)?;
        clamped(date.duration_since(UNIX_EPOCH).ok()?.as_secs().checked_add(seconds.parse().ok()?)?)
    }

    /// Azure: `se`, of a query that has `sig`.
    fn shared_access(&self) -> Option<SystemTime> {
        self.get("sig")?;
        let end = self.get("se")?;
        let full = match end.len() {
            10 => format!("{end}T00:00:00Z"),
            17 => format!("{}:00Z", end.strip_suffix('Z')?),
            _ => end.to_owned(),
        };
        humantime::parse_rfc3339(&full).ok()
    }

    /// `Expires`, of a query that is signed: seconds since 1970. Bunny calls the signature `token`.
    fn unix(&self) -> Option<SystemTime> {
        (self.is_signed() || self.get("token").is_some())
            .then(|| clamped(self.get("expires")?.parse().ok()?))?
    }

    /// `CloudFront`: a policy in JSON, in a base64 of its own.
    fn policy(&self) -> Option<SystemTime> {
        let standard = self.get("policy")?.replace('-', "+").replace('_', "=").replace('~', "/");
        let policy: Policy = serde_json::from_slice(&STANDARD.decode(standard).ok()?).ok()?;
        let ends =
            policy.statement.into_iter().map(|statement| statement.condition.date_less_than.epoch_time);
        clamped(ends.min()?)
    }

    /// Tencent: `q-sign-time` has the first and the last second, with `;` between.
    fn tencent(&self) -> Option<SystemTime> {
        clamped(self.get("q-sign-time")?.split_once(';')?.1.parse().ok()?)
    }

    /// Akamai: fields with `~` between, of which one is `exp`.
    fn akamai(&self) -> Option<SystemTime> {
        let token = ["hdnts", "hdnea", "__token__"].into_iter().find_map(|name| self.get(name))?;
        clamped(token.split('~').find_map(|field| field.strip_prefix("exp="))?.parse().ok()?)
    }

    /// Discord: `ex` in hexadecimal, beside `is`, when it was made, and `hm`, the signature.
    fn discord(&self) -> Option<SystemTime> {
        let (end, _, _) = (self.get("ex")?, self.get("is")?, self.get("hm")?);
        clamped(u64::from_str_radix(end, 16).ok()?)
    }

    /// A JSON Web Token (RFC 7519), as Supabase has them: `exp` in its second part.
    fn token(&self) -> Option<SystemTime> {
        let claims = self.get("token")?.split('.').nth(1)?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        clamped(claims.exp)
    }
}

/// `20260102T030405Z`
fn basic_date(text: &str) -> Option<SystemTime> {
    let (date, time) = text.split_once('T')?;
    let part = |text: &str, from, to| text.get(from..to).map(str::to_owned);
    let date = [part(date, 0, 4)?, part(date, 4, 6)?, part(date, 6, 8)?].join("-");
    let time = [part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 7)?].join(":");
    humantime::parse_rfc3339(&format!("{date}T{time}")).ok()
}

/// So many seconds after 1970, or the last moment that a date is written of.
fn clamped(seconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds.min(LATEST)))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    condition: Condition,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Condition {
    date_less_than: DateLessThan,
}

#[derive(Deserialize)]
struct DateLessThan {
    #[serde(rename = "AWS:EpochTime")]
    epoch_time: u64,
}

#[derive(Deserialize)]
struct Claims {
    exp: u64,
}
