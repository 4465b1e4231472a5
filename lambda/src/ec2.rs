//! The handler's calls, made with `aws-sdk-ec2`, and what came of them in the handler's words.

mod read;
mod write;

use std::sync::LazyLock;
use std::time::Duration;

use aws_sdk_ec2::Client;
use aws_sdk_ec2::config::retry::RetryConfig;
use aws_sdk_ec2::config::{BehaviorVersion, Config, Region};
use aws_sdk_ec2::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::http::http_client_fn;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use pushbox_shared::ec2::{Call, DescribeInstances, Error, Reply};

use crate::aws::Aws;

/// The client is made for the first call: much of what comes in makes none (other branches, pings, forgeries), and the SDK's
/// tables of regions are a third of a start.
pub(crate) struct Ec2(LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>);

impl Ec2 {
    pub(crate) fn new(aws: &Aws, region: &str) -> Ec2 {
        let connector = aws.http.clone();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(region.to_string()))
            .credentials_provider(aws.credentials.clone())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            // The handler tries again, and knows when that is of use.
            .retry_config(RetryConfig::disabled());
        config.set_endpoint_url(aws.ec2_endpoint.clone());
        Ec2(LazyLock::new(Box::new(|| Client::from_conf(config.build()))))
    }

    /// What takes longer than `within` may have taken effect or not.
    pub(crate) async fn call(&self, call: &Call, within: Duration) -> Result<Reply, Error> {
        let timed_out = |_| Error::new(Error::UNREACHABLE, format!("no answer within {within:?}"));
        tokio::time::timeout(within, self.make(call)).await.unwrap_or_else(|elapsed| Err(timed_out(elapsed)))
    }

    async fn make(&self, call: &Call) -> Result<Reply, Error> {
        match call {
            Call::DescribeInstances(call) => self.describe(call).await,
            Call::RunInstances(call) => {
                let answer =
                    write::run_instances(&self.0, call).send().await.map_err(|found| error(&found))?;
                read::instances(answer.instances()).map(Reply::Instances)
            }
            Call::CreateTags(call) => {
                let tags = write::tags(&call.tags);
                let request =
                    self.0.create_tags().set_resources(Some(call.resources.clone())).set_tags(Some(tags));
                request.send().await.map(|_| Reply::Done).map_err(|found| error(&found))
            }
            Call::StartInstances(call) => {
                let request = self.0.start_instances().set_instance_ids(Some(call.instance_ids.clone()));
                request.send().await.map(|_| Reply::Done).map_err(|found| error(&found))
            }
            Call::RebootInstances(call) => {
                let request = self.0.reboot_instances().set_instance_ids(Some(call.instance_ids.clone()));
                request.send().await.map(|_| Reply::Done).map_err(|found| error(&found))
            }
            Call::GetConsoleOutput(call) => {
                let request = self.0.get_console_output().instance_id(&call.instance_id).latest(call.latest);
                let answer = request.send().await.map_err(|found| error(&found))?;
                read::console(answer.output().unwrap_or_default()).map(Reply::Console)
            }
            Call::DescribeAddresses(call) => {
                let request = self.0.describe_addresses().set_filters(Some(write::filters(&call.filters)));
                let answer = request.send().await.map_err(|found| error(&found))?;
                read::addresses(answer.addresses()).map(Reply::Addresses)
            }
            Call::AssociateAddress(call) => {
                let request = self.0.associate_address().allocation_id(&call.allocation_id);
                let request =
                    request.instance_id(&call.instance_id).allow_reassociation(call.allow_reassociation);
                request.send().await.map(|_| Reply::Done).map_err(|found| error(&found))
            }
        }
    }

    /// All pages: a box that is not seen would be launched again.
    async fn describe(&self, call: &DescribeInstances) -> Result<Reply, Error> {
        let mut all = Vec::new();
        let mut next = None;
        loop {
            let request = self.0.describe_instances().set_filters(Some(write::filters(&call.filters)));
            let answer = request.set_next_token(next).send().await.map_err(|found| error(&found))?;
            for reservation in answer.reservations() {
                all.extend(read::instances(reservation.instances())?);
            }
            next = answer.next_token().filter(|token| !token.is_empty()).map(String::from);
            if next.is_none() {
                return Ok(Reply::Instances(all));
            }
        }
    }
}

/// EC2's own code where it gave one. Everything else leaves open whether the call took effect.
fn error<E: ProvideErrorMetadata + std::error::Error + 'static>(found: &SdkError<E, HttpResponse>) -> Error {
    let words = || DisplayErrorContext(found).to_string();
    match (found.code(), found) {
        (Some(code), _) => Error::new(code, found.message().unwrap_or_default()),
        (None, SdkError::ConstructionFailure(_)) => Error::new("NotSent", words()),
        (None, _) => Error::new(Error::UNREACHABLE, words()),
    }
}
