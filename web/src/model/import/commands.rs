//! The commands of a script or of a terminal's lines, without prompts, `sudo` and here documents.

use std::collections::BTreeMap;

use super::taken::{Taken, shown};
use crate::model::shell_words::{self, Word};

/// One command's words, never none.
pub(super) struct Command(pub(super) Vec<Word>);

impl Command {
    /// The word at that place, or an empty one.
    pub(super) fn word(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |word| word.text.as_str())
    }

    pub(super) fn line(&self) -> usize {
        self.0.first().map_or(1, |word| word.line)
    }

    /// As it may be shown.
    pub(super) fn shown(&self) -> String {
        let words: Vec<&str> = self.0.iter().map(|word| word.text.as_str()).collect();
        shown(&words.join(" "))
    }

    /// The arguments behind the first words of the command, if it begins with them.
    pub(super) fn after(&self, beginning: &[&str]) -> Option<&[Word]> {
        let begins = beginning.iter().enumerate().all(|(at, word)| self.word(at) == *word);
        begins.then(|| self.0.get(beginning.len()..).unwrap_or_default())
    }

    /// The program is docker or one that takes the same words.
    pub(super) fn is_docker(&self) -> bool {
        ["docker", "podman", "nerdctl"].contains(&self.word(0).rsplit('/').next().unwrap_or_default())
    }

    /// The arguments of `docker run`.
    pub(super) fn docker_run(&self) -> Option<&[Word]> {
        let program = self.word(0);
        let found = self.after(&[program, "run"]).or_else(|| self.after(&[program, "container", "run"]));
        found.filter(|_| self.is_docker())
    }

    /// The arguments of `docker build`.
    pub(super) fn docker_build(&self) -> Option<&[Word]> {
        let program = self.word(0);
        let forms = [&[program, "build"][..], &[program, "buildx", "build"], &[program, "image", "build"]];
        forms.iter().find_map(|form| self.after(form)).filter(|_| self.is_docker())
    }
}

/// What ends a command.
const ENDS: [&str; 5] = ["\n", ";", "|", "&", "&&"];

/// What may stand before a command's own name.
const BEFORE: [&str; 13] =
    ["$", ">", "sudo", "if", "then", "else", "elif", "while", "do", "until", "!", "{", "time"];

/// What is a command in the words of a shell and does nothing.
const NOTHING: [&str; 4] = ["fi", "done", "}", "esac"];

/// More quotes that do not close than a text that is a script has.
const MOST_UNFINISHED: usize = 20;

/// The commands of a text. A line with a quote that never closes is left, and the rest read.
pub(super) fn commands(taken: &mut Taken, text: &str) -> Vec<Command> {
    let mut lines: Vec<String> = without_documents(taken, text);
    for _ in 0..MOST_UNFINISHED {
        match shell_words::words(&lines.join("\n")) {
            Ok(words) => {
                let commands = words.split(|word| ENDS.contains(&word.text.as_str()));
                return commands.filter_map(command).collect();
            }
            Err(unfinished) => {
                let Some(line) = lines.get_mut(unfinished.line - 1) else { break };
                let why = format!("opens a quote {} that never closes; close it", unfinished.quote);
                taken.leave(unfinished.line, line.trim(), why);
                line.clear();
            }
        }
    }
    taken.leave(
        1,
        text.lines().next().unwrap_or_default(),
        "has too many quotes that never close to be read as commands",
    );
    Vec::new()
}

fn command(words: &[Word]) -> Option<Command> {
    let (mut words, mut has_sudo) = (words, false);
    while let Some((first, rest)) = words.split_first() {
        let name = first.text.as_str();
        // `sudo -E`; a variable for this command alone.
        let is_option = has_sudo && name.starts_with('-');
        has_sudo |= name == "sudo";
        let is_variable = !rest.is_empty() && name.split_once('=').is_some_and(|(name, _)| is_name(name));
        if !(BEFORE.contains(&name) || is_option || is_variable) {
            break;
        }
        words = rest;
    }
    let first = words.first()?.text.as_str();
    (!NOTHING.contains(&first)).then(|| Command(words.to_vec()))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The lines, with empty ones in the place of here documents, and without the prompts of lines that go on.
fn without_documents(taken: &mut Taken, text: &str) -> Vec<String> {
    let last: BTreeMap<&str, usize> = text.lines().map(str::trim).zip(0..).collect();
    let mut lines = Vec::new();
    let mut end: Option<String> = None;
    let mut goes_on = false;
    for (at, line) in text.lines().enumerate() {
        if let Some(word) = &end {
            if line.trim() == word {
                end = None;
            }
            lines.push(String::new());
            continue;
        }
        // What looks like the beginning of one and never ends is a part of a text in quotes.
        end = document(line).filter(|word| last.get(word.as_str()).is_some_and(|last| *last > at));
        let line = if goes_on { line.strip_prefix("> ").unwrap_or(line) } else { line };
        goes_on = line.trim_end().ends_with('\\');
        if end.is_some() {
            taken.leave(
                at + 1,
                line.trim(),
                "writes a file on the box; pushbox writes none, so put it into the repository",
            );
        }
        lines.push(if end.is_some() { String::new() } else { line.into() });
    }
    lines
}

/// The word that ends a document which begins in this line.
pub(super) fn document(line: &str) -> Option<String> {
    let (_, behind) = line.split_once("<<").filter(|_| !line.contains("<<<"))?;
    let word = behind.trim_start_matches('-').trim_start().split([' ', '>', ';', '|', ')']).next()?;
    let word = word.trim_matches(['"', '\'', '\\']);
    let is_word = is_name(word) && !word.starts_with(|c: char| c.is_ascii_digit());
    is_word.then(|| word.to_string())
}
