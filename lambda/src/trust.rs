//! Whose certificates are believed. All that a system trusts takes longer to read than everything else that a start does, so
//! where it is known that AWS's endpoints have Amazon's certificates, only those are read.
//!
//! Source: "Repository" of Amazon Trust Services, which recommends these five roots to whoever has a list of his own.

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use pushbox_shared::region::has_amazon_roots;

const AMAZON: &[u8] = include_bytes!("trust/amazon.pem");

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Trust {
    Amazon,
    /// What this system trusts, or `SSL_CERT_FILE` and `SSL_CERT_DIR` say.
    System,
}

impl Trust {
    /// `endpoints` are those in the place of AWS.
    pub(crate) fn choose(
        region: &str,
        endpoints: &[&Option<String>],
        variable: impl Fn(&str) -> Option<String>,
    ) -> Trust {
        let own_list = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().any(|name| variable(name).is_some());
        let own_endpoint =
            endpoints.iter().any(|url| url.as_ref().is_some_and(|url| url.starts_with("https:")));
        if own_list || own_endpoint || !has_amazon_roots(region) { Trust::System } else { Trust::Amazon }
    }

    pub(crate) fn context(self) -> TlsContext {
        let store = match self {
            Trust::Amazon => TrustStore::empty().with_pem_certificate(AMAZON),
            Trust::System => TrustStore::default(),
        };
        TlsContext::builder()
            .with_trust_store(store)
            .build()
            .expect("a context without server names is valid")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::connector;

    #[track_caller]
    fn check(region: &str, endpoint: Option<&str>, set: &str, wanted: Trust) {
        let endpoint = endpoint.map(String::from);
        let variable = |name: &str| (name == set).then(|| "/certificates".to_string());
        assert_eq!(
            Trust::choose(region, &[&None, &endpoint], variable),
            wanted,
            "{region} {endpoint:?} {set}"
        );
    }

    #[test]
    fn amazons_roots_where_they_are_known_to_be_right() {
        for region in ["us-east-1", "eu-central-2", "ap-southeast-7", "mx-central-1", "us-gov-west-1"] {
            check(region, None, "", Trust::Amazon);
        }
        check("us-east-1", Some("http://127.0.0.1:1"), "", Trust::Amazon);
    }

    #[test]
    fn the_systems_roots_everywhere_else() {
        for region in
            ["cn-north-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "xx-1", ""]
        {
            check(region, None, "", Trust::System);
        }
        check("us-east-1", Some("https://ec2.example.org"), "", Trust::System);
        check("us-east-1", None, "SSL_CERT_FILE", Trust::System);
        check("us-east-1", None, "SSL_CERT_DIR", Trust::System);
    }

    /// A certificate that cannot be read would end the function.
    #[test]
    fn every_root_can_be_read() {
        let text = String::from_utf8_lossy(AMAZON);
        assert_eq!(text.matches("-----BEGIN CERTIFICATE-----").count(), 5);
        connector(Trust::Amazon);
    }
}
