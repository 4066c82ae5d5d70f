//! A response, on its way from whoever answers to whoever writes it on a connection.
//!
//! Every field is written once and read once, in one order; so they are a list, and not a map that would be built and
//! hashed for each response.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// How many fields most responses have, at most.
const USUAL: usize = 12;

/// A response: its status, its fields and its content.
#[derive(Debug)]
pub struct Response<B> {
    /// The status code.
    pub status: StatusCode,
    /// The header section.
    pub fields: Fields,
    /// What follows it.
    pub body: B,
}

/// Header fields, in the order in which they go out.
#[derive(Debug)]
pub struct Fields(Vec<(HeaderName, HeaderValue)>);

impl<B> Response<B> {
    /// A response without fields.
    #[must_use]
    pub fn new(status: StatusCode, body: B) -> Self {
        Self { status, fields: Fields(Vec::with_capacity(USUAL)), body }
    }

    /// The same response with another body.
    #[must_use]
    pub fn map<C>(self, other: impl FnOnce(B) -> C) -> Response<C> {
        Response { status: self.status, fields: self.fields, body: other(self.body) }
    }
}

impl Fields {
    /// Appends a field.
    pub fn push(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.push((name, value));
    }

    /// The values of a field, one for each of its lines.
    pub fn values<'a>(&'a self, name: &'a HeaderName) -> impl Iterator<Item = &'a HeaderValue> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
        self.0.iter()
    }
}

impl<B> From<Response<B>> for http::Response<B> {
    fn from(Response { status, fields, body }: Response<B>) -> Self {
        let mut response = Self::new(body);
        *response.status_mut() = status;
        response.headers_mut().reserve(fields.0.len());
        for (name, value) in fields.0 {
            response.headers_mut().append(name, value);
        }
        response
    }
}

impl<B> From<http::Response<B>> for Response<B> {
    fn from(response: http::Response<B>) -> Self {
        let (head, body) = response.into_parts();
        Self { status: head.status, fields: head.headers.into(), body }
    }
}

impl From<HeaderMap> for Fields {
    fn from(map: HeaderMap) -> Self {
        Self(map.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::{CONTENT_LENGTH, VARY};

    #[test]
    fn nothing_is_lost_on_the_way_to_a_map_and_back() {
        let mut response = Response::new(StatusCode::CREATED, "body");
        for (name, value) in [(VARY, "a"), (CONTENT_LENGTH, "4"), (VARY, "b")] {
            response.fields.push(name, HeaderValue::from_static(value));
        }
        let map = http::Response::from(response);
        assert_eq!(map.headers().get_all(VARY).iter().collect::<Vec<_>>(), ["a", "b"]);
        let Response { status, fields, body } = map.into();
        assert_eq!((status, body, fields.iter().count()), (StatusCode::CREATED, "body", 3));
        assert_eq!(fields.values(&VARY).collect::<Vec<_>>(), ["a", "b"]);
    }
}
