//! Learning to tell attacks from normal flows.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::super::assessment::ThreatType;
use super::detector::FlowDetector;
use super::examples::FlowExamples;
use super::judges::Judges;
use super::parameters::FlowTrainer;
use super::ranks::Ranks;
use super::reference::Reference;
use crate::boost::{Booster, Examples, Loss, Parameters};
use crate::data::Table;
use crate::error::{Error, Result};
use crate::model::Trainer;

/// The fewest normal rows that a budget can be set on.
const NORMAL: usize = 100;

impl Trainer for FlowTrainer {
    type Data = FlowExamples;
    type Model = FlowDetector;

    /// Learns. Attacks need not be labelled: with none, what is not normal is of an unknown type.
    ///
    /// # Errors
    /// [`Error::TooShort`] for fewer than 100 normal rows; [`Error::Data`] where there is nothing to tell apart: neither attacks
    /// nor reference rows, or where no feature varies.
    fn fit(&self, data: &FlowExamples) -> Result<FlowDetector> {
        let normal: Vec<usize> = (0..data.labels.len()).filter(|row| data.labels[*row].is_none()).collect();
        if normal.len() < NORMAL {
            let what = "the normal part of the table, in rows,".into();
            return Err(Error::TooShort { what, needed: NORMAL, found: normal.len() });
        }
        data.rows.check_varies()?;
        let (judges, unseen) = self.learn(data)?;
        let score = |row: &usize| judges.score(data.rows.row(*row));
        let pick = |row: &usize| unseen[*row].map_or_else(|| score(row), Ok);
        let mut scores: Vec<f64> = normal.iter().map(pick).collect::<Result<_>>()?;
        let seen = normal.iter().map(score);
        raise(&mut scores, seen.collect::<Result<_>>()?);
        let threshold = Ranks::threshold(&mut scores, self.parameters.false_alarm_budget);
        let (types, classes) = self.classes(data)?;
        Ok(FlowDetector {
            judges,
            types,
            classes,
            threshold,
            false_alarm_budget: self.parameters.false_alarm_budget,
            ranks: Ranks::new(scores),
            explainers: OnceLock::new(),
        })
    }
}

impl FlowTrainer {
    /// Trees that tell normal rows from attacks, from attacks and reference rows, and from reference rows alone; and the score of
    /// each normal row by such trees that have not seen its fold. Where no attack is labelled, or there are no reference rows,
    /// one judge remains.
    fn learn(&self, data: &FlowExamples) -> Result<(Judges, Vec<Option<f64>>)> {
        let folds = folds(&data.labels, self.parameters.folds, self.parameters.seed);
        let targets: Vec<f64> = data.labels.iter().map(|label| if label.is_none() { 0.0 } else { 1.0 }).collect();
        let known = Examples::new(data.schema.clone(), data.rows.clone(), targets)?;
        if self.parameters.reference == 0.0 {
            let (first, unseen) = self.boosting.fit_folds(&known, &folds)?;
            return Ok((Judges { first, others: Vec::new() }, unseen));
        }
        let all: Vec<usize> = (0..folds.len()).collect();
        let (both, mut unseen) = self.novelty(data, &all, &folds)?;
        if data.labels.iter().all(Option::is_none) {
            return Ok((Judges { first: both, others: Vec::new() }, unseen));
        }
        let mut add = |rows: &[usize], said: Vec<Option<f64>>| {
            for (row, said) in rows.iter().zip(said) {
                unseen[*row] = unseen[*row].zip(said).map(|(sum, said)| sum + said);
            }
        };
        let normal: Vec<usize> = all.iter().copied().filter(|row| data.labels[*row].is_none()).collect();
        let (novelty, said) = self.novelty(data, &normal, &folds)?;
        add(&normal, said);
        let (first, said) = self.boosting.fit_folds(&known, &folds)?;
        add(&all, said);
        Ok((Judges { first, others: vec![both, novelty] }, unseen))
    }

    /// Trees that tell the normal rows among these from the others and from reference rows, and the score of each of these rows by
    /// such trees that have not seen its fold. The reference rows of a fold are drawn from its own rows, so that they are as
    /// unseen.
    fn novelty(&self, data: &FlowExamples, rows: &[usize], folds: &[usize]) -> Result<(Booster, Vec<Option<f64>>)> {
        let mut values: Vec<f64> = rows.iter().flat_map(|row| data.rows.row(*row)).copied().collect();
        let mut targets: Vec<f64> = rows.iter().map(|row| if data.labels[*row].is_none() { 0.0 } else { 1.0 }).collect();
        let mut folds_of_all: Vec<usize> = rows.iter().map(|row| folds[*row]).collect();
        for fold in 0..self.parameters.folds {
            let places: Vec<usize> = rows.iter().copied().filter(|row| folds[*row] == fold).collect();
            let normal: Vec<usize> = places.iter().copied().filter(|row| data.labels[*row].is_none()).collect();
            let count = self.reference_rows(normal.len());
            let seed = self.parameters.seed.wrapping_add(fold as u64);
            Reference::new(&data.rows, &places).draw(&normal, count, seed, &mut values);
            folds_of_all.resize(folds_of_all.len() + count, fold);
        }
        let mut weights = vec![1.0; targets.len()];
        targets.resize(folds_of_all.len(), 1.0);
        weights.resize(folds_of_all.len(), self.parameters.reference_weight);
        let table = Table::new(values, data.schema.len())?;
        let examples = Examples::new(data.schema.clone(), table, targets)?.with_weights(weights)?;
        let (booster, mut unseen) = self.boosting.fit_folds(&examples, &folds_of_all)?;
        unseen.truncate(rows.len());
        Ok((booster, unseen))
    }

    fn reference_rows(&self, normal: usize) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most ten times a length")]
        let count = (self.parameters.reference * normal as f64) as usize;
        count
    }

    /// Trees that tell the types of attacks apart, and from reference rows, which stand for unknown ones; a type counts by the
    /// root of its frequency, so that many floods do not hide a few break-ins. No trees where there is one type at most.
    fn classes(&self, data: &FlowExamples) -> Result<(Vec<ThreatType>, Option<Booster>)> {
        let attacks: Vec<usize> = (0..data.labels.len()).filter(|row| data.labels[*row].is_some()).collect();
        let normal: Vec<usize> = (0..data.labels.len()).filter(|row| data.labels[*row].is_none()).collect();
        let mut types: BTreeSet<ThreatType> = data.labels.iter().flatten().copied().collect();
        let count = self.reference_rows(normal.len()).min(attacks.len());
        if count > 0 {
            types.insert(ThreatType::Unknown);
        }
        let types: Vec<ThreatType> = types.into_iter().collect();
        if types.len() < 2 {
            return Ok((types, None));
        }
        let place = |threat: Option<ThreatType>| types.iter().position(|known| Some(*known) == threat).unwrap_or_default();
        let mut members: Vec<usize> = attacks.iter().map(|row| place(data.labels[*row])).collect();
        members.resize(attacks.len() + count, place(Some(ThreatType::Unknown)));
        let mut values: Vec<f64> = attacks.iter().flat_map(|row| data.rows.row(*row)).copied().collect();
        let all: Vec<usize> = (0..data.labels.len()).collect();
        Reference::new(&data.rows, &all).draw(&normal, count, self.parameters.seed.wrapping_sub(1), &mut values);
        let mut sizes = vec![0_usize; types.len()];
        members.iter().for_each(|member| sizes[*member] += 1);
        let largest = sizes.iter().copied().max().unwrap_or(1) as f64;
        let weights = members.iter().map(|member| (largest / sizes[*member] as f64).sqrt()).collect();
        let targets = members.iter().map(|member| *member as f64).collect();
        let table = Table::new(values, data.schema.len())?;
        let examples = Examples::new(data.schema.clone(), table, targets)?.with_weights(weights)?;
        let trainer = Parameters { loss: Loss::Softmax(types.len()), ..self.classes.clone() }.check()?;
        Ok((types, Some(trainer.fit(&examples)?)))
    }
}

/// Raises the scores of unseen rows, rank by rank, to those that the model that answers gives the rows that it knows. It knows
/// them to be normal, so they are lower, unless there was nothing to learn; then this keeps what is normal below the threshold.
fn raise(unseen: &mut [f64], mut seen: Vec<f64>) {
    unseen.sort_unstable_by(f64::total_cmp);
    seen.sort_unstable_by(f64::total_cmp);
    unseen.iter_mut().zip(seen).for_each(|(unseen, seen)| *unseen = unseen.max(seen));
}

/// The fold of each row: each label is dealt out evenly, in an order drawn by Fisher and Yates.
fn folds(labels: &[Option<ThreatType>], count: usize, seed: u64) -> Vec<usize> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    for place in (1..order.len()).rev() {
        #[expect(clippy::cast_possible_truncation, reason = "less than a length")]
        let other = ((u128::from(random.next_u64()) * (place as u128 + 1)) >> 64) as usize;
        order.swap(place, other);
    }
    order.sort_by_key(|row| labels[*row]);
    let mut folds = vec![0; labels.len()];
    for (place, row) in order.into_iter().enumerate() {
        folds[row] = place % count;
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fold_has_its_share_of_each_label() {
        let labels: Vec<_> = (0..90).map(|row| (row % 3 == 0).then_some(ThreatType::Ddos)).collect();
        let folds = folds(&labels, 3, 5);
        for fold in 0..3 {
            let inside = |attack: bool| (0..90).filter(|row| folds[*row] == fold && labels[*row].is_some() == attack).count();
            assert_eq!((inside(false), inside(true)), (20, 10));
        }
    }
}
