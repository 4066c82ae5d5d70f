//! Preconditions: the five conditional fields and the order of their evaluation (RFC 9110 §13).

use http::HeaderMap;
use http::header::{
    HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE,
};

use super::entity_tag::TagList;
use super::{EntityTag, HttpDate, Validators};

/// What a request asks of the answer: its conditional fields and its range, read but not yet evaluated. A
/// field whose value §13.1 tells the recipient to ignore (a malformed date, a date given twice) is absent.
#[derive(Clone, Copy, Debug)]
pub struct Conditions<'a> {
    if_match: Option<TagList<'a>>,
    if_none_match: Option<TagList<'a>>,
    if_modified_since: Option<HttpDate>,
    if_unmodified_since: Option<HttpDate>,
    if_range: IfRange<'a>,
    range: Option<&'a HeaderValue>,
}

/// `If-Range = entity-tag / HTTP-date` (§13.1.5).
#[derive(Clone, Copy, Debug)]
enum IfRange<'a> {
    Absent,
    Tag(EntityTag<'a>),
    Date(HttpDate),
    /// Neither of the two, or more than one: it can match nothing, so the range is not honoured.
    Malformed,
}

/// A condition is absent, holds, or fails. Absent is not the same as holding: the presence of one field
/// decides whether another is looked at (§13.1.3, §13.1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    Absent,
    Holds,
    Fails,
}

/// What the preconditions leave to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Every condition is true or absent: perform the method.
    Proceed,
    /// Answer 304 (Not Modified).
    NotModified,
    /// Answer 412 (Precondition Failed).
    Failed,
}

impl<'a> Conditions<'a> {
    /// Reads the five fields.
    #[must_use]
    pub fn of(headers: &'a HeaderMap) -> Self {
        Self {
            if_match: TagList::of(headers, &IF_MATCH),
            if_none_match: TagList::of(headers, &IF_NONE_MATCH),
            if_modified_since: single(headers, &IF_MODIFIED_SINCE).and_then(HttpDate::parse),
            if_unmodified_since: single(headers, &IF_UNMODIFIED_SINCE).and_then(HttpDate::parse),
            if_range: IfRange::of(headers),
            range: single(headers, &RANGE),
        }
    }

    /// Evaluates all but `If-Range`, in the order of §13.2.2, for a GET or HEAD of a representation that
    /// exists.
    #[must_use]
    pub fn evaluate(&self, validators: &Validators, now: HttpDate) -> Precondition {
        let modified = validators.last_modified(now);
        // 1. "When recipient is the origin server and If-Match is present, evaluate the If-Match
        //    precondition"; 2. "… If-Match is not present, and If-Unmodified-Since is present, evaluate …"
        let unchanged = match self.if_match(validators) {
            Condition::Absent => self.if_unmodified_since(modified),
            decided => decided,
        };
        if unchanged == Condition::Fails {
            return Precondition::Failed;
        }
        // 3. "When If-None-Match is present, evaluate the If-None-Match precondition"; 4. "When the method
        //    is GET or HEAD, If-None-Match is not present, and If-Modified-Since is present, evaluate …"
        let changed = match self.if_none_match(validators) {
            Condition::Absent => self.if_modified_since(modified),
            decided => decided,
        };
        match changed {
            Condition::Fails => Precondition::NotModified,
            Condition::Absent | Condition::Holds => Precondition::Proceed,
        }
    }

    /// The value of `Range`, unless there is none or it is not to be honoured. Step 5: "When the method is GET and
    /// both Range and If-Range are present, evaluate the If-Range precondition".
    #[must_use]
    pub fn range(&self, validators: &Validators, now: HttpDate) -> Option<&'a HeaderValue> {
        self.range.filter(|_| self.if_range(validators, now))
    }

    /// Whether the range may be honoured: true where there is no `If-Range`. §13.1.5
    fn if_range(&self, validators: &Validators, now: HttpDate) -> bool {
        match self.if_range {
            IfRange::Absent => true,
            // "… exactly matches the ETag field value for the selected representation using the strong
            // comparison function" §13.1.5
            IfRange::Tag(tag) => tag.strong_eq(validators.etag()),
            IfRange::Date(date) => validators
                .last_modified(now)
                .is_some_and(|modified| date_is_strong_and_equal(date, modified, now)),
            IfRange::Malformed => false,
        }
    }

    /// "If the field value is "*", the condition is true if the origin server has a current representation
    /// for the target resource. If the field value is a list of entity tags, the condition is true if any of
    /// the listed tags match the entity tag of the selected representation." §13.1.1
    fn if_match(&self, validators: &Validators) -> Condition {
        Condition::of(self.if_match, |list| {
            list.is_any() || list.tags().any(|tag| tag.strong_eq(validators.etag()))
        })
    }

    /// "If the field value is "*", the condition is false if the origin server has a current representation
    /// for the target resource. If the field value is a list of entity tags, the condition is false if one
    /// of the listed tags matches the entity tag of the selected representation." §13.1.2
    fn if_none_match(&self, validators: &Validators) -> Condition {
        Condition::of(self.if_none_match, |list| {
            !list.is_any() && !list.tags().any(|tag| tag.weak_eq(validators.etag()))
        })
    }

    /// "If the selected representation's last modification date is earlier or equal to the date provided in
    /// the field value, the condition is false." §13.1.3
    ///
    /// "A recipient MUST ignore the If-Modified-Since header field if the resource does not have a modification date
    /// available." §13.1.3
    fn if_modified_since(&self, modified: Option<HttpDate>) -> Condition {
        Condition::of(self.if_modified_since.zip(modified), |(date, modified)| modified > date)
    }

    /// "If the selected representation's last modification date is earlier than or equal to the date
    /// provided in the field value, the condition is true." §13.1.4
    ///
    /// "A recipient MUST ignore the If-Unmodified-Since header field if the resource does not have a modification date
    /// available." §13.1.4
    fn if_unmodified_since(&self, modified: Option<HttpDate>) -> Condition {
        Condition::of(self.if_unmodified_since.zip(modified), |(date, modified)| modified <= date)
    }
}

impl Condition {
    fn of<T>(field: Option<T>, holds: impl FnOnce(T) -> bool) -> Self {
        match field.map(holds) {
            None => Self::Absent,
            Some(true) => Self::Holds,
            Some(false) => Self::Fails,
        }
    }
}

impl<'a> IfRange<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        if !headers.contains_key(IF_RANGE) {
            return Self::Absent;
        }
        let Some(value) = single(headers, &IF_RANGE) else { return Self::Malformed };
        EntityTag::parse(value.as_bytes())
            .map(Self::Tag)
            .or_else(|| HttpDate::parse(value).map(Self::Date))
            .unwrap_or(Self::Malformed)
    }
}

/// "If the HTTP-date validator provided is not a strong validator in the sense defined by Section 8.8.2.2,
/// the condition is false. If the HTTP-date validator provided exactly matches the Last-Modified field value
/// for the selected representation, the condition is true." §13.1.5
///
/// A modification date is strong once a second has passed since: within it the bytes can change and keep
/// their date.
fn date_is_strong_and_equal(date: HttpDate, modified: HttpDate, now: HttpDate) -> bool {
    let strong = modified < now;
    strong && date == modified
}

/// The value of a field that may be given once. More than one is no valid value.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut lines = headers.get_all(name).iter();
    lines.next().filter(|_| lines.next().is_none())
}
