//! Reading the configuration again: when SIGHUP comes, or the operator asks. One at a time, in the order in which they
//! were asked for.

use std::convert::Infallible;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::current::InForce;
use super::supervisor::Supervisor;
use crate::cli::Configured;
use crate::config::{Change, ConfigError, Environment, Loaded, Severity};
use crate::control::{Lasting, Mistake, NotReloaded, Reload, Reloaded};
use crate::server::metrics::ReloadMetrics;
use crate::server::signals::HangUp;
use crate::server::tls::TlsError;

/// What it takes to do it. Flags and environment are those of the start.
#[derive(Clone)]
pub(super) struct Reloader {
    pub(super) configured: Arc<Configured>,
    pub(super) environment: Arc<Environment>,
    pub(super) in_force: Arc<InForce>,
    pub(super) lasting: Lasting,
    pub(super) metrics: ReloadMetrics,
}

/// Who wants it.
enum Asked {
    BySignal,
    ByOperator(oneshot::Sender<Reload>),
}

impl Reloader {
    /// Reads it whenever it is asked to.
    pub(super) async fn run(
        self,
        mut hang_up: HangUp,
        mut operator: mpsc::Receiver<oneshot::Sender<Reload>>,
        supervisor: Supervisor,
    ) -> Infallible {
        loop {
            let asked = tokio::select! {
                () = hang_up.told() => Asked::BySignal,
                Some(answer) = operator.recv() => Asked::ByOperator(answer),
            };
            supervisor.reloading();
            let reload = self.reload().await;
            log(&asked, &reload);
            self.count(&reload);
            supervisor.reloaded(&reload);
            if let Asked::ByOperator(answer) = asked {
                // Whoever asked may have left since.
                let _gone = answer.send(reload);
            }
        }
    }

    fn count(&self, reload: &Reload) {
        match reload {
            Ok(_) => self.metrics.succeeded(self.in_force.load().origin.clock().now()),
            Err(_) => self.metrics.failed(),
        }
    }

    async fn reload(&self) -> Reload {
        let reloader = self.clone();
        // It reads files, and thinks about patterns: no request is to wait for that.
        let read = spawn_blocking(move || reloader.read_and_apply()).await;
        match read {
            Ok(applied) => applied.map_err(NotReloaded::Refused),
            Err(_panic) => Err(NotReloaded::Fault),
        }
    }

    /// Puts what was read in force, all of it at once, or nothing of it.
    fn read_and_apply(&self) -> Result<Reloaded, ConfigError> {
        let Loaded { config, warnings } = self.configured.read(&self.environment)?;
        let current = self.in_force.load();
        let (config, changes) = current.config.succeeded_by(config);
        let successor = current.successor(config, self.lasting.clone());
        self.in_force.store(Arc::new(successor.map_err(|error| refused(&error))?));
        Ok(Reloaded::new(changes, &warnings))
    }
}

/// Certificates that cannot be used are as good as an error in the file that names them.
fn refused(error: &TlsError) -> ConfigError {
    let (sentence, help) = error.parts();
    ConfigError::elsewhere(&sentence, &help)
}

/// One line that says what became of it, and one for each thing that somebody has to do.
fn log(asked: &Asked, reload: &Reload) {
    let by = match asked {
        Asked::BySignal => "SIGHUP",
        Asked::ByOperator(_) => "POST /reload",
    };
    match reload {
        Ok(reloaded) => log_reloaded(by, reloaded),
        Err(NotReloaded::Refused(error)) => log_refused(by, error),
        Err(NotReloaded::Fault) => {
            tracing::error!(by, "reading the configuration met a fault of this program; please report it");
        }
    }
}

fn log_reloaded(by: &str, Reloaded { changed, needs_restart, warnings }: &Reloaded) {
    let changed: Vec<_> = changed.iter().map(Change::to_string).collect();
    tracing::info!(
        by,
        changed = changed.join("; "),
        warnings = warnings.len(),
        "the configuration was read again"
    );
    for change in needs_restart {
        tracing::warn!("needs a restart: {change}");
    }
    for warning in warnings {
        tracing::warn!(help = warning.help, "{warning}");
    }
}

fn log_refused(by: &str, error: &ConfigError) {
    let errors = error.problems.iter().filter(|problem| problem.severity() == Severity::Error);
    let errors: Vec<_> = errors.map(Mistake::of).collect();
    tracing::error!(
        by,
        errors = errors.len(),
        "the configuration is refused, and the old one stays in force"
    );
    for error in errors {
        tracing::error!(help = error.help, "{error}");
    }
}
