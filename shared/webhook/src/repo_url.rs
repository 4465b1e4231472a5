//! Repository URLs in their https, ssh and scp forms (`git help clone`, "GIT URLS"), taken apart and compared.

mod azure;

use azure::Azure;

/// The parts that say which repository a URL means. Users, passwords, queries and fragments are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepoUrl<'a> {
    pub transport: Transport,
    /// As written; compare with [`RepoUrl::same_repository`].
    pub host: &'a str,
    /// Nothing where it is the scheme's own.
    pub port: Option<u16>,
    /// `usil/foo`: without slashes around it and without `.git`.
    pub path: &'a str,
}

/// http and https are one: a git host behind a TLS proxy often calls itself http.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Web,
    Ssh,
    Git,
}

/// Other names of the big hosts: for ssh through port 443, and of old.
const ALIASES: &[(&str, &str)] = &[
    ("ssh.github.com", "github.com"),
    ("www.github.com", "github.com"),
    ("altssh.gitlab.com", "gitlab.com"),
    ("www.gitlab.com", "gitlab.com"),
    ("altssh.bitbucket.org", "bitbucket.org"),
    ("www.bitbucket.org", "bitbucket.org"),
];

impl<'a> RepoUrl<'a> {
    /// The error says what was expected and found; it never shows a password.
    pub fn parse(text: &'a str) -> Result<RepoUrl<'a>, String> {
        if text.is_empty() {
            return Err(format!("expected {FORMS}, found nothing"));
        }
        if text.bytes().any(|byte| matches!(byte, 0..=b' ' | 0x7f | b'\\')) {
            return Err(format!("expected {FORMS}, found spaces, control characters or backslashes"));
        }
        let parts = text.split_once(':').and_then(|(scheme, rest)| Some((scheme, rest.strip_prefix("//")?)));
        match parts {
            Some((scheme, rest)) => with_scheme(scheme, rest),
            None => scp(text),
        }
    }

    /// Hosts and paths are compared without regard to case. Ports count between URLs of one transport only: the ssh port of
    /// a host says nothing about its https port.
    pub fn same_repository(&self, other: &RepoUrl<'_>) -> bool {
        let azure = Azure::of(self.host, self.path).zip(Azure::of(other.host, other.path));
        if let Some((one, two)) = azure {
            return one.is(&two);
        }
        host(self.host).eq_ignore_ascii_case(host(other.host))
            && self.path.eq_ignore_ascii_case(other.path)
            && (self.transport != other.transport || self.port == other.port)
    }
}

const FORMS: &str = "https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git";

/// Each with its own port.
const SCHEMES: &[(&str, Transport, u16)] = &[
    ("https", Transport::Web, 443),
    ("http", Transport::Web, 80),
    ("ssh", Transport::Ssh, 22),
    ("git+ssh", Transport::Ssh, 22),
    ("ssh+git", Transport::Ssh, 22),
    ("git", Transport::Git, 9418),
];

fn with_scheme<'a>(scheme: &str, rest: &'a str) -> Result<RepoUrl<'a>, String> {
    let known = SCHEMES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(scheme));
    let Some((_, transport, own_port)) = known else {
        return Err(format!("expected {FORMS}, found the scheme `{scheme}`"));
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = host_and_port(authority)?;
    let end = path.bytes().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(path.len());
    let path = path.get(..end).unwrap_or_default();
    checked(RepoUrl { transport: *transport, host, port: port.filter(|port| port != own_port), path })
}

fn scp(text: &str) -> Result<RepoUrl<'_>, String> {
    // A colon within brackets belongs to an IPv6 address.
    let after_host = text.find(']').unwrap_or(0);
    let colon = text.get(after_host..).and_then(|rest| rest.find(':')).map(|at| at + after_host);
    let parts = colon.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?)));
    let Some((authority, path)) = parts.filter(|(authority, _)| !authority.contains('/')) else {
        return Err(format!("expected {FORMS}, found `{}`", without_user(text)));
    };
    let host = without_user(authority).trim_matches(['[', ']']);
    checked(RepoUrl { transport: Transport::Ssh, host, port: None, path })
}

fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), String> {
    let authority = without_user(authority);
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':').unwrap_or_default()),
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    if port.is_empty() {
        return Ok((host, None));
    }
    match port.parse() {
        Ok(port) => Ok((host, Some(port))),
        Err(_) => Err(format!(
            "expected a port number after the host, found `{port}` (the form with a colon, git@host:owner/name.git, has no ssh://)"
        )),
    }
}

fn without_user(authority: &str) -> &str {
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

fn checked(url: RepoUrl<'_>) -> Result<RepoUrl<'_>, String> {
    let path = url.path.trim_matches('/');
    let cut = path.len().saturating_sub(4);
    let path = match (path.get(..cut), path.get(cut..)) {
        (Some(stem), Some(end)) if end.eq_ignore_ascii_case(".git") => stem.trim_end_matches('/'),
        _ => path,
    };
    if url.host.is_empty() {
        return Err(format!("expected {FORMS}, found no host"));
    }
    if path.is_empty() {
        return Err(format!("expected {FORMS}, found no path after the host `{}`", url.host));
    }
    Ok(RepoUrl { path, ..url })
}

fn host(name: &str) -> &str {
    let name = name.strip_suffix('.').unwrap_or(name);
    ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map_or(name, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    #[test]
    fn one_repository_has_many_urls() {
        let all = [
            "https://github.com/usil/foo.git",
            "https://github.com/usil/foo",
            "https://github.com/usil/foo/",
            "http://github.com/usil/foo.git",
            "https://GitHub.com/Usil/Foo.git",
            "https://github.com:443/usil/foo",
            "https://someone:secret@github.com/usil/foo.git",
            "https://www.github.com/usil/foo",
            "https://github.com/usil/foo.git?x=1#y",
            "git@github.com:usil/foo.git",
            "github.com:usil/foo",
            "git@github.com:/usil/foo.git",
            "ssh://git@github.com/usil/foo.git",
            "ssh://git@github.com:22/usil/foo.git",
            "ssh://git@ssh.github.com:443/usil/foo.git",
            "git+ssh://git@github.com/usil/foo",
            "git://github.com/usil/foo.git",
        ];
        let config = RepoUrl::parse("https://github.com/usil/foo.git").unwrap();
        for url in all {
            assert!(RepoUrl::parse(url).unwrap().same_repository(&config), "{url}");
        }
    }

    #[test]
    fn other_repositories_are_told_apart() {
        let config = RepoUrl::parse("https://github.com/usil/foo.git").unwrap();
        for url in [
            "https://github.com/usil/foo2.git",
            "https://github.com/usil/foo.git.git",
            "https://github.com/x/usil/foo.git",
            "https://github.com.evil.org/usil/foo.git",
            "https://evil.org/github.com/usil/foo.git",
            "https://github.com:8443/usil/foo.git",
            "https://github.com@evil.org/usil/foo.git",
            "git@gitlab.com:usil/foo.git",
            "https://github.com/usil/fo%6f.git",
        ] {
            assert!(!RepoUrl::parse(url).unwrap().same_repository(&config), "{url}");
        }
    }

    #[test]
    fn ports_count_within_one_transport() {
        let same = |a, b| RepoUrl::parse(a).unwrap().same_repository(&RepoUrl::parse(b).unwrap());
        assert!(same("https://git.example.org:8443/a/b", "ssh://git@git.example.org:2222/a/b.git"));
        assert!(same("https://git.example.org:8443/a/b", "git@git.example.org:a/b.git"));
        assert!(!same("https://git.example.org:8443/a/b", "https://git.example.org/a/b"));
        assert!(same("http://[::1]:3000/a/b", "http://[::1]:3000/a/b.git"));
        assert!(same("git@[::1]:a/b", "http://[::1]:3000/a/b.git"));
    }

    #[track_caller]
    fn check(url: &str, expect: &Expect) {
        expect.assert_eq(&match RepoUrl::parse(url) {
            Ok(url) => format!("{url:?}"),
            Err(message) => message,
        });
    }

    #[test]
    fn what_is_no_url_says_what_was_expected() {
        check(
            "",
            &expect![
                "expected https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git, found nothing"
            ],
        );
        check(
            "usil/foo",
            &expect![
                "expected https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git, found `usil/foo`"
            ],
        );
        check(
            "file:///srv/foo.git",
            &expect![
                "expected https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git, found the scheme `file`"
            ],
        );
        check(
            "https://github.com/",
            &expect![
                "expected https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git, found no path after the host `github.com`"
            ],
        );
        check(
            "https:///usil/foo",
            &expect![
                "expected https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git, found no host"
            ],
        );
        check(
            "ssh://git@github.com:usil/foo.git",
            &expect![
                "expected a port number after the host, found `usil` (the form with a colon, git@host:owner/name.git, has no ssh://)"
            ],
        );
        check(
            "https://git hub.com/a/b",
            &expect![
                "expected https://host/owner/name.git, ssh://git@host/owner/name.git or git@host:owner/name.git, found spaces, control characters or backslashes"
            ],
        );
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let _ = RepoUrl::parse(&text);
        }

        #[test]
        fn the_parts_come_back(
            host in "[a-z]{1,8}(\\.[a-z]{2,5}){1,2}",
            port in proptest::option::of(1024_u16..9000),
            path in "[a-z~][a-z0-9_-]{0,6}(/[a-z0-9][a-z0-9_.-]{0,6}[a-z0-9]){1,3}",
            user in "([a-z]{1,5}(:[a-z]{1,5})?@)?",
            end in "(\\.git)?/?",
        ) {
            prop_assume!(!path.ends_with(".git"));
            let shown = port.map(|port| format!(":{port}")).unwrap_or_default();
            let text = format!("https://{user}{host}{shown}/{path}{end}");
            let url = RepoUrl::parse(&text).unwrap();
            prop_assert_eq!(url, RepoUrl { transport: Transport::Web, host: &host, port, path: &path });
        }
    }
}
