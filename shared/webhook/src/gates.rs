//! From what a delivery says to a verdict for each change: the gates, one function each, in the order of [`Gate`].
//!
//! A gate stops a change with words that show what was seen and what was wanted.

use crate::parse::{Commits, Said, SaidChange};
use crate::pattern::{self, Globs};
use crate::percent;
use crate::repo_url::RepoUrl;
use crate::{Action, Auth, Event, Gate, Judgement, Provider, RefChange, RefKind, Repo, Verdict, Wanted};

/// An EC2 tag's value holds this many characters.
const TAG_VALUE_LIMIT: usize = 256;

/// Completes the judgement of a delivery whose authenticity is already decided.
pub(crate) fn decide(wanted: &Wanted<'_>, said: Said<'_>, judgement: &mut Judgement) {
    let Said { event, event_name, repo, changes } = said;
    // The same for every change of a delivery.
    let delivery = auth_gate(&judgement.auth)
        .and_then(|()| event_gate(judgement.provider, event, event_name))
        .err()
        .map_or_else(|| Ok(repository_gate(wanted, judgement.provider, &repo)), Err);
    // Not collected: that would be in the memory of what was said, and then be moved into less of it.
    let mut judged = Vec::with_capacity(changes.len());
    for SaidChange { mut change, commits } in changes {
        let verdict = match &delivery {
            Err(stop) => Err(stop.clone()),
            Ok(repository) => deleted_gate(&change)
                .and_then(|()| repository.clone())
                .and_then(|()| ref_gate(wanted, &change))
                .and_then(|pattern| {
                    skip_gate(wanted, &change, &commits)?;
                    paths_gate(wanted, &change, &commits)?;
                    Ok(pattern)
                }),
        };
        change.verdict = match verdict {
            Ok(pattern) => Verdict {
                deploy: true,
                gate: Gate::None,
                reason: [&change.ref_name, " is wanted by repo.refs (`", pattern, "`)"].concat(),
            },
            Err(Stop { gate, reason }) => Verdict { deploy: false, gate, reason },
        };
        judged.push(change);
    }
    supersede(&mut judged);
    judgement.event = event;
    judgement.repo = repo;
    judgement.changes = judged;
}

/// The gate that a change does not pass.
#[derive(Clone)]
struct Stop {
    gate: Gate,
    reason: String,
}

fn stop<T>(gate: Gate, reason: String) -> Result<T, Stop> {
    Err(Stop { gate, reason })
}

fn auth_gate(auth: &Auth) -> Result<(), Stop> {
    if auth.ok { Ok(()) } else { stop(Gate::Auth, auth.reason.clone()) }
}

fn event_gate(provider: Option<Provider>, event: Event, event_name: &str) -> Result<(), Stop> {
    let pushes = match (event, provider) {
        (Event::Push, _) => return Ok(()),
        (_, Some(Provider::Gogs)) => "Gogs sends one for a branch, and none for a tag",
        _ => "the host sends one for the same change",
    };
    stop(Gate::Event, format!("the event is `{event_name}`, and only a push deploys ({pushes})"))
}

fn deleted_gate(change: &RefChange) -> Result<(), Stop> {
    match change.action {
        Action::Created | Action::Updated => Ok(()),
        Action::Deleted => {
            stop(Gate::Deleted, format!("{} was deleted, so there is nothing to deploy", change.ref_name))
        }
    }
}

fn repository_gate(wanted: &Wanted<'_>, provider: Option<Provider>, repo: &Repo) -> Result<(), Stop> {
    let mut clone_urls = [&repo.clone_https, &repo.clone_ssh].into_iter().flatten();
    if clone_urls.clone().any(|url| *url == wanted.repository) {
        return Ok(());
    }
    let own = match RepoUrl::parse(wanted.repository) {
        Ok(own) => own,
        Err(why) => return stop(Gate::Repository, format!("repo.url names no repository: {why}")),
    };
    let is_wanted = |url: &String| RepoUrl::parse(url).is_ok_and(|url| url.same_repository(&own));
    let same = match &repo.full_name {
        Some(name) if clone_urls.clone().next().is_none() => {
            let name = name.trim_matches('/');
            let without_scm = provider == Some(Provider::BitbucketServer)
                && after_scm(own.path).is_some_and(|path| name.eq_ignore_ascii_case(path));
            without_scm || name.eq_ignore_ascii_case(own.path)
        }
        _ => clone_urls.any(is_wanted),
    };
    if same {
        return Ok(());
    }
    let seen = repo.clone_https.as_ref().or(repo.clone_ssh.as_ref()).or(repo.full_name.as_ref());
    stop(
        Gate::Repository,
        match seen {
            Some(seen) => {
                format!("the delivery is about {seen}, and repo.url wants {}/{}", own.host, own.path)
            }
            None => format!("the delivery names no repository, and repo.url wants {}/{}", own.host, own.path),
        },
    )
}

/// Bitbucket Data Center's web URLs have `scm/` before the name, and before that where it is installed; its old versions
/// send the name alone.
fn after_scm(path: &str) -> Option<&str> {
    let (before, name) = path.rsplit_once("scm/")?;
    (before.is_empty() || before.ends_with('/')).then_some(name)
}

/// The pattern that wants the ref.
fn ref_gate<'c>(wanted: &Wanted<'c>, change: &RefChange) -> Result<&'c str, Stop> {
    let name = &change.ref_name;
    if let Err(why) = check_ref(name) {
        return stop(Gate::Ref, format!("{} is no ref that git accepts: {why}", name.escape_debug()));
    }
    let length = percent::encoded_len(name);
    if length > TAG_VALUE_LIMIT {
        return stop(
            Gate::Ref,
            format!(
                "{name} takes {length} characters percent-encoded, and an EC2 tag holds {TAG_VALUE_LIMIT}; use a shorter name"
            ),
        );
    }
    match wanted.refs.iter().find(|pattern| pattern::matches(pattern, name)) {
        Some(pattern) => Ok(pattern),
        None => stop(Gate::Ref, format!("{name} was pushed, and repo.refs wants {}", list(wanted.refs))),
    }
}

/// The rules of `git check-ref-format`, and a full name at that.
fn check_ref(name: &str) -> Result<(), &'static str> {
    if !name.starts_with("refs/") {
        return Err("a full name starts with `refs/`");
    }
    let is_forbidden =
        |byte| matches!(byte, 0..=b' ' | 0x7f | b'~' | b'^' | b':' | b'?' | b'*' | b'[' | b'\\');
    // Above ASCII there are control characters too, which git lets pass and people cannot see.
    if name.bytes().any(is_forbidden) || (!name.is_ascii() && name.chars().any(char::is_control)) {
        return Err("spaces, control characters and any of ~^:?*[\\ are not allowed");
    }
    let mut last = 0;
    for byte in name.bytes() {
        match (last, byte) {
            (b'.', b'.') | (b'@', b'{') => return Err("`..` and `@{` are not allowed"),
            _ => last = byte,
        }
    }
    let is_bad = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    if last == b'.' || name.split('/').any(is_bad) {
        return Err(
            "no part between slashes may be empty, start with a dot or end with `.lock`, and the last not with a dot",
        );
    }
    Ok(())
}

/// The markers of GitHub Actions, GitLab CI and Coolify.
const SKIP_MARKERS: [&str; 7] =
    ["[skip ci]", "[ci skip]", "[no ci]", "[skip cd]", "[cd skip]", "[skip actions]", "[actions skip]"];

/// One commit that does not ask to be skipped is enough to deploy, and there may be one where the list is cut off. Tags are
/// never skipped: they often name a commit whose push was.
fn skip_gate(wanted: &Wanted<'_>, change: &RefChange, commits: &Commits<'_>) -> Result<(), Stop> {
    let head = change.message.as_deref();
    let head_marker = head.and_then(skip_marker);
    if !wanted.skip_markers || change.kind == RefKind::Tag || (head.is_some() && head_marker.is_none()) {
        return Ok(());
    }
    let Some(messages) = commits.messages() else { return Ok(()) };
    let mut markers = messages.into_iter().map(|message| skip_marker(&message?)).peekable();
    let marker = match markers.peek() {
        None => head_marker,
        Some(first) => {
            let first = *first;
            if markers.all(|marker| marker.is_some()) { first } else { None }
        }
    };
    match marker {
        Some(marker) => stop(
            Gate::Skip,
            format!("every commit of the push asks to be skipped ({marker}), and webhook.skip_markers is on"),
        ),
        None => Ok(()),
    }
}

fn skip_marker(message: &str) -> Option<&'static str> {
    message.match_indices('[').filter_map(|(start, _)| message.as_bytes().get(start..)).find_map(|rest| {
        SKIP_MARKERS.into_iter().find(|marker| {
            rest.get(..marker.len()).is_some_and(|found| found.eq_ignore_ascii_case(marker.as_bytes()))
        })
    })
}

/// Where it is not known what changed, it deploys: a build too many costs less than a push that never arrives.
fn paths_gate(wanted: &Wanted<'_>, change: &RefChange, commits: &Commits<'_>) -> Result<(), Stop> {
    // What a tag or a forced push changes is more than the commits that come with it.
    let is_more = change.kind == RefKind::Tag || change.forced == Some(true);
    if wanted.paths.is_empty() || is_more {
        return Ok(());
    }
    let mut globs = Globs::new(wanted.paths);
    let (mut is_wanted, mut seen, mut more) = (false, Vec::new(), 0);
    let listed = commits.each_file(|file| {
        is_wanted = is_wanted || globs.includes(file);
        if seen.len() < 3 {
            seen.push(file.to_string());
        } else {
            more += 1;
        }
    });
    if is_wanted || listed.is_err() {
        return Ok(());
    }
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    stop(
        Gate::Paths,
        format!("only {}{more} changed, and repo.paths wants {}", list(&seen), list(wanted.paths)),
    )
}

/// Of several changes that deploy the last one wins.
fn supersede(changes: &mut [RefChange]) {
    let mut deploying = changes.iter_mut().rev().filter(|change| change.verdict.deploy);
    let Some(winner) = deploying.next() else { return };
    for change in deploying {
        let reason = format!("{} is wanted too and comes later in the same delivery", winner.ref_name);
        change.verdict = Verdict { deploy: false, gate: Gate::Superseded, reason };
    }
}

fn list(items: &[impl AsRef<str>]) -> String {
    items.iter().map(|item| format!("`{}`", item.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
