//! Requests and responses as plain data, so that a Lambda event, a socket and a text box are the same to everything else.

use serde::Serialize;

/// One HTTP request. `body` holds the bytes that were sent (base64 of an envelope already undone).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// Starts with `/`, without the query.
    pub path: String,
    /// Without the `?`.
    pub query: String,
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// Headers in the order they came. Names are kept in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The first header of that name, which must be given in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_ascii_lowercase(), value.into()));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Headers {
        let mut headers = Headers::default();
        for (name, value) in pairs {
            headers.push(name.as_ref(), value);
        }
        headers
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    pub status: u16,
    pub body: String,
    /// Of the body; not part of what `pushbox webhook` prints.
    #[serde(skip)]
    pub content_type: &'static str,
}

impl Response {
    /// All headers that it is sent with.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let every = [
            ("content-type", self.content_type),
            // A cached status is an old one.
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ];
        // A page of the function's loads nothing, runs nothing, is framed by nobody, and asks the function alone.
        let page = [
            (
                "content-security-policy",
                "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            ),
            ("referrer-policy", "no-referrer"),
        ];
        let is_page = self.content_type.starts_with("text/html");
        every.into_iter().chain(page.into_iter().filter(move |_| is_page))
    }
}
