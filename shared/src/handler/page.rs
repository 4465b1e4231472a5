//! `GET /`, for people who come by. It says no more than `GET /status` without a key.

use crate::ec2::{Instance, State};
use crate::http::Response;

pub(super) fn of_status(app: &str, the_box: Option<&Instance>) -> Response {
    let is_spot = the_box.is_some_and(|one| one.lifecycle.is_some());
    let words = match the_box.map(|one| one.state) {
        Some(State::Running) => "is up",
        Some(State::Pending) => "is starting",
        Some(State::Stopping | State::Stopped) if is_spot => "is stopped, until AWS has room for it again",
        Some(State::Stopping | State::Stopped) => "is asleep; the next push wakes it",
        Some(State::ShuttingDown | State::Terminated) | None => "has no box yet; the next push launches one",
    };
    page(200, app, words)
}

pub(super) fn of_nothing(app: &str) -> Response {
    page(503, app, "cannot be asked right now; try again in a minute")
}

fn page(status: u16, app: &str, words: &str) -> Response {
    let app = escape(app);
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{app}</title>\n<p>{app} {words}.</p>\n</html>\n"
    );
    Response { status, body, content_type: "text/html; charset=utf-8" }
}

/// For text and for attributes in quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_markup() {
        let page = page(200, "<img src=x onerror='alert(\"&\")'>", "is up");
        assert!(
            page.body.contains("<title>&lt;img src=x onerror=&#39;alert(&quot;&amp;&quot;)&#39;&gt;</title>")
        );
        assert!(!page.body.contains("<img"));
    }
}
