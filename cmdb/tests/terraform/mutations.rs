//! Whatever stands in a file, reading it ends well.

use dharmagraph_cmdb::terraform::TerraformDiscoverer;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{MODULES, NETWORK, SERVICES};

/// Values of every shape, some of them at the edges of what is read.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "(arn|::|:|/|vpc-|sg-|listener/|local|-1|é){0,6}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[null, {"id": [1]}], "a"])),
        Just(json!({"type": "get_attr", "value": {"value": 18_446_744_073_709_551_615_u64}})),
    ]
}

/// Puts `value` in the place of the `position`th value of the tree, or takes that one out.
fn mutate(tree: &mut Value, position: &mut usize, value: Option<&Value>) {
    let here = |child: &mut Value, position: &mut usize| match *position {
        0 => true,
        _ => {
            *position -= 1;
            mutate(child, position, value);
            false
        }
    };
    match tree {
        Value::Array(items) => {
            for index in 0..items.len() {
                if here(&mut items[index], position) {
                    match value {
                        Some(value) => items[index] = value.clone(),
                        None => drop(items.remove(index)),
                    }
                    *position = usize::MAX;
                    return;
                }
            }
        }
        Value::Object(members) => {
            for key in members.keys().cloned().collect::<Vec<_>>() {
                let Some(member) = members.get_mut(&key) else { continue };
                if here(member, position) {
                    match value {
                        Some(value) => *member = value.clone(),
                        None => drop(members.remove(&key)),
                    }
                    *position = usize::MAX;
                    return;
                }
            }
        }
        _ => {}
    }
}

fn size(tree: &Value) -> usize {
    match tree {
        Value::Array(items) => items.iter().map(|item| 1 + size(item)).sum(),
        Value::Object(members) => members.values().map(|member| 1 + size(member)).sum(),
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_states_never_panic(
        file in 0..3_usize,
        mutations in prop::collection::vec((any::<prop::sample::Index>(), prop::option::weighted(0.8, odd_value())), 1..12),
    ) {
        let mut state: Value = serde_json::from_str([NETWORK, MODULES, SERVICES][file]).expect("JSON");
        for (index, value) in mutations {
            let size = size(&state);
            if size > 0 {
                mutate(&mut state, &mut index.index(size), value.as_ref());
            }
        }
        if let Err(error) = TerraformDiscoverer::from_bytes(state.to_string().as_bytes()) {
            prop_assert_eq!(error.code(), "INVALID");
        }
    }

    #[test]
    fn truncated_states_are_refused(file in 0..3_usize, cut in any::<prop::sample::Index>()) {
        let state = [NETWORK, MODULES, SERVICES][file].trim_end().as_bytes();
        let error = TerraformDiscoverer::from_bytes(&state[..cut.index(state.len())]).expect_err("half a state");
        prop_assert_eq!(error.code(), "INVALID");
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        prop_assert!(TerraformDiscoverer::from_bytes(&bytes).is_err());
    }
}
