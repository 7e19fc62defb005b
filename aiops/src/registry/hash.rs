//! The name of training data.

use crate::data::{FeatureKind, Schema, Table};

/// BLAKE3 over a schema and its rows, in hexadecimal: the same data has the same hash, and other data has another. Every `NaN` is
/// the same missing value, and zero has no sign.
#[must_use]
pub fn data_hash(schema: &Schema, rows: &Table) -> String {
    let mut hasher = blake3::Hasher::new();
    let text = |hasher: &mut blake3::Hasher, text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    hasher.update(&(schema.len() as u64).to_le_bytes());
    for feature in schema.features() {
        text(&mut hasher, &feature.name);
        hasher.update(&[u8::from(feature.unit.is_some())]);
        text(&mut hasher, feature.unit.as_deref().unwrap_or_default());
        match &feature.kind {
            FeatureKind::Numeric => hasher.update(&[0]),
            FeatureKind::Categorical { levels } => {
                hasher.update(&[1]);
                hasher.update(&(levels.len() as u64).to_le_bytes());
                levels.iter().for_each(|level| text(&mut hasher, level));
                &mut hasher
            }
        };
    }
    hasher.update(&(rows.columns() as u64).to_le_bytes());
    let mut block = Vec::with_capacity(8 * rows.columns());
    for row in rows.iter() {
        block.clear();
        for value in row {
            let value = if value.is_nan() { f64::NAN } else { *value + 0.0 };
            block.extend(value.to_le_bytes());
        }
        hasher.update(&block);
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_has_the_same_hash() {
        let schema = Schema::numeric(["a", "b"]).unwrap();
        let hash = |values: Vec<f64>| data_hash(&schema, &Table::new(values, 2).unwrap());
        assert_eq!(hash(vec![0.0, f64::NAN]), hash(vec![-0.0, -f64::NAN]));
        assert_ne!(hash(vec![0.0, 1.0]), hash(vec![1.0, 0.0]));
        let other = Schema::numeric(["a", "c"]).unwrap();
        let rows = Table::new(vec![0.0, 1.0], 2).unwrap();
        assert_ne!(data_hash(&schema, &rows), data_hash(&other, &rows));
        assert_eq!(hash(vec![0.0, 1.0]).len(), 64);
    }
}
