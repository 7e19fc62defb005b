//! Whether the history of each resource leads to what is there now.

use std::collections::HashMap;

use crate::model::{ChangeKind, ResourceId, ResourceType};

/// What is known of every resource that is or was there.
#[derive(Debug, Default)]
pub(super) struct Lives {
    /// By the first 128 bits of the id's BLAKE3: history knows many ids, and they are long.
    lives: HashMap<[u8; 16], Life>,
}

/// One resource.
#[derive(Debug, Default)]
struct Life {
    /// What it is now; nothing where it is not there.
    now: Option<ResourceType>,
    /// What its last change left, where it has one.
    last: Option<Option<ResourceType>>,
}

impl Lives {
    fn of(&mut self, id: &ResourceId) -> &mut Life {
        let mut key = [0; 16];
        key.copy_from_slice(&blake3::hash(id.as_str().as_bytes()).as_bytes()[..16]);
        self.lives.entry(key).or_default()
    }

    /// A resource is there.
    pub(super) fn is_there(&mut self, id: &ResourceId, resource_type: &ResourceType) {
        self.of(id).now = Some(resource_type.clone());
    }

    /// A resource changed from `before`; the change says that it is a `resource_type`. Gives whether that can follow what
    /// came before it. Where history was pruned, anything can be the first change.
    pub(super) fn change(
        &mut self,
        id: &ResourceId,
        kind: ChangeKind,
        before: Option<&ResourceType>,
        resource_type: &ResourceType,
        pruned: bool,
    ) -> bool {
        let life = self.of(id);
        let follows = match &life.last {
            Some(last) => last.as_ref() == before,
            None => pruned || before.is_none(),
        };
        let left = match kind {
            ChangeKind::Created => before.is_none().then(|| Some(resource_type.clone())),
            ChangeKind::Updated => before.is_some().then(|| Some(resource_type.clone())),
            ChangeKind::Removed => (before == Some(resource_type)).then_some(None),
        };
        let possible = follows && left.is_some();
        life.last = left;
        possible
    }

    /// Whether every resource is what its last change left, and began with a change unless history was pruned.
    pub(super) fn lead_to_the_present(&self, pruned: bool) -> bool {
        self.lives.values().all(|life| life.last.as_ref().map_or(pruned, |last| *last == life.now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: ResourceType = ResourceType::COMPUTE;

    /// Tells of changes of one resource that is there in the end, or not; gives whether that was possible.
    fn lived(changes: &[(ChangeKind, Option<&ResourceType>)], there: bool, pruned: bool) -> bool {
        let (mut lives, id) = (Lives::default(), ResourceId::new("i-1"));
        if there {
            lives.is_there(&id, &KIND);
        }
        let followed = changes.iter().all(|(kind, before)| lives.change(&id, *kind, *before, &KIND, pruned));
        followed && lives.lead_to_the_present(pruned)
    }

    #[test]
    fn a_life_begins_goes_on_and_ends() {
        let (created, updated) = ((ChangeKind::Created, None), (ChangeKind::Updated, Some(&KIND)));
        let removed = (ChangeKind::Removed, Some(&KIND));
        let other = (ChangeKind::Updated, Some(&ResourceType::STORAGE));
        for (changes, there, pruned, possible) in [
            (&[created, updated][..], true, false, true),
            (&[created, removed, created], true, false, true),
            (&[created, removed], false, false, true),
            (&[], true, true, true),
            (&[other], true, true, true),
            (&[], true, false, false),
            (&[updated], true, false, false),
            (&[created, other], true, true, false),
            (&[created, created], true, true, false),
            (&[removed, updated], true, true, false),
            (&[created], false, false, false),
            (&[created, removed], true, false, false),
            (&[(ChangeKind::Created, Some(&KIND))], true, true, false),
            (&[(ChangeKind::Removed, None)], false, true, false),
        ] {
            assert_eq!(lived(changes, there, pruned), possible, "{changes:?}, there: {there}, pruned: {pruned}");
        }
    }
}
