//! One line of JSON for each invocation. It holds no body, no header and no secret, and of a path only its first part: the
//! rest of one is a hash that opens the script.

use std::time::Instant;

use pushbox_shared::ec2::{Error, Reply};
use pushbox_shared::handler::Input;
use pushbox_shared::http::Response;
use pushbox_shared::webhook::Judgement;
use serde_json::{Value, json};

/// Messages of AWS can be long.
const MESSAGE_LIMIT: usize = 500;

/// What is known of the invocation so far; it is printed once, at its end.
pub(crate) struct Line {
    started: Instant,
    invocation: String,
    asked: Value,
    delivery: Value,
    calls: Vec<Value>,
}

impl Line {
    pub(crate) fn new(invocation: String) -> Line {
        Line {
            started: Instant::now(),
            invocation,
            asked: Value::Null,
            delivery: Value::Null,
            calls: Vec::new(),
        }
    }

    pub(crate) fn asked(&mut self, input: &Input) {
        self.asked = match input {
            Input::Reconcile => json!("reconcile"),
            Input::Http(request) => {
                let first = request.path.split('/').nth(1).unwrap_or_default();
                json!(format!("{} /{}", short(&request.method), short(first)))
            }
        };
    }

    /// A request that is no delivery has nothing to say here.
    pub(crate) fn judged(&mut self, judgement: &Judgement) {
        let Some(provider) = judgement.provider else { return };
        let changes = judgement.changes.iter().take(20).map(|change| {
            json!({
                "ref": change.ref_name,
                "commit": change.commit,
                "deploy": change.verdict.deploy,
                "gate": change.verdict.gate,
            })
        });
        self.delivery = json!({
            "provider": provider,
            // Only of an authentic one: anybody can write a header.
            "id": judgement.delivery.as_ref().filter(|_| judgement.auth.ok),
            "auth": if judgement.auth.ok { "ok" } else { judgement.auth.reason.as_str() },
            "changes": changes.collect::<Vec<_>>(),
        });
    }

    pub(crate) fn called(&mut self, name: &str, reply: &Result<Reply, Error>) {
        self.calls.push(match reply {
            Ok(_) => json!(name),
            Err(error) => json!(format!("{name}: {}", short(&error.to_string()))),
        });
    }

    pub(crate) fn answered(&self, response: &Response) {
        self.print(&json!(response.status), &Value::Null);
    }

    pub(crate) fn failed(&self, message: &str) {
        self.print(&Value::Null, &json!(short(message)));
    }

    /// Lambda takes each line of the standard output as an entry of its log.
    fn print(&self, status: &Value, error: &Value) {
        let all = json!({
            "invocation": self.invocation,
            "request": self.asked,
            "delivery": self.delivery,
            "calls": self.calls,
            "status": status,
            "error": error,
            "ms": u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        let members = all.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        let line: serde_json::Map<String, Value> =
            members.map(|(name, value)| (name.clone(), value.clone())).collect();
        println!("{}", Value::Object(line));
    }
}

fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(MESSAGE_LIMIT)]
}
