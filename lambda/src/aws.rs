//! What Lambda tells its functions: who they are, where, and with which credentials. And one pool of connections.

use std::time::Duration;

use aws_sdk_ec2::config::Credentials;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};

use crate::trust::Trust;

const CONNECT_WITHIN: Duration = Duration::from_secs(1);

/// Between invocations Lambda freezes the function, and its connections end unnoticed: an old one is not worth a try.
const KEEP_CONNECTIONS_FOR: Duration = Duration::from_secs(10);

pub(crate) struct Aws {
    /// Those of the function's role. They outlive this process, so nothing renews them.
    pub(crate) credentials: Credentials,
    /// The function's own; the box may be in another.
    pub(crate) region: String,
    pub(crate) function: String,
    pub(crate) http: SharedHttpConnector,
    /// `AWS_ENDPOINT_URL_EC2`, or `AWS_ENDPOINT_URL`: in the place of AWS, for tests.
    pub(crate) ec2_endpoint: Option<String>,
    pub(crate) lambda_endpoint: Option<String>,
}

impl Aws {
    /// The error says what is missing.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Aws, String> {
        let need = |name: &str| {
            variable(name).filter(|value| !value.is_empty()).ok_or_else(|| {
                format!(
                    "{name}: is missing; AWS Lambda sets it, and this program runs nowhere else: elsewhere, use `pushbox local`"
                )
            })
        };
        let endpoint = |service: &str| variable(&format!("AWS_ENDPOINT_URL_{service}"));
        let any_endpoint = || variable("AWS_ENDPOINT_URL");
        need("AWS_LAMBDA_RUNTIME_API")?;
        let region = need("AWS_REGION")?;
        let ec2_endpoint = endpoint("EC2").or_else(any_endpoint);
        let lambda_endpoint = endpoint("LAMBDA").or_else(any_endpoint);
        let trust = Trust::choose(&region, &[&ec2_endpoint, &lambda_endpoint], &variable);
        Ok(Aws {
            credentials: Credentials::new(
                need("AWS_ACCESS_KEY_ID")?,
                need("AWS_SECRET_ACCESS_KEY")?,
                variable("AWS_SESSION_TOKEN").filter(|token| !token.is_empty()),
                None,
                "AWS Lambda",
            ),
            region,
            function: need("AWS_LAMBDA_FUNCTION_NAME")?,
            http: connector(trust),
            ec2_endpoint,
            lambda_endpoint,
        })
    }
}

/// Reads the certificates that are believed.
pub(crate) fn connector(trust: Trust) -> SharedHttpConnector {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_WITHIN).build();
    let connector = Connector::builder()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(trust.context())
        .connector_settings(settings)
        .pool_idle_timeout(KEEP_CONNECTIONS_FOR);
    SharedHttpConnector::new(connector.build())
}
