//! As much YAML as compose files are written in: mappings, sequences, both also in brackets, quoted and plain texts, comments.
//! A reader of our own, because whoever imports anything waits for it: 9 KB with brotli, where a whole one is 26 KB. What it
//! does not understand it says.

mod flow;
mod node;

use flow::Flow;
pub(super) use node::{Node, Value};

/// What could not be read: its line and why.
pub(super) type Fault = (usize, &'static str);

/// Deeper than any file, and so deep that no file can overflow the stack.
const DEEPEST: usize = 40;

/// Lines that a bracket goes over at most, if they are not indented.
const LONGEST: usize = 100;

/// The document, and what is not understood of it.
pub(super) fn parse(text: &str) -> (Node, Vec<Fault>) {
    let mut reader = Reader { lines: lines(text), at: 0, faults: Vec::new() };
    let node = reader.block(0, 0);
    while let Some(line) = reader.take() {
        reader.faults.push((line.number, "is not indented as the lines before it"));
    }
    (node, reader.faults)
}

#[derive(Clone)]
struct Line {
    number: usize,
    indent: usize,
    /// Without a comment, never empty.
    text: String,
}

fn lines(text: &str) -> Vec<Line> {
    let line = |(at, line): (usize, &str)| {
        let text = without_comment(line).trim_end();
        let indent = text.len() - text.trim_start_matches(' ').len();
        let is_mark = text == "---" || text == "..." || text.starts_with("%YAML");
        let text = text.trim_start().to_string();
        (!text.is_empty() && !is_mark).then_some(Line { number: at + 1, indent, text })
    };
    text.lines().enumerate().filter_map(line).collect()
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c && !(c == '"' && before == '\\') => quote = None,
            (Some(_), _) => {}
            (None, '#') if before.is_whitespace() => return line.get(..at).unwrap_or_default(),
            (None, '"' | '\'') if " [{,".contains(before) => quote = Some(c),
            (None, _) => {}
        }
        before = c;
    }
    line
}

struct Reader {
    lines: Vec<Line>,
    at: usize,
    faults: Vec<Fault>,
}

impl Reader {
    fn peek(&self) -> Option<&Line> {
        self.lines.get(self.at)
    }

    fn take(&mut self) -> Option<Line> {
        let line = self.peek().cloned()?;
        self.at += 1;
        Some(line)
    }

    fn skip_deeper(&mut self, indent: usize) {
        while self.peek().is_some_and(|line| line.indent > indent) {
            self.at += 1;
        }
    }

    /// What begins in the next line, if that is indented at least so far.
    fn block(&mut self, least: usize, depth: usize) -> Node {
        let Some(first) = self.peek().filter(|line| line.indent >= least).cloned() else {
            return Node::default();
        };
        if depth > DEEPEST {
            self.faults.push((first.number, "is nested too deep"));
            self.skip_deeper(first.indent.saturating_sub(1));
            return Node::default();
        }
        let value = if is_item(&first.text) {
            self.list(first.indent, depth)
        } else if split_key(&first.text).is_some() {
            self.map(first.indent, depth)
        } else {
            self.at += 1;
            self.value(&first.text, first.number, first.indent.saturating_sub(1), depth)
        };
        Node { line: first.number, value }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Value {
        let mut items = Vec::new();
        while let Some(line) =
            self.peek().filter(|line| line.indent == indent && is_item(&line.text)).cloned()
        {
            let rest = line.text.trim_start_matches('-').trim_start().to_string();
            let inner = indent + line.text.len() - rest.len();
            if rest.is_empty() {
                self.at += 1;
                items.push(self.block(indent + 1, depth + 1));
            } else if is_item(&rest) || split_key(&rest).is_some() {
                // What stands behind the `-` is the first line of a block of its own.
                if let Some(line) = self.lines.get_mut(self.at) {
                    (line.indent, line.text) = (inner, rest);
                }
                items.push(self.block(inner, depth + 1));
            } else {
                self.at += 1;
                let value = self.value(&rest, line.number, indent, depth);
                items.push(Node { line: line.number, value });
            }
        }
        Value::List(items)
    }

    fn map(&mut self, indent: usize, depth: usize) -> Value {
        let mut members = Vec::new();
        while let Some(line) = self.peek().filter(|line| line.indent == indent).cloned() {
            let Some((key, rest)) = split_key(&line.text).filter(|_| !is_item(&line.text)) else { break };
            self.at += 1;
            let rest = without_anchor(rest);
            let mut node = Node { line: line.number, value: Value::Null };
            if !rest.is_empty() {
                node.value = self.value(rest, line.number, indent, depth);
            } else if self
                .peek()
                .is_some_and(|next| next.indent > indent || (next.indent == indent && is_item(&next.text)))
            {
                node.value = self.block(indent, depth + 1).value;
            }
            members.push((key, node));
        }
        Value::Map(members)
    }

    /// What begins behind a key or a `-`, with the lines that are indented more.
    fn value(&mut self, text: &str, number: usize, indent: usize, depth: usize) -> Value {
        let fault = match text.chars().next() {
            Some('|' | '>') => Some(
                "is a text of several lines, which is not understood here; write it in quotes in one line",
            ),
            Some('*') => Some("repeats another part of the file, which is not understood here; write it out"),
            Some('!') => Some("has a type of its own, which is not understood here; leave it out"),
            _ => None,
        };
        if let Some(why) = fault {
            self.faults.push((number, why));
            self.skip_deeper(indent);
            return Value::Null;
        }
        let mut whole = text.to_string();
        let mut more = 0;
        while self.peek().is_some_and(|line| line.indent > indent) || (more < LONGEST && is_open(&whole)) {
            let Some(line) = self.take() else { break };
            more += 1;
            whole.push(' ');
            whole.push_str(&line.text);
        }
        let mut flow = Flow { rest: &whole, number };
        match flow.value("", DEEPEST.saturating_sub(depth)).filter(|_| flow.rest.trim().is_empty()) {
            Some(value) => value,
            None => {
                self.faults.push((number, "has quotes or brackets that do not close"));
                Value::Null
            }
        }
    }
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}

/// A bracket is open at the end.
fn is_open(text: &str) -> bool {
    let count = |open, close| text.matches(open).count() > text.matches(close).count();
    (text.starts_with('[') && count('[', ']')) || (text.starts_with('{') && count('{', '}'))
}

fn without_anchor(text: &str) -> &str {
    match text.strip_prefix('&') {
        Some(anchor) => anchor.split_once(' ').map_or("", |(_, rest)| rest.trim_start()),
        None => text,
    }
}

/// A key, quotes undone, and what is behind its colon.
fn split_key(text: &str) -> Option<(String, &str)> {
    if text.starts_with(['[', '{']) {
        return None;
    }
    if text.starts_with(['"', '\'']) {
        let mut flow = Flow { rest: text, number: 0 };
        let Some(Value::Text(key)) = flow.value(":", 1) else { return None };
        return Some((key, flow.rest.strip_prefix(':')?.trim_start()));
    }
    let (key, rest) = text.split_once(": ").or_else(|| Some((text.strip_suffix(':')?, "")))?;
    Some((key.trim_end().into(), rest.trim_start()))
}
