//! Features of two features.

use crate::data::{Feature, FeatureKind, Schema, Table};
use crate::error::Result;

/// The most numeric features that pairs are made of: 28 pairs.
const NUMERIC: usize = 8;

/// Product, ratio and difference of each two numeric features.
///
/// A tree asks about one feature at a time, and needs many questions to follow `torque * speed`, a power, or a difference of
/// temperatures. Nothing is known of what the features mean: every pair is made, as long as there are at most eight of them to
/// pair, and the trees choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pairs {
    columns: usize,
    pairs: Vec<(usize, usize)>,
}

impl Pairs {
    /// The pairs of a schema: none for more than eight numeric features.
    pub(super) fn of(schema: &Schema) -> Self {
        let numeric = |place: &usize| schema.features()[*place].kind == FeatureKind::Numeric;
        let numeric: Vec<usize> = (0..schema.len()).filter(numeric).collect();
        let mut pairs = Vec::new();
        if numeric.len() <= NUMERIC {
            for (place, first) in numeric.iter().enumerate() {
                pairs.extend(numeric[place + 1..].iter().map(|second| (*first, *second)));
            }
        }
        Self { columns: schema.len(), pairs }
    }

    /// The schema with the pairs after its own features.
    ///
    /// # Errors
    /// As [`Schema::new`], where a feature has the name of a pair.
    pub(super) fn schema(&self, schema: &Schema) -> Result<Schema> {
        let name = |place: usize| &schema.features()[place].name;
        let feature = |name: String| Feature { name, unit: None, kind: FeatureKind::Numeric };
        let made = self.pairs.iter().flat_map(|(first, second)| {
            ["*", "/", "-"].map(|sign| feature(format!("{} {sign} {}", name(*first), name(*second))))
        });
        Schema::new(schema.features().iter().cloned().chain(made).collect())
    }

    /// The row with its pairs: missing where one of both is, or where the result is beyond all numbers.
    pub(super) fn row(&self, row: &[f64], wide: &mut Vec<f64>) {
        wide.extend(row);
        for (first, second) in &self.pairs {
            let (first, second) = (row[*first], row[*second]);
            let made = [first * second, first / second, first - second];
            wide.extend(made.map(|value| if value.is_finite() { value } else { f64::NAN }));
        }
    }

    /// The rows with their pairs.
    ///
    /// # Errors
    /// [`Error::TooMuch`](crate::Error::TooMuch) where that is more than a table holds.
    pub(super) fn table(&self, rows: &Table) -> Result<Table> {
        let columns = self.columns + 3 * self.pairs.len();
        let mut values = Vec::with_capacity(rows.rows() * columns);
        rows.iter().for_each(|row| self.row(row, &mut values));
        Table::new(values, columns)
    }

    /// What features contributed, out of what they and their pairs did: each feature of a pair has half of its part.
    pub(super) fn shared(&self, wide: &[f64]) -> Vec<f64> {
        let mut contributions = wide[..self.columns].to_vec();
        for ((first, second), made) in self.pairs.iter().zip(wide[self.columns..].chunks_exact(3)) {
            let half = made.iter().sum::<f64>() / 2.0;
            contributions[*first] += half;
            contributions[*second] += half;
        }
        contributions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_made_of_numbers_and_share_their_contributions() {
        let category = FeatureKind::Categorical { levels: vec!["low".into()] };
        let mut features: Vec<Feature> = Schema::numeric(["a", "b", "c"]).unwrap().features().to_vec();
        features.insert(1, Feature { name: "grade".into(), unit: None, kind: category });
        let schema = Schema::new(features).unwrap();
        let pairs = Pairs::of(&schema);
        let wide = pairs.schema(&schema).unwrap();
        assert_eq!((wide.len(), wide.features()[4].name.as_str(), wide.features()[12].name.as_str()), (13, "a * b", "b - c"));
        let rows = pairs.table(&Table::new(vec![6.0, 0.0, 3.0, 0.0], 4).unwrap()).unwrap();
        assert_eq!(rows.row(0)[..7], [6.0, 0.0, 3.0, 0.0, 18.0, 2.0, 3.0]);
        assert!(rows.row(0)[8].is_nan());
        let mut contributions = vec![1.0, 2.0, 3.0, 4.0];
        contributions.extend([1.0; 9]);
        assert_eq!(pairs.shared(&contributions), [4.0, 2.0, 6.0, 7.0]);
    }

    #[test]
    fn many_features_have_no_pairs() {
        let schema = Schema::numeric((0..9).map(|place| format!("f{place}"))).unwrap();
        assert_eq!(Pairs::of(&schema).schema(&schema).unwrap(), schema);
    }
}
