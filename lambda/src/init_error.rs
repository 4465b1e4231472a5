//! Tells Lambda why the function does not start: the console shows it to whoever tests the function.
//!
//! Source: "Using the Lambda runtime API", initialization error.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde_json::json;

use crate::aws;
use crate::trust::Trust;

const KIND: &str = "Pushbox.NotStarted";

/// Lambda is on this machine.
const WITHIN: Duration = Duration::from_secs(2);

/// `api` is `AWS_LAMBDA_RUNTIME_API`. Whoever reads the log has read the problems already, so nobody is told where this
/// fails.
pub(crate) async fn tell(api: &str, problems: &[String]) {
    if let Ok(request) = request(api, problems) {
        let _ = tokio::time::timeout(WITHIN, aws::connector(Trust::Amazon).call(request)).await;
    }
}

fn request(api: &str, problems: &[String]) -> Result<HttpRequest, Box<dyn std::error::Error>> {
    let body = json!({ "errorMessage": problems.join("\n"), "errorType": KIND, "stackTrace": [] });
    let mut request = HttpRequest::new(SdkBody::from(body.to_string()));
    request.set_method("POST")?;
    request.set_uri(format!("http://{api}/2018-06-01/runtime/init/error"))?;
    request.headers_mut().insert("content-type", "application/json");
    request.headers_mut().insert("lambda-runtime-function-error-type", KIND);
    Ok(request)
}
