//! The function's asynchronous invocation of itself. A single call, so it is signed here: `aws-sdk-lambda` would be as much
//! code again to build and to load.

use std::time::SystemTime;

use aws_sdk_ec2::config::Credentials;
use aws_sdk_ec2::error::DisplayErrorContext;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use pushbox_shared::ec2::{Error, Reply};
use pushbox_shared::region::partition;

use crate::aws::Aws;
use crate::event;

pub(crate) struct Itself {
    url: String,
    region: String,
    credentials: Credentials,
    http: SharedHttpConnector,
}

impl Itself {
    pub(crate) fn new(aws: Aws) -> Itself {
        let Aws { credentials, region, function, http, lambda_endpoint, .. } = aws;
        let endpoint = lambda_endpoint
            .unwrap_or_else(|| format!("https://lambda.{region}.{}", partition(&region).domain));
        let url = format!("{}/2015-03-31/functions/{function}/invocations", endpoint.trim_end_matches('/'));
        Itself { url, region, credentials, http }
    }

    /// Puts a reconcile into the function's queue. Source: "Invoke" in the Lambda API reference.
    pub(crate) async fn reconcile(&self) -> Result<Reply, Error> {
        let request = self.request().map_err(|error| Error::new("NotSigned", error.to_string()))?;
        let unreachable = |error| Error::new(Error::UNREACHABLE, DisplayErrorContext(error).to_string());
        let response = self.http.call(request).await.map_err(unreachable)?;
        match response.status().as_u16() {
            202 => Ok(Reply::Done),
            status => {
                // `AccessDeniedException:http://…`
                let kind = response.headers().get("x-amzn-errortype").and_then(|kind| kind.split(':').next());
                let message = format!("Lambda answered {status} to the function's invocation of itself");
                Err(Error::new(kind.unwrap_or(Error::UNREACHABLE), message))
            }
        }
    }

    fn request(&self) -> Result<HttpRequest, Box<dyn std::error::Error>> {
        let body = event::reconcile().to_string();
        let headers = [("content-type", "application/json"), ("x-amz-invocation-type", "Event")];
        let identity = Identity::from(self.credentials.clone());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("lambda")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?;
        let signable = SignableRequest::new(
            "POST",
            &self.url,
            headers.into_iter(),
            SignableBody::Bytes(body.as_bytes()),
        )?;
        let (signed, _) = sign(signable, &params.into())?.into_parts().0.into_parts();

        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST")?;
        request.set_uri(self.url.as_str())?;
        for (name, value) in headers {
            request.headers_mut().insert(name, value);
        }
        for header in signed {
            request.headers_mut().insert(header.name(), header.value().to_string());
        }
        Ok(request)
    }
}
