//! The EC2 Query API over HTTP, for real SDKs. Signatures are not checked, but a request without one is refused.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pushbox_shared::ec2::Error;
use pushbox_shared::unix_time::UnixTime;
use tokio::net::TcpListener;

use crate::action::{Action, Answer};
use crate::answer::{failure, status, success};
use crate::parse::parse;
use crate::query::Params;
use crate::world::World;

const VERSION: &str = "2016-11-15";
/// Bytes; a RunInstances with all it can carry has less than half of it.
const BODY_LIMIT: usize = 128 * 1024;

/// Answers until the process ends. `clock` gives the time since 1970; see [`real_time`].
pub async fn serve(
    listener: TcpListener,
    world: Arc<Mutex<World>>,
    clock: impl Fn() -> UnixTime + Send + Sync + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(world, clock)).await
}

/// The Query API at `/`, over a world that others may hold too.
pub fn router(world: Arc<Mutex<World>>, clock: impl Fn() -> UnixTime + Send + Sync + 'static) -> Router {
    let front = Front { world, clock: Box::new(clock), requests: AtomicU64::new(0) };
    Router::new()
        .route("/", get(by_query).post(by_body))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(Arc::new(front))
}

/// This machine's clock.
pub fn real_time() -> UnixTime {
    UnixTime::after_epoch(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

struct Front {
    world: Arc<Mutex<World>>,
    clock: Box<dyn Fn() -> UnixTime + Send + Sync>,
    requests: AtomicU64,
}

async fn by_query(
    State(front): State<Arc<Front>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    front.answer(&headers, query.unwrap_or_default().as_bytes())
}

async fn by_body(State(front): State<Arc<Front>>, headers: HeaderMap, body: Bytes) -> Response {
    front.answer(&headers, &body)
}

impl Front {
    fn answer(&self, headers: &HeaderMap, form: &[u8]) -> Response {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let request_id = format!("00000000-0000-4000-8000-{number:012x}");
        let (status, body) = match self.perform(headers, form) {
            Ok((name, answer)) => (StatusCode::OK, success(&name, &request_id, &answer)),
            Err(error) => {
                let status = StatusCode::from_u16(status(&error.code)).unwrap_or(StatusCode::BAD_REQUEST);
                (status, failure(&request_id, &error))
            }
        };
        let headers = [
            (header::CONTENT_TYPE, "text/xml;charset=UTF-8".to_string()),
            (header::HeaderName::from_static("x-amzn-requestid"), request_id),
        ];
        (status, headers, body).into_response()
    }

    fn perform(&self, headers: &HeaderMap, form: &[u8]) -> Result<(String, Answer), Error> {
        let now = (self.clock)();
        // A panic elsewhere leaves the world as it was between two calls.
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let mut name = String::new();
        match understand(headers, form, &mut name) {
            Ok(action) => Ok((name, world.act(now, &action)?)),
            Err(error) => {
                world.refused(now, &name, &error);
                Err(error)
            }
        }
    }
}

/// The action that a request asks for; `name` is what it calls it, as far as it could be read.
fn understand(headers: &HeaderMap, form: &[u8], name: &mut String) -> Result<Action, Error> {
    let mut params = Params::read(form)?;
    let missing_action = || Error::new("MissingAction", "The request is missing an action.");
    *name = params.take("Action").ok_or_else(missing_action)?;
    check_signed(headers)?;
    match params.take("Version").as_deref() {
        Some(VERSION) => {}
        version => {
            let version = version.unwrap_or("none");
            let message = format!("The requested version ({version}) of service AmazonEC2 does not exist");
            return Err(Error::new("NoSuchVersion", message));
        }
    }
    parse(name, params)
}

fn check_signed(headers: &HeaderMap) -> Result<(), Error> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Err(Error::new("MissingAuthenticationToken", "Request is missing Authentication Token"));
    };
    let value = value.to_str().unwrap_or_default();
    let parts = ["Credential=", "SignedHeaders=", "Signature="];
    if value.starts_with("AWS4-HMAC-SHA256 ") && parts.iter().all(|part| value.contains(part)) {
        return Ok(());
    }
    Err(Error::new("AuthFailure", "AWS was not able to validate the provided access credentials"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::WorldOptions;

    const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/ec2/aws4_request, \
                          SignedHeaders=host;x-amz-date, Signature=0";
    const RUN: &str = "Action=RunInstances&Version=2016-11-15&ImageId=ami-01234567&InstanceType=t4g.small&MinCount=1\
                       &MaxCount=1&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=app\
                       &TagSpecification.1.Tag.1.Value=%3Ca%3E";

    fn front() -> Front {
        let world = Arc::new(Mutex::new(World::new(WorldOptions::default())));
        Front { world, clock: Box::new(|| UnixTime::from_secs(1_700_000_000)), requests: AtomicU64::new(0) }
    }

    async fn ask(front: &Front, authorization: &str, form: &str) -> (u16, String) {
        let mut headers = HeaderMap::new();
        if !authorization.is_empty() {
            headers.insert(header::AUTHORIZATION, authorization.parse().expect("a header value"));
        }
        let response = front.answer(&headers, form.as_bytes());
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("in memory");
        (status, String::from_utf8(body.to_vec()).expect("XML is text"))
    }

    #[tokio::test]
    async fn an_instance_in_xml() {
        let front = front();
        let (status, xml) = ask(&front, SIGNED, RUN).await;
        assert_eq!(status, 200, "{xml}");
        for part in [
            "<RunInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>",
            "<instancesSet><item><instanceId>i-0",
            "<instanceState><code>0</code><name>pending</name></instanceState>",
            "<launchTime>2023-11-14T22:13:20.000Z</launchTime>",
            "<tagSet><item><key>app</key><value>&lt;a&gt;</value></item></tagSet>",
        ] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
    }

    #[tokio::test]
    async fn refusals_carry_their_status() {
        let front = front();
        for (authorization, form, status, code) in [
            ("", "Action=DescribeInstances&Version=2016-11-15", 403, "MissingAuthenticationToken"),
            ("Bearer x", "Action=DescribeInstances&Version=2016-11-15", 401, "AuthFailure"),
            (SIGNED, "", 400, "MissingAction"),
            (SIGNED, "Action=DescribeInstances", 400, "NoSuchVersion"),
            (SIGNED, "Action=DescribeInstances&Version=2014-01-01", 400, "NoSuchVersion"),
            (SIGNED, "Action=Fly&Version=2016-11-15", 400, "InvalidAction"),
            (SIGNED, &format!("{RUN}&DryRun=true"), 412, "DryRunOperation"),
            (SIGNED, &format!("{RUN}&EbsOptimized=true"), 400, "UnknownParameter"),
        ] {
            let (found, xml) = ask(&front, authorization, form).await;
            assert_eq!(found, status, "{form}: {xml}");
            assert!(xml.contains(&format!("<Response><Errors><Error><Code>{code}</Code><Message>")), "{xml}");
        }
        let world = front.world.lock().expect("no panic");
        assert_eq!(world.calls().len(), 8, "refused requests are in the log too");
        assert!(world.instances(UnixTime::EPOCH).is_empty());
    }
}
