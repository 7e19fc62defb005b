//! Any value, for property tests.

use std::sync::Arc;

use proptest::prelude::*;

use super::Value;
use crate::graph::{NodeId, Relationship, Symbol};

fn node() -> impl Strategy<Value = NodeId> {
    (0..3_u32).prop_map(NodeId)
}

fn relationship() -> impl Strategy<Value = Relationship> {
    (node(), node(), 0..2_u32, 0..2_u32).prop_map(|(source, target, kind, ordinal)| Relationship {
        source,
        target,
        kind: Symbol(kind),
        ordinal,
    })
}

/// Numbers that are likely to meet their equals and the borders of their types.
pub(crate) fn number() -> impl Strategy<Value = Value> {
    let integers = prop_oneof![-3..3_i64, Just(i64::MIN), Just(i64::MAX), Just((1 << 53) + 1), any::<i64>()];
    let whole = [0.0, -0.0, 1.0, 2.0, -1.0, 9_007_199_254_740_992.0, 9_223_372_036_854_775_808.0];
    let floats = prop_oneof![proptest::sample::select(whole.to_vec()), any::<f64>(), Just(f64::NAN), Just(f64::INFINITY)];
    prop_oneof![integers.prop_map(Value::from), floats.prop_map(Value::from)]
}

/// Values of every kind but temporal ones.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        2 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        4 => number(),
        2 => "[a-c]{0,2}".prop_map(Value::from),
        1 => node().prop_map(Value::from),
        1 => relationship().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let map = proptest::collection::btree_map("[a-c]".prop_map(Arc::<str>::from), inner.clone(), 0..3);
        prop_oneof![proptest::collection::vec(inner, 0..3).prop_map(Value::from), map.prop_map(Value::from)]
    })
}
