//! GET and HEAD on an asset: the whole life of a request, top to bottom.

use std::net::SocketAddr;
use std::sync::Arc;

use http::request::Parts;
use http::{Method, Response};

use super::gate::{Admitted, admit};
use super::record::Record;
use super::reply::{self, Delivery};
use super::{Origin, Pin, Refusal, ResponseBody, Target};
use crate::config::OnMismatch;
use crate::semantics::{Conditions, HttpDate, Outcome, Ranges, ReadMethod, repr_digest, select};
use crate::store::{Asset, LOOKS, OpenError};

impl Origin {
    /// Answers one request from `peer`, and has the log told when the answer has gone out.
    pub async fn respond(&self, request: &Parts, peer: SocketAddr) -> Response<ResponseBody> {
        let path = request.uri.path();
        let mut record = Record::begin(Arc::clone(&self.metrics), peer, &request.method, path);
        let now = HttpDate::from(self.clock.now());
        let response = self.answer_steadily(request, now, &mut |rule, pin| record.govern(rule, pin)).await;
        record.answer(response.status(), response.body().remaining());
        response.map(|body| body.recorded(record))
    }

    /// What [`respond`](Self::respond) would answer, neither counted nor logged: for explanations.
    pub async fn rehearse(&self, request: &Parts) -> Response<ResponseBody> {
        let now = HttpDate::from(self.clock.now());
        self.answer_steadily(request, now, &mut |_, _| {}).await
    }

    /// Looks again when the file changed between the look at it and the reading of it. `govern` is told which rule
    /// governs the asset, and what the link says of its version.
    async fn answer_steadily(
        &self,
        request: &Parts,
        now: HttpDate,
        govern: &mut (impl FnMut(Option<&str>, Pin) + Send),
    ) -> Response<ResponseBody> {
        let mut answer = self.answer(request, now, govern).await;
        for _ in 1..LOOKS {
            if !matches!(answer, Err(Refusal::Busy)) {
                break;
            }
            govern(None, Pin::Absent);
            answer = self.answer(request, now, govern).await;
        }
        let response = answer.unwrap_or_else(|refusal| reply::refusal(refusal, now));
        // "The HEAD method is identical to GET except that the server MUST NOT send content in the response." §9.3.2
        if request.method == Method::HEAD { response.map(|_| ResponseBody::empty()) } else { response }
    }

    async fn answer(
        &self,
        request: &Parts,
        now: HttpDate,
        govern: &mut (impl FnMut(Option<&str>, Pin) + Send),
    ) -> Result<Response<ResponseBody>, Refusal> {
        let method = match admit(request, self.sizes)? {
            Admitted::Read(method) => method,
            Admitted::Options => return Ok(reply::options(now)),
        };
        let target = Target::of(&request.uri, self.public_url.mount())?;
        let asset = self.store.open(&target.path).await.map_err(|error| unopened(&target, error))?;
        let governed = self.rules.govern(target.path.as_str());
        let pin = target.pin(&asset.representation.version);
        govern(governed.rule.map(|(_, rule)| rule.pattern()), pin);
        if pin == Pin::Differs && self.links.on_mismatch == OnMismatch::NotFound {
            return Err(Refusal::VersionGone);
        }
        let outcome = select(method, &Conditions::of(&request.headers), &asset.representation, now);
        let asset = self.with_bytes(&target, asset, method, &outcome).await?;
        let wants_digest = repr_digest::is_wanted(&request.headers);
        Ok(Delivery { asset: &asset, policy: governed.policy, pin, wants_digest, now }.reply(&outcome))
    }

    /// The asset, with its bytes at hand if the answer carries any.
    async fn with_bytes(
        &self,
        target: &Target<'_>,
        asset: Asset,
        method: ReadMethod,
        outcome: &Outcome,
    ) -> Result<Asset, Refusal> {
        if method == ReadMethod::Head || !wants_most(outcome, asset.representation.complete_length) {
            return Ok(asset);
        }
        self.store.warm(&target.path, asset).await.map_err(|error| unopened(target, error))
    }
}

/// Whether the answer carries half of the bytes or more: then it is worth having all of them at hand.
fn wants_most(outcome: &Outcome, complete_length: u64) -> bool {
    match outcome {
        Outcome::Full => true,
        Outcome::Partial(Ranges::One(range)) => range.len() >= complete_length / 2,
        Outcome::Partial(Ranges::Several(multipart)) => multipart.content_length() >= complete_length / 2,
        Outcome::NotModified | Outcome::PreconditionFailed | Outcome::RangeNotSatisfiable => false,
    }
}

/// Logs what a refusal does not say.
fn unopened(target: &Target<'_>, error: OpenError) -> Refusal {
    match &error {
        OpenError::NotFound => {}
        OpenError::KeepsChanging => tracing::warn!(asset = ?target.path.as_str(), "{error}"),
        OpenError::Io(_) => tracing::error!(asset = ?target.path.as_str(), "{error}"),
    }
    error.into()
}
