//! What each text of a config must look like.

use std::borrow::Cow;

use super::fault::Fault;
use super::schedule::Schedule;
use super::shown::quoted;
use crate::image::IMAGES;
use crate::machine::is_instance_type;
use crate::repo_url::RepoUrl;

type Checked = Result<(), Fault>;

pub(super) fn anything(_: &str) -> Checked {
    Ok(())
}

pub(super) fn schedule(text: &str) -> Checked {
    Schedule::parse(text)?;
    Ok(())
}

/// Becomes a tag, a container, an image and a path in Parameter Store; the strictest of them, docker images, decides.
pub(super) fn app(text: &str) -> Checked {
    if text.is_empty() {
        return Err(Fault::NoApp);
    }
    let words = text.split(['-', '_']);
    let ok = words.into_iter().all(|word| !word.is_empty() && word.bytes().all(is_lower_or_digit));
    expect(
        ok && text.len() <= 40,
        text,
        "at most 40 lower-case letters and digits, with single - or _ between them",
    )
}

pub(super) fn repo_url(text: &str) -> Checked {
    if text.is_empty() {
        return Err(Fault::NoUrl);
    }
    RepoUrl::parse(text).map_err(|error| Fault::RepoUrl(error.to_string()))?;
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    if user.contains(':') || (!user.is_empty() && scheme.starts_with("http")) {
        return Err(Fault::Password);
    }
    expect(!text.contains(['?', '#']), text, "the address that git clones, without ? and #")
}

/// A full ref or a glob over full refs.
pub(super) fn git_ref(text: &str) -> Checked {
    let Some(name) = text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("refs/tags/")) else {
        let hint = if text.is_empty() || text.starts_with("refs/") { "refs/heads/main" } else { text };
        let name = hint.trim_start_matches("refs/heads/").to_string();
        return Err(Fault::NoFullRef { found: quoted(text), name });
    };
    let forbidden = |c: char| c.is_control() || " ~^:\\[".contains(c);
    let bad_part = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    let ok = !name.contains(forbidden)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
        && !name.split('/').any(bad_part)
        && text.len() <= 256;
    expect(ok, text, "a ref that git allows: no spaces, no ~ ^ : \\ [, no .., at most 256 bytes")
}

pub(super) fn path_glob(text: &str) -> Checked {
    let pattern = text.strip_prefix('!').unwrap_or(text);
    let ok = !pattern.is_empty() && !pattern.starts_with('/') && !pattern.contains(char::is_control);
    expect(ok, text, "a path from the top of the repository such as src/** or !docs/**")
}

pub(super) fn relative_path(text: &str) -> Checked {
    let ok = !text.is_empty()
        && !text.starts_with('/')
        && !text.starts_with('-')
        && !text.contains(char::is_control)
        && !text.split('/').any(|part| part == "..");
    expect(ok, text, "a path inside the repository, without .. and without a leading / or -")
}

pub(super) fn build_stage(text: &str) -> Checked {
    let ok = !text.is_empty()
        && !text.starts_with(['-', '.'])
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    expect(ok, text, "the name of a stage: letters, digits, _ . -")
}

/// Also the names of build arguments.
pub(super) fn env_name(text: &str) -> Checked {
    let first_ok = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let ok = first_ok && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    expect(ok, text, "a name of letters, digits and _, not beginning with a digit")
}

/// Of the variable of that name.
pub(super) fn env_value(name: &str, text: &str) -> Checked {
    if text.contains('\0') { Err(Fault::Nul { name: name.to_string() }) } else { Ok(()) }
}

pub(super) fn url_path(text: &str) -> Checked {
    let ok = text.starts_with('/') && text.bytes().all(|b| b.is_ascii_graphic());
    expect(ok, text, "a path such as /health, without spaces")
}

pub(super) fn volume(text: &str) -> Checked {
    let mut parts = text.split(':');
    let source = parts.next().unwrap_or_default();
    let inside = parts.next().unwrap_or_default();
    let mode_ok = matches!(parts.next(), None | Some("ro" | "rw"));
    let source_ok = source.starts_with('/')
        || (source.len() > 1
            && !source.starts_with(['-', '.', '_'])
            && source.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b)));
    let ok = source_ok
        && inside.starts_with('/')
        && inside.len() > 1
        && mode_ok
        && parts.next().is_none()
        && !text.contains(char::is_control);
    expect(
        ok,
        text,
        "name:/path/in/container or /path/on/box:/path/in/container, with :ro at the end if wanted",
    )
}

pub(super) fn port_mapping(text: &str) -> Checked {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let port = |text: &str| {
        let digits = !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
        if digits { text.parse::<u32>().ok().filter(|port| (1..=65535).contains(port)) } else { None }
    };
    let (outside, inside) = ports.split_once(':').unwrap_or_default();
    let ok = port(outside).is_some() && port(inside).is_some() && ["tcp", "udp"].contains(&protocol);
    expect(ok, text, "ports as 8080:8080 or 53:53/udp")?;
    if protocol == "tcp" && matches!(port(outside), Some(80 | 443 | 18079..=18099)) {
        return Err(Fault::PortTaken(outside.to_string()));
    }
    Ok(())
}

pub(super) fn domain(text: &str) -> Checked {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let ok = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    expect(ok, text, "a host name such as app.example.org, without https:// and without a path")
}

pub(super) fn region(text: &str) -> Checked {
    let parts: Vec<&str> = text.split('-').collect();
    let words = |parts: &[&str]| {
        parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
    };
    let ok = match parts.as_slice() {
        [words_of @ .., number] => {
            words_of.len() >= 2
                && words(words_of)
                && number.len() == 1
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        [] => false,
    };
    expect(ok, text, "an AWS region such as us-east-1")
}

pub(super) fn instance_type(text: &str) -> Checked {
    expect(is_instance_type(text), text, "an instance type such as t4g.small")
}

pub(super) fn image(text: &str) -> Checked {
    let known: Vec<&str> = IMAGES.iter().map(|image| image.name).collect();
    expect(known.contains(&text), text, format!("one of {}", known.join(", ")))
}

pub(super) fn key_name(text: &str) -> Checked {
    let ok = (1..=255).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
        && text.trim() == text;
    expect(ok, text, "the name of an EC2 key pair")
}

pub(super) fn subnet(text: &str) -> Checked {
    expect(is_id(text, "subnet-"), text, "the id of a subnet such as subnet-0123456789abcdef0")
}

pub(super) fn security_group(text: &str) -> Checked {
    expect(is_id(text, "sg-"), text, "the id of a security group such as sg-0123456789abcdef0")
}

pub(super) fn instance_profile(text: &str) -> Checked {
    let ok = (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b));
    expect(ok, text, "the name of an instance profile, not its ARN")
}

fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|id| {
        [8, 17].contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

fn is_lower_or_digit(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit()
}

fn expect(ok: bool, found: &str, expected: impl Into<Cow<'static, str>>) -> Checked {
    if ok { Ok(()) } else { Err(Fault::unlike(expected, found)) }
}
