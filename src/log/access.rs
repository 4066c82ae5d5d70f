//! The line of a request: whether there is one, and in which form.

use tracing::Level;

use super::{ACCESS, Exchange, Sink, combined, json, text};
use crate::config::AccessFormat;

/// What becomes of the exchanges of a server. Clones tell the same log.
#[derive(Clone, Debug)]
pub struct AccessLog {
    /// `None` tells nobody.
    sink: Option<Sink>,
    form: Form,
    #[cfg(feature = "opentelemetry")]
    spans: Option<super::Spans>,
}

/// What a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Off,
    Text { colour: bool },
    Json,
    Combined,
}

/// Bytes of most lines, at most.
const USUAL: usize = 512;

impl AccessLog {
    /// Lines of this format go to `sink`. `colour` is whether a terminal shows them.
    #[must_use]
    pub fn new(sink: Sink, format: AccessFormat, colour: bool) -> Self {
        let mut log = Self::off();
        // `RUST_LOG` has the last word, and says it at the start.
        log.sink = tracing::enabled!(target: ACCESS, Level::INFO).then_some(sink);
        log.form = Form::of(format, colour);
        log
    }

    /// Nobody is told.
    #[must_use]
    pub fn off() -> Self {
        Self {
            sink: None,
            form: Form::Off,
            #[cfg(feature = "opentelemetry")]
            spans: None,
        }
    }

    /// The same log in another format.
    #[must_use]
    pub fn formatted(&self, format: AccessFormat) -> Self {
        let colour = matches!(self.form, Form::Text { colour: true });
        Self { form: Form::of(format, colour), ..self.clone() }
    }

    /// The same, and each exchange becomes a span.
    #[cfg(feature = "opentelemetry")]
    #[must_use]
    pub fn with_spans(self, spans: Option<super::Spans>) -> Self {
        Self { spans, ..self }
    }

    /// Whether anybody is told: if not, nothing need be noted.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.writes() || self.traces()
    }

    /// Tells of an exchange that has ended.
    pub fn tell(&self, exchange: &Exchange<'_>) {
        #[cfg(feature = "opentelemetry")]
        let exchange = &match &self.spans {
            Some(spans) => Exchange { span: Some(spans.export(exchange)), ..exchange.clone() },
            None => exchange.clone(),
        };
        if let Some(sink) = self.sink.as_ref().filter(|_| self.writes())
            && let Some(line) = self.form.line(exchange)
        {
            sink.put(&line);
        }
    }

    fn writes(&self) -> bool {
        self.form != Form::Off && self.sink.is_some()
    }

    #[cfg(feature = "opentelemetry")]
    fn traces(&self) -> bool {
        self.spans.is_some()
    }

    #[cfg(not(feature = "opentelemetry"))]
    #[expect(clippy::unused_self, reason = "with the feature it is asked")]
    fn traces(&self) -> bool {
        false
    }
}

impl Form {
    fn of(format: AccessFormat, colour: bool) -> Self {
        match format {
            AccessFormat::Off => Self::Off,
            AccessFormat::Text => Self::Text { colour },
            AccessFormat::Json => Self::Json,
            AccessFormat::Combined => Self::Combined,
        }
    }

    /// The line, with its end.
    fn line(self, exchange: &Exchange<'_>) -> Option<Vec<u8>> {
        let mut line = Vec::with_capacity(USUAL);
        match self {
            Self::Off => return None,
            Self::Text { colour } => text::write(&mut line, exchange, colour),
            Self::Json => json::write(&mut line, exchange),
            Self::Combined => combined::write(&mut line, exchange),
        }
        line.push(b'\n');
        Some(line)
    }
}
