//! Contributions against the definition of Shapley values.

use super::super::forest::Tree;
use super::super::{Booster, Boosting, Examples, Explainer, Loss, Parameters};
use crate::data::{Feature, FeatureKind, Schema, Table};
use crate::model::Trainer;

/// 400 rows of three numbers, one of them often missing, and a category.
fn examples() -> Examples {
    let levels = ["a", "b", "c", "d", "e"].map(String::from).to_vec();
    let kinds = [FeatureKind::Numeric, FeatureKind::Numeric, FeatureKind::Categorical { levels }, FeatureKind::Numeric];
    let features = kinds.into_iter().enumerate().map(|(place, kind)| Feature { name: format!("f{place}"), unit: None, kind });
    let (mut values, mut targets) = (Vec::new(), Vec::new());
    for row in 0..400_u32 {
        let mixed = f64::from(row.wrapping_mul(2_654_435_761) >> 16) / 65_536.0;
        let row_values =
            [mixed, f64::from(row % 17), f64::from(row % 6), if row % 3 == 0 { f64::NAN } else { f64::from(row % 29) }];
        let hit = mixed * 3.0 + f64::from(row % 17) / 8.0 + f64::from(row % 6 == 2) + row_values[3].max(0.0) / 20.0;
        targets.push(f64::from(hit > 2.6));
        values.extend(row_values);
    }
    Examples::new(Schema::new(features.collect()).unwrap(), Table::new(values, 4).unwrap(), targets).unwrap()
}

fn boosting(parameters: Parameters) -> Boosting {
    Parameters { rounds: 12, leaves: 8, minimum_samples: 5, category_smoothing: 1.0, ..parameters }.check().unwrap()
}

/// The mean of a tree over its training rows, with only the features in `known` as the row has them.
fn mean(booster: &Booster, place: i32, row: &[f64], known: u32) -> (f64, f64) {
    if place < 0 {
        let leaf = !place as usize;
        return (booster.forest.values[leaf], f64::from(booster.forest.covers[leaf]));
    }
    let node = &booster.forest.nodes[place as usize];
    let [left, right] = node.children.map(|child| mean(booster, child, row, known));
    let rows = left.1 + right.1;
    if known >> node.feature & 1 == 0 {
        return ((left.0 * left.1 + right.0 * right.1) / rows, rows);
    }
    (if booster.forest.goes_left(node, row[usize::from(node.feature)]) { left.0 } else { right.0 }, rows)
}

/// Shapley's formula over all subsets.
fn shapley(booster: &Booster, output: usize, row: &[f64], feature: u32) -> f64 {
    let columns = u32::try_from(row.len()).unwrap();
    let factorial = |number: u32| (1..=number).map(f64::from).product::<f64>();
    let game = |known| {
        let trees = booster.forest.trees.iter().filter(|tree| usize::from(tree.output) == output);
        trees.map(|tree: &Tree| mean(booster, tree.root, row, known).0).sum::<f64>()
    };
    let others = (0..1_u32 << columns).filter(|known| known >> feature & 1 == 0);
    let part = |known: u32| {
        let size = known.count_ones();
        factorial(size) * factorial(columns - size - 1) / factorial(columns) * (game(known | 1 << feature) - game(known))
    };
    others.map(part).sum()
}

#[test]
fn contributions_are_the_shapley_values_of_every_subset() {
    let data = examples();
    for loss in [Loss::Logistic, Loss::Squared, Loss::Softmax(2)] {
        let booster = boosting(Parameters { loss, ..Parameters::default() }).fit(&data).unwrap();
        assert!(booster.trees() > 5 && !booster.forest.sets.is_empty());
        let explainer = Explainer::new(&booster);
        let odd = Table::new(vec![f64::NAN, 3.0, 99.0, f64::MAX, f64::MIN, f64::NAN, f64::NAN, -0.0], 4).unwrap();
        for row in data.rows().iter().step_by(37).chain(odd.iter()) {
            let output = loss.outputs() - 1;
            let contributions = explainer.contributions_to(output, row).unwrap();
            for (feature, contribution) in (0..).zip(&contributions) {
                let expected = shapley(&booster, output, row, feature);
                assert!((contribution - expected).abs() < 1e-12, "{feature}: {contribution} {expected}");
            }
            let mut scores = vec![0.0; loss.outputs()];
            booster.scores(row, &mut scores).unwrap();
            assert!((contributions.iter().sum::<f64>() + explainer.base()[output] - scores[output]).abs() < 1e-9);
        }
    }
}

#[test]
fn a_row_of_another_length_or_an_output_that_is_not_there_is_refused() {
    let explainer = Explainer::new(&boosting(Parameters::default()).fit(&examples()).unwrap());
    assert!(explainer.contributions(&[1.0]).is_err());
    assert!(explainer.contributions_to(1, &[1.0; 4]).is_err());
}
