//! Whether the audit trail is as it was written.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::chain::{AuditChain, AuditRow};
use super::event::AuditEvent;
use super::head::ChainHead;
use super::report::{ChainReport, Damage, DamageKind};
use crate::error::Result;
use crate::store::AuditStore;

/// Rows that are read at once: with rows of at most 64 KiB of text twice, some 32 MiB at worst and 200 KiB as a rule.
const PAGE: u32 = 256;

/// Verifies the chain of a store from its first record to the one that is its last at the beginning; it may go on being
/// written. Stops at the first place that is not as it was written.
///
/// Whoever can write the database without having the key cannot change, add, move or remove a record unseen, but for one thing:
/// cut the end off and take the store's own note of it back to match. [`verify_noted_chain`] sees that, too.
///
/// # Errors
/// [`Error::Backend`](crate::Error::Backend) when the store fails. Damage is no error but part of the report.
pub async fn verify_chain<S: AuditStore + Sync + ?Sized>(store: &S, chain: &AuditChain) -> Result<ChainReport> {
    Verification { chain, noted: None, records: 0, hash: AuditChain::START }.run(store).await
}

/// Like [`verify_chain`], and that the chain still holds the head that an earlier report had and that was noted elsewhere: so
/// an end that was cut off, or cut off and written anew with the key, shows.
///
/// # Errors
/// As [`verify_chain`].
pub async fn verify_noted_chain<S>(store: &S, chain: &AuditChain, noted: ChainHead) -> Result<ChainReport>
where
    S: AuditStore + Sync + ?Sized,
{
    Verification { chain, noted: Some(noted), records: 0, hash: AuditChain::START }.run(store).await
}

/// How far the chain was verified.
struct Verification<'a> {
    chain: &'a AuditChain,
    noted: Option<ChainHead>,
    /// How many are verified: the place of the last one.
    records: u64,
    /// The hash of the last one.
    hash: [u8; 32],
}

impl Verification<'_> {
    async fn run<S: AuditStore + Sync + ?Sized>(mut self, store: &S) -> Result<ChainReport> {
        let damage = self.first_damage(store).await?.map(|kind| Damage { sequence: self.place_of(kind), kind });
        let head = (self.records > 0).then_some(ChainHead { sequence: self.records, hash: self.hash });
        Ok(ChainReport { records: self.records, head, damage })
    }

    /// What belongs to the last verified record, or to the one after it.
    const fn place_of(&self, kind: DamageKind) -> u64 {
        match kind {
            DamageKind::Head if self.records > 0 => self.records,
            _ => self.records + 1,
        }
    }

    async fn first_damage<S: AuditStore + Sync + ?Sized>(&mut self, store: &S) -> Result<Option<DamageKind>> {
        let (last, last_hash) = store.audit_head().await?.unwrap_or((0, AuditChain::START));
        while self.records < last {
            let rows = store.audit_rows(self.records + 1, PAGE).await?;
            if rows.is_empty() {
                return Ok(Some(DamageKind::Tail { last }));
            }
            for row in rows {
                if self.records == last {
                    break;
                }
                if let Some(damage) = self.add(&row) {
                    return Ok(Some(damage));
                }
            }
        }
        if !same(&self.hash, &last_hash) {
            return Ok(Some(DamageKind::Head));
        }
        if self.goes_on_unnoted(store).await? {
            return Ok(Some(DamageKind::Unnoted));
        }
        Ok(self.noted.filter(|noted| noted.sequence > self.records).map(|noted| DamageKind::Cut { noted: noted.sequence }))
    }

    /// Whether there is a record after the last one that the store, asked again, knows nothing of: one that was added in the
    /// meantime is known by then.
    async fn goes_on_unnoted<S: AuditStore + Sync + ?Sized>(&self, store: &S) -> Result<bool> {
        let Some(next) = store.audit_rows(self.records + 1, 1).await?.pop() else { return Ok(false) };
        let last = store.audit_head().await?.map_or(0, |(last, _)| last);
        Ok(next.sequence > last)
    }

    /// Verifies the next record.
    fn add(&mut self, row: &AuditRow) -> Option<DamageKind> {
        let place = self.records + 1;
        if row.sequence > place {
            return Some(DamageKind::Gap { next: row.sequence });
        }
        if row.sequence < place {
            return Some(DamageKind::Order);
        }
        let hash = self.chain.hash(&self.hash, place, &row.text);
        if !same(&hash, &row.hash) {
            return Some(DamageKind::Hash);
        }
        if self.noted.is_some_and(|noted| noted.sequence == place && !same(&noted.hash, &hash)) {
            return Some(DamageKind::Rewritten);
        }
        let Ok(event) = AuditChain::event(&row.text) else { return Some(DamageKind::Text) };
        if let Some(column) = first_difference(&event, &row.columns) {
            return Some(DamageKind::Column(column));
        }
        self.records = place;
        self.hash = hash;
        None
    }
}

fn same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    verify_slices_are_equal(one, other).is_ok()
}

/// The first column that does not say what the text says. The pattern names every field, so that a new one is not forgotten.
fn first_difference(text: &AuditEvent, columns: &AuditEvent) -> Option<&'static str> {
    let AuditEvent {
        id,
        at,
        tenant,
        user,
        action,
        resource_type,
        resource_id,
        changes,
        ip_address,
        user_agent,
        request_id,
        success,
    } = text;
    let equal = [
        ("id", *id == columns.id),
        ("at", *at == columns.at),
        ("tenant", *tenant == columns.tenant),
        ("user", *user == columns.user),
        ("action", *action == columns.action),
        ("resource_type", *resource_type == columns.resource_type),
        ("resource_id", *resource_id == columns.resource_id),
        ("changes", *changes == columns.changes),
        ("ip_address", *ip_address == columns.ip_address),
        ("user_agent", *user_agent == columns.user_agent),
        ("request_id", *request_id == columns.request_id),
        ("success", *success == columns.success),
    ];
    equal.into_iter().find(|(_, equal)| !equal).map(|(name, _)| name)
}
