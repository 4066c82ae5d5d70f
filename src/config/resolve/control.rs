//! The control listener: it tells what only the operator is to know, so it is for this machine, or it has a token.

use super::setting::{Origin, Refused, Setting};
use super::values;
use crate::config::environment::CONTROL_TOKEN;
use crate::config::error::Problem;
use crate::config::file::{ControlTable, Text};
use crate::config::report::Report;
use crate::config::{Config, Control, Environment, ListenAddress, Token, read};
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;

/// The table, the flag and the environment together, and checked against the public listeners.
pub(super) fn control(
    table: &ControlTable,
    flag: Option<ListenAddress>,
    public: &[&Setting<Vec<ListenAddress>>],
    environment: &Environment,
    report: &Report,
) -> Control {
    let default = Config::default().control;
    let address = Setting::of(table.address.as_ref(), default.address, values::address, report);
    let address = address.unless("--control", flag);
    let mode = Setting::of(table.mode.as_ref(), default.mode, values::mode, report);
    for listen in public {
        refuse_same_place(&address, listen, report);
    }
    if let [plain, tls] = public {
        refuse_same_place(tls, plain, report);
    }
    let token = token(table.token_file.as_ref(), environment, report);
    if let ListenAddress::Tcp(open) = address.value
        && address.value.is_local() == Some(false)
        && token.is_none()
        && !table.holds_token
    {
        address.refuse(open_to_everyone(open), report);
    }
    Control { address: address.value, mode: mode.value, token: token.and_then(Result::ok) }
}

fn refuse_same_place<T: AsRef<[ListenAddress]>>(
    own: &Setting<T>,
    other: &Setting<Vec<ListenAddress>>,
    report: &Report,
) {
    let taken = |own: &&ListenAddress| other.value.iter().any(|other| other.overlaps(own));
    let refused = matches!(own.origin, Origin::Refused) || matches!(other.origin, Origin::Refused);
    let Some(place) = own.value.as_ref().iter().find(taken).filter(|_| !refused) else { return };
    let problem = match place {
        ListenAddress::Tcp(address) => {
            Problem::error(format!("both listeners would bind to port {}", address.port()))
                .label("expected another port than that of the other listener")
        }
        address => Problem::error(format!("both listeners would bind to `{address}`"))
            .label("expected another address than that of the other listener"),
    };
    match own.origin {
        Origin::Default => other.refuse(problem, report),
        _ => own.refuse(problem, report),
    }
}

fn open_to_everyone(address: SocketAddr) -> Problem {
    Problem::error("the control listener is open to other machines and has no token")
        .label("expected a loopback address, or a token")
        .help(format!(
            "write \"127.0.0.1:{}\", or name a `token-file`, or set {CONTROL_TOKEN}",
            address.port()
        ))
}

/// The token, if there is one: the variable's, else the file's.
fn token(file: Option<&Text>, environment: &Environment, report: &Report) -> Option<Result<Token, Refused>> {
    let variable = environment.get(CONTROL_TOKEN);
    if let (Some(file), Some(_)) = (file, variable) {
        report.add(ignored_file(file));
    }
    if let Some(value) = variable {
        return Some(from_variable(value).map_err(|problem| {
            report.add_outside(problem);
            Refused
        }));
    }
    file.map(|file| {
        from_file(file).map_err(|problem| {
            report.add(problem.at(file.span()));
            Refused
        })
    })
}

fn from_variable(value: &OsStr) -> Result<Token, Problem> {
    let text = value.to_str().ok_or_else(|| unfit(CONTROL_TOKEN, "the token is not text"))?;
    Token::parse(text).map_err(|reason| unfit(CONTROL_TOKEN, &reason))
}

fn from_file(file: &Text) -> Result<Token, Problem> {
    let text = read::token(Path::new(file.get_ref()))?;
    Token::parse(&text).map_err(|reason| unfit(file.get_ref(), &reason))
}

fn unfit(origin: &str, reason: &str) -> Problem {
    Problem::error(format!("{origin}: {reason}"))
        .label(format!("expected {} or more visible ASCII characters", Token::SHORTEST))
        .help("make one with `openssl rand -hex 32`")
}

fn ignored_file(file: &Text) -> Problem {
    Problem::warning("the token is given twice")
        .at(file.span())
        .label(format!("ignored, since {CONTROL_TOKEN} is set"))
        .help("keep one of the two")
}
