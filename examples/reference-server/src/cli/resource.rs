//! `resources ID`: one resource with what it is tied to.

use std::io;

use dharmagraph_cmdb::{AsOf, Direction, Neighbor, Resource};
use serde::Serialize;
use serde_json::Value;

use super::failure::{Exit, Failure};
use super::inventory::Inventory;
use super::output::{Output, Rows, status, text, time};
use super::screen::printable;

/// A resource and its relationships in one JSON object.
#[derive(Debug, Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    resource: &'a Resource,
    relationships: &'a [Neighbor],
}

/// Writes one resource.
pub(crate) async fn run(
    inventory: &dyn Inventory,
    reference: &str,
    as_of: AsOf,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let resource = inventory.resource(reference, as_of).await?;
    let relationships = inventory.relationships(resource.id.as_str(), as_of).await?;
    if output.is_json() {
        output.json(&Whole { resource: &resource, relationships: &relationships })?;
    } else {
        write(&resource, &relationships, output)?;
    }
    Ok(Exit::Done)
}

fn write(resource: &Resource, relationships: &[Neighbor], output: &mut Output<'_>) -> io::Result<()> {
    let mut facts = Rows::plain(2);
    let mut fact = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            facts.push(vec![text(name), text(value)]);
        }
    };
    fact("id", Some(resource.id.as_str()));
    fact("name", resource.name.as_deref());
    fact("provider", Some(resource.provider.as_str()));
    fact("type", Some(resource.resource_type.as_str()));
    fact("native type", Some(&resource.native_type));
    fact("account", Some(&resource.account));
    fact("region", Some(&resource.region));
    fact("zone", resource.availability_zone.as_deref());
    fact("first discovered", resource.first_discovered.map(time).as_deref());
    fact("last discovered", resource.last_discovered.map(time).as_deref());
    if resource.status.is_some() {
        facts.push(vec![text("status"), status(resource.status.as_ref())]);
    }
    output.title(&printable(resource.name.as_deref().unwrap_or(resource.id.as_str())))?;
    output.rows(facts)?;
    section("Tags", resource.tags.iter().map(|(key, value)| (key.as_str(), value.clone())), output)?;
    section("Metadata", resource.metadata.iter().map(|(key, value)| (key.as_str(), plain(value))), output)?;
    write_relationships(relationships, output)
}

fn section<'a>(title: &str, entries: impl Iterator<Item = (&'a str, String)>, output: &mut Output<'_>) -> io::Result<()> {
    let mut rows = Rows::plain(2);
    let mut some = false;
    for (key, value) in entries {
        rows.push(vec![text(key), text(&value)]);
        some = true;
    }
    if !some {
        return Ok(());
    }
    output.line("")?;
    output.title(title)?;
    output.rows(rows)
}

fn write_relationships(relationships: &[Neighbor], output: &mut Output<'_>) -> io::Result<()> {
    if relationships.is_empty() {
        return Ok(());
    }
    output.line("")?;
    output.title("Relationships")?;
    let mut rows = Rows::plain(4);
    for Neighbor { kind, direction, related_resource: other } in relationships {
        let arrow = if *direction == Direction::Outgoing { format!("--{kind}->") } else { format!("<-{kind}--") };
        let name = other.name.as_deref().unwrap_or("-");
        rows.push(vec![text(&arrow), text(other.id.as_str()), text(name), text(other.resource_type.as_str())]);
    }
    output.rows(rows)
}

/// A fact as text: words without quotes, everything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(words) => words.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::{Provider, RelationshipKind, ResourceId, ResourceSummary, ResourceType, Status};
    use serde_json::json;

    use super::*;
    use crate::cli::output::tests::written;

    #[test]
    fn one_resource_is_shown_with_its_facts_and_ties() {
        let mut machine = Resource::new("i-1", Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "us-east-1");
        machine.name = Some("web".into());
        machine.status = Some(Status::RUNNING);
        machine.tags.insert("Owner".into(), "a\u{1b}]0;b\u{7}".into());
        machine.metadata.insert("cpu_cores".into(), json!(2));
        let related_resource = ResourceSummary { id: ResourceId::new("vol-1"), resource_type: ResourceType::STORAGE, name: None };
        let kind = RelationshipKind::ATTACHED_TO;
        let tie = Neighbor { kind, direction: Direction::Outgoing, related_resource };
        assert_eq!(
            written(false, |output| write(&machine, &[tie], output)),
            "web\n\
             id           i-1\n\
             name         web\n\
             provider     aws\n\
             type         COMPUTE\n\
             native type  AWS::EC2::Instance\n\
             account      1\n\
             region       us-east-1\n\
             status       RUNNING\n\
             \n\
             Tags\n\
             Owner  a\\u{1b}]0;b\\u{7}\n\
             \n\
             Metadata\n\
             cpu_cores  2\n\
             \n\
             Relationships\n\
             --ATTACHED_TO->  vol-1  -  STORAGE\n"
        );
    }
}
