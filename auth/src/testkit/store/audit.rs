//! What [`AuditStore`](crate::store::AuditStore) promises.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Subject, at_once, ok, refused};
use crate::audit::{AuditAction, AuditChain, AuditEvent, AuditRecord};
use crate::error::ErrorKind;
use crate::id::Tenant;
use crate::store::{AuditFilter, Store};
use crate::testkit::sample;
use crate::time::Timestamp;

fn all() -> AuditFilter {
    AuditFilter { limit: u32::MAX, ..AuditFilter::default() }
}

/// Asserts that the store has `count` rows whose places, texts, columns and hashes fit, and the head that fits them.
async fn assert_whole(store: &dyn Store, count: u64) {
    let mut last = (0, AuditChain::START);
    let mut from = 0;
    while let rows = ok(store.audit_rows(from, 100).await)
        && !rows.is_empty()
    {
        assert!(rows.len() <= 100);
        for row in rows {
            assert_eq!(row.sequence, last.0 + 1, "a gap");
            assert_eq!(row.hash, sample::chain().hash(&last.1, row.sequence, &row.text), "the hash of place {}", row.sequence);
            assert_eq!(row.text, ok(AuditChain::text(&row.columns)), "the text of place {}", row.sequence);
            last = (row.sequence, row.hash);
        }
        from = last.0 + 1;
    }
    assert_eq!(last.0, count);
    assert_eq!(ok(store.audit_head().await), (count > 0).then_some(last));
}

/// An event reads back with every field as it was, in its place.
pub async fn an_event_reads_back_in_its_place(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    assert_whole(&**store, 0).await;
    let tenant = Tenant::default();
    let bare = AuditEvent::new(AuditAction::Other("cmdb.discover".to_owned()), "", tenant.clone(), Timestamp::MIN);
    let mut odd = AuditEvent { user: Some(user.id), success: false, ..sample::event(&tenant, sample::second(1)) };
    odd.resource_id = Some("'\"\\ \r\n 日本 👩🏽‍🚀 \u{7f}\u{80}\u{2028}".to_owned());
    odd.user_agent = odd.resource_id.clone();
    odd.ip_address = Some([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into());
    odd.changes.insert(String::new(), json!({"ä\n": ["'", {"b": [[]], "a": {}}, u64::MAX, i64::MIN, 0]}));
    let mapped =
        AuditEvent { ip_address: Some([0, 0, 0, 0, 0, 0xffff, 0xc000, 0x207].into()), ..sample::event(&tenant, Timestamp::MAX) };
    let mut records = Vec::new();
    for (number, event) in [bare, odd, mapped].into_iter().enumerate() {
        let record = ok(subject.handle(number).append_audit(&event, &sample::chain()).await);
        assert_eq!((record.sequence, &record.event), (number as u64 + 1, &event));
        records.insert(0, record);
    }
    assert_eq!(ok(subject.other.audit(&all()).await), records);
    assert_whole(&**store, 3).await;
}

/// An event that cannot be kept is refused, and the chain has no gap for it.
pub async fn an_event_that_cannot_be_kept_is_refused(subject: &Subject) {
    let store = &subject.store;
    let event = || sample::event(&Tenant::default(), sample::second(0));
    let nul = || Some("a\0b".to_owned());
    let changed = |value: Value| {
        let mut event = event();
        event.changes.insert("changed".to_owned(), value);
        event
    };
    ok(store.append_audit(&event(), &sample::chain()).await);
    let bad = [
        AuditEvent { resource_id: nul(), ..event() },
        AuditEvent { user_agent: nul(), ..event() },
        AuditEvent { request_id: nul(), ..event() },
        changed(json!("a\0b")),
        changed(json!([{"a\0b": 1}])),
        changed(json!({"share": 0.5})),
    ];
    for event in bad {
        assert_eq!(refused(store.append_audit(&event, &sample::chain()).await), ErrorKind::Invalid, "{event:?}");
    }
    ok(subject.other.append_audit(&event(), &sample::chain()).await);
    assert_whole(&**store, 2).await;
}

/// Many that add at once get the places 1 to n without a gap, and every hash fits.
pub async fn many_at_once_make_a_chain_without_gaps(subject: &Subject) {
    const CALLERS: usize = 32;
    const EACH: usize = 8;
    let answers = at_once(subject, CALLERS, |store, number| async move {
        let mut records = Vec::new();
        for _ in 0..EACH {
            let event = sample::event(&Tenant::new(format!("tenant-{}", number % 2)), sample::second(number as i64));
            records.push(ok(store.append_audit(&event, &sample::chain()).await));
        }
        assert!(records.is_sorted_by_key(|record| record.sequence), "one caller's events are in another order");
        records
    })
    .await;
    let count = (CALLERS * EACH) as u64;
    let mut records: Vec<AuditRecord> = answers.into_iter().flatten().collect();
    records.sort_by_key(|record| record.sequence);
    assert!(records.iter().map(|record| record.sequence).eq(1..=count), "places are missing or given twice");
    assert_whole(&*subject.store, count).await;
    assert_whole(&*subject.other, count).await;
    let rows = ok(subject.store.audit_rows(1, u32::MAX).await);
    assert!(rows.iter().zip(&records).all(|(row, record)| (row.hash, &row.columns) == (record.hash, &record.event)));
}

/// Each condition of a filter counts, alone and together, and what fits comes newest first.
pub async fn each_condition_of_an_audit_filter_counts(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    let other = Tenant::new("other");
    for (number, (tenant, by, action)) in [
        (Tenant::default(), None, AuditAction::Login),
        (Tenant::default(), Some(user.id.clone()), AuditAction::Login),
        (other.clone(), Some(user.id.clone()), AuditAction::Login),
        (Tenant::default(), Some(user.id.clone()), AuditAction::Logout),
        (Tenant::default(), None, AuditAction::Other("auth.login2".to_owned())),
    ]
    .into_iter()
    .enumerate()
    {
        let event = AuditEvent { user: by, action, ..sample::event(&tenant, sample::second(number as i64)) };
        ok(store.append_audit(&event, &sample::chain()).await);
    }
    let action = |text: &str| Some(text.to_owned());
    let after_third = sample::second(3).after(Duration::from_micros(1));
    let cases: [(AuditFilter, &[u64]); 16] = [
        (all(), &[5, 4, 2, 1]),
        (AuditFilter { tenant: other, ..all() }, &[3]),
        (AuditFilter { tenant: Tenant::new("Default"), ..all() }, &[]),
        (AuditFilter { tenant: Tenant::new("a\0b"), ..all() }, &[]),
        (AuditFilter { user: Some(user.id.clone()), ..all() }, &[4, 2]),
        (AuditFilter { user: Some(crate::UserId::generate()), ..all() }, &[]),
        (AuditFilter { user: Some(crate::UserId::new("ada")), ..all() }, &[]),
        (AuditFilter { action: action("auth.login"), ..all() }, &[2, 1]),
        (AuditFilter { action: action("auth.%"), ..all() }, &[]),
        (AuditFilter { from: Some(sample::second(3)), ..all() }, &[5, 4]),
        (AuditFilter { from: Some(after_third), ..all() }, &[5]),
        (AuditFilter { to: Some(sample::second(3)), ..all() }, &[2, 1]),
        (AuditFilter { to: Some(after_third), ..all() }, &[4, 2, 1]),
        (AuditFilter { before: Some(4), limit: 1, ..all() }, &[2]),
        (AuditFilter { limit: 0, ..all() }, &[]),
        (AuditFilter { user: Some(user.id), action: action("auth.login"), from: Some(sample::second(1)), ..all() }, &[2]),
    ];
    for (filter, expected) in cases {
        let found: Vec<u64> = ok(subject.other.audit(&filter).await).iter().map(|record| record.sequence).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

/// Pages of events and of rows give each once.
pub async fn pages_of_events_give_each_once(subject: &Subject) {
    let store = &subject.store;
    for number in 0..250 {
        // All of one time, which alone would not tell them apart.
        let event = sample::event(&Tenant::new(if number % 5 == 0 { "other" } else { "default" }), sample::second(0));
        ok(store.append_audit(&event, &sample::chain()).await);
    }
    let mut found = Vec::new();
    let mut filter = AuditFilter { limit: 33, ..AuditFilter::default() };
    loop {
        let page = ok(store.audit(&filter).await);
        let Some(last) = page.last() else { break };
        filter.before = Some(last.sequence);
        found.extend(page.into_iter().map(|record| record.sequence));
        assert!(found.len() <= 250, "pages repeat events");
    }
    let expected: Vec<u64> = (1..=250).rev().filter(|sequence| (sequence - 1) % 5 != 0).collect();
    assert_eq!(found, expected);
    assert_whole(&**store, 250).await;
    assert!(ok(store.audit_rows(251, 10).await).is_empty());
    assert!(ok(store.audit_rows(1, 0).await).is_empty());
    assert_eq!(ok(store.audit_rows(249, 10).await).len(), 2);
}
