//! What every store refuses before it does anything.

use std::collections::BTreeSet;

use super::{ScopeSnapshot, Snapshot};
use crate::error::{Error, Result};
use crate::model::{Provider, Relationship, Resource, Scope, Timestamp, check_label};

/// The farthest that a walk goes.
pub(crate) const MAX_DEPTH: u32 = 10;

/// Checks all that a snapshot says, so that a store can take it whole.
///
/// # Errors
/// [`Error::Invalid`] that names the first field that cannot be kept.
pub(crate) fn check_snapshot(snapshot: &Snapshot) -> Result<()> {
    let mut seen = BTreeSet::new();
    for listing in &snapshot.scopes {
        check_listing(listing)?;
        if !seen.insert(&listing.scope) {
            return Err(Error::invalid("scope", "each scope once in a snapshot", format!("`{}` twice", listing.scope)));
        }
    }
    Ok(())
}

/// Checks all that one listing says.
///
/// # Errors
/// [`Error::Invalid`] that names the first field that cannot be kept.
pub(crate) fn check_listing(listing: &ScopeSnapshot) -> Result<()> {
    check_scope(&listing.scope)?;
    listing.resources.iter().try_for_each(check_resource)?;
    listing.relationships.iter().try_for_each(check_relationship)
}

pub(super) fn check_scope(scope: &Scope) -> Result<()> {
    check_provider(&scope.provider)?;
    for (what, text) in [("scope account", &scope.account), ("scope region", &scope.region)] {
        if text.contains('/') {
            return Err(Error::invalid(what, "text without `/`, which separates a scope's parts", quote(text)));
        }
    }
    Ok(())
}

pub(super) fn check_resource(resource: &Resource) -> Result<()> {
    check_id("resource id", resource.id.as_str())?;
    check_provider(&resource.provider)?;
    check_label("resource_type", resource.resource_type.as_str())
}

pub(super) fn check_relationship(relationship: &Relationship) -> Result<()> {
    check_id("relationship source", relationship.source.as_str())?;
    check_id("relationship target", relationship.target.as_str())?;
    check_label("relationship type", relationship.kind.as_str())
}

pub(super) fn check_id(what: &str, id: &str) -> Result<()> {
    if id.is_empty() { Err(Error::invalid(what, "a non-empty id", "an empty one")) } else { Ok(()) }
}

fn check_provider(provider: &Provider) -> Result<()> {
    let text = provider.as_str();
    let fits = text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
    if fits {
        return Ok(());
    }
    Err(Error::invalid("provider", "1 to 64 of a-z, 0-9, _ and -, beginning with a letter", quote(text)))
}

fn quote(text: &str) -> String {
    format!("`{}`", text.chars().take(80).collect::<String>())
}

/// Checks how far a walk is to go and how much it may meet.
///
/// # Errors
/// [`Error::Invalid`] for a `depth` above [`MAX_DEPTH`] or a `max_nodes` of 0.
pub(crate) fn check_walk(depth: u32, max_nodes: usize) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::invalid("depth", format!("0 to {MAX_DEPTH}"), depth.to_string()));
    }
    if max_nodes == 0 {
        return Err(Error::invalid("max_nodes", "1 or more", "0"));
    }
    Ok(())
}

/// Checks that history reaches back to a time.
///
/// # Errors
/// [`Error::Invalid`] that says since when history is kept.
pub(crate) fn check_as_of(as_of: Timestamp, history_since: Option<Timestamp>) -> Result<()> {
    match history_since {
        Some(since) if as_of < since => {
            Err(Error::invalid("as_of", format!("{since} or later, since when history is kept"), as_of.to_string()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RelationshipKind, ResourceType, TaskId};

    fn machine() -> Resource {
        Resource::new("i-1", Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "eu-west-1")
    }

    fn listing() -> ScopeSnapshot {
        ScopeSnapshot {
            scope: Scope::new(Provider::AWS, "1", "eu-west-1", "AWS::EC2::Instance"),
            resources: vec![machine()],
            relationships: Vec::new(),
            complete: true,
        }
    }

    fn check(scopes: Vec<ScopeSnapshot>) -> Result<()> {
        check_snapshot(&Snapshot { task_id: TaskId::new("t"), at: Timestamp::MIN, scopes })
    }

    #[test]
    fn what_cannot_be_kept_is_refused_by_name() {
        check(vec![listing()]).unwrap();
        type Spoil = fn(&mut ScopeSnapshot);
        let spoil: [(&str, Spoil); 7] = [
            ("resource id", |l| l.resources[0].id = crate::model::ResourceId::new("")),
            ("provider", |l| l.resources[0].provider = Provider::new("AWS`")),
            ("provider", |l| l.scope.provider = Provider::new("")),
            ("scope account", |l| l.scope.account = "a/b".into()),
            ("resource_type", |l| l.resources[0].resource_type = ResourceType::new("A`) DETACH DELETE")),
            ("relationship type", |l| {
                let id = machine().id;
                l.relationships.push(Relationship::new(id.clone(), RelationshipKind::new("is a"), id));
            }),
            ("relationship target", |l| {
                let nobody = crate::model::ResourceId::new("");
                l.relationships.push(Relationship::new(machine().id, RelationshipKind::RUNS_ON, nobody));
            }),
        ];
        for (field, spoil) in spoil {
            let mut listing = listing();
            spoil(&mut listing);
            let error = check(vec![listing]).unwrap_err();
            assert!(matches!(&error, Error::Invalid { what, .. } if what == field), "{field}: {error}");
        }
        assert!(check(vec![listing(), listing()]).is_err());
    }

    #[test]
    fn a_walk_goes_10_relationships_at_most() {
        check_walk(10, 1).unwrap();
        assert!(check_walk(11, 1).is_err());
        assert!(check_walk(1, 0).is_err());
    }

    #[test]
    fn history_is_asked_only_as_far_back_as_it_is_kept() {
        let since = Timestamp::from_micros(5);
        check_as_of(since, Some(since)).unwrap();
        check_as_of(Timestamp::MIN, None).unwrap();
        let message = check_as_of(Timestamp::from_micros(4), Some(since)).unwrap_err().to_string();
        assert!(message.contains(&since.to_string()), "{message}");
    }
}
