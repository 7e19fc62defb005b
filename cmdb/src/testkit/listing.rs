//! Lists, pages and filters.

use super::fixtures::{
    INSTANCE, VOLUME, cursor, first, id, invalid, listing, machine, machines, named, offset, ok, scope, second, tell, volume,
};
use crate::model::{ChangeFilter, Filter, PageRequest, Provider, Resource, ResourceType, Status};
use crate::store::GraphStore;

/// Lists are ordered by id; following the cursors gives each resource once, with the total of all pages on each.
pub async fn following_the_cursors_gives_each_resource_once(store: &dyn GraphStore) {
    let mut told = machines(25);
    told.push(machine("arn:aws:x/ä %"));
    told.reverse();
    tell(store, 1, vec![listing(scope(INSTANCE), told, vec![])]).await;
    for as_of in [None, Some(second(1))] {
        for limit in [1, 7, 26, 1000] {
            let mut seen: Vec<Resource> = Vec::new();
            let mut page = first(limit);
            loop {
                let part = ok(store.list(&Filter::default(), &page, as_of).await);
                assert_eq!(part.total, 26);
                assert!(part.resources.len() <= limit);
                seen.extend(part.resources);
                match part.next_cursor {
                    Some(next) => page = cursor(limit, next),
                    None => break,
                }
            }
            assert_eq!(seen.len(), 26, "limit {limit}");
            assert!(seen.is_sorted_by(|one, next| one.id < next.id), "limit {limit}");
        }
    }
}

/// `Offset` skips so many items; beyond the end is an empty last page.
pub async fn an_offset_begins_anywhere(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(INSTANCE), machines(5), vec![])]).await;
    for (skip, expected) in [(0, vec!["i-000", "i-001"]), (3, vec!["i-003", "i-004"]), (4, vec!["i-004"]), (9, vec![])] {
        let page = ok(store.list(&Filter::default(), &offset(2, skip), None).await);
        let found: Vec<_> = page.resources.iter().map(|resource| resource.id.as_str()).collect();
        assert_eq!(found, expected, "offset {skip}");
        assert_eq!(page.total, 5);
        assert_eq!(page.next_cursor.is_some(), skip == 0, "offset {skip}");
    }
    let page = ok(store.list(&Filter::default(), &offset(2, 1), None).await);
    let next = ok(store.list(&Filter::default(), &cursor(2, page.next_cursor.unwrap_or_default()), None).await);
    assert_eq!(next.resources[0].id, id("i-003"));
}

/// What comes and goes between two pages does not make an unchanged resource come twice or never.
pub async fn a_cursor_outlives_changes_around_it(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(INSTANCE), machines(6), vec![])]).await;
    let page = ok(store.list(&Filter::default(), &first(3), None).await);
    let mut now = machines(6);
    now.drain(1..3);
    now.push(machine("i-0000"));
    tell(store, 2, vec![listing(scope(INSTANCE), now, vec![])]).await;
    let rest = ok(store.list(&Filter::default(), &cursor(3, page.next_cursor.unwrap_or_default()), None).await);
    let found: Vec<_> = rest.resources.iter().map(|resource| resource.id.as_str()).collect();
    assert_eq!(found, ["i-003", "i-004", "i-005"]);
    assert_eq!((rest.total, rest.next_cursor), (5, None));
}

/// A limit outside 1 to 1000 and a cursor that the list did not give are refused, by every list.
pub async fn a_page_that_cannot_be_is_refused(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(INSTANCE), machines(2), vec![])]).await;
    let bad: Vec<PageRequest> =
        vec![first(0), first(1001), cursor(1, String::new()), cursor(1, "nonsense".into()), cursor(1, "é".into())];
    for page in &bad {
        invalid(store.list(&Filter::default(), page, None).await);
        invalid(store.list(&Filter::default(), page, Some(second(1))).await);
        invalid(store.history(&id("i-000"), page).await);
        invalid(store.changes(&ChangeFilter::default(), page).await);
    }
    let of_list = ok(store.list(&Filter::default(), &first(1), None).await).next_cursor.unwrap_or_default();
    invalid(store.changes(&ChangeFilter::default(), &cursor(1, of_list)).await);
}

/// Every condition of a filter narrows the list, and all hold together.
pub async fn each_condition_of_a_filter_counts(store: &dyn GraphStore) {
    let mut odd = named(machine("i-1"), "odd");
    odd.provider = Provider::ON_PREMISE;
    odd.resource_type = ResourceType::ON_PREMISE_SERVER;
    odd.native_type = "server".into();
    odd.status = Some(Status::ERROR);
    odd.region = "cellar".into();
    odd.account = "home".into();
    odd.tags = [("team".into(), "blue".into()), ("stage".into(), "test".into())].into();
    let mut other = named(machine("i-2"), "Odd");
    other.status = Some(Status::RUNNING);
    other.tags = [("team".into(), "red".into()), ("stage".into(), "test".into())].into();
    tell(store, 1, vec![listing(scope(INSTANCE), vec![odd.clone(), other, machine("i-3")], vec![])]).await;
    let all = Filter::default();
    let tags = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let whole = Filter {
        provider: Some(odd.provider.clone()),
        resource_type: Some(odd.resource_type.clone()),
        native_type: Some("server".into()),
        status: odd.status.clone(),
        region: Some("cellar".into()),
        account: Some("home".into()),
        name: Some("odd".into()),
        tags: tags(&[("team", "blue"), ("stage", "test")]),
        text: Some("I-1".into()),
    };
    let single = [
        Filter { provider: whole.provider.clone(), ..all.clone() },
        Filter { resource_type: whole.resource_type.clone(), ..all.clone() },
        Filter { native_type: whole.native_type.clone(), ..all.clone() },
        Filter { status: whole.status.clone(), ..all.clone() },
        Filter { region: whole.region.clone(), ..all.clone() },
        Filter { account: whole.account.clone(), ..all.clone() },
        Filter { name: whole.name.clone(), ..all.clone() },
        Filter { tags: tags(&[("team", "blue")]), ..all.clone() },
        whole.clone(),
    ];
    for filter in &single {
        assert_eq!(found(store, filter).await, ["i-1"], "{filter:?}");
    }
    assert_eq!(found(store, &Filter { tags: tags(&[("stage", "test")]), ..all.clone() }).await, ["i-1", "i-2"]);
    assert!(found(store, &Filter { status: Some(Status::RUNNING), ..whole }).await.is_empty());
    assert!(found(store, &Filter { resource_type: Some(ResourceType::new("NO_SUCH")), ..all }).await.is_empty());
}

/// `text` is found in id, name, ARN and the values of tags, whatever its case, and nowhere else.
pub async fn text_is_looked_for_without_case(store: &dyn GraphStore) {
    let mut tagged = named(machine("i-1"), "Öl-Server");
    tagged.tags.insert("owner".into(), "Ada".into());
    tagged.metadata.insert("image".into(), serde_json::json!("debian"));
    let told = vec![
        listing(scope(INSTANCE), vec![tagged], vec![]),
        listing(scope(VOLUME), vec![volume("vol-1"), volume("vol-i-1")], vec![]),
    ];
    tell(store, 1, told).await;
    let text = async |text: &str| found(store, &Filter { text: Some(text.to_owned()), ..Filter::default() }).await;
    assert_eq!(text("öL-s").await, ["i-1"]);
    assert_eq!(text("ADA").await, ["i-1"]);
    assert_eq!(text("I-1").await, ["i-1", "vol-i-1"]);
    assert_eq!(text("THING/VOL").await, ["vol-1", "vol-i-1"]);
    assert_eq!(text("").await.len(), 3);
    for nowhere in ["owner", "debian", ".*"] {
        assert!(text(nowhere).await.is_empty(), "{nowhere}");
    }
}

/// The ids that a filter finds, asked for on one page and as of now, which has to give the same.
async fn found(store: &dyn GraphStore, filter: &Filter) -> Vec<String> {
    let page = ok(store.list(filter, &first(1000), None).await);
    let then = ok(store.list(filter, &first(1000), Some(second(1))).await);
    let ids = |resources: &[Resource]| resources.iter().map(|resource| resource.id.to_string()).collect::<Vec<_>>();
    assert_eq!(page.total, page.resources.len() as u64);
    assert_eq!(ids(&page.resources), ids(&then.resources));
    ids(&page.resources)
}
