//! What a git host's page of recent deliveries shows, as it comes out when somebody copies it: `Name: value` lines somewhere,
//! and then the body.

use pushbox_shared::http::Headers;
use serde_json::{Map, Value};

use super::hidden::about_hidden;
use crate::model::tryout::pasted::{Pasted, Source};

pub(super) fn read(text: &str) -> Result<Pasted, String> {
    let mut lines = Lines { text, at: 0, number: 0 };
    let mut page = Page::default();
    while let Some(line) = lines.peek() {
        if starts_body(line) {
            match lines.json() {
                // GitLab shows the headers as JSON too.
                Some((json, _)) if page.headers.iter().next().is_none() && is_headers(&json) => {
                    page.headers = json_headers(&json);
                    continue;
                }
                Some((_, body)) => page.body = Some(body),
                None => page.body = Some(lines.line_to_end()),
            }
            break;
        }
        page.line(line);
        lines.skip();
    }
    page.pasted(lines.rest_from())
}

/// A payload, or a form with one.
fn starts_body(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('{') || line.starts_with("payload=")
}

#[derive(Default)]
struct Page {
    headers: Headers,
    method: Option<String>,
    query: String,
    /// A name that stands alone on its line: its value is the next one.
    waiting: Option<String>,
    body: Option<String>,
}

impl Page {
    fn line(&mut self, line: &str) {
        let line = line.trim().trim_start_matches(['>', '•']).trim();
        if let Some(name) = self.waiting.take().filter(|_| !line.is_empty()) {
            return self.headers.push(&name, line);
        }
        // A request line, as curl and some pages show it.
        if let Some((method, rest)) =
            line.split_once(' ').filter(|(method, _)| matches!(*method, "GET" | "POST"))
        {
            self.method = Some(method.into());
            return self.url(rest.split(' ').next().unwrap_or_default());
        }
        let pair = line.split_once('\t').or_else(|| line.split_once(':'));
        let Some((name, value)) = pair.map(|(name, value)| (name.trim_end_matches(':').trim(), value.trim()))
        else {
            return;
        };
        match name.to_ascii_lowercase().as_str() {
            "request url" | "url" => self.url(value),
            "request method" | "method" => self.method = Some(value.to_ascii_uppercase()),
            lower if is_name(lower) && value.is_empty() && lower.contains('-') => {
                self.waiting = Some(name.into());
            }
            lower if is_name(lower) => self.headers.push(name, value),
            _ => {}
        }
    }

    fn url(&mut self, url: &str) {
        self.query = url.split_once('?').map(|(_, query)| query.to_string()).unwrap_or_default();
    }

    fn pasted(self, behind: Option<usize>) -> Result<Pasted, String> {
        if self.headers.iter().next().is_none() && self.body.is_none() {
            return Err("expected a curl command, or the headers and the body of a delivery, found neither; select the whole \
                        delivery on the git host's page, from its headers to the end of its payload"
                .into());
        }
        let is_get = self.method.as_deref() == Some("GET");
        let body = self.body.unwrap_or_default();
        let mut remarks = Vec::new();
        if self.headers.iter().next().is_none() {
            remarks
                .push("There are no headers in it: copy those too, or sign it as a git host would.".into());
        }
        if body.is_empty() && !is_get {
            remarks.push("There is no body in it: copy the payload too.".into());
        }
        let is_signed = self
            .headers
            .iter()
            .any(|(name, _)| name.ends_with("-signature") || name.ends_with("-signature-256"));
        if is_signed && body.trim_end().contains('\n') && body.trim_start().starts_with('{') {
            remarks.push(
                "The page shows the payload with line breaks that were not sent, so the signature cannot fit: sign it anew with the \
                 secret."
                    .into(),
            );
        }
        remarks.extend(behind.map(|line| format!("Line {line}: what comes after the payload is left out.")));
        remarks.extend(about_hidden(&self.headers));
        let query = if is_get { self.query } else { String::new() };
        Ok(Pasted { source: Source::Page, headers: self.headers, query, body: body.into(), remarks })
    }
}

/// Pages have words of their own with a colon behind; only what can be the name of a header is taken for one.
fn is_name(lower: &str) -> bool {
    const SHORT: [&str; 8] =
        ["accept", "authorization", "connection", "host", "origin", "referer", "via", "cookie"];
    let is_token = lower.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !lower.is_empty();
    is_token && (lower.contains('-') || SHORT.contains(&lower))
}

fn is_headers(json: &Value) -> bool {
    let names = json.as_object().into_iter().flatten();
    names.clone().all(|(_, value)| value.is_string() || value.is_array())
        && names.into_iter().any(|(name, _)| name.contains('-') && is_name(&name.to_ascii_lowercase()))
}

fn json_headers(json: &Value) -> Headers {
    let empty = Map::new();
    let value = |value: &Value| match value {
        Value::Array(values) => values.first().and_then(Value::as_str).map(String::from),
        other => other.as_str().map(String::from),
    };
    let members = json.as_object().unwrap_or(&empty);
    members.iter().filter_map(|(name, found)| Some((name, value(found)?))).collect()
}

/// The text, line by line, or by the JSON that begins there.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    /// Of lines before that place.
    number: usize,
}

impl<'t> Lines<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<&'t str> {
        self.rest().lines().next()
    }

    fn skip(&mut self) {
        let length = self.rest().find('\n').map_or(self.rest().len(), |at| at + 1);
        self.go(length);
    }

    fn go(&mut self, bytes: usize) {
        let gone = self.rest().get(..bytes).unwrap_or_default();
        self.number += gone.matches('\n').count();
        self.at += gone.len();
    }

    /// Reads one value, and gives it with its text. What cannot be read is left.
    fn json(&mut self) -> Option<(Value, String)> {
        let rest = self.rest();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter();
        let value: Value = values.next()?.ok()?;
        let text = rest.get(..values.byte_offset()).unwrap_or_default();
        self.go(text.len());
        Some((value, text.trim_start().to_string()))
    }

    /// A form is one line; JSON that cannot be read is everything.
    fn line_to_end(&mut self) -> String {
        let rest = self.rest();
        let end = if rest.trim_start().starts_with('{') {
            rest.len()
        } else {
            rest.find('\n').unwrap_or(rest.len())
        };
        self.go(end);
        rest.get(..end).unwrap_or_default().trim_end_matches('\r').to_string()
    }

    /// The number of the line with the next word, if there is one.
    fn rest_from(&self) -> Option<usize> {
        let before = self.rest().find(|c: char| !c.is_whitespace())?;
        let breaks = self.rest().get(..before).unwrap_or_default().matches('\n').count();
        Some(self.number + breaks + 1)
    }
}
