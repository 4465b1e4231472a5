//! Repository URLs in their https, ssh and scp forms.
pub struct RepoUrl;
impl RepoUrl {
    pub fn parse(text: &str) -> Result<RepoUrl, String> {
        if text.contains("://") || text.contains("@") { Ok(RepoUrl) } else { Err("not a URL".into()) }
    }
}
