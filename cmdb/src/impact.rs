//! How a failure travels along relationships.

use crate::model::{Direction, RelationshipKind, ResourceId};

/// Which way a failure travels along relationships of a kind: [`Direction::Incoming`] from target to source (a machine
/// feels the failure of its subnet), [`Direction::Outgoing`] from source to target, nothing where it does not travel.
///
/// `source` is the relationship's source: a gateway's `ATTACHED_TO` is followed along its direction (the VPC feels the
/// failure of its gateway), every other one against it.
#[must_use]
pub fn impact_direction(kind: &RelationshipKind, source: &ResourceId) -> Option<Direction> {
    const AGAINST: [RelationshipKind; 14] = [
        RelationshipKind::BELONGS_TO_VPC,
        RelationshipKind::BELONGS_TO_SUBNET,
        RelationshipKind::PROTECTED_BY,
        RelationshipKind::ROUTES_TO,
        RelationshipKind::MEMBER_OF,
        RelationshipKind::RUNS_ON,
        RelationshipKind::REPLICA_OF,
        RelationshipKind::USES_ROUTE_TABLE,
        RelationshipKind::USES_TASK_DEFINITION,
        RelationshipKind::ASSUMES_ROLE,
        RelationshipKind::HAS_PROFILE,
        RelationshipKind::ENCRYPTED_WITH,
        RelationshipKind::RESOLVES_TO,
        RelationshipKind::DEPENDS_ON,
    ];
    if *kind == RelationshipKind::TRIGGERS {
        return Some(Direction::Outgoing);
    }
    if *kind == RelationshipKind::ATTACHED_TO {
        let gateway = source.as_str().starts_with("igw-");
        return Some(if gateway { Direction::Outgoing } else { Direction::Incoming });
    }
    AGAINST.contains(kind).then_some(Direction::Incoming)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_fails_its_network_and_a_volume_its_machine() {
        let attached = RelationshipKind::ATTACHED_TO;
        assert_eq!(impact_direction(&attached, &ResourceId::new("igw-1")), Some(Direction::Outgoing));
        assert_eq!(impact_direction(&attached, &ResourceId::new("i-1")), Some(Direction::Incoming));
        assert_eq!(impact_direction(&RelationshipKind::TRIGGERS, &ResourceId::new("q")), Some(Direction::Outgoing));
        assert_eq!(impact_direction(&RelationshipKind::SNAPSHOT_OF, &ResourceId::new("snap-1")), None);
    }
}
