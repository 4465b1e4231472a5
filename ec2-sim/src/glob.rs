//! `*` stands for any characters, `?` for one. Case counts.

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Any,
    One,
    Char(char),
}

/// As in the filters of EC2, where a backslash takes the meaning of the next character away.
pub(crate) fn filter_matches(pattern: &str, text: &str) -> bool {
    let mut chars = pattern.chars();
    let mut parts = Vec::new();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '\\' => Part::Char(chars.next().unwrap_or('\\')),
            c => part(c),
        });
    }
    matches(&parts, text)
}

/// As in policies of IAM, where nothing takes their meaning away.
pub(crate) fn policy_matches(pattern: &str, text: &str) -> bool {
    matches(&pattern.chars().map(part).collect::<Vec<_>>(), text)
}

fn part(c: char) -> Part {
    match c {
        '*' => Part::Any,
        '?' => Part::One,
        c => Part::Char(c),
    }
}

fn matches(parts: &[Part], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut next) = (0, 0);
    // Where to go on when what follows the last star did not fit: one character later.
    let mut star = None;
    while at < text.len() {
        match parts.get(next) {
            Some(Part::Any) => {
                next += 1;
                star = Some((next, at));
            }
            Some(Part::One) => (next, at) = (next + 1, at + 1),
            Some(Part::Char(wanted)) if *wanted == text[at] => (next, at) = (next + 1, at + 1),
            Some(Part::Char(_)) | None => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (next, at) = (after, from + 1);
            }
        }
    }
    parts[next..].iter().all(|part| *part == Part::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("my_app", "my_app", true),
            ("my_app", "my_app2", false),
            ("My_app", "my_app", false),
            ("*", "", true),
            ("*", "anything", true),
            ("my*", "my_app", true),
            ("*app", "my_app", true),
            ("m*_*p", "my_app", true),
            ("m*_*q", "my_app", false),
            ("m?_app", "my_app", true),
            ("m?app", "my_app", false),
            ("?", "ä", true),
            ("?", "", false),
            ("", "", true),
            ("", "a", false),
            ("*ab", "aab", true),
            ("a*a*a*a*a*b", &"a".repeat(200), false),
        ] {
            assert_eq!(filter_matches(pattern, text), expected, "{pattern} {text}");
            assert_eq!(policy_matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_backslash_is_a_character_to_iam_alone() {
        for (pattern, text, in_filter, in_policy) in [
            ("\\*", "*", true, false),
            ("\\*", "a", false, false),
            ("\\*", "\\a", false, true),
            ("a\\", "a\\", true, true),
        ] {
            assert_eq!(filter_matches(pattern, text), in_filter, "{pattern} {text}");
            assert_eq!(policy_matches(pattern, text), in_policy, "{pattern} {text}");
        }
    }
}
