//! Answers as EC2 writes them: XML in the shapes of the EC2 API reference.

use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pushbox_shared::ec2::{Error, State};
use pushbox_shared::hash::sha256_hex;
use pushbox_shared::unix_time::UnixTime;

use crate::action::{Answer, Change, Console, Page, Seen};
use crate::address::Elastic;
use crate::iam::ACCOUNT;
use crate::image::arch_name;

/// The body of a successful answer to the action called `name`.
pub(crate) fn success(name: &str, request_id: &str, answer: &Answer) -> String {
    let mut xml = Xml::new();
    let attributes = " xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"";
    xml.open(&format!("{name}Response"), attributes, |xml| {
        xml.leaf("requestId", request_id);
        match answer {
            Answer::Launched(instances) => reservation(xml, instances),
            Answer::Described(page) => described(xml, page),
            Answer::Changed(changes) => xml.list("instancesSet", changes, change),
            Answer::Console(console) => console_output(xml, console),
            Answer::UserData { instance_id, user_data } => {
                xml.leaf("instanceId", instance_id);
                xml.node("userData", |xml| xml.leaf("value", &STANDARD.encode(user_data)));
            }
            Answer::Allocated(one) => {
                xml.leaf("publicIp", &one.public_ip);
                xml.leaf("domain", "vpc");
                xml.leaf("allocationId", &one.allocation_id);
            }
            Answer::Addresses(all) => xml.list("addressesSet", all, address),
            Answer::Associated(id) => {
                xml.leaf("return", "true");
                xml.leaf("associationId", id);
            }
            Answer::Done => xml.leaf("return", "true"),
        }
    });
    xml.0
}

/// The body of a refusal.
pub(crate) fn failure(request_id: &str, error: &Error) -> String {
    let mut xml = Xml::new();
    xml.node("Response", |xml| {
        xml.node("Errors", |xml| {
            xml.node("Error", |xml| {
                xml.leaf("Code", &error.code);
                xml.leaf("Message", &error.message);
            });
        });
        xml.leaf("RequestID", request_id);
    });
    xml.0
}

/// EC2's status code for an error code.
pub(crate) fn status(code: &str) -> u16 {
    match code {
        "AuthFailure" => 401,
        "MissingAuthenticationToken" | "UnauthorizedOperation" => 403,
        "DryRunOperation" => 412,
        "InsufficientInstanceCapacity" | "InternalError" => 500,
        "RequestLimitExceeded" | "Unavailable" => 503,
        // A test's fault: the caller must not be able to read an answer, and a gateway says that it got none.
        Error::UNREACHABLE => 504,
        _ => 400,
    }
}

fn described(xml: &mut Xml, page: &Page) {
    let reservations: Vec<&[Seen]> =
        page.instances.chunk_by(|one, next| one.reservation == next.reservation).collect();
    xml.list("reservationSet", &reservations, |xml, instances| reservation(xml, instances));
    if let Some(token) = &page.next_token {
        xml.leaf("nextToken", token);
    }
}

fn reservation(xml: &mut Xml, instances: &[Seen]) {
    xml.leaf("reservationId", instances.first().map_or("", |seen| &seen.reservation));
    xml.leaf("ownerId", ACCOUNT);
    xml.leaf("groupSet", "");
    xml.list("instancesSet", instances, instance);
}

fn instance(xml: &mut Xml, seen: &Seen) {
    let Seen { instance, launch, image, .. } = seen;
    xml.leaf("instanceId", &instance.id);
    xml.leaf("imageId", &image.id);
    xml.node("instanceState", |xml| state(xml, instance.state));
    xml.leaf("privateDnsName", "");
    xml.leaf("dnsName", "");
    xml.leaf("reason", "");
    if let Some(key_name) = &launch.key_name {
        xml.leaf("keyName", key_name);
    }
    xml.leaf("amiLaunchIndex", &seen.launch_index.to_string());
    xml.leaf("productCodes", "");
    xml.leaf("instanceType", &instance.instance_type);
    xml.leaf("launchTime", &time(instance.launched));
    xml.node("monitoring", |xml| xml.leaf("state", "disabled"));
    if let Some(subnet) = launch.network_interfaces.first().and_then(|one| one.subnet_id.as_ref()) {
        xml.leaf("subnetId", subnet);
    }
    if let Some(address) = &instance.public_ip {
        xml.leaf("ipAddress", address);
    }
    let groups = launch.network_interfaces.first().map_or(&[][..], |one| &one.groups);
    xml.list("groupSet", groups, |xml, group| xml.leaf("groupId", group));
    xml.leaf("architecture", arch_name(image.arch));
    xml.leaf("rootDeviceType", "ebs");
    xml.leaf("rootDeviceName", &image.root_device);
    disks(xml, seen);
    xml.leaf("virtualizationType", "hvm");
    xml.leaf("clientToken", &launch.client_token);
    if let Some(lifecycle) = &instance.lifecycle {
        xml.leaf("instanceLifecycle", lifecycle);
    }
    xml.list("tagSet", &instance.tags, |xml, tag| {
        xml.leaf("key", &tag.key);
        xml.leaf("value", &tag.value);
    });
    // EC2 says so of Nitro too.
    xml.leaf("hypervisor", "xen");
    if let Some(profile) = &launch.iam_instance_profile {
        xml.node("iamInstanceProfile", |xml| {
            xml.leaf("arn", &format!("arn:aws:iam::{ACCOUNT}:instance-profile/{}", profile.name));
        });
    }
    xml.node("metadataOptions", |xml| {
        let options = &launch.metadata_options;
        xml.leaf("state", "applied");
        xml.leaf("httpTokens", &options.http_tokens);
        xml.leaf("httpPutResponseHopLimit", &options.http_put_response_hop_limit.to_string());
        xml.leaf("httpEndpoint", "enabled");
        xml.leaf("instanceMetadataTags", &options.instance_metadata_tags);
    });
}

/// The root disk is there whether asked for or not; a mapping of another name is one more disk.
fn disks(xml: &mut Xml, seen: &Seen) {
    let mut disks: Vec<(&str, bool)> = Vec::new();
    for mapping in &seen.launch.block_device_mappings {
        disks.push((&mapping.device_name, mapping.ebs.delete_on_termination));
    }
    if !disks.iter().any(|(device, _)| *device == seen.image.root_device) {
        disks.insert(0, (&seen.image.root_device, true));
    }
    xml.list("blockDeviceMapping", &disks, |xml, (device, delete)| {
        xml.leaf("deviceName", device);
        xml.node("ebs", |xml| {
            let name = sha256_hex(format!("{} {device}", seen.instance.id));
            xml.leaf("volumeId", &format!("vol-0{}", &name[..16]));
            xml.leaf("status", "attached");
            xml.leaf("deleteOnTermination", &delete.to_string());
        });
    });
}

fn address(xml: &mut Xml, one: &Elastic) {
    xml.leaf("publicIp", &one.public_ip);
    xml.leaf("allocationId", &one.allocation_id);
    xml.leaf("domain", "vpc");
    if let Some(association) = &one.association {
        xml.leaf("instanceId", &association.instance_id);
        xml.leaf("associationId", &association.id);
    }
    xml.list("tagSet", &one.tags, |xml, tag| {
        xml.leaf("key", &tag.key);
        xml.leaf("value", &tag.value);
    });
}

fn change(xml: &mut Xml, change: &Change) {
    xml.leaf("instanceId", &change.instance_id);
    xml.node("currentState", |xml| state(xml, change.current));
    xml.node("previousState", |xml| state(xml, change.previous));
}

fn state(xml: &mut Xml, state: State) {
    let code = match state {
        State::Pending => 0,
        State::Running => 16,
        State::ShuttingDown => 32,
        State::Terminated => 48,
        State::Stopping => 64,
        State::Stopped => 80,
    };
    xml.leaf("code", &code.to_string());
    xml.leaf("name", state.name());
}

fn console_output(xml: &mut Xml, console: &Console) {
    xml.leaf("instanceId", &console.instance_id);
    xml.leaf("timestamp", &time(console.taken));
    xml.leaf("output", &STANDARD.encode(&console.text));
}

/// `2026-01-31T12:00:00.000Z`; no later than the year 9999, which is where the format ends.
fn time(at: UnixTime) -> String {
    let end = UnixTime::from_secs(253_402_300_799);
    humantime::format_rfc3339_millis(SystemTime::UNIX_EPOCH + at.min(end).since_epoch()).to_string()
}

/// XML under construction. Names come from this file alone; texts are escaped.
struct Xml(String);

impl Xml {
    fn new() -> Xml {
        Xml("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_string())
    }

    fn open(&mut self, name: &str, attributes: &str, inside: impl FnOnce(&mut Xml)) {
        self.0.push_str(&format!("<{name}{attributes}>"));
        inside(self);
        self.0.push_str(&format!("</{name}>"));
    }

    fn node(&mut self, name: &str, inside: impl FnOnce(&mut Xml)) {
        self.open(name, "", inside);
    }

    fn list<T>(&mut self, name: &str, items: &[T], each: impl Fn(&mut Xml, &T)) {
        self.node(name, |xml| {
            for item in items {
                xml.node("item", |xml| each(xml, item));
            }
        });
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.node(name, |xml| xml.text(text));
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '\r' => self.0.push_str("&#13;"),
                // XML 1.0 has no way to write these.
                '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    self.0.push('\u{fffd}');
                }
                c => self.0.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn texts_cannot_break_out() {
        let xml = failure("id", &Error::new("Code", "a <b> & \"c\"\r\n\0"));
        assert!(xml.contains("<Message>a &lt;b&gt; &amp; \"c\"&#13;\n\u{fffd}</Message>"), "{xml}");
    }

    #[test]
    fn times() {
        assert_eq!(
            time(UnixTime::after_epoch(Duration::from_millis(1_700_000_000_500))),
            "2023-11-14T22:13:20.500Z"
        );
        assert_eq!(time(UnixTime::MAX), "9999-12-31T23:59:59.000Z");
    }
}
