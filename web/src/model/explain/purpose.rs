//! What the lines of an output are for, as the output itself says it: by the comment above them, or by the statement of a
//! policy that they are in.

use pushbox_shared::export::Language;

/// What a line is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Purpose {
    /// In a sentence; empty where the output does not say it.
    pub why: String,
    /// It says more than the field that the line follows from: what it allows.
    pub is_of_statement: bool,
}

/// One for each line. `statements` are those that a policy may have: their names, and why they are there.
pub(super) fn purposes(
    text: &str,
    language: Language,
    statements: &[(&'static str, &'static str)],
) -> Vec<Purpose> {
    let whys: Vec<String> = match language {
        Language::Json => text.lines().map(|_| FRAME.into()).collect(),
        Language::Bash | Language::Yaml | Language::Hcl => by_comments(text),
    };
    let lines: Vec<&str> = text.lines().collect();
    let purpose = |(line, why)| Purpose {
        why: of_kind(line, language).map_or(why, String::from),
        is_of_statement: false,
    };
    let mut purposes: Vec<Purpose> = lines.iter().copied().zip(whys).map(purpose).collect();
    for (first, last, why) in in_statements(&lines, statements) {
        let of_statement = Purpose { why: why.into(), is_of_statement: true };
        purposes.iter_mut().take(last + 1).skip(first).for_each(|purpose| purpose.clone_from(&of_statement));
    }
    purposes
}

const FRAME: &str = "A policy is a list of statements. What none of them allows is forbidden.";

/// Of a line that stands for itself wherever it is.
fn of_kind(line: &str, language: Language) -> Option<&'static str> {
    let has_comments = language != Language::Json;
    match line.trim_start() {
        "" => Some("Sets apart what follows."),
        text if text.starts_with("#!") => Some("Says that bash runs this file."),
        text if text.starts_with("# ----") => Some("A heading, for whoever reads this file."),
        text if has_comments && is_comment(text) => Some("A comment, for whoever reads this file."),
        text if text.starts_with(r#""Version": "2012-10-17""#) => {
            Some("The version of AWS's language for policies; there is no newer one.")
        }
        _ => None,
    }
}

fn is_comment(line: &str) -> bool {
    line == "#" || line.starts_with("# ")
}

/// A comment is about the lines below it that are indented as it is, or more, up to the next comment or empty line there.
fn by_comments(text: &str) -> Vec<String> {
    // How far the comments are indented that are about the line.
    let mut comments: Vec<(usize, String)> = Vec::new();
    let (mut is_apart, mut is_in_comment, mut is_in_document) = (true, false, false);
    let mut purposes = Vec::new();
    for line in text.lines() {
        let words = line.trim_start();
        let indent = line.len() - words.len();
        if is_in_document {
            is_in_document = line != "END";
        } else if words.is_empty() {
            is_apart = true;
        } else if is_comment(words) {
            let goes_on = is_in_comment && !is_apart;
            comments.retain(|(above, _)| *above < indent || (goes_on && *above == indent));
            let words = words.trim_start_matches(['#', ' ']);
            match comments.last_mut().filter(|_| goes_on) {
                Some((_, comment)) => *comment = format!("{comment} {words}"),
                None => comments.push((indent, words.into())),
            }
            is_apart = false;
        } else {
            comments.retain(|(above, _)| *above < indent + usize::from(!is_apart));
            is_apart = false;
            is_in_document = line.ends_with("<<END") || line.ends_with("<<'END'");
        }
        is_in_comment = is_comment(words);
        purposes.push(comments.last().map(|(_, comment)| comment.clone()).unwrap_or_default());
    }
    purposes
}

/// The first and the last line of each statement, and why it is there.
fn in_statements<'a>(
    lines: &'a [&str],
    statements: &'a [(&'static str, &'static str)],
) -> impl Iterator<Item = (usize, usize, &'static str)> + 'a {
    let indent = |line: &str| line.len() - line.trim_start().len();
    (1..lines.len()).filter_map(move |at| {
        let (above, line) = (lines.get(at - 1)?, lines.get(at)?);
        let sid = line.trim_start().strip_prefix(r#""Sid": ""#)?.strip_suffix(r#"","#)?;
        let (_, why) = statements.iter().find(|(known, _)| *known == sid)?;
        let length = lines.iter().skip(at).take_while(|line| indent(line) > indent(above)).count();
        (above.trim_start() == "{").then_some((at - 1, at + length, *why))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, language: Language, expected: &[&str]) {
        let purposes = purposes(text, language, &[("Look", "Looks."), ("Log", "Logs.")]);
        assert_eq!(purposes.iter().map(|purpose| purpose.why.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_comment_is_about_its_paragraph() {
        check(
            "# Makes it\n# all.\nall() {\n  one\n  # Last.\n  two \\\n    three\n}\n\nother\n",
            Language::Bash,
            &[
                "A comment, for whoever reads this file.",
                "A comment, for whoever reads this file.",
                "Makes it all.",
                "Makes it all.",
                "A comment, for whoever reads this file.",
                "Last.",
                "Last.",
                "Makes it all.",
                "Sets apart what follows.",
                "",
            ],
        );
    }

    #[test]
    fn a_comment_ends_at_an_empty_line_of_its_own_depth() {
        check(
            "# The group.\ngroup {\n  # Its ports.\n  port = 80\n\n  way = out\n}\n",
            Language::Hcl,
            &[
                "A comment, for whoever reads this file.",
                "The group.",
                "A comment, for whoever reads this file.",
                "Its ports.",
                "Sets apart what follows.",
                "The group.",
                "The group.",
            ],
        );
    }

    #[test]
    fn what_a_script_writes_is_a_part_of_its_function() {
        check(
            "# Helps.\nhelp() {\n  cat <<END\nfirst\n\n# last\nEND\n}\n",
            Language::Bash,
            &[
                "A comment, for whoever reads this file.",
                "Helps.",
                "Helps.",
                "Helps.",
                "Sets apart what follows.",
                "A comment, for whoever reads this file.",
                "Helps.",
                "Helps.",
            ],
        );
    }

    #[test]
    fn a_statement_says_what_it_is_for() {
        let statement = "    {\n      \"Sid\": \"Log\",\n      \"Action\": [\n        \"a\"\n      ]\n    }";
        let text = format!("{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{statement}\n  ]\n}}\n");
        let version = "The version of AWS's language for policies; there is no newer one.";
        let mut expected = vec![FRAME, version, FRAME];
        expected.extend(["Logs."; 6]);
        expected.extend([FRAME; 2]);
        check(&text, Language::Json, &expected);
    }

    #[test]
    fn what_only_looks_like_a_statement_is_none() {
        check(
            "# A\n{\n  \"args\": {\n    \"Sid\": \"Log\",\n",
            Language::Bash,
            &["A comment, for whoever reads this file.", "A", "A", "A"],
        );
    }
}
