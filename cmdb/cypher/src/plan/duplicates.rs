//! Whether it matters how often a row comes.

use crate::tree::{Clause, Projection};

/// Whether a copy of a row may be left out before these clauses without changing what they answer. `any_copy` says the same
/// of whoever gets the answer.
pub(super) fn may_be_left_out(clauses: &[Clause], any_copy: bool) -> bool {
    for clause in clauses {
        if let Clause::Project(projection) = clause {
            if projection.grouped {
                return projection.aggregates.iter().all(|call| call.distinct || matches!(call.aggregate.name, "min" | "max"));
            }
            if projection.distinct {
                return true;
            }
            if is_cut(projection) {
                return false;
            }
        }
    }
    any_copy
}

fn is_cut(projection: &Projection) -> bool {
    projection.skip.is_some() || projection.limit.is_some()
}
