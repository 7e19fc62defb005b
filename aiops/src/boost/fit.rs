//! Tree after tree.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::booster::Booster;
use super::examples::Examples;
use super::forest::Forest;
use super::grow::{Grower, Grown, Leaf};
use super::loss::{Loss, quantile};
use super::matrix::Matrix;
use super::parameters::{Boosting, Monotone};
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

    fn fit_until(&self, data: &Examples, validation: Option<&Examples>) -> Result<Booster> {
        let parameters = &self.parameters;
        let loss = parameters.loss;
        let rows = data.targets.len();
        if rows == 0 {
            return Err(Error::TooShort { what: "the table".into(), needed: 1, found: 0 });
        }
        loss.check_targets(data)?;
        if let Some(validation) = validation.filter(|validation| !validation.targets.is_empty()) {
            loss.check_targets(validation).or_else(|error| if validation.targets.len() == 1 { Ok(()) } else { Err(error) })?;
        }
        let directions = self.directions(data)?;
        let base = loss.base(data, parameters.positive_weight);
        let outputs = loss.outputs();
        let matrix = Matrix::new(&data.schema, &data.rows);
        let mut random = ChaCha8Rng::seed_from_u64(parameters.seed);
        let mut grower = Grower::new(&matrix, parameters, directions);
        let mut forest = Forest::default();
        let mut scores: Vec<f64> = base.iter().flat_map(|base| std::iter::repeat_n(*base, rows)).collect();
        let mut slopes = vec![(0.0, 0.0); rows * outputs];
        let mut stopping = validation.map(|part| Stopping::new(part, loss, &base));
        for _ in 0..parameters.rounds {
            loss.slopes(data, parameters.positive_weight, &scores, &mut slopes);
            let from = forest.trees.len();
            for output in 0..outputs {
                let range = output * rows..(output + 1) * rows;
                let bag = bag(rows, parameters.rows, &mut random);
                let sampled = bag.len() < rows;
                let grown = grower.grow(&slopes[range.clone()], bag, &mut random);
                if grown.is_stump() {
                    continue;
                }
                let values = self.values(&grown, data, &slopes[range.clone()], &scores[range.clone()]);
                update(&grown, &matrix, &values, sampled, &mut scores[range]);
                grown.plant(&matrix, output, &values, &mut forest);
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
        Ok(Booster { schema: data.schema.clone(), loss, base, forest })
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

    /// The value of each leaf: the Newton step over its rows, or their quantile (Friedman 2001, algorithm 3).
    fn values(&self, grown: &Grown, data: &Examples, slopes: &[(f64, f64)], scores: &[f64]) -> Vec<f64> {
        let value = |leaf: &Leaf| {
            let rows = &grown.rows[leaf.from..leaf.to];
            let step = if let Loss::Quantile(level) = self.parameters.loss {
                let residual = |row: &u32| (data.targets[*row as usize] - scores[*row as usize], data.weight(*row as usize));
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
}

/// The rows that a tree sees, ascending.
fn bag(rows: usize, share: f64, random: &mut ChaCha8Rng) -> Vec<u32> {
    // A table has at most 100,000,000 rows.
    let all = 0..u32::try_from(rows).unwrap_or(u32::MAX);
    if share >= 1.0 {
        return all.collect();
    }
    let below = share * f64::from(u32::MAX);
    all.filter(|_| f64::from(random.next_u32()) <= below).collect()
}

/// Adds the values of a tree's leaves to the scores of their rows.
fn update(grown: &Grown, matrix: &Matrix, values: &[f64], sampled: bool, scores: &mut [f64]) {
    if sampled {
        scores.iter_mut().enumerate().for_each(|(row, score)| *score += values[grown.leaf(matrix, row)]);
        return;
    }
    for (leaf, value) in grown.leaves.iter().zip(values) {
        grown.rows[leaf.from..leaf.to].iter().for_each(|row| scores[*row as usize] += value);
    }
}

/// How the validation part fares.
struct Stopping<'a> {
    part: &'a Examples,
    loss: Loss,
    scores: Vec<f64>,
    least: f64,
    best: super::forest::Extent,
    rounds: usize,
}

impl<'a> Stopping<'a> {
    fn new(part: &'a Examples, loss: Loss, base: &[f64]) -> Self {
        let scores: Vec<f64> = part.targets.iter().flat_map(|_| base.iter().copied()).collect();
        let mut stopping = Self { part, loss, scores, least: f64::INFINITY, best: super::forest::Extent::default(), rounds: 0 };
        stopping.least = stopping.cost();
        stopping
    }

    fn cost(&self) -> f64 {
        let outputs = self.loss.outputs();
        let scores = self.scores.chunks_exact(outputs);
        let cost = |(row, scores)| self.part.weight(row) * self.loss.cost(self.part.targets[row], scores);
        scores.enumerate().map(cost).sum()
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
