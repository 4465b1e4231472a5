//! Azure DevOps calls one repository by many URLs, of today and of old, on hosts of which not one is the other.
//!
//! Source: Microsoft Learn, "Change organization URLs" and "Use SSH key authentication".

/// The names in such a URL.
pub(super) struct Azure<'a> {
    organization: &'a str,
    project: &'a str,
    repository: &'a str,
}

impl<'a> Azure<'a> {
    /// Nothing where that is no URL of Azure DevOps. `path` has no slashes around it.
    pub(super) fn of(host: &'a str, path: &'a str) -> Option<Azure<'a>> {
        let is = |name: &str| host.eq_ignore_ascii_case(name);
        if is("ssh.dev.azure.com") || is("vs-ssh.visualstudio.com") {
            let mut names = path.strip_prefix("v3/")?.split('/');
            let [organization, project, repository] = [names.next()?, names.next()?, names.next()?];
            return names.next().is_none().then_some(Azure { organization, project, repository });
        }
        if is("dev.azure.com") {
            let (organization, rest) = path.split_once('/')?;
            return Azure::in_organization(organization, rest);
        }
        let (organization, domain) = host.split_once('.')?;
        if !domain.eq_ignore_ascii_case("visualstudio.com") {
            return None;
        }
        let rest = path.split_once('/').filter(|(first, _)| first.eq_ignore_ascii_case("DefaultCollection"));
        Azure::in_organization(organization, rest.map_or(path, |(_, rest)| rest))
    }

    fn in_organization(organization: &'a str, path: &'a str) -> Option<Azure<'a>> {
        let mut names = path.split('/');
        let (project, repository) = match [names.next(), names.next(), names.next(), names.next()] {
            [Some(project), Some("_git"), Some(repository), None] => (project, repository),
            // A project's first repository is called as the project is.
            [Some("_git"), Some(repository), None, None] => (repository, repository),
            _ => return None,
        };
        Some(Azure { organization, project, repository })
    }

    pub(super) fn is(&self, other: &Azure<'_>) -> bool {
        self.organization.eq_ignore_ascii_case(other.organization)
            && self.project.eq_ignore_ascii_case(other.project)
            && self.repository.eq_ignore_ascii_case(other.repository)
    }
}

#[cfg(test)]
mod tests {
    use crate::repo_url::RepoUrl;

    fn same(one: &str, two: &str) -> bool {
        let [one, two] = [one, two].map(|url| RepoUrl::parse(url).unwrap());
        assert_eq!(one.same_repository(&two), two.same_repository(&one));
        one.same_repository(&two)
    }

    #[test]
    fn one_repository_has_many_urls() {
        for url in [
            "https://dev.azure.com/usil/apps/_git/foo",
            "https://usil@dev.azure.com/usil/apps/_git/foo",
            "https://dev.azure.com/Usil/Apps/_git/Foo/",
            "https://usil.visualstudio.com/apps/_git/foo",
            "https://USIL.VisualStudio.com/DefaultCollection/apps/_git/foo",
            "git@ssh.dev.azure.com:v3/usil/apps/foo",
            "ssh://git@ssh.dev.azure.com/v3/usil/apps/foo",
            "usil@vs-ssh.visualstudio.com:v3/usil/apps/foo",
        ] {
            assert!(same(url, "https://dev.azure.com/usil/apps/_git/foo"), "{url}");
        }
        for url in [
            "https://dev.azure.com/usil/_git/foo",
            "https://usil.visualstudio.com/_git/foo",
            "https://usil.visualstudio.com/DefaultCollection/_git/foo",
        ] {
            assert!(same(url, "git@ssh.dev.azure.com:v3/usil/foo/foo"), "{url}");
        }
    }

    #[test]
    fn other_repositories_are_told_apart() {
        for url in [
            "https://dev.azure.com/usil/apps/_git/bar",
            "https://dev.azure.com/usil/other/_git/foo",
            "https://dev.azure.com/other/apps/_git/foo",
            "https://dev.azure.com/usil/_git/foo",
            "https://dev.azure.com/usil/apps/foo",
            "https://dev.azure.com/usil/apps/_git/foo/x",
            "https://dev.azure.com/usil/apps/x/_git/foo",
            "https://dev.azure.com.evil.org/usil/apps/_git/foo",
            "https://evil.org/usil/apps/_git/foo",
            "https://usil.evil.org/apps/_git/foo",
            "https://x.usil.visualstudio.com/apps/_git/foo",
            "https://visualstudio.com/usil/apps/_git/foo",
            "https://other.visualstudio.com/apps/_git/foo",
            "https://usil.visualstudio.com/Other/apps/_git/foo",
            "git@ssh.dev.azure.com:v3/usil/apps/bar",
            "git@ssh.dev.azure.com:v3/usil/apps/foo/x",
            "git@ssh.dev.azure.com:usil/apps/foo",
            "git@ssh.evil.org:v3/usil/apps/foo",
        ] {
            assert!(!same(url, "https://dev.azure.com/usil/apps/_git/foo"), "{url}");
        }
    }
}
