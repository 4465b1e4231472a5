//! Ports that docker publishes: one of them is the app's own, which visitors reach on port 80, the others are extra.

use super::taken::Taken;

/// A port as docker is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Published {
    pub(super) line: usize,
    /// As it was written.
    pub(super) what: String,
    pub(super) address: String,
    /// Empty where docker chooses one.
    pub(super) outside: String,
    pub(super) inside: String,
    pub(super) protocol: String,
}

impl Published {
    /// `[address:][outside:]inside[/protocol]`, from docker's page on `docker run`.
    pub(super) fn parse(line: usize, what: &str) -> Published {
        let (ports, protocol) = what.split_once('/').unwrap_or((what, "tcp"));
        let (before, inside) = ports.rsplit_once(':').unwrap_or(("", ports));
        let (address, outside) = before.rsplit_once(':').unwrap_or(("", before));
        Published {
            line,
            what: what.into(),
            address: address.trim_matches(['[', ']']).into(),
            outside: outside.into(),
            inside: inside.into(),
            protocol: protocol.to_ascii_lowercase(),
        }
    }

    fn is_tcp(&self) -> bool {
        self.protocol == "tcp"
    }
}

/// Takes the ports of one app. Its own is that which it publishes as 80, or else the first.
pub(super) fn take(taken: &mut Taken, ports: Vec<Published>) {
    let mut usable: Vec<Published> = Vec::new();
    for port in ports {
        match fault(&port) {
            Some(why) => taken.leave(port.line, &port.what, why),
            None => usable.push(port),
        }
    }
    let own = usable.iter().position(|port| port.outside == "80" && port.is_tcp());
    let first = || usable.iter().position(|port| port.is_tcp() && port.outside != "443");
    if let Some(own) = own.or_else(first) {
        let own = usable.remove(own);
        taken.text(own.line, "run.port", &own.inside);
        if !["", "80"].contains(&own.outside.as_str()) {
            let why = format!("visitors reach it on port 80 of the box, not on {}", own.outside);
            taken.note(own.line, &own.what, why);
        }
        if is_private(&own.address) {
            taken.note(
                own.line,
                &own.what,
                "visitors reach it from everywhere, not only from the box itself",
            );
        }
    }
    for port in usable {
        extra(taken, &port);
    }
}

fn extra(taken: &mut Taken, port: &Published) {
    let Published { line, what, outside, inside, protocol, .. } = port;
    if outside.is_empty() {
        return taken.leave(
            *line,
            what,
            format!("names no port of the box; write {inside}:{inside} if visitors need it"),
        );
    }
    if is_private(&port.address) {
        return taken.leave(
            *line,
            what,
            "is for the box alone, and pushbox publishes ports to everybody; leave it out",
        );
    }
    if outside == "443" && port.is_tcp() {
        return taken.leave(*line, what, "is served by pushbox itself once the app has a domain");
    }
    let protocol = if port.is_tcp() { String::new() } else { format!("/{protocol}") };
    taken.list(*line, "run.extra_ports", &format!("{outside}:{inside}{protocol}"));
}

fn is_private(address: &str) -> bool {
    !["", "0.0.0.0", "::"].contains(&address)
}

fn fault(port: &Published) -> Option<String> {
    let is_port = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
    };
    if port.inside.contains('-') || port.outside.contains('-') {
        return Some("is a range; publish its ports one by one".into());
    }
    let is_known = ["tcp", "udp"].contains(&port.protocol.as_str());
    let is_fine = is_port(&port.inside) && (port.outside.is_empty() || is_port(&port.outside)) && is_known;
    (!is_fine).then(|| "expected ports as 80:3000 or 53:53/udp, each from 1 to 65535".into())
}
