//! Records that are not an export.

use crate::model::{ChangeKind, RelationshipKind, ResourceId, ResourceType, Timestamp};
use crate::store::ExportRecord;

/// Makes a good export a bad one.
type Spoil = fn(&mut Vec<ExportRecord>);

/// What is wrong with each.
pub(super) const EXPORTS: [(&str, Spoil); 29] = [
    ("nothing at all", |records| records.clear()),
    ("no header", |records| drop(records.remove(0))),
    ("two headers", |records| records.insert(1, records[0].clone())),
    ("another format", |records| {
        if let ExportRecord::Header { format, .. } = &mut records[0] {
            *format = 99;
        }
    }),
    ("a header alone", |records| records.truncate(1)),
    ("no end", |records| drop(records.pop())),
    ("scopes alone", |records| records.retain(|record| matches!(record, ExportRecord::Header { .. } | ExportRecord::Scope(_)))),
    ("broken off among the resources", |records| records.truncate(first(records, is_resource) + 1)),
    ("broken off among the changes", |records| records.truncate(first(records, is_change) + 2)),
    ("something after the end", |records| records.push(records[0].clone())),
    ("an end that counts wrong", |records| {
        if let Some(ExportRecord::End(counts)) = records.last_mut() {
            counts.changes += 1;
        }
    }),
    ("a scope twice", |records| records.insert(1, records[1].clone())),
    ("a resource before the scopes", |records| {
        let resource = records.remove(first(records, is_resource));
        records.insert(1, resource);
    }),
    ("a resource of an unknown scope", |records| {
        let scope = first(records, |record| matches!(record, ExportRecord::Scope(state) if state.resources > 0));
        records.remove(scope);
    }),
    ("a resource too few", |records| drop(records.remove(first(records, is_resource)))),
    ("a resource twice", |records| records.insert(first(records, is_resource), records[first(records, is_resource)].clone())),
    ("resources in the wrong order", |records| {
        let place = first(records, is_resource);
        records.swap(place, place + 1);
    }),
    ("a type that is no label", |records| resource(records).resource_type = ResourceType::new("a`) DETACH DELETE (b")),
    ("a resource without an id", |records| resource(records).id = ResourceId::new("")),
    ("a resource without its beginning", |records| resource(records).first_discovered = None),
    ("a relation that is no label", |records| {
        for record in records {
            if let ExportRecord::Relationship { relationship, .. } = record {
                relationship.kind = RelationshipKind::new("is a");
            }
        }
    }),
    ("relationships in the wrong order", |records| {
        let place = first(records, is_relationship);
        records.swap(place, place + 1);
    }),
    ("a relationship twice", |records| {
        records.insert(first(records, is_relationship), records[first(records, is_relationship)].clone());
    }),
    ("changes in the wrong order", |records| {
        let place = first(records, is_change);
        let last = records.len() - 2;
        records.swap(place, last);
    }),
    ("a change too few", |records| drop(records.remove(first(records, is_change)))),
    ("a change twice", |records| records.insert(first(records, is_change), records[first(records, is_change)].clone())),
    ("a change of something else", |records| {
        for record in records {
            if let ExportRecord::ResourceChange { before: Some(before), .. } = record {
                before.id = ResourceId::new("other");
            }
        }
    }),
    ("a relationship that was updated", |records| {
        for record in records {
            if let ExportRecord::RelationshipChange { kind, .. } = record {
                *kind = ChangeKind::Updated;
            }
        }
    }),
    ("two tasks at one time", |records| {
        for record in records {
            if let ExportRecord::ResourceChange { at, .. } | ExportRecord::RelationshipChange { at, .. } = record {
                *at = Timestamp::MIN;
            }
        }
    }),
];

fn first(records: &[ExportRecord], fits: impl Fn(&ExportRecord) -> bool) -> usize {
    records.iter().position(fits).unwrap_or_default()
}

const fn is_resource(record: &ExportRecord) -> bool {
    matches!(record, ExportRecord::Resource { .. })
}

const fn is_relationship(record: &ExportRecord) -> bool {
    matches!(record, ExportRecord::Relationship { .. })
}

const fn is_change(record: &ExportRecord) -> bool {
    matches!(record, ExportRecord::ResourceChange { .. })
}

fn resource(records: &mut [ExportRecord]) -> &mut crate::model::Resource {
    let resource = records.iter_mut().find_map(|record| match record {
        ExportRecord::Resource { resource, .. } => Some(resource),
        _ => None,
    });
    match resource {
        Some(resource) => resource,
        None => panic!("an export with a resource"),
    }
}
