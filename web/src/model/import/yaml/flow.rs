//! YAML within a line: texts in quotes, plain texts, and what is in brackets.

use super::node::{Node, Value};

/// What stands in one line, brackets included.
pub(super) struct Flow<'a> {
    pub(super) rest: &'a str,
    /// The line's.
    pub(super) number: usize,
}

impl Flow<'_> {
    /// A plain text ends before one of those characters.
    pub(super) fn value(&mut self, ends: &str, depth: usize) -> Option<Value> {
        self.rest = self.rest.trim_start();
        let depth = depth.checked_sub(1)?;
        match self.rest.chars().next() {
            Some('[') => self
                .members(']', |flow| Some(Node { line: flow.number, value: flow.value(",]", depth)? }))
                .map(Value::List),
            Some('{') => self.members('}', |flow| flow.member(depth)).map(Value::Map),
            Some(quote @ ('"' | '\'')) => self.quoted(quote).map(Value::Text),
            _ => {
                let end = self.rest.find(|c| ends.contains(c)).unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at_checked(end)?;
                self.rest = rest;
                let is_null = ["", "~", "null"].contains(&text.trim());
                Some(if is_null { Value::Null } else { Value::Text(text.trim().into()) })
            }
        }
    }

    fn member(&mut self, depth: usize) -> Option<(String, Node)> {
        let Value::Text(key) = self.value(":,}", depth)? else { return None };
        self.rest = self.rest.trim_start();
        let value = match self.rest.strip_prefix(':') {
            Some(rest) => {
                self.rest = rest;
                self.value(",}", depth)?
            }
            None => Value::Null,
        };
        Some((key, Node { line: self.number, value }))
    }

    fn members<T>(&mut self, close: char, mut member: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut found = Vec::new();
        self.rest = self.rest.get(1..)?;
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(close) {
                self.rest = rest;
                return Some(found);
            }
            found.push(member(self)?);
            self.rest = self.rest.trim_start();
            self.rest = match self.rest.strip_prefix(',') {
                Some(rest) => rest,
                None if self.rest.starts_with(close) => self.rest,
                None => return None,
            };
        }
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.rest.chars();
        chars.next();
        loop {
            match chars.next()? {
                '\'' if quote == '\'' && chars.as_str().starts_with('\'') => text.extend(chars.next()),
                c if c == quote => break,
                '\\' if quote == '"' => text.push(match chars.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '0' => '\0',
                    c => c,
                }),
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Some(text)
    }
}
