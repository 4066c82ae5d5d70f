//! Whether the bucket can be used: asked at start, for readiness, and by `check --online`.

use http::Method;

use super::counters::Operation;
use super::diagnosis::{Answer, Asked, of_answer, of_fault};
use super::exchange::Question;
use super::fault::Fault;
use super::{Client, Misconfigured};

/// What may be done with the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Objects can be read and listed, as far as a listing can tell.
    Full,
    /// It may not be listed. Objects can be read if that is permitted, but a missing one looks forbidden, and nothing
    /// can be fetched ahead by pattern.
    WithoutListing,
}

impl Access {
    /// What whoever runs the server should know.
    #[must_use]
    pub fn warning(self) -> Option<&'static str> {
        match self {
            Self::Full => None,
            Self::WithoutListing => Some(
                "the bucket may not be listed: what is missing will be answered with 502, not 404, and nothing can be warmed; \
                 permit s3:ListBucket (storage.objects.list)",
            ),
        }
    }
}

impl Client {
    /// Asks for one key.
    ///
    /// # Errors
    /// Why the bucket cannot be used, with the remedy.
    pub async fn probe(&self) -> Result<Access, Misconfigured> {
        let query = vec![
            ("list-type", "2".to_owned()),
            ("max-keys", "1".to_owned()),
            ("prefix", self.prefix.clone()),
        ];
        let question = Question {
            operation: Operation::Probe,
            method: Method::GET,
            path: String::new(),
            query,
            fields: vec![],
        };
        let looked = tokio::time::timeout(self.timeout, self.exchange.look(&question)).await;
        match looked.unwrap_or(Err(Fault::TimedOut)) {
            Ok((parts, body)) => {
                let answer = Answer { status: parts.status, headers: &parts.headers, body: &body };
                of_answer(&answer, &self.asked(), self.clock.now())
            }
            Err(fault) => Err(of_fault(&fault, &self.asked())),
        }
    }

    fn asked(&self) -> Asked<'_> {
        let endpoint = &self.exchange.endpoint;
        Asked {
            service: endpoint.service,
            base: &endpoint.base,
            region: endpoint.signer.region(),
            is_signed: endpoint.signer.is_signing(),
        }
    }
}
