//! Verifying the audit trail finds what somebody did to it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Mutex;

use async_trait::async_trait;
use dharmagraph_auth::audit::{
    AuditAction, AuditChain, AuditEvent, AuditRecord, AuditRow, ChainHead, ChainReport, DamageKind, verify_chain,
    verify_noted_chain,
};
use dharmagraph_auth::store::{AuditFilter, AuditStore};
use dharmagraph_auth::{Result, Tenant, Timestamp, UserId};

/// Rows that a test can do anything to.
#[derive(Default)]
struct Ledger(Mutex<Contents>);

#[derive(Default, Clone)]
struct Contents {
    rows: Vec<AuditRow>,
    head: Option<(u64, [u8; 32])>,
    largest_page: usize,
    /// Added right after the head is asked for.
    arrives_late: Option<AuditRow>,
}

#[async_trait]
impl AuditStore for Ledger {
    async fn append_audit(&self, event: &AuditEvent, chain: &AuditChain) -> Result<AuditRecord> {
        let mut contents = self.0.lock().unwrap();
        let (last, previous) = contents.head.unwrap_or((0, AuditChain::START));
        let text = AuditChain::text(event)?;
        let (sequence, hash) = (last + 1, chain.hash(&previous, last + 1, &text));
        contents.rows.push(AuditRow { sequence, text, columns: event.clone(), hash });
        contents.head = Some((sequence, hash));
        Ok(AuditRecord { sequence, event: event.clone(), hash })
    }

    async fn audit(&self, _filter: &AuditFilter) -> Result<Vec<AuditRecord>> {
        Ok(Vec::new())
    }

    async fn audit_rows(&self, from: u64, limit: u32) -> Result<Vec<AuditRow>> {
        let mut contents = self.0.lock().unwrap();
        let limit = usize::try_from(limit).unwrap();
        let page: Vec<_> = contents.rows.iter().filter(|row| row.sequence >= from).take(limit).cloned().collect();
        contents.largest_page = contents.largest_page.max(page.len());
        Ok(page)
    }

    async fn audit_head(&self) -> Result<Option<(u64, [u8; 32])>> {
        let mut contents = self.0.lock().unwrap();
        let head = contents.head;
        if let Some(row) = contents.arrives_late.take() {
            contents.head = Some((row.sequence, row.hash));
            contents.rows.push(row);
        }
        Ok(head)
    }
}

fn chain() -> AuditChain {
    AuditChain::new(&[7; 32])
}

fn event(number: u64) -> AuditEvent {
    AuditEvent::new(AuditAction::Login, "session", Tenant::default(), Timestamp::from_seconds(0))
        .by(&UserId::new("ada"))
        .on("s-1")
        .with("number", number)
}

async fn ledger(length: u64) -> Ledger {
    let ledger = Ledger::default();
    extend(&ledger, length, &chain()).await;
    ledger
}

async fn extend(ledger: &Ledger, by: u64, chain: &AuditChain) {
    for number in 0..by {
        ledger.append_audit(&event(number), chain).await.unwrap();
    }
}

/// What is found in a chain of 600 after something was done to it.
async fn found(change: impl FnOnce(&mut Contents)) -> Option<(u64, DamageKind)> {
    let ledger = ledger(600).await;
    change(&mut ledger.0.lock().unwrap());
    damage(&verify_chain(&ledger, &chain()).await.unwrap())
}

fn damage(report: &ChainReport) -> Option<(u64, DamageKind)> {
    report.damage.map(|damage| (damage.sequence, damage.kind))
}

#[tokio::test]
async fn an_empty_chain_is_sound() {
    let report = verify_chain(&Ledger::default(), &chain()).await.unwrap();
    assert_eq!(report, ChainReport { records: 0, head: None, damage: None });
}

#[tokio::test]
async fn a_chain_as_it_was_written_is_sound_and_read_in_pages() {
    for length in [1, 255, 256, 257, 600] {
        let ledger = ledger(length).await;
        let report = verify_chain(&ledger, &chain()).await.unwrap();
        assert!(report.is_sound(), "{report}");
        assert_eq!(report.records, length);
        let contents = ledger.0.lock().unwrap();
        assert_eq!(report.head.map(|head| (head.sequence, head.hash)), contents.head);
        assert!(contents.largest_page <= 256);
    }
}

#[tokio::test]
async fn a_changed_text_or_hash_is_found() {
    let text = found(|contents| contents.rows[299].text = contents.rows[299].text.replace("ada", "eve")).await;
    assert_eq!(text, Some((300, DamageKind::Hash)));
    assert_eq!(found(|contents| contents.rows[299].hash[31] ^= 1).await, Some((300, DamageKind::Hash)));
    assert_eq!(found(|contents| contents.rows[599].text.push(' ')).await, Some((600, DamageKind::Hash)));
}

#[tokio::test]
async fn each_changed_column_is_found_by_name() {
    type Change = fn(&mut AuditEvent);
    let changes: [(&str, Change); 12] = [
        ("id", |event| event.id.push('0')),
        ("at", |event| event.at = Timestamp::from_seconds(1)),
        ("tenant", |event| event.tenant = Tenant::new("other")),
        ("user", |event| event.user = None),
        ("action", |event| event.action = AuditAction::Logout),
        ("resource_type", |event| event.resource_type.clear()),
        ("resource_id", |event| event.resource_id = None),
        ("changes", |event| event.changes.clear()),
        ("ip_address", |event| event.ip_address = "::1".parse().ok()),
        ("user_agent", |event| event.user_agent = Some(String::new())),
        ("request_id", |event| event.request_id = Some(String::new())),
        ("success", |event| event.success = false),
    ];
    for (column, change) in changes {
        let found = found(|contents| change(&mut contents.rows[41].columns)).await;
        assert_eq!(found, Some((42, DamageKind::Column(column))));
    }
}

#[tokio::test]
async fn missing_moved_and_repeated_rows_are_found() {
    let missing = |places: std::ops::Range<usize>| found(move |contents| drop(contents.rows.drain(places)));
    assert_eq!(missing(9..12).await, Some((10, DamageKind::Gap { next: 13 })));
    assert_eq!(missing(0..3).await, Some((1, DamageKind::Gap { next: 4 })), "a chain that begins elsewhere");
    assert_eq!(missing(598..600).await, Some((599, DamageKind::Tail { last: 600 })));
    assert_eq!(missing(0..600).await, Some((1, DamageKind::Tail { last: 600 })));
    assert_eq!(found(|contents| contents.rows.swap(4, 5)).await, Some((5, DamageKind::Gap { next: 6 })));
    let repeated = found(|contents| contents.rows.insert(5, contents.rows[4].clone())).await;
    assert_eq!(repeated, Some((6, DamageKind::Order)));
}

#[tokio::test]
async fn rows_that_closed_a_gap_by_new_numbers_are_found() {
    let renumbered = found(|contents| {
        contents.rows.remove(9);
        contents.rows[9..].iter_mut().for_each(|row| row.sequence -= 1);
        contents.head = contents.rows.last().map(|row| (row.sequence, row.hash));
    });
    assert_eq!(renumbered.await, Some((10, DamageKind::Hash)));
}

#[tokio::test]
async fn a_note_of_the_last_record_that_does_not_belong_to_it_is_found() {
    let head = found(|contents| contents.head = Some((600, [1; 32]))).await;
    assert_eq!(head, Some((600, DamageKind::Head)));
    let earlier = found(|contents| contents.head = Some((9, contents.rows[8].hash))).await;
    assert_eq!(earlier, Some((10, DamageKind::Unnoted)));
    assert_eq!(found(|contents| contents.head = None).await, Some((1, DamageKind::Unnoted)));
}

#[tokio::test]
async fn another_key_verifies_nothing() {
    let report = verify_chain(&ledger(2).await, &AuditChain::new(&[8; 32])).await.unwrap();
    assert_eq!(damage(&report), Some((1, DamageKind::Hash)));
    assert!(report.to_string().contains("the key is another"), "{report}");
}

#[tokio::test]
async fn a_text_that_is_no_event_is_found_though_its_hash_is_right() {
    let ledger = ledger(2).await;
    {
        let mut contents = ledger.0.lock().unwrap();
        let text = contents.rows[1].text.replace(':', ": ");
        let hash = chain().hash(&contents.rows[0].hash, 2, &text);
        contents.rows[1] = AuditRow { text, hash, ..contents.rows[1].clone() };
        contents.head = Some((2, hash));
    }
    assert_eq!(damage(&verify_chain(&ledger, &chain()).await.unwrap()), Some((2, DamageKind::Text)));
}

#[tokio::test]
async fn a_cut_end_shows_by_the_noted_head_alone() {
    let ledger = ledger(20).await;
    let noted = verify_chain(&ledger, &chain()).await.unwrap().head.unwrap();
    {
        let mut contents = ledger.0.lock().unwrap();
        contents.rows.truncate(15);
        contents.head = Some((15, contents.rows[14].hash));
    }
    assert!(verify_chain(&ledger, &chain()).await.unwrap().is_sound(), "without a note it cannot be seen");
    let report = verify_noted_chain(&ledger, &chain(), noted).await.unwrap();
    assert_eq!(damage(&report), Some((16, DamageKind::Cut { noted: 20 })));

    extend(&ledger, 10, &chain()).await;
    let report = verify_noted_chain(&ledger, &chain(), noted).await.unwrap();
    assert_eq!(damage(&report), Some((20, DamageKind::Rewritten)));
}

#[tokio::test]
async fn a_chain_that_went_on_still_holds_the_noted_head() {
    let ledger = ledger(20).await;
    let noted: ChainHead = verify_chain(&ledger, &chain()).await.unwrap().head.unwrap().to_string().parse().unwrap();
    extend(&ledger, 10, &chain()).await;
    let report = verify_noted_chain(&ledger, &chain(), noted).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!(report.records, 30);
}

#[tokio::test]
async fn a_record_that_is_written_meanwhile_is_no_damage() {
    let ledger = ledger(3).await;
    let late = self::ledger(4).await.0.into_inner().unwrap().rows.remove(3);
    {
        let mut contents = ledger.0.lock().unwrap();
        let hash = chain().hash(&contents.rows[2].hash, 4, &late.text);
        contents.arrives_late = Some(AuditRow { hash, ..late });
    }
    let report = verify_chain(&ledger, &chain()).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!(report.records, 3);
}

#[tokio::test]
async fn a_report_is_one_line_without_the_records_texts() {
    let ledger = ledger(3).await;
    let sound = verify_chain(&ledger, &chain()).await.unwrap().to_string();
    assert!(sound.starts_with("3 records verified; their head is 3:"), "{sound}");
    ledger.0.lock().unwrap().rows[1].columns.user = Some(UserId::new("eve"));
    let damaged = verify_chain(&ledger, &chain()).await.unwrap().to_string();
    assert!(damaged.ends_with("; record 2 was changed: the column user does not say what its text says"), "{damaged}");
    assert!(!damaged.contains("eve") && !damaged.contains("ada") && !damaged.contains('\n'), "{damaged}");
}
