//! Environment variables from whatever a person has at hand: a `.env` file, `export` lines, a `docker run` command,
//! the `environment:` of a compose file. Nothing is dropped silently: what is no variable is listed with its reason.

use std::collections::BTreeMap;

use pushbox_shared::checked;
use pushbox_shared::config::quoted;
use serde_json::json;

use super::draft::{Row, next_id};
use super::env_statement::{Unclosed, Word, env_value, words};

/// What a pasted text holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// Each name once; of several the last.
    pub vars: Vec<Var>,
    pub ignored: Vec<Remark>,
    /// What was taken over, but perhaps not as it was meant.
    pub notes: Vec<Remark>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Var {
    /// From 1.
    pub line: usize,
    pub name: String,
    pub value: String,
}

impl Var {
    /// The row that it makes.
    pub fn row(&self, id: u32) -> Row {
        Row::new(id, &self.name, &self.value)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// From 1.
    pub line: usize,
    /// What it is about, in words that `why` goes on from.
    pub what: String,
    pub why: String,
}

pub fn parse(text: &str) -> Pasted {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut reader = Reader { pasted: Pasted::default(), line: 1 };
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let used = reader.statement(rest).max(1);
        let (read, unread) = rest.split_at_checked(used).unwrap_or((rest, ""));
        reader.line += read.matches('\n').count();
        rest = unread;
    }
    last_wins(reader.pasted)
}

/// The rows with others taken over: a name that is there already gets the new value, the others follow.
/// A variable that is marked secret stays so, and the page does not keep its value.
pub fn merge(rows: &[Row], new: impl IntoIterator<Item = Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.iter().filter(|row| !row.is_blank()).cloned().collect();
    let mut id = next_id(&rows);
    for new in new {
        match rows.iter_mut().find(|row| row.name == new.name) {
            Some(row) if row.secret => {}
            Some(row) => {
                row.value = new.value;
                row.secret = new.secret;
            }
            None => {
                rows.push(Row { id, ..new });
                id = id.saturating_add(1);
            }
        }
    }
    rows
}

fn last_wins(pasted: Pasted) -> Pasted {
    let Pasted { vars, ignored, mut notes } = pasted;
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for (at, var) in vars.iter().enumerate() {
        last.insert(var.name.clone(), at);
    }
    let lines: Vec<usize> = vars.iter().map(|var| var.line).collect();
    let mut kept = Vec::new();
    for (at, var) in vars.into_iter().enumerate() {
        match last.get(&var.name) {
            Some(winner) if *winner != at => {
                let line = lines.get(*winner).copied().unwrap_or_default();
                let why = format!("is set again in line {line}; the last one wins");
                notes.push(Remark { line: var.line, what: var.name, why });
            }
            Some(_) | None => kept.push(var),
        }
    }
    Pasted { vars: kept, ignored, notes }
}

struct Reader {
    pasted: Pasted,
    /// Of the statement that is being read.
    line: usize,
}

impl Reader {
    /// Reads one statement and says how many bytes it has, its newline included.
    fn statement(&mut self, text: &str) -> usize {
        let line = text.split('\n').next().unwrap_or_default();
        let whole_line = line.len() + 1;
        let start = without_prompt(line);
        let indent = line.len() - start.len();
        let from_start = text.get(indent..).unwrap_or_default();
        if start.is_empty() || start.starts_with('#') {
            return whole_line;
        }
        let read = match Form::of(start) {
            Form::Command => words(from_start).map(|(words, used)| {
                self.command(&words);
                used
            }),
            Form::Export => words(from_start).map(|(words, used)| {
                self.export(&words);
                used
            }),
            Form::Line => self.assignment(start, from_start),
        };
        match read {
            Ok(used) => indent + used,
            Err(Unclosed(quote)) => {
                self.ignore(start, format!("opens a quote {quote} that never closes"));
                whole_line
            }
        }
    }

    /// `A=b` or `A: b`
    fn assignment(&mut self, start: &str, from_start: &str) -> Result<usize, Unclosed> {
        let whole_line = start.len() + 1;
        let item = start.strip_prefix("- ").map_or(start, str::trim_start);
        let separator = item.char_indices().find(|(at, c)| {
            let next = item.get(at + 1..).and_then(|rest| rest.chars().next());
            *c == '=' || (*c == ':' && next.is_none_or(char::is_whitespace))
        });
        let Some((at, separator)) = separator else {
            self.ignore(start, "has no NAME=value".into());
            return Ok(whole_line);
        };
        let name = item.get(..at).unwrap_or_default().trim().trim_matches(['"', '\'']);
        let before = start.len() - item.len() + at + 1;
        let (word, used) = env_value(from_start.get(before..).unwrap_or_default())?;
        if separator == ':' && word.text.is_empty() {
            self.ignore(start, "has no value".into());
        } else {
            self.variable(name, word);
        }
        Ok(before + used)
    }

    /// `export A=b C=d; export E=f`
    fn export(&mut self, words: &[Word]) {
        for word in words {
            let is_grammar = ["export", "declare", "-x", ";", "&&"].contains(&word.text.as_str());
            match word.text.split_once('=') {
                Some((name, value)) => {
                    self.variable(name, Word { text: value.into(), expands: word.expands });
                }
                None if is_grammar => {}
                None => self.ignore(&word.text, "has no value here".into()),
            }
        }
    }

    /// `docker run -e A=b --env C=d image`
    fn command(&mut self, words: &[Word]) {
        let mut others = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.text.as_str();
            let inline = text
                .strip_prefix("--env=")
                .or_else(|| text.strip_prefix("-e").filter(|rest| !rest.is_empty()));
            match (text, inline) {
                ("-e" | "--env", _) => match words.next() {
                    Some(variable) => self.option(variable),
                    None => self.ignore(text, "has nothing behind it".into()),
                },
                (_, Some(variable)) if !text.starts_with("--") || text.starts_with("--env=") => {
                    let variable = variable.trim_start_matches('=');
                    self.option(&Word { text: variable.into(), expands: word.expands });
                }
                (text, _) if text.starts_with("--env-file") => {
                    let file = text.strip_prefix("--env-file=").map(String::from);
                    let file =
                        file.or_else(|| words.next().map(|word| word.text.clone())).unwrap_or_default();
                    self.ignore(&format!("--env-file {file}"), "names a file; paste what is in it".into());
                }
                (text, _) => others.push(text),
            }
        }
        let others = others.join(" ");
        if !others.is_empty() {
            self.ignore(&others, "is the rest of the command".into());
        }
    }

    fn option(&mut self, word: &Word) {
        match word.text.split_once('=') {
            Some((name, value)) => self.variable(name, Word { text: value.into(), expands: word.expands }),
            None => self.ignore(&word.text, "has no value here; docker would take it from your shell".into()),
        }
    }

    fn variable(&mut self, name: &str, word: Word) {
        if let Err(why) = check_name(name) {
            return self.ignore(name, why);
        }
        if word.expands {
            let why = "is kept as written: nothing is put in the place of its $".into();
            self.pasted.notes.push(Remark { line: self.line, what: name.into(), why });
        }
        self.pasted.vars.push(Var { line: self.line, name: name.into(), value: word.text });
    }

    fn ignore(&mut self, what: &str, why: String) {
        self.pasted.ignored.push(Remark { line: self.line, what: quoted(what), why });
    }
}

enum Form {
    Command,
    Export,
    Line,
}

impl Form {
    fn of(start: &str) -> Form {
        let first = start.split_whitespace().next().unwrap_or_default();
        match first {
            "export" | "declare" => Form::Export,
            "docker" | "podman" | "nerdctl" | "sudo" => Form::Command,
            // A `-` alone is an item of a YAML list.
            option if option.starts_with('-') && option.len() > 1 => Form::Command,
            _ => Form::Line,
        }
    }
}

fn without_prompt(line: &str) -> &str {
    let line = line.trim_start();
    line.strip_prefix("$ ").map_or(line, str::trim_start)
}

/// In the words of the config's own check.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if name.bytes().all(plain) && name.bytes().next().is_some_and(|b| !b.is_ascii_digit()) {
        return Ok(());
    }
    let (_, problems) = checked::read(&json!({ "run": { "env": [{ "name": name, "value": "" }] } }));
    let problem = problems.into_iter().find(|problem| problem.path.starts_with("run.env"));
    problem.map_or(Ok(()), |problem| Err(problem.message))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        let pasted = parse(text);
        let mut shown = String::new();
        for Var { line, name, value } in &pasted.vars {
            shown += &format!("{line}: {name} = {value:?}\n");
        }
        for (kind, remarks) in [("ignored", &pasted.ignored), ("note", &pasted.notes)] {
            for Remark { line, what, why } in remarks {
                shown += &format!("{line}: {kind}: {what} {why}\n");
            }
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn a_dotenv_file() {
        check(
            "\u{feff}# comment\r\nA=b\r\n\r\nB = \"two \\\"words\\\"\\n\" # why\nC='$raw'\nD=\nexport E=f\nG=\"first\nsecond\"\nH=$HOME\nnonsense\n1X=2\nA B=c\n",
            &expect![[r#"
                2: A = "b"
                4: B = "two \"words\"\n"
                5: C = "$raw"
                6: D = ""
                7: E = "f"
                8: G = "first\nsecond"
                10: H = "$HOME"
                11: ignored: "nonsense" has no NAME=value
                12: ignored: "1X" expected a name of letters, digits and _, not beginning with a digit, found "1X"
                13: ignored: "A B" expected a name of letters, digits and _, not beginning with a digit, found "A B"
                10: note: H is kept as written: nothing is put in the place of its $
            "#]],
        );
    }

    #[test]
    fn shell_and_docker_commands() {
        check(
            "$ export A=b C='d e'; export F\n$ docker run -d \\\n  -p 80:80 -e G=h -eI=j --env K=\"l m\" --env=N=o -e HOME \\\n  --env-file .env image\n-e P=q\n--env R=s\ndeclare -x T=\"u\"\n",
            &expect![[r#"
                1: A = "b"
                1: C = "d e"
                2: G = "h"
                2: I = "j"
                2: K = "l m"
                2: N = "o"
                5: P = "q"
                6: R = "s"
                7: T = "u"
                1: ignored: "F" has no value here
                2: ignored: "HOME" has no value here; docker would take it from your shell
                2: ignored: "--env-file .env" names a file; paste what is in it
                2: ignored: "docker run -d -p 80:80 image" is the rest of the command
            "#]],
        );
    }

    #[test]
    fn a_compose_file() {
        check(
            "environment:\n  A: b\n  C: \"d e\"\n  - F=g\n  url: http://x/\nhttp://y/\n",
            &expect![[r#"
                2: A = "b"
                3: C = "d e"
                4: F = "g"
                5: url = "http://x/"
                1: ignored: "environment:" has no value
                6: ignored: "http://y/" has no NAME=value
            "#]],
        );
    }

    #[test]
    fn the_last_of_several_wins_and_it_says_so() {
        check(
            "A=1\nB=2\nA=3\nA=4\n",
            &expect![[r#"
                2: B = "2"
                4: A = "4"
                1: note: A is set again in line 4; the last one wins
                3: note: A is set again in line 4; the last one wins
            "#]],
        );
    }

    #[test]
    fn an_open_quote_swallows_one_line_only() {
        check(
            "A=\"b\nC=d\n",
            &expect![[r#"
                2: C = "d"
                1: ignored: "A="b" opens a quote " that never closes
            "#]],
        );
    }

    #[test]
    fn a_megabyte_is_read_in_no_time() {
        let text = "A_NAME=some value of a line\n".repeat(40_000);
        let pasted = parse(&text);
        assert_eq!((pasted.vars.len(), pasted.notes.len()), (1, 39_999));
    }

    #[test]
    fn merging_keeps_what_is_there() {
        let secret = Row { secret: true, ..Row::new(4, "S", "") };
        let rows = [Row::new(1, "A", "1"), Row::new(2, "", ""), secret.clone()];
        let vars = parse("A=2\nS=x\nB=3").vars;
        assert_eq!(
            merge(&rows, vars.iter().map(|var| var.row(0))),
            [Row::new(1, "A", "2"), secret, Row::new(5, "B", "3")]
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_dropped_silently(lines in proptest::collection::vec("[A-C=:'\"\\\\$# -]{0,9}", 0..6)) {
            let pasted = parse(&lines.join("\n"));
            let counts = |line: &&String| !without_prompt(line).is_empty() && !without_prompt(line).starts_with('#');
            let anything = !pasted.vars.is_empty() || !pasted.ignored.is_empty();
            proptest::prop_assert!(anything || !lines.iter().any(|line| counts(&line) && !line.contains('\\') && line.contains(['A', 'B', 'C'])), "{pasted:?}");
        }

        #[test]
        fn no_text_makes_it_panic(text in "(.|\n)*") {
            parse(&text);
        }
    }
}
