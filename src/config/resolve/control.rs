//! The control listener: it tells what only the operator is to know, so it is for this machine, or it has a token.

use super::setting::{Origin, Refused, Setting};
use super::values;
use crate::config::environment::CONTROL_TOKEN;
use crate::config::error::Problem;
use crate::config::file::{ControlTable, Text};
use crate::config::report::Report;
use crate::config::{Config, Control, Environment, Token, read};
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;

/// The table, the flag and the environment together, and checked against the public listeners.
pub(super) fn control(
    table: &ControlTable,
    flag: Option<SocketAddr>,
    public: &[&Setting<SocketAddr>],
    environment: &Environment,
    report: &Report,
) -> Control {
    let default = Config::default().control.address;
    let address = Setting::of(table.address.as_ref(), default, values::address, report);
    let address = address.unless("--control", flag);
    for listen in public {
        refuse_same_port(&address, listen, report);
    }
    if let [plain, tls] = public {
        refuse_same_port(tls, plain, report);
    }
    let token = token(table.token_file.as_ref(), environment, report);
    if token.is_none() && !table.holds_token && Control::needs_token(address.value) {
        address.refuse(open_to_everyone(address.value), report);
    }
    Control { address: address.value, token: token.and_then(Result::ok) }
}

/// An unspecified address takes the port on every interface.
fn refuse_same_port(own: &Setting<SocketAddr>, other: &Setting<SocketAddr>, report: &Report) {
    let [one, another] = [own.value, other.value];
    let overlap = one.ip() == another.ip() || one.ip().is_unspecified() || another.ip().is_unspecified();
    let refused = [own, other].iter().any(|setting| matches!(setting.origin, Origin::Refused));
    if refused || !overlap || one.port() != another.port() || one.port() == 0 {
        return;
    }
    let problem = Problem::error(format!("both listeners would bind to port {}", one.port()));
    let set = if matches!(own.origin, Origin::Default) { other } else { own };
    set.refuse(problem.label("expected another port than that of the other listener"), report);
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
