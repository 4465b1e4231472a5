//! Globs over refs and over file paths.
//!
//! `*` is any run of characters without `/`, `**` any run at all, `?` one character but `/`, and `**/` at the start of a
//! name also nothing (`a/**/b` matches `a/b`). Everything else stands for itself, brackets too: file names have them.

/// Whether the pattern matches the whole text.
pub fn matches(pattern: &str, text: &str) -> bool {
    if !pattern.contains(WILDCARDS) {
        return pattern == text;
    }
    Pattern::new(pattern).matches(text)
}

/// The same for bash: an extended regular expression that matches what any of these patterns does.
pub fn regex(patterns: &[String]) -> String {
    let alternatives: Vec<String> =
        patterns.iter().map(|pattern| tokens(pattern).iter().map(Token::regex).collect()).collect();
    format!("^({})$", alternatives.join("|"))
}

/// A list of globs over files, made ready for many of them.
pub struct Globs {
    globs: Vec<(Verdict, Pattern)>,
    otherwise: Verdict,
}

#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Included,
    Excluded,
}

impl Globs {
    /// The last glob that matches wins; `!` in front makes it exclude, and a list of only such globs includes everything
    /// else. A glob that ends with `/` stands for all below that folder.
    pub fn new(globs: &[String]) -> Globs {
        let read = |glob: &String| {
            let (verdict, glob) = match glob.strip_prefix('!') {
                Some(rest) => (Verdict::Excluded, rest),
                None => (Verdict::Included, glob.as_str()),
            };
            let all_below = if glob.ends_with('/') { "**" } else { "" };
            (verdict, Pattern::new(&[glob, all_below].concat()))
        };
        let globs: Vec<_> = globs.iter().map(read).collect();
        let only_exclusions = globs.iter().all(|(verdict, _)| *verdict == Verdict::Excluded);
        let otherwise = if only_exclusions { Verdict::Included } else { Verdict::Excluded };
        Globs { globs, otherwise }
    }

    pub fn includes(&mut self, path: &str) -> bool {
        let last =
            self.globs.iter_mut().rev().find_map(|(verdict, glob)| glob.matches(path).then_some(*verdict));
        last.unwrap_or(self.otherwise) == Verdict::Included
    }
}

const WILDCARDS: [char; 2] = ['*', '?'];

/// One glob, taken apart.
struct Pattern {
    /// What every text that matches starts and ends with. Most files are told apart by that alone.
    head: String,
    tail: String,
    tokens: Vec<Token>,
    /// `reached[i]`: the text so far is matched by the tokens before `i`.
    reached: Vec<bool>,
    next: Vec<bool>,
}

impl Pattern {
    fn new(pattern: &str) -> Pattern {
        let tokens = tokens(pattern);
        let head = pattern.split(WILDCARDS).next().unwrap_or_default();
        let tail = pattern.rsplit(WILDCARDS).next().unwrap_or_default();
        Pattern {
            head: head.into(),
            // The slash of a `**/` need not be there.
            tail: tail.trim_start_matches('/').into(),
            reached: vec![false; tokens.len() + 1],
            next: vec![false; tokens.len() + 1],
            tokens,
        }
    }

    /// Takes time in proportion to both lengths multiplied, at worst.
    fn matches(&mut self, text: &str) -> bool {
        if !text.starts_with(&self.head) || !text.ends_with(&self.tail) {
            return false;
        }
        let Pattern { tokens, reached, next, .. } = self;
        reached.fill(false);
        reach(tokens, reached, 0);
        for c in text.chars() {
            next.fill(false);
            for (i, token) in tokens.iter().enumerate() {
                if !reached.get(i).copied().unwrap_or_default() {
                    continue;
                }
                match token {
                    Token::Char(wanted) if *wanted == c => reach(tokens, next, i + 1),
                    Token::OneOfName | Token::Name if c == '/' => {}
                    Token::OneOfName => reach(tokens, next, i + 1),
                    Token::Name | Token::Anything => reach(tokens, next, i),
                    Token::Folders => {
                        // Not `reach`: within a folder's name its end is not yet there.
                        set(next, i);
                        if c == '/' {
                            reach(tokens, next, i + 1);
                        }
                    }
                    Token::Char(_) | Token::MaybeFolders => {}
                }
            }
            std::mem::swap(reached, next);
        }
        reached.last().copied().unwrap_or_default()
    }
}

enum Token {
    Char(char),
    /// `?`
    OneOfName,
    /// `*`
    Name,
    /// `**`
    Anything,
    /// `**/` at the start of a name is two tokens: this one is there to be stepped over or into …
    MaybeFolders,
    /// … and this one is left at a `/` only.
    Folders,
}

impl Token {
    fn regex(&self) -> String {
        match self {
            Token::Char(c) if ".[]()*+?{}|^$\\".contains(*c) => format!("\\{c}"),
            Token::Char(c) => c.to_string(),
            Token::OneOfName => "[^/]".into(),
            Token::Name => "[^/]*".into(),
            Token::Anything => ".*".into(),
            Token::MaybeFolders => "(.*/)?".into(),
            Token::Folders => String::new(),
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut at_name_start = true;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("**/").filter(|_| at_name_start) {
            tokens.extend([Token::MaybeFolders, Token::Folders]);
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix("**") {
            tokens.push(Token::Anything);
            rest = after.trim_start_matches('*');
        } else {
            tokens.push(match c {
                '*' => Token::Name,
                '?' => Token::OneOfName,
                c => Token::Char(c),
            });
            rest = rest.strip_prefix(c).unwrap_or_default();
        }
        at_name_start = c == '/';
    }
    tokens
}

/// Marks a place in the pattern, and those that can be reached from it without reading on.
fn reach(tokens: &[Token], reached: &mut [bool], mut place: usize) {
    loop {
        set(reached, place);
        match tokens.get(place) {
            Some(Token::Name | Token::Anything) => place += 1,
            Some(Token::MaybeFolders) => {
                set(reached, place + 1);
                place += 2;
            }
            _ => return,
        }
    }
}

fn set(reached: &mut [bool], place: usize) {
    if let Some(slot) = reached.get_mut(place) {
        *slot = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        for text in yes {
            assert!(matches(pattern, text), "{pattern} should match {text}");
        }
        for text in no {
            assert!(!matches(pattern, text), "{pattern} should not match {text}");
        }
    }

    #[test]
    fn a_pattern_without_wildcards_is_the_text() {
        check("refs/heads/main", &["refs/heads/main"], &["refs/heads/main2", "refs/heads/mai", "main", ""]);
        check("pages/[id].tsx", &["pages/[id].tsx"], &["pages/i.tsx"]);
    }

    #[test]
    fn one_star_stays_within_a_name() {
        check("refs/tags/v*", &["refs/tags/v", "refs/tags/v1.0"], &["refs/tags/v1/2", "refs/heads/v1"]);
        check("refs/*/main", &["refs/heads/main"], &["refs/heads/x/main"]);
        check("*.md", &["a.md", ".md"], &["a/b.md", "a.mdx"]);
        check("v?.*", &["v1.0", "v🚀."], &["v/.0", "v.0"]);
        check("*a*b", &["ab", "xaxxb", "aabab"], &["ba", "a/b"]);
    }

    #[test]
    fn two_stars_cross_folders_and_match_none() {
        check("refs/heads/**", &["refs/heads/a", "refs/heads/a/b"], &["refs/heads", "refs/tags/a"]);
        check(
            "src/**/mod.rs",
            &["src/mod.rs", "src/a/mod.rs", "src/a/b/mod.rs"],
            &["src/amod.rs", "src/a/xmod.rs"],
        );
        check("**/README.md", &["README.md", "a/README.md"], &["aREADME.md"]);
        check("a**z", &["az", "a/b/z", "abz"], &["a/b"]);
        check("**", &["", "a", "a/b"], &[]);
        check("**/**/x", &["x", "a/x", "a/b/x"], &["ax"]);
    }

    #[test]
    fn the_last_glob_that_matches_wins() {
        let globs = |list: &[&str]| Globs::new(&list.iter().map(ToString::to_string).collect::<Vec<_>>());
        let mut docs = globs(&["**", "!docs/**", "docs/api/**"]);
        assert!(docs.includes("src/main.rs"));
        assert!(!docs.includes("docs/a.md"));
        assert!(docs.includes("docs/api/a.md"));
        assert!(!globs(&["src/**"]).includes("docs/a.md"));
        assert!(globs(&["!docs/**"]).includes("src/main.rs"));
        assert!(!globs(&["!docs/"]).includes("docs/a/b.md"));
        assert!(globs(&["docs/"]).includes("docs/a/b.md"));
    }

    /// The same question asked of a slow matcher that is plain to read.
    fn slowly(pattern: &[char], text: &[char], at_name_start: bool) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['*', '*', '/', rest @ ..] if at_name_start => {
                slowly(rest, text, true)
                    || (0..text.len()).any(|i| text[i] == '/' && slowly(rest, &text[i + 1..], true))
            }
            ['*', '*', rest @ ..] => {
                let rest = &rest[rest.iter().take_while(|c| **c == '*').count()..];
                (0..=text.len()).any(|i| slowly(rest, &text[i..], false))
            }
            ['*', rest @ ..] => {
                let name = text.iter().take_while(|c| **c != '/').count();
                (0..=name).any(|i| slowly(rest, &text[i..], false))
            }
            ['?', rest @ ..] => text.first().is_some_and(|c| *c != '/') && slowly(rest, &text[1..], false),
            [c, rest @ ..] => text.first() == Some(c) && slowly(rest, &text[1..], *c == '/'),
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_slow_matcher(pattern in "[ab*?/]{0,9}", text in "[ab/]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(matches(&pattern, &text), slowly(&chars(&pattern), &chars(&text), true));
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        assert!(!matches(&"a*".repeat(200), &"a".repeat(5_000).replace("aaaaa", "aaaa/")));
        assert!(!matches(&"**/a".repeat(200), &"b/".repeat(3_000)));
    }
}
