//! What follows from the address of a repository: how it is cloned, what a page's address says besides, and where its
//! webhooks are. All of it is a guess from the address alone, since the page asks nobody.

use pushbox_shared::export::webhook_form;
use pushbox_shared::repo_url::{RepoUrl, Transport};

/// What somebody pasted from a browser's address bar.
#[derive(Debug, PartialEq, Eq)]
pub struct Browsed {
    /// What git clones.
    pub url: String,
    /// `refs/heads/main`
    pub git_ref: Option<String>,
    /// The folder that was looked at.
    pub folder: Option<String>,
}

/// Nothing where the text is what git clones, or no address of a web page.
pub fn browsed(text: &str) -> Option<Browsed> {
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => (scheme, rest),
        None if !text.contains(['@', ':', ' ']) => ("https", text),
        Some(_) | None => return None,
    };
    let (page, query) = rest.split_once(['?', '#']).unwrap_or((rest, ""));
    let mut parts = page.split('/').filter(|part| !part.is_empty());
    let host = parts.next().filter(|host| host.contains('.') && !host.contains('@'))?;
    let path: Vec<&str> = parts.collect();
    let (length, seen) = seen(host, &path);
    let repository = path.get(..length).filter(|names| names.len() > 1)?;
    let url = format!("{scheme}://{host}/{}", repository.join("/"));
    let is_same = seen.is_none()
        && length == path.len()
        && query.is_empty()
        && !rest.contains(['?', '#'])
        && scheme_is_there(text);
    let (kind, rest) = seen.unwrap_or(("", &[]));
    let (name, folder) = rest.split_first().map_or((None, &[][..]), |(name, folder)| (Some(*name), folder));
    let git_ref = name.filter(|name| kind.starts_with("refs/") && !is_commit(name) && *name != "HEAD");
    (!is_same).then(|| Browsed {
        url,
        git_ref: git_ref.map(|name| format!("{kind}{}", name.replace("%2F", "/"))),
        folder: Some(folder.join("/")).filter(|folder| !folder.is_empty()),
    })
}

fn scheme_is_there(text: &str) -> bool {
    text.contains("://")
}

const BRANCH: &str = "refs/heads/";

/// How many parts of a path name the repository, and what a page of it shows: the kind of its ref, the ref, the folder.
/// Of a file, only the ref.
fn seen<'a, 'b>(host: &str, path: &'b [&'a str]) -> (usize, Option<(&'static str, &'b [&'a str])>) {
    // GitLab, whose repositories may be deep in groups.
    if let Some(at) = path.iter().position(|part| *part == "-") {
        return (at, page_of(path.get(at + 1..).unwrap_or_default()));
    }
    let rest = path.get(2..).unwrap_or_default();
    match rest {
        [] => (path.len(), None),
        // Gitea and Forgejo.
        ["src", "branch", ..] => (2, Some((BRANCH, &rest[2..]))),
        ["src", "tag", ..] => (2, Some(("refs/tags/", &rest[2..]))),
        ["src", "commit", ..] => (2, Some(("", &[]))),
        ["src", ..] if host == "bitbucket.org" => (2, Some((BRANCH, &rest[1..]))),
        ["tree" | "blob", ..] => (2, page_of(rest)),
        // Whatever else these two show: issues, pull requests, settings.
        _ if ["github.com", "www.github.com", "bitbucket.org", "codeberg.org"].contains(&host) => {
            (2, Some(("", &[])))
        }
        _ => (path.len(), None),
    }
}

fn page_of<'a, 'b>(rest: &'b [&'a str]) -> Option<(&'static str, &'b [&'a str])> {
    Some(match rest {
        ["tree", shown @ ..] => (BRANCH, shown),
        ["blob", name, ..] => (BRANCH, std::slice::from_ref(name)),
        _ => ("", &[]),
    })
}

fn is_commit(name: &str) -> bool {
    name.len() >= 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How the box reads the repository, as far as the address tells: an address of ssh needs a key.
pub fn access(url: &str) -> &'static str {
    match RepoUrl::parse(url) {
        Ok(RepoUrl { transport: Transport::Ssh, .. }) => "deploy-key",
        Ok(_) | Err(_) => "",
    }
}

/// The same repository by ssh instead of https, or the other way round; nothing where the host has other addresses for it.
pub fn other_form(url: &str) -> Option<String> {
    let RepoUrl { transport, host, port: None, path } = RepoUrl::parse(url).ok()? else { return None };
    if host.ends_with("azure.com") || host.ends_with("visualstudio.com") || url.starts_with("http://") {
        return None;
    }
    match transport {
        Transport::Web => Some(format!("git@{host}:{path}.git")),
        Transport::Ssh => Some(format!("https://{host}/{path}.git")),
        Transport::Git => None,
    }
}

/// The page of a repository's webhooks; nothing where it is not known. Sources: each host's page on webhooks, as named in
/// `docs/webhooks.md`.
pub fn webhook_page(url: &str) -> Option<String> {
    let repo = RepoUrl::parse(url).ok()?;
    let (host, path) = (repo.host, repo.path);
    let port = repo
        .port
        .filter(|_| repo.transport == Transport::Web)
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let end = match webhook_form::of(url).host {
        "GitHub" => "settings/hooks/new",
        "GitLab" => "-/hooks",
        "Bitbucket Cloud" => "admin/webhooks",
        "Gitea" | "Forgejo" | "Gogs" => "settings/hooks",
        _ => return None,
    };
    let scheme = if url.starts_with("http://") { "http" } else { "https" };
    Some(format!("{scheme}://{host}{port}/{path}/{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, url: &str, git_ref: &str, folder: &str) {
        let found = browsed(text).unwrap_or_else(|| panic!("{text} is understood"));
        let shown = (
            found.url.as_str(),
            found.git_ref.as_deref().unwrap_or(""),
            found.folder.as_deref().unwrap_or(""),
        );
        assert_eq!(shown, (url, git_ref, folder), "{text}");
    }

    #[test]
    fn what_stands_in_a_browsers_address_bar_is_understood() {
        let foo = "https://github.com/usil/foo";
        check("https://github.com/usil/foo/tree/main/sub?x#y", foo, "refs/heads/main", "sub");
        check("https://github.com/usil/foo/blob/dev/src/main.rs#L3", foo, "refs/heads/dev", "");
        check("https://github.com/usil/foo/tree/0123456789abcdef", foo, "", "");
        check("https://github.com/usil/foo/pull/7/files", foo, "", "");
        check("https://github.com/usil/foo?tab=readme-ov-file#readme", foo, "", "");
        check("github.com/usil/foo", foo, "", "");
        let deep = "https://gitlab.example.org/a/b/foo";
        check(
            "https://gitlab.example.org/a/b/foo/-/tree/main/web/app?ref_type=heads",
            deep,
            "refs/heads/main",
            "web/app",
        );
        check("https://gitlab.example.org/a/b/foo/-/merge_requests", deep, "", "");
        check(
            "https://bitbucket.org/usil/foo/src/main/sub/",
            "https://bitbucket.org/usil/foo",
            "refs/heads/main",
            "sub",
        );
        check(
            "https://codeberg.org/usil/foo/src/tag/v1",
            "https://codeberg.org/usil/foo",
            "refs/tags/v1",
            "",
        );
        check(
            "https://git.example.org/usil/foo/src/branch/dev/a",
            "https://git.example.org/usil/foo",
            "refs/heads/dev",
            "a",
        );
    }

    #[test]
    fn what_git_clones_is_left_alone() {
        for text in [
            "https://github.com/usil/foo",
            "https://github.com/usil/foo.git",
            "https://gitlab.com/a/b/c/foo.git",
            "https://dev.azure.com/usil/p/_git/foo",
            "git@github.com:usil/foo.git",
            "ssh://git@github.com/usil/foo",
            "http://localhost/a/b",
            "https://github.com",
            "https://github.com/usil",
            "nonsense",
            "a b/c.d",
            "",
        ] {
            assert_eq!(browsed(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_understood_is_what_git_clones() {
        let once = browsed("https://github.com/usil/foo/tree/main").unwrap().url;
        assert_eq!(browsed(&once), None);
        assert!(RepoUrl::parse(&once).is_ok());
    }

    #[test]
    fn an_address_has_another_form() {
        for (one, other) in [
            ("https://github.com/usil/foo", "git@github.com:usil/foo.git"),
            ("git@gitlab.com:a/b/foo.git", "https://gitlab.com/a/b/foo.git"),
        ] {
            assert_eq!(other_form(one).as_deref(), Some(other));
        }
        for none in ["https://dev.azure.com/usil/p/_git/foo", "https://git.example.org:8443/a/b", "nonsense"]
        {
            assert_eq!(other_form(none), None, "{none}");
        }
        assert_eq!((access("git@github.com:a/b"), access("https://github.com/a/b")), ("deploy-key", ""));
    }

    #[test]
    fn webhooks_are_added_on_a_page_of_the_host() {
        for (url, page) in [
            ("git@github.com:usil/foo.git", Some("https://github.com/usil/foo/settings/hooks/new")),
            (
                "https://gitlab.example.org:8443/a/b/foo",
                Some("https://gitlab.example.org:8443/a/b/foo/-/hooks"),
            ),
            ("https://bitbucket.org/usil/foo", Some("https://bitbucket.org/usil/foo/admin/webhooks")),
            ("https://codeberg.org/usil/foo", Some("https://codeberg.org/usil/foo/settings/hooks")),
            ("https://git.example.org/usil/foo", None),
            ("nonsense", None),
        ] {
            assert_eq!(webhook_page(url).as_deref(), page, "{url}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_address_is_too_strange(text in ".*", path in "https://[a-z.]{1,9}(/(-|tree|src|branch|blob|a|%2F)?){0,7}[?#]?") {
            browsed(&text);
            browsed(&path);
        }
    }
}
