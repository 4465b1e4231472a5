//! What people see who come by with a browser: `GET /`, which says no more than `GET /status` without a key, and `/wake`.
//! Without scripts: a browser that cannot run any can wake the box, too.

use crate::ec2::{Instance, State};
use crate::http::Response;

/// What follows the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Nothing,
    /// The button that wakes the box.
    Button,
    /// Looks again, until there is more to say. Whoever does not want to wait can go there.
    Wait(Option<String>),
    /// Sends the visitor there.
    Go(String),
}

/// The page shows itself again after so many seconds.
const LOOKS_AGAIN_AFTER: u32 = 5;

pub(super) fn of_wake(app: &str, status: u16, words: &str, next: &Next) -> Response {
    let link = |url: &str, words: &str| format!("<p><a href=\"{}\">{words}</a></p>\n", escape(url));
    let refresh = |to: &str| format!("<meta http-equiv=\"refresh\" content=\"{}\">\n", escape(to));
    let (head, body) = match next {
        Next::Nothing => (String::new(), String::new()),
        Next::Button => (
            String::new(),
            "<form method=\"post\" action=\"/wake\"><button>Wake it</button></form>\n".to_string(),
        ),
        Next::Wait(url) => (
            refresh(&format!("{LOOKS_AGAIN_AFTER}; url=/wake")),
            url.as_ref().map_or(String::new(), |url| link(url, "Go there now")),
        ),
        Next::Go(url) => (refresh(&format!("0; url={url}")), link(url, "Go there")),
    };
    whole_page(status, app, words, &head, &body)
}

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

/// The same where a visitor can wake the box.
pub(super) fn of_status_with_wake(app: &str, the_box: Option<&Instance>) -> Response {
    let mut page = of_status(app, the_box);
    page.body =
        page.body.replace("the next push wakes it.", "a push or <a href=\"/wake\">you</a> can wake it.");
    page
}

pub(super) fn of_nothing(app: &str) -> Response {
    page(503, app, "cannot be asked right now; try again in a minute")
}

fn page(status: u16, app: &str, words: &str) -> Response {
    whole_page(status, app, words, "", "")
}

fn whole_page(status: u16, app: &str, words: &str, head: &str, rest: &str) -> Response {
    let app = escape(app);
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n{head}<title>{app}</title>\n<p>{app} {words}.</p>\n{rest}</html>\n"
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
