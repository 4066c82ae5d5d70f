//! GET and HEAD on an asset: the whole life of a request, top to bottom.

use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use http::Method;
use http::request::Parts;

use super::fault::caught;
use super::gate::{Admitted, admit};
use super::record::{Found, Record};
use super::reply::{self, Delivery};
use super::{Client, Origin, Pin, Refusal, ResponseBody, Target};
use crate::config::OnMismatch;
use crate::malformed::Malformed;
use crate::peer::Peer;
use crate::response::Response;
use crate::semantics::{Conditions, HttpDate, Outcome, Ranges, ReadMethod, repr_digest, select};
use crate::store::{Asset, LOOKS, Need, OpenError};

impl Origin {
    /// Answers one request from `peer`, and has the log told when the answer has gone out.
    pub async fn respond(&self, request: &Arc<Parts>, peer: Peer) -> Response<ResponseBody> {
        let now = self.clock.now();
        let mut record = self.begin(request, peer, now);
        let response = self.answer_steadily(request, now.into(), &mut |found| record.find(found)).await;
        record.answer(response.status, response.body.remaining());
        if response.status.is_success() {
            self.hint(peer, &request.headers);
        }
        response.map(|body| body.recorded(record))
    }

    /// Answers one request from `peer` as a server without any asset would, and has the log told.
    pub fn conceal(&self, request: &Arc<Parts>, peer: Peer) -> Response<ResponseBody> {
        let now = self.clock.now();
        let mut record = self.begin(request, peer, now);
        let refusal = admit(request, self.sizes).err().unwrap_or(Refusal::NotFound);
        let response = reply::refusal(refusal, now.into());
        let response = without_content_for_head(&request.method, response);
        record.answer(response.status, response.body.remaining());
        response.map(|body| body.recorded(record))
    }

    /// Begins the record of a request. What is no message at all is told in words too: its line says little.
    fn begin(&self, request: &Arc<Parts>, peer: Peer, now: SystemTime) -> Box<Record> {
        if let Some(malformed) = request.extensions.get::<Malformed>() {
            let why = Refusal::from(*malformed).sentence();
            tracing::info!(%peer, "refused what is no HTTP/1.1 message: {why}");
        }
        let client = || Client::of(peer, &request.headers, &self.proxies);
        Record::begin(Arc::clone(&self.watch), request, client, now)
    }

    /// What [`respond`](Self::respond) would answer, neither counted nor logged: for explanations. The second part is
    /// what the link turned out to say of the version of the asset.
    pub async fn rehearse(&self, request: &Parts) -> (Response<ResponseBody>, Pin) {
        let now = HttpDate::from(self.clock.now());
        let mut pin = Pin::Absent;
        let response = self.answer_steadily(request, now, &mut |found| pin = found.pin).await;
        (response, pin)
    }

    /// Looks again when the asset changed between the look at it and the reading of it. `note` is told what was found.
    async fn answer_steadily(
        &self,
        request: &Parts,
        now: HttpDate,
        note: &mut (impl FnMut(Found) + Send),
    ) -> Response<ResponseBody> {
        let mut looks = 0;
        let answer = loop {
            let answer = caught(pin!(self.answer(request, now, note))).await;
            looks += 1;
            if looks == LOOKS || !matches!(answer, Err(Refusal::Busy)) {
                break answer;
            }
            note(Found::default());
        };
        let response = answer.unwrap_or_else(|refusal| reply::refusal(refusal, now));
        without_content_for_head(&request.method, response)
    }

    async fn answer(
        &self,
        request: &Parts,
        now: HttpDate,
        note: &mut (impl FnMut(Found) + Send),
    ) -> Result<Response<ResponseBody>, Refusal> {
        let method = match admit(request, self.sizes)? {
            Admitted::Read(method) => method,
            Admitted::Options => return Ok(reply::options(now)),
        };
        let target = Target::of(&request.uri, self.public_url.mount())?;
        let governed = self.rules.govern(target.path.as_str());
        let rule = governed.rule.map(|(index, _)| index);
        let permitted = self.permit(governed.access(), &target, now.into());
        note(Found { rule, signature: permitted.err(), ..Found::default() });
        permitted?;
        let (asset, pin) = self.open(&target).await.map_err(|error| unopened(&target, error))?;
        let found = Found { rule, pin, cache: asset.cache, ..Found::default() };
        note(found);
        if pin == Pin::Differs && self.links.on_mismatch == OnMismatch::NotFound {
            return Err(Refusal::VersionGone);
        }
        let outcome = select(method, &Conditions::of(&request.headers), &asset.representation, now);
        let asset = self.with_bytes(&target, asset, method, &outcome).await?;
        note(Found { cache: asset.cache, tier: asset.tier, ..found });
        let wants_digest = repr_digest::is_wanted(&request.headers);
        Ok(Delivery { asset: &asset, policy: governed.policy, pin, wants_digest, now }.reply(&outcome))
    }

    /// The asset, in the version that the link names if that is kept.
    async fn open(&self, target: &Target<'_>) -> Result<(Asset, Pin), OpenError> {
        let opened = self.store.open(&target.path).await;
        let is_doubtful = match &opened {
            Ok(asset) => target.pin(&asset.representation.version) == Pin::Differs,
            Err(OpenError::NotFound) => target.pinned_to().is_some(),
            Err(_) => false,
        };
        let current = if is_doubtful { self.store.reopen(&target.path, opened).await? } else { opened? };
        let pin = target.pin(&current.representation.version);
        let Some(wanted) = target.pinned_to().filter(|_| pin == Pin::Differs) else {
            return Ok((current, pin));
        };
        let kept = self.store.open_version(&target.path, wanted).await?;
        Ok(kept.map_or((current, pin), |kept| (kept, Pin::Matches)))
    }

    /// The asset, with the bytes at hand that the answer begins with, if it carries any.
    async fn with_bytes(
        &self,
        target: &Target<'_>,
        asset: Asset,
        method: ReadMethod,
        outcome: &Outcome,
    ) -> Result<Asset, Refusal> {
        match need(outcome, asset.representation.complete_length).filter(|_| method == ReadMethod::Get) {
            None => Ok(asset),
            Some(need) => {
                self.store.warm(&target.path, asset, need).await.map_err(|error| unopened(target, error))
            }
        }
    }
}

/// "The HEAD method is identical to GET except that the server MUST NOT send content in the response." §9.3.2
fn without_content_for_head(method: &Method, response: Response<ResponseBody>) -> Response<ResponseBody> {
    if *method == Method::HEAD { response.map(|_| ResponseBody::empty()) } else { response }
}

/// Which bytes of the asset the answer carries, if any.
fn need(outcome: &Outcome, complete_length: u64) -> Option<Need> {
    let half = complete_length / 2;
    match outcome {
        Outcome::Full => Some(Need { first: 0, most: true }),
        Outcome::Partial(Ranges::One(range)) => {
            Some(Need { first: range.first(), most: range.len() >= half })
        }
        Outcome::Partial(Ranges::Several(multipart)) => {
            let first = multipart.parts().first().map_or(0, |(_, range)| range.first());
            Some(Need { first, most: multipart.content_length() >= half })
        }
        Outcome::NotModified | Outcome::PreconditionFailed | Outcome::RangeNotSatisfiable => None,
    }
}

/// Logs what a refusal does not say.
fn unopened(target: &Target<'_>, error: OpenError) -> Refusal {
    match &error {
        OpenError::NotFound => {}
        OpenError::KeepsChanging | OpenError::Overloaded => {
            tracing::warn!(asset = ?target.path.as_str(), "{error}");
        }
        OpenError::Io(_) | OpenError::Upstream(_) => {
            tracing::error!(asset = ?target.path.as_str(), "{error}");
        }
    }
    error.into()
}
