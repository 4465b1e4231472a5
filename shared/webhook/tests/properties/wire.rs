//! A request as text, as HTTP/1.1 writes it: what the fuzzers change and the corpora keep.

use pushbox_webhook::http::{Headers, Request};

/// Whatever is missing is empty: every text is a request.
pub(crate) fn read(text: &[u8]) -> Request {
    let end = text.windows(2).position(|two| two == b"\n\n");
    let (head, body) = match end {
        Some(end) => (&text[..end], &text[end + 2..]),
        None => (text, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split('\n');
    let (method, target) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or(("POST", "/hook"));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Request {
        method: method.into(),
        path: path.into(),
        query: query.into(),
        headers: lines.filter_map(|line| line.split_once(": ")).collect(),
        body: body.into(),
    }
}

pub(crate) fn write(request: &Request) -> Vec<u8> {
    let Request { method, path, query, headers, body } = request;
    let question = if query.is_empty() { "" } else { "?" };
    let mut text = format!("{method} {path}{question}{query}\n");
    for (name, value) in headers.iter() {
        text.extend([name, ": ", value, "\n"]);
    }
    text.push('\n');
    [text.as_bytes(), body].concat()
}

/// The first of them, if any.
pub(crate) fn header_that_ends_with<'h>(headers: &'h Headers, ends: &[&str]) -> Option<&'h str> {
    headers.iter().find(|(name, _)| ends.iter().any(|end| name.ends_with(end))).map(|(_, value)| value)
}

#[test]
fn a_request_comes_back_as_it_was_written() {
    for sample in crate::samples::SAMPLES.iter() {
        let request = sample.request();
        assert_eq!(read(&write(&request)), request, "{}", sample.name);
    }
    read(b"");
    read(b"\n\n");
    read(b"\xff \xff: \n\xff");
}
