//! A `curl` command, taken apart as a shell and curl do.

mod options;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pushbox_shared::http::Headers;
use pushbox_shared::percent;

use super::hidden::about_hidden;
use crate::model::shell_words::{Word, words};
use crate::model::tryout::pasted::{Pasted, Source};
use options::{Kind, option};

pub(super) fn is_command(text: &str) -> bool {
    let mut lines = text.lines().map(|line| line.trim_start().trim_start_matches(['$', '>']).trim_start());
    lines.any(|line| line.split_whitespace().next().is_some_and(is_curl))
}

fn is_curl(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    matches!(name, "curl" | "curl.exe")
}

pub(super) fn read(text: &str) -> Result<Pasted, String> {
    let first = text.lines().find(|line| line.contains("curl")).unwrap_or_default().trim_end();
    if first.ends_with(" ^") || first.contains(" ^\"") {
        return Err(
            "expected a curl command for bash, found one for Windows' cmd; copy it as “cURL (bash)”".into()
        );
    }
    let words = words(text).map_err(|unfinished| unfinished.to_string())?;
    let start = words.iter().position(|word| is_curl(&word.text));
    let after = start.and_then(|start| words.get(start + 1..)).unwrap_or_default();
    let end = (0..after.len()).find(|at| ends(after, *at)).unwrap_or(after.len());
    let (command, rest) = after.split_at(end);
    let mut call = Call::default();
    call.read(command);
    if let Some(word) = rest.iter().find(|word| !ends_command(word)) {
        call.remarks.push(format!("Line {}: what comes after the curl command is left out.", word.line));
    }
    call.pasted()
}

/// A value may look like the end of a command, because it was quoted.
fn ends(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let is_value = before.is_some_and(|before| option(&before.text).is_some_and(Kind::takes_value));
    !is_value && words.get(at).is_some_and(ends_command)
}

fn ends_command(word: &Word) -> bool {
    matches!(word.text.as_str(), "\n" | ";" | "|" | "&" | "&&")
}

#[derive(Default)]
struct Call {
    method: Option<String>,
    url: Option<String>,
    headers: Headers,
    /// What is sent, `&` between the parts of several options.
    data: Option<String>,
    /// The content type that the data has where no header says another.
    content_type: Option<&'static str>,
    /// `-G`: the data goes into the query.
    gets: bool,
    remarks: Vec<String>,
}

impl Call {
    fn read(&mut self, words: &[Word]) {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let line = word.line;
            if word.text.starts_with("--") {
                self.take(line, &word.text, || words.next().map(|word| word.text.clone()));
            } else if let Some(letters) = word.text.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                self.letters(line, letters, &mut || words.next().map(|word| word.text.clone()));
            } else if self.url.is_none() {
                self.url = Some(word.text.clone());
            } else {
                self.remarks.push(format!("Line {line}: {} is left out.", word.text));
            }
        }
    }

    /// Options of one letter may stand together, and the value of the last right behind it.
    fn letters(&mut self, line: usize, letters: &str, next: &mut dyn FnMut() -> Option<String>) {
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            let name = format!("-{letter}");
            let takes_value = option(&name).is_some_and(Kind::takes_value);
            let value = rest.as_str().to_string();
            self.take(line, &name, || if value.is_empty() { next() } else { Some(value) });
            if takes_value {
                return;
            }
        }
    }

    fn take(&mut self, line: usize, name: &str, value: impl FnOnce() -> Option<String>) {
        let Some(kind) = option(name) else {
            return self
                .remarks
                .push(format!("Line {line}: the option {name} is not known here, and left out."));
        };
        if let Kind::OtherAlone = kind {
            return;
        }
        if let Kind::Get = kind {
            self.gets = true;
            return;
        }
        let Some(value) = value() else {
            return self.remarks.push(format!("Line {line}: expected a value behind {name}, found the end."));
        };
        if has_variable(&value) {
            self.remarks.push(format!(
                "Line {line}: {name} has a variable of the shell in it, which only the shell knows; it is taken as it stands."
            ));
        }
        self.use_value(line, kind, value);
    }

    fn use_value(&mut self, line: usize, kind: Kind, value: String) {
        match kind {
            Kind::Method => self.method = Some(value.to_ascii_uppercase()),
            Kind::Url => self.url = Some(value),
            Kind::Header => self.header(line, &value),
            Kind::Data => self.data(line, &value, "&"),
            Kind::DataRaw => self.add(&value, "&"),
            Kind::DataUrlencode => {
                let encoded = match value.split_once('=') {
                    Some(("", text)) => percent::encode(text),
                    Some((name, text)) => format!("{name}={}", percent::encode(text)),
                    None => percent::encode(&value),
                };
                self.add(&encoded, "&");
            }
            Kind::Json => {
                self.content_type = Some("application/json");
                self.data(line, &value, "");
            }
            Kind::User => {
                let value = format!("Basic {}", BASE64_STANDARD.encode(value));
                self.headers.push("authorization", value);
            }
            Kind::Value(header) => self.headers.push(header, value),
            Kind::Get | Kind::Other | Kind::OtherAlone => {}
        }
    }

    fn header(&mut self, line: usize, header: &str) {
        match (header.split_once(':'), header.strip_suffix(';')) {
            (Some((name, value)), _) if !value.trim().is_empty() => {
                self.headers.push(name.trim(), value.trim());
            }
            // So curl is told to leave a header out.
            (Some(_), _) => {}
            (None, Some(name)) => self.headers.push(name.trim(), ""),
            (None, None) if header.starts_with('@') => self.remarks.push(format!(
                "Line {line}: the headers in the file {} cannot be read here: paste them.",
                &header[1..]
            )),
            (None, None) => self
                .remarks
                .push(format!("Line {line}: expected Name: value, found {header}; it is left out.")),
        }
    }

    fn data(&mut self, line: usize, value: &str, between: &str) {
        match value.strip_prefix('@') {
            Some(file) => {
                self.add("", between);
                self.remarks.push(format!(
                    "Line {line}: the body is in the file {file}, which a page cannot read: choose it at Body."
                ));
            }
            None => self.add(value, between),
        }
    }

    fn add(&mut self, data: &str, between: &str) {
        match &mut self.data {
            Some(all) => {
                all.push_str(between);
                all.push_str(data);
            }
            None => self.data = Some(data.to_string()),
        }
    }

    fn pasted(mut self) -> Result<Pasted, String> {
        let Some(url) = self.url.take() else {
            return Err("expected a curl command with a URL, found none".into());
        };
        let (_, url_query) = url.split_once('?').unwrap_or((&url, ""));
        let url_query = url_query.split('#').next().unwrap_or_default();
        let data = self.data.take();
        let is_get = self.gets || self.method.as_deref().map_or(data.is_none(), |method| method == "GET");
        if data.is_some() && !self.gets && self.headers.get("content-type").is_none() {
            self.headers
                .push("content-type", self.content_type.unwrap_or("application/x-www-form-urlencoded"));
        }
        if let Some(method) = self.method.filter(|method| !matches!(method.as_str(), "GET" | "POST")) {
            self.remarks.push(format!("It is a {method}, and git hosts send a POST: it is tried as one."));
        }
        let data = data.unwrap_or_default();
        let (query, body) = match (is_get, self.gets) {
            (true, true) if url_query.is_empty() => (data, String::new()),
            (true, true) => (format!("{url_query}&{data}"), String::new()),
            (true, false) => (url_query.to_string(), data),
            (false, _) => (String::new(), data),
        };
        self.remarks.extend(about_hidden(&self.headers));
        Ok(Pasted {
            source: Source::Curl,
            headers: self.headers,
            query,
            body: body.into(),
            remarks: self.remarks,
        })
    }
}

/// `$NAME`, `${…}`, `$(…)` or a backtick, as they are left where nobody expands them.
fn has_variable(value: &str) -> bool {
    let dollar = value.split('$').skip(1);
    dollar.into_iter().any(|behind| {
        behind.starts_with(|c: char| c == '{' || c == '(' || c == '_' || c.is_ascii_uppercase())
    }) && !value.trim_start().starts_with('{')
}
