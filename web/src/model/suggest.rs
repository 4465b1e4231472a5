//! Small guesses that save typing. Each may be overwritten, and none is ever made of a secret.

use pushbox_shared::config;

/// A name for the app from the last part of its repository's URL; nothing where none would be accepted.
pub fn app_name(url: &str) -> Option<String> {
    accepted("repo.url", url).then_some(())?;
    let last = url.trim_end_matches('/').rsplit(['/', ':']).next()?;
    let last = last.strip_suffix(".git").unwrap_or(last).to_ascii_lowercase();
    let words = last.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit());
    let mut name = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    name.truncate(40);
    let name = name.trim_end_matches('-');
    accepted("app", name).then(|| name.to_string())
}

/// Lines as they were meant: without spaces around them, and a bare `main` as `refs/heads/main`.
pub fn tidy(path: &str, text: &str) -> String {
    let lines = text.lines().map(|line| match path {
        "repo.refs" => full_ref(line.trim()),
        _ => line.trim().to_string(),
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn full_ref(line: &str) -> String {
    let prefix = match line {
        "" => "",
        line if line.starts_with("refs/") => "",
        line if line.starts_with("heads/") || line.starts_with("tags/") => "refs/",
        _ => "refs/heads/",
    };
    format!("{prefix}{line}")
}

fn accepted(path: &str, text: &str) -> bool {
    config::field(path).is_some_and(|field| (field.check)(text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_is_named_after_its_repository() {
        for (url, expected) in [
            ("https://github.com/usil/foo.git", Some("foo")),
            ("https://github.com/usil/My.Great_App/", Some("my-great-app")),
            ("git@github.com:usil/Foo--Bar.git", Some("foo-bar")),
            ("https://github.com/usil/---", None),
            ("nonsense", None),
            ("", None),
        ] {
            assert_eq!(app_name(url).as_deref(), expected, "{url}");
        }
        let long = app_name(&format!("https://github.com/usil/{}", "ab-".repeat(30))).unwrap();
        assert!(accepted("app", &long), "{long}");
    }

    #[test]
    fn a_bare_branch_is_completed() {
        assert_eq!(
            tidy("repo.refs", " main\n\nrelease/*\ntags/v*\nrefs/tags/x "),
            "refs/heads/main\nrefs/heads/release/*\nrefs/tags/v*\nrefs/tags/x"
        );
        assert_eq!(tidy("box.types", " t4g.small \n"), "t4g.small");
    }
}
