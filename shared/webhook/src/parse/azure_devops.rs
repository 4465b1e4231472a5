//! Azure DevOps. Source: Microsoft Learn, "Service hooks events", `git.push`. Event and delivery id are in the body, and one
//! delivery can hold many changes.

use super::{
    Commits, List, Person, Said, SaidChange, action, bare_change, commit_hash, first, is_zero, kind_of,
};
use crate::json::{self, Broken, Fields, Json, Text};
use crate::{Event, Repo};

#[derive(Default)]
struct Payload<'a> {
    id: Text<'a>,
    event_type: Text<'a>,
    resource: Option<Resource<'a>>,
}

impl<'a> Fields<'a> for Payload<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "id" => self.id = json.text()?,
            "eventType" => self.event_type = json.text()?,
            "resource" => self.resource = json.object()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Resource<'a> {
    /// Of all refs together; some pushes have none.
    commits: Commits<'a>,
    ref_updates: Vec<RefUpdate<'a>>,
    repository: Option<Repository<'a>>,
    pushed_by: Option<Person<'a>>,
}

impl<'a> Fields<'a> for Resource<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "commits" => self.commits.list = List::Read(json.objects()?.unwrap_or_default()),
            "refUpdates" => self.ref_updates = json.objects()?.unwrap_or_default(),
            "repository" => self.repository = json.object()?,
            "pushedBy" => self.pushed_by = json.object()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct RefUpdate<'a> {
    name: Text<'a>,
    old_object_id: Text<'a>,
    new_object_id: Text<'a>,
}

impl<'a> Fields<'a> for RefUpdate<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "name" => self.name = json.text()?,
            "oldObjectId" => self.old_object_id = json.text()?,
            "newObjectId" => self.new_object_id = json.text()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Repository<'a> {
    name: Text<'a>,
    remote_url: Text<'a>,
    /// Its name.
    project: Option<Person<'a>>,
}

impl<'a> Fields<'a> for Repository<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "name" => self.name = json.text()?,
            "remoteUrl" => self.remote_url = json.text()?,
            "project" => self.project = json.object()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Of a repeated delivery too.
pub(super) fn delivery_id(json: &str) -> Option<String> {
    json::read::<Payload<'_>>(json).ok()?.id.owned()
}

pub(super) fn parse(json: &str) -> Result<Said<'_>, String> {
    let payload: Payload<'_> = json::read(json)?;
    let event_name = match payload.event_type {
        Text::Is(name) => name,
        // Nobody escapes these letters.
        _ => "",
    };
    let event = if event_name == "git.push" { Event::Push } else { Event::Other };
    let resource = payload.resource.unwrap_or_default();
    let updates = if event == Event::Push { resource.ref_updates.as_slice() } else { &[] };
    Ok(Said {
        event,
        event_name,
        repo: resource.repository.as_ref().map(Repository::normal).unwrap_or_default(),
        changes: updates.iter().filter_map(|update| ref_change(&resource, update)).collect(),
    })
}

impl Repository<'_> {
    fn normal(&self) -> Repo {
        let project = self.project.as_ref().and_then(|project| project.name.get());
        Repo {
            full_name: project.zip(self.name.get()).map(|(project, name)| format!("{project}/{name}")),
            clone_https: self.remote_url.owned(),
            clone_ssh: None,
        }
    }
}

fn ref_change<'a>(resource: &Resource<'a>, update: &RefUpdate<'a>) -> Option<SaidChange<'a>> {
    let ref_name = update.name.owned()?;
    let (deleted, created) = (is_zero(&update.new_object_id), is_zero(&update.old_object_id));
    let kind = kind_of(&ref_name);
    let mut change = bare_change(ref_name, kind, action(deleted, created));
    change.pusher = resource.pushed_by.as_ref().and_then(|person| first([&person.display_name]));
    if deleted {
        return Some(SaidChange { change, commits: Commits::default() });
    }
    // Of an annotated tag this is the tag object; nothing in the delivery says which commit that names.
    change.commit = commit_hash(&update.new_object_id);
    Some(resource.commits.tell(change))
}
