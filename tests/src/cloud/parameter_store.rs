//! AWS Systems Manager Parameter Store, as much as a box may call: GetParameters ("GetParameters" and "Common Error Types"
//! of the Systems Manager API reference).

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Request;
use crate::metadata::RoleKeys;
use crate::signature::signed;

pub const HOST: &str = "ssm.us-east-1.amazonaws.com";

/// Its parameters are SecureStrings.
#[derive(Default)]
pub struct ParameterStore {
    pub parameters: BTreeMap<String, String>,
    /// Of the only role that it knows; what it may read begins with this.
    pub keys: Option<RoleKeys>,
    pub readable: String,
}

/// An error's name, and its message.
type Refusal = (&'static str, String);

impl ParameterStore {
    pub fn put(&mut self, name: &str, value: &str) {
        self.parameters.insert(name.into(), value.into());
    }

    pub(super) fn answer(&self, request: &Request) -> Response {
        let (status, body) = match self.get_parameters(request) {
            Ok(found) => (StatusCode::OK, found),
            // This one writes its message with a capital.
            Err((name @ "AccessDeniedException", message)) => {
                (StatusCode::BAD_REQUEST, json!({"__type": name, "Message": message}))
            }
            Err((name, message)) => (StatusCode::BAD_REQUEST, json!({"__type": name, "message": message})),
        };
        (status, [("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
    }

    fn get_parameters(&self, request: &Request) -> Result<Value, Refusal> {
        self.authenticate(request)?;
        if request.header("x-amz-target") != "AmazonSSM.GetParameters" {
            return Err(("UnknownOperationException", String::new()));
        }
        if request.header("content-type") != "application/x-amz-json-1.1" {
            return Err(("SerializationException", "this is not JSON 1.1".into()));
        }
        let asked: Value = serde_json::from_slice(&request.body)
            .map_err(|error| ("SerializationException", error.to_string()))?;
        let names: Vec<&str> =
            asked["Names"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if names.is_empty() || names.len() > 10 {
            let message = "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to 10";
            return Err(("ValidationException", message.into()));
        }
        if let Some(name) = names.iter().find(|name| !name.starts_with(&self.readable)) {
            let resource = format!("arn:aws:ssm:us-east-1:123456789012:parameter{name}");
            let message = format!(
                "User: arn:aws:sts::123456789012:assumed-role/box/i-0123456789abcdef0 is not authorized to perform: ssm:GetParameters on resource: {resource} because no identity-based policy allows the ssm:GetParameters action"
            );
            return Err(("AccessDeniedException", message));
        }
        let (known, unknown): (Vec<&str>, Vec<&str>) =
            names.into_iter().partition(|name| self.parameters.contains_key(*name));
        // In no order that anybody could rely on.
        let found: Vec<Value> =
            known.iter().rev().map(|name| self.shown(name, asked["WithDecryption"] == true)).collect();
        Ok(json!({"InvalidParameters": unknown, "Parameters": found}))
    }

    fn shown(&self, name: &str, is_decrypted: bool) -> Value {
        let value = if is_decrypted { self.parameters[name].as_str() } else { "AQICAHhencrypted==" };
        json!({
            "ARN": format!("arn:aws:ssm:us-east-1:123456789012:parameter{name}"),
            "DataType": "text",
            "LastModifiedDate": 1_767_225_600.123,
            "Name": name,
            "Type": "SecureString",
            "Value": value,
            "Version": 1,
        })
    }

    fn authenticate(&self, request: &Request) -> Result<(), Refusal> {
        if request.header("authorization").is_empty() {
            return Err(("MissingAuthenticationTokenException", "Missing Authentication Token".into()));
        }
        let invalid = || {
            ("UnrecognizedClientException", "The security token included in the request is invalid.".into())
        };
        let keys = self.keys.as_ref().ok_or_else(invalid)?;
        if request.header("x-amz-security-token") != keys.token {
            return Err(invalid());
        }
        let wrong = |why: String| ("InvalidSignatureException", why);
        let signed = signed(&request.headers, "/", &request.body, &keys.secret_access_key).map_err(wrong)?;
        if signed.access_key_id != keys.access_key_id {
            return Err(invalid());
        }
        let date = request.header("x-amz-date");
        if !signed.scope.ends_with("/us-east-1/ssm/aws4_request") || !date.starts_with(&signed.scope[..8]) {
            return Err(wrong(format!(
                "Credential should be scoped to another date, region or service: {}",
                signed.scope
            )));
        }
        is_now(date).then_some(()).ok_or_else(|| wrong(format!("Signature expired: {date}")))
    }
}

/// `20260101T120000Z`, within the five minutes that AWS allows; a day may have ended between.
fn is_now(date: &str) -> bool {
    let digits = |from: usize, to: usize| date.get(from..to).and_then(|digits| digits.parse::<u64>().ok());
    let (Some(hours), Some(minutes), Some(seconds)) = (digits(9, 11), digits(11, 13), digits(13, 15)) else {
        return false;
    };
    const DAY: u64 = 86_400;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() % DAY;
    let then = hours * 3600 + minutes * 60 + seconds;
    let apart = now.abs_diff(then);
    apart.min(DAY.saturating_sub(apart)) < 300
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, Method};

    fn request(headers: &[(&'static str, &str)]) -> Request {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, value.parse().unwrap());
        }
        Request { host: HOST.into(), method: Method::POST, path: "/".into(), headers: all, body: "{}".into() }
    }

    #[test]
    fn whoever_did_not_sign_reads_nothing() {
        let keys = RoleKeys::new("first");
        let store = ParameterStore { keys: Some(keys.clone()), ..ParameterStore::default() };
        let refusal =
            |headers: &[(&'static str, &str)]| store.get_parameters(&request(headers)).unwrap_err().0;
        assert_eq!(refusal(&[]), "MissingAuthenticationTokenException");
        let credential = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=00",
            keys.access_key_id
        );
        assert_eq!(refusal(&[("authorization", &credential)]), "UnrecognizedClientException");
        let signed = [
            ("authorization", credential.as_str()),
            ("x-amz-security-token", &keys.token),
            ("x-amz-date", "20260101T000000Z"),
            ("host", HOST),
        ];
        assert_eq!(refusal(&signed), "InvalidSignatureException");
    }
}
