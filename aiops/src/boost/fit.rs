//! Tree after tree.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::booster::Booster;
use super::examples::Examples;
use super::forest::{Extent, Forest};
use super::grow::{Grower, Grown, Leaf};
use super::loss::{Loss, quantile};
use super::matrix::Matrix;
use super::parameters::{Boosting, Monotone, Parameters};
use super::rows::bag;
use crate::data::FeatureKind;
use crate::error::{Error, Result};
use crate::model::Trainer;

impl Trainer for Boosting {
    type Data = Examples;
    type Model = Booster;

    fn fit(&self, data: &Examples) -> Result<Booster> {
        self.fit_until(data, None)
    }
}

impl Boosting {
    /// Learns from the first part, and ends by [`Parameters::patience`](super::Parameters::patience) where the second does not
    /// gain any more.
    ///
    /// # Errors
    /// As [`Trainer::fit`]; [`Error::Data`] for a validation part of another schema.
    pub fn fit_validated(&self, data: &Examples, validation: &Examples) -> Result<Booster> {
        if data.schema != validation.schema {
            return Err(Error::data("validation part", "the schema of the training part", "another one"));
        }
        self.fit_until(data, Some(validation))
    }

    /// Learns from all rows, and tells what models of the other folds say of each row: its score by one that was not fitted on
    /// its fold, or nothing where the other folds had nothing to learn from. `folds` has a number for each row.
    ///
    /// # Errors
    /// As [`Trainer::fit`]; [`Error::Parameter`] for a loss of several scores; [`Error::Data`] for another number of folds than
    /// of rows.
    pub fn fit_folds(&self, data: &Examples, folds: &[usize]) -> Result<(Booster, Vec<Option<f64>>)> {
        if self.parameters.loss.outputs() > 1 {
            let (expected, found) = ("one of a single score", format!("{:?}", self.parameters.loss));
            return Err(Error::Parameter { name: "loss", expected, found });
        }
        if folds.len() != data.targets.len() {
            let expected = format!("one for each of {} rows", data.targets.len());
            return Err(Error::data("folds", expected, folds.len().to_string()));
        }
        let prepared = Prepared::new(self, data)?;
        let booster = prepared.run(|_| true, None)?.0;
        let mut scores = vec![None; folds.len()];
        let mut numbers = folds.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        for fold in numbers {
            let Ok((_, said)) = prepared.run(|row| folds[row] != fold, None) else { continue };
            for row in (0..folds.len()).filter(|row| folds[*row] == fold) {
                scores[row] = Some(said[row]);
            }
        }
        Ok((booster, scores))
    }

    fn fit_until(&self, data: &Examples, validation: Option<&Examples>) -> Result<Booster> {
        Ok(Prepared::new(self, data)?.run(|_| true, validation)?.0)
    }

    /// 1, -1 or 0 for each feature.
    fn directions(&self, data: &Examples) -> Result<Vec<i8>> {
        let mut directions = vec![0; data.schema.len()];
        for (name, monotone) in &self.parameters.monotone {
            let place = data.schema.position(name);
            let place = place
                .filter(|place| data.schema.features()[*place].kind == FeatureKind::Numeric)
                .ok_or_else(|| Error::data("monotone features", "numeric features of the schema", format!("`{name}`")))?;
            directions[place] = if *monotone == Monotone::Increasing { 1 } else { -1 };
        }
        Ok(directions)
    }
}

/// Data as bins, from which all its rows or some are learnt.
struct Prepared<'a> {
    parameters: &'a Parameters,
    data: &'a Examples,
    directions: Vec<i8>,
    matrix: Matrix,
}

impl<'a> Prepared<'a> {
    fn new(boosting: &'a Boosting, data: &'a Examples) -> Result<Self> {
        if data.targets.is_empty() {
            return Err(Error::TooShort { what: "the table".into(), needed: 1, found: 0 });
        }
        let directions = boosting.directions(data)?;
        Ok(Self { parameters: &boosting.parameters, data, directions, matrix: Matrix::new(&data.schema, &data.rows) })
    }

    /// Learns from the rows that are `learnt`; also gives the score of every row, one output after the other.
    fn run(&self, learnt: impl Fn(usize) -> bool, validation: Option<&Examples>) -> Result<(Booster, Vec<f64>)> {
        let (parameters, loss, targets) = (self.parameters, self.parameters.loss, &self.data.targets);
        let rows = targets.len();
        let weights: Vec<f64> = (0..rows).map(|row| if learnt(row) { self.weight(self.data, row) } else { 0.0 }).collect();
        loss.check_targets(targets, &weights)?;
        let mut stopping = validation.map(|part| Stopping::new(self, part)).transpose()?;
        let all: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).filter(|row| learnt(*row as usize)).collect();
        let base = loss.base(targets, &weights);
        let outputs = loss.outputs();
        let mut random = ChaCha8Rng::seed_from_u64(parameters.seed);
        let mut grower = Grower::new(&self.matrix, parameters, self.directions.clone());
        let mut forest = Forest::default();
        let mut scores: Vec<f64> = base.iter().flat_map(|base| std::iter::repeat_n(*base, rows)).collect();
        let mut slopes = vec![(0.0, 0.0); rows * outputs];
        if let Some(stopping) = &mut stopping {
            stopping.begin(&base);
        }
        for _ in 0..parameters.rounds {
            loss.slopes(targets, &weights, &scores, &mut slopes);
            let from = forest.trees.len();
            for output in 0..outputs {
                let range = output * rows..(output + 1) * rows;
                let grown = grower.grow(&slopes[range.clone()], bag(&all, parameters.rows, &mut random), &mut random);
                if grown.is_stump() {
                    continue;
                }
                let values = self.values(&grown, &weights, &slopes[range.clone()], &scores[range.clone()]);
                self.update(&grown, &values, &mut scores[range]);
                grown.plant(&self.matrix, output, &values, &mut forest);
            }
            let still = parameters.rows >= 1.0 && parameters.columns >= 1.0 && parameters.split_columns >= 1.0;
            if forest.trees.len() == from && still {
                break;
            }
            if let Some(stopping) = &mut stopping
                && stopping.ends(&forest, from, parameters.patience)
            {
                break;
            }
        }
        if let Some(stopping) = stopping.filter(|_| parameters.patience.is_some()) {
            forest.truncate(stopping.best);
        }
        Ok((Booster { schema: self.data.schema.clone(), loss, base, forest }, scores))
    }

    /// How much a row counts.
    fn weight(&self, data: &Examples, row: usize) -> f64 {
        let positive = self.parameters.loss == Loss::Logistic && data.targets[row] > 0.5;
        data.weight(row) * if positive { self.parameters.positive_weight } else { 1.0 }
    }

    /// The value of each leaf: the Newton step over its rows, or their quantile (Friedman 2001, algorithm 3).
    fn values(&self, grown: &Grown, weights: &[f64], slopes: &[(f64, f64)], scores: &[f64]) -> Vec<f64> {
        let value = |leaf: &Leaf| {
            let rows = &grown.rows[leaf.from..leaf.to];
            let step = if let Loss::Quantile(level) = self.parameters.loss {
                let residual = |row: &u32| (self.data.targets[*row as usize] - scores[*row as usize], weights[*row as usize]);
                quantile(rows.iter().map(residual).collect(), level)
            } else {
                let (mut slope, mut curvature) = (0.0, 0.0);
                for row in rows {
                    slope += slopes[*row as usize].0;
                    curvature += slopes[*row as usize].1;
                }
                -slope / (curvature + self.parameters.l2).max(f64::MIN_POSITIVE)
            };
            let value = step.clamp(leaf.bounds.0, leaf.bounds.1) * self.parameters.learning_rate;
            if value.is_finite() { value } else { 0.0 }
        };
        grown.leaves.iter().map(value).collect()
    }

    /// Adds the values of a tree's leaves to the scores of their rows, and of those that the tree did not see.
    fn update(&self, grown: &Grown, values: &[f64], scores: &mut [f64]) {
        let mut seen = vec![grown.rows.len() == scores.len(); scores.len()];
        for (leaf, value) in grown.leaves.iter().zip(values) {
            for row in &grown.rows[leaf.from..leaf.to] {
                scores[*row as usize] += value;
                seen[*row as usize] = true;
            }
        }
        for (row, score) in scores.iter_mut().enumerate().filter(|(row, _)| !seen[*row]) {
            *score += values[grown.leaf(&self.matrix, row)];
        }
    }
}

/// How the validation part fares.
struct Stopping<'a> {
    part: &'a Examples,
    weights: Vec<f64>,
    loss: Loss,
    scores: Vec<f64>,
    least: f64,
    best: Extent,
    rounds: usize,
}

impl<'a> Stopping<'a> {
    fn new(prepared: &Prepared<'_>, part: &'a Examples) -> Result<Self> {
        let loss = prepared.parameters.loss;
        loss.check_range(&part.targets)?;
        let weights = (0..part.targets.len()).map(|row| prepared.weight(part, row)).collect();
        Ok(Self { part, weights, loss, scores: Vec::new(), least: f64::INFINITY, best: Extent::default(), rounds: 0 })
    }

    fn begin(&mut self, base: &[f64]) {
        self.scores = self.part.targets.iter().flat_map(|_| base.iter().copied()).collect();
        self.least = self.cost();
    }

    fn cost(&self) -> f64 {
        let scores = self.scores.chunks_exact(self.loss.outputs());
        scores.enumerate().map(|(row, scores)| self.weights[row] * self.loss.cost(self.part.targets[row], scores)).sum()
    }

    /// Takes the trees from the given one on, and tells whether the patience is at its end.
    fn ends(&mut self, forest: &Forest, from: usize, patience: Option<usize>) -> bool {
        for (row, scores) in self.part.rows.iter().zip(self.scores.chunks_exact_mut(self.loss.outputs())) {
            forest.add(from, row, scores);
        }
        let cost = self.cost();
        if cost < self.least {
            (self.least, self.best, self.rounds) = (cost, forest.extent(), 0);
            return false;
        }
        self.rounds += 1;
        patience.is_some_and(|patience| self.rounds >= patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Schema, Table};

    #[test]
    fn no_leaf_has_too_few_rows_though_some_weigh_nothing_and_others_are_told_apart() {
        let rows = 2000_u32;
        let value = |row: u32| f64::from(row.wrapping_mul(2_654_435_761) >> 8);
        let mut values = Vec::new();
        for row in 0..rows {
            values.extend([f64::from(row), value(row), if row % 3 == 0 { f64::NAN } else { value(row + rows) }]);
        }
        let targets = (0..rows).map(|row| if row > 1900 { 1.0 } else { 0.0 }).collect();
        let weights = (0..rows).map(|row| if row % 3 == 0 { 0.0 } else { 1.0 }).collect();
        let examples = Examples::new(Schema::numeric(["a", "b", "c"]).unwrap(), Table::new(values, 3).unwrap(), targets).unwrap();
        let boosting = Parameters { rounds: 200, minimum_samples: 30, ..Parameters::default() }.check().unwrap();
        for examples in [examples.clone(), examples.with_weights(weights).unwrap()] {
            let booster = boosting.fit(&examples).unwrap();
            assert!(booster.trees() > 100 && booster.forest.covers.iter().all(|rows| *rows >= 30));
        }
    }
}
