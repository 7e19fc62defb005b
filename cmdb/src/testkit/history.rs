//! What was, what changed, and taking it all out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answers::{answers, everything, exported, undated};
use super::fixtures::{
    INSTANCE, VOLUME, cursor, first, get, id, ids, invalid, listing, machine, named, offset, ok, partial, scope, second,
    state_file, task, tell, tie, volume,
};
use crate::model::{ChangeFilter, ChangeKind, Filter, RelationshipKind, ResourceId, ResourceType, Status, Timestamp};
use crate::store::{ExportRecord, GraphStore, ImportReport};

/// Six seconds in which everything happens that can.
pub(super) async fn eventful(store: &dyn GraphStore, n: i64) {
    let attached = tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1");
    let depends = tie("i-2", RelationshipKind::DEPENDS_ON, "i-1");
    let mut stopped = named(machine("i-1"), "web");
    stopped.status = Some(Status::STOPPED);
    let told = match n {
        1 => vec![listing(scope(INSTANCE), vec![machine("i-1"), machine("i-2")], vec![depends, attached])],
        2 => vec![listing(scope(VOLUME), vec![volume("vol-1")], vec![attached])],
        3 => vec![listing(scope(INSTANCE), vec![stopped], vec![]), partial(state_file(INSTANCE), vec![machine("i-1")])],
        4 => vec![listing(scope(VOLUME), vec![], vec![])],
        5 => vec![listing(scope(INSTANCE), vec![machine("i-2")], vec![depends])],
        _ => vec![listing(scope(VOLUME), vec![named(volume("vol-1"), "web")], vec![attached])],
    };
    tell(store, n, told).await;
}

pub(super) fn known() -> Vec<ResourceId> {
    ["i-1", "i-2", "vol-1"].map(id).into()
}

/// Each change of a resource is a version with its time, task and the state after it, newest first and in pages.
pub async fn the_versions_of_a_resource_are_kept_newest_first(store: &dyn GraphStore) {
    let says = async |n, told: Vec<crate::Resource>| tell(store, n, vec![listing(scope(INSTANCE), told, vec![])]).await;
    says(1, vec![machine("i-1"), machine("i-2")]).await;
    says(2, vec![named(machine("i-1"), "web"), machine("i-2")]).await;
    says(3, vec![named(machine("i-1"), "web"), machine("i-2")]).await;
    says(4, vec![machine("i-2")]).await;
    let page = ok(store.history(&id("i-1"), &first(10)).await);
    assert_eq!((page.resource_id.clone(), page.next_cursor), (id("i-1"), None));
    let told: Vec<_> = page.versions.iter().map(|v| (v.at, v.task_id.clone(), v.kind, v.resource.name.as_deref())).collect();
    let expected = [
        (second(4), task(4), ChangeKind::Removed, Some("web")),
        (second(2), task(2), ChangeKind::Updated, Some("web")),
        (second(1), task(1), ChangeKind::Created, None),
    ];
    assert_eq!(told, expected);
    for version in &page.versions {
        let resource = &version.resource;
        assert_eq!(resource.content_hash, Some(resource.hash()));
        assert_eq!((resource.first_discovered, resource.last_discovered), (Some(second(1)), None));
    }
    let newest = ok(store.history(&id("i-1"), &first(2)).await);
    assert_eq!(newest.versions, page.versions[..2]);
    let oldest = ok(store.history(&id("i-1"), &cursor(2, newest.next_cursor.unwrap_or_default())).await);
    assert_eq!((oldest.versions.as_slice(), oldest.next_cursor), (&page.versions[2..], None));
    assert_eq!(ok(store.history(&id("i-1"), &offset(1, 1)).await).versions, page.versions[1..2]);
}

/// An update names each field with its value before and after; a creation and a removal name none.
pub async fn changes_name_the_fields_that_changed(store: &dyn GraphStore) {
    let mut before = named(machine("i-1"), "web");
    before.tags = [("a".into(), "1".into()), ("b".into(), "1".into())].into();
    before.metadata.insert("cpu_cores".into(), json!(2));
    let mut after = machine("i-1");
    after.status = Some(Status::RUNNING);
    after.tags = [("b".into(), "2".into()), ("c".into(), "3".into())].into();
    after.metadata.insert("cpu_cores".into(), json!([4]));
    tell(store, 1, vec![listing(scope(INSTANCE), vec![before], vec![])]).await;
    tell(store, 2, vec![listing(scope(INSTANCE), vec![after], vec![])]).await;
    tell(store, 3, vec![listing(scope(INSTANCE), vec![], vec![])]).await;
    let changes = ok(store.changes(&ChangeFilter::default(), &first(10)).await).changes;
    let told: Vec<_> = changes.iter().map(|change| (change.at, change.kind, change.id.as_str())).collect();
    let expected = [(1, ChangeKind::Created), (2, ChangeKind::Updated), (3, ChangeKind::Removed)];
    assert_eq!(told, expected.map(|(n, kind)| (second(n), kind, "i-1")));
    let fields = json!({
        "name": ["web", null], "status": [null, "RUNNING"], "metadata.cpu_cores": [2, [4]],
        "tags.a": ["1", null], "tags.b": ["1", "2"], "tags.c": [null, "3"],
    });
    assert_eq!(json!(changes[1].fields), fields);
    assert!(changes[0].fields.is_empty() && changes[2].fields.is_empty());
    assert!(changes.iter().all(|change| change.resource_type == ResourceType::COMPUTE));
}

/// Changes come oldest first, from a time on and before another, by task and by type, in pages.
pub async fn changes_are_chosen_and_paged(store: &dyn GraphStore) {
    for n in 1..=6 {
        eventful(store, n).await;
    }
    let ask = async |filter: ChangeFilter| -> Vec<(Timestamp, String)> {
        let mut told = Vec::new();
        let mut page = first(2);
        loop {
            let part = ok(store.changes(&filter, &page).await);
            assert!(part.changes.len() <= 2);
            told.extend(part.changes.into_iter().map(|change| (change.at, change.id.to_string())));
            match part.next_cursor {
                Some(next) => page = cursor(2, next),
                None => return told,
            }
        }
    };
    let line = |n, id: &str| (second(n), id.to_owned());
    let all = [
        line(1, "i-1"),
        line(1, "i-2"),
        line(2, "vol-1"),
        line(3, "i-1"),
        line(3, "i-2"),
        line(4, "vol-1"),
        line(5, "i-1"),
        line(5, "i-2"),
        line(6, "vol-1"),
    ];
    assert_eq!(ask(ChangeFilter::default()).await, all);
    let between = ChangeFilter { from: Some(second(2)), to: Some(second(4)), ..ChangeFilter::default() };
    assert_eq!(ask(between).await, all[2..5]);
    assert_eq!(ask(ChangeFilter { task_id: Some(task(5)), ..ChangeFilter::default() }).await, all[6..8]);
    let storage = ChangeFilter { resource_type: Some(ResourceType::STORAGE), ..ChangeFilter::default() };
    assert_eq!(ask(storage).await, [line(2, "vol-1"), line(4, "vol-1"), line(6, "vol-1")]);
    let skipped = ok(store.changes(&ChangeFilter::default(), &offset(1, 8)).await);
    assert_eq!((skipped.changes[0].id.as_str(), skipped.next_cursor), ("vol-1", None));
}

/// Every read as of a time answers what it answered then, but for `last_discovered`.
pub async fn every_read_as_of_a_time_answers_as_it_did_then(store: &dyn GraphStore) {
    let mut then: BTreeMap<i64, Value> = BTreeMap::new();
    for n in 1..=6 {
        eventful(store, n).await;
        then.insert(n, undated(answers(store, &known(), None).await));
    }
    for (n, answered) in then {
        for time in [second(n), Timestamp::from_micros(second(n + 1).as_micros() - 1)] {
            let again = answers(store, &known(), Some(time)).await;
            assert_eq!(undated(again.clone()), again, "last_discovered is not known of the past");
            assert_eq!(again, answered, "as of {time}");
        }
    }
    let later = answers(store, &known(), Some(second(1000))).await;
    assert_eq!(later, undated(answers(store, &known(), None).await));
}

/// As of a time before the first change the store was empty.
pub async fn before_the_first_change_there_was_nothing(store: &dyn GraphStore) {
    eventful(store, 1).await;
    assert_eq!(ok(store.list(&Filter::default(), &first(10), Some(second(0))).await).total, 0);
    assert_eq!(ok(store.statistics(Some(Timestamp::MIN)).await), crate::Statistics::default());
}

/// Pruning forgets changes before its horizon, says how many, and refuses reads from before it; the present, and when
/// it was first seen, stays.
pub async fn pruning_forgets_the_past_and_keeps_the_present(store: &dyn GraphStore) {
    for n in 1..=6 {
        eventful(store, n).await;
    }
    let before = everything(store, &known()).await;
    assert_eq!(ok(store.prune(second(1)).await), 0);
    assert_eq!(everything(store, &known()).await, before);
    ok(store.get(&id("i-1"), Some(Timestamp::MIN)).await);

    let present = answers(store, &known(), None).await;
    let at_four = answers(store, &known(), Some(second(4))).await;
    let early = exported(store).await.into_iter().filter_map(|record| change_time(&record)).filter(|at| *at < second(3)).count();
    assert_eq!(ok(store.prune(second(3)).await), early as u64);
    assert_eq!(answers(store, &known(), None).await, present);
    assert_eq!(answers(store, &known(), Some(second(4))).await, at_four);
    ok(store.statistics(Some(second(3))).await);
    let error = invalid(store.statistics(Some(second(2))).await);
    assert!(error.to_string().contains(&second(3).to_string()), "says since when: {error}");
    invalid(store.get(&id("i-1"), Some(second(2))).await);
    invalid(store.list(&Filter::default(), &first(1), Some(second(2))).await);
    invalid(store.resolve("i-1", Some(second(2))).await);
    let changes = ok(store.changes(&ChangeFilter::default(), &first(100)).await).changes;
    assert_eq!(changes.first().map(|change| change.at), Some(second(3)));
    assert_eq!(ok(store.history(&id("i-1"), &first(10)).await).versions.len(), 2);

    ok(store.prune(second(100)).await);
    assert_eq!(get(store, "vol-1").await.first_discovered, Some(second(6)));
    assert_eq!(ok(store.history(&id("vol-1"), &first(10)).await).versions, []);
    let header = exported(store).await.remove(0);
    assert!(matches!(header, ExportRecord::Header { history_since: Some(since), .. } if since == second(100)), "{header:?}");
}

fn change_time(record: &ExportRecord) -> Option<Timestamp> {
    match record {
        ExportRecord::ResourceChange { at, .. } | ExportRecord::RelationshipChange { at, .. } => Some(*at),
        _ => None,
    }
}

/// A header, then scopes, then what each owner says of each resource with the shown one first, then who says each
/// relationship, those with an unknown end among them, then changes oldest first, and how much it was.
pub async fn an_export_holds_everything(store: &dyn GraphStore) {
    for n in 1..=6 {
        eventful(store, n).await;
    }
    let shown = vec![named(machine("i-2"), "shown")];
    tell(store, 7, vec![listing(scope(INSTANCE), shown, vec![tie("i-2", RelationshipKind::RUNS_ON, "unknown")])]).await;
    tell(store, 8, vec![partial(state_file(INSTANCE), vec![machine("i-2")])]).await;
    let records = exported(store).await;
    let rank = |record: &ExportRecord| match record {
        ExportRecord::Header { .. } => 0,
        ExportRecord::Scope(_) => 1,
        ExportRecord::Resource { .. } => 2,
        ExportRecord::Relationship { .. } => 3,
        ExportRecord::Task(_) => 5,
        ExportRecord::End(_) => 6,
        _ => 4,
    };
    assert!(records.is_sorted_by_key(rank));
    assert!(records.iter().filter_map(change_time).is_sorted());
    let changed = records.iter().filter_map(|record| match record {
        ExportRecord::ResourceChange { at, id, .. } => Some((at, id)),
        _ => None,
    });
    assert!(changed.is_sorted_by(|one, next| one < next), "by time, then by id");
    assert!(matches!(records[0], ExportRecord::Header { format: 1, history_since: None, .. }));
    let count = |wanted| records.iter().filter(|record| rank(record) == wanted).count() as u64;
    let counts = ImportReport { scopes: count(1), resources: 3, relationships: count(3), changes: count(4), tasks: 0 };
    assert_eq!((count(0), count(6), records.last()), (1, 1, Some(&ExportRecord::End(counts))));

    let mut shown_first = BTreeSet::new();
    let mut owners = Vec::new();
    for record in &records {
        if let ExportRecord::Resource { scope, resource } = record {
            owners.push((resource.id.to_string(), scope.clone()));
            if shown_first.insert(resource.id.clone()) {
                assert_eq!(resource.content_hash, get(store, resource.id.as_str()).await.content_hash);
            }
        }
    }
    assert_eq!(shown_first.iter().map(ResourceId::to_string).collect::<Vec<_>>(), ids(store).await);
    let owner = |id: &str, scope| (id.to_owned(), scope);
    let expected = [
        owner("i-1", state_file(INSTANCE)),
        owner("i-2", scope(INSTANCE)),
        owner("i-2", state_file(INSTANCE)),
        owner("vol-1", scope(VOLUME)),
    ];
    assert_eq!(owners, expected);
    let unknown = tie("i-2", RelationshipKind::RUNS_ON, "unknown");
    let says = |r: &&ExportRecord| matches!(r, ExportRecord::Relationship { relationship, .. } if *relationship == unknown);
    assert_eq!(records.iter().filter(says).count(), 1);
    for record in &records {
        let line = json!(record).to_string();
        assert_eq!(serde_json::from_str::<ExportRecord>(&line).ok().as_ref(), Some(record), "{line}");
    }
}

/// The changes of an export, undone from the newest on, lead from the present back to nothing.
pub async fn undoing_an_export_leads_back_to_nothing(store: &dyn GraphStore) {
    for n in 1..=6 {
        eventful(store, n).await;
    }
    let (mut resources, mut said) = (BTreeMap::new(), BTreeSet::new());
    let records = exported(store).await;
    for record in &records {
        match record {
            ExportRecord::Resource { resource, .. } => drop(resources.entry(&resource.id).or_insert(resource.hash())),
            ExportRecord::Relationship { scope, relationship } => drop(said.insert((scope, relationship))),
            _ => {}
        }
    }
    for record in records.iter().rev() {
        match record {
            ExportRecord::ResourceChange { kind, id, before, .. } => {
                assert_eq!(before.is_none(), *kind == ChangeKind::Created, "{record:?}");
                assert_eq!(resources.contains_key(id), *kind != ChangeKind::Removed, "{record:?}");
                match before {
                    Some(before) => resources.insert(id, before.hash()),
                    None => resources.remove(id),
                };
            }
            ExportRecord::RelationshipChange { kind, scope, relationship, .. } => {
                let undone = match kind {
                    ChangeKind::Removed => said.insert((scope, relationship)),
                    _ => said.remove(&(scope, relationship)),
                };
                assert!(undone, "{record:?}");
            }
            _ => {}
        }
    }
    assert!(resources.is_empty(), "{resources:?}");
    assert!(said.is_empty(), "{said:?}");
}
