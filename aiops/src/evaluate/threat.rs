//! Evaluation of the detector of attacks in flows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::alarms::{AlarmScores, alarm_scores};
use super::classification::average_precision;
use crate::data::{Schema, Table};
use crate::error::{Error, Result};
use crate::model::{Detector, Trainer};
use crate::threat::{FlowExamples, FlowTrainer, ThreatType};

/// Flows with the name of what each was, as a data set says it: `normal`, `neptune`.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledFlows {
    /// What the columns mean.
    pub schema: Schema,
    /// The rows.
    pub rows: Table,
    /// One name for each, see [`ThreatType::of_label`].
    pub labels: Vec<String>,
}

impl LabelledFlows {
    fn select(&self, places: &[usize]) -> Self {
        let labels = places.iter().map(|place| self.labels[*place].clone()).collect();
        Self { schema: self.schema.clone(), rows: self.rows.select(places), labels }
    }

    fn examples(&self) -> Result<FlowExamples> {
        let labels = self.labels.iter().map(|label| ThreatType::of_label(label)).collect();
        FlowExamples::new(self.schema.clone(), self.rows.clone(), labels)
    }

    fn check(&self) -> Result<()> {
        if self.labels.len() == self.rows.rows() {
            return Ok(());
        }
        Err(Error::data("labels", format!("one for each of {} rows", self.rows.rows()), self.labels.len().to_string()))
    }
}

/// How good a detector is.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreatScores {
    /// Its alarms, at its budget.
    pub alarms: AlarmScores,
    /// The average precision of its scores.
    pub auc_pr: f64,
    /// The share of attacks of unseen types that raised an alarm; 0 where there are none.
    pub unseen_recall: f64,
    /// For each attack that the training did not have, how many there were and which share raised an alarm.
    pub unseen: BTreeMap<String, (usize, f64)>,
    /// The time to learn.
    pub fit: Duration,
    /// The time to score one row.
    pub row: Duration,
}

/// Learns from the first flows and scores the second ones. `clock` tells the time taken so far, of the processor for figures
/// that hold on a shared machine.
///
/// # Errors
/// Those of the trainer; [`Error::Data`] where there is not one label for each row, or there is nothing to score.
pub fn evaluate_threats(
    trainer: &FlowTrainer,
    train: &LabelledFlows,
    test: &LabelledFlows,
    clock: impl Fn() -> Duration,
) -> Result<ThreatScores> {
    train.check()?;
    test.check()?;
    if test.labels.is_empty() {
        return Err(Error::data("test flows", "at least one", "none"));
    }
    let examples = train.examples()?;
    let begin = clock();
    let detector = trainer.fit(&examples)?;
    let fit = clock().saturating_sub(begin);
    let begin = clock();
    let scores = detector.score(&test.rows)?;
    let row = clock().saturating_sub(begin) / u32::try_from(scores.len()).unwrap_or(u32::MAX);
    let truth: Vec<bool> = test.labels.iter().map(|label| ThreatType::of_label(label).is_some()).collect();
    let alarms: Vec<bool> = scores.iter().map(|score| score.alarm).collect();
    let seen: BTreeSet<&str> = train.labels.iter().map(String::as_str).collect();
    let mut unseen: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for place in (0..truth.len()).filter(|place| truth[*place] && !seen.contains(test.labels[*place].as_str())) {
        let (rows, raised) = unseen.entry(test.labels[place].clone()).or_default();
        *rows += 1;
        *raised += usize::from(alarms[place]);
    }
    let (rows, raised) = unseen.values().fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
    Ok(ThreatScores {
        alarms: alarm_scores(&alarms, &truth),
        auc_pr: average_precision(&scores.iter().map(|score| score.score).collect::<Vec<_>>(), &truth),
        unseen_recall: if rows == 0 { 0.0 } else { raised as f64 / rows as f64 },
        unseen: unseen.into_iter().map(|(name, (rows, raised))| (name, (rows, raised as f64 / rows as f64))).collect(),
        fit,
        row,
    })
}

/// Leaves whole attacks out: deals them, in the order of their names, into so many groups; learns without a group and its share
/// of the normal rows, and scores those. One score for each group.
///
/// # Errors
/// As [`evaluate_threats`]; [`Error::Parameter`] for fewer than two groups.
pub fn evaluate_unseen_threats(
    trainer: &FlowTrainer,
    data: &LabelledFlows,
    groups: usize,
    clock: impl Fn() -> Duration,
) -> Result<Vec<ThreatScores>> {
    data.check()?;
    if groups < 2 {
        return Err(Error::Parameter { name: "groups", expected: "at least 2", found: groups.to_string() });
    }
    let group_of_row = attack_groups(&data.labels, groups);
    let rows = |inside: &dyn Fn(usize) -> bool| -> Vec<usize> {
        (0..group_of_row.len()).filter(|row| inside(group_of_row[*row])).collect()
    };
    let score = |group: usize| {
        let (train, test) = (data.select(&rows(&|of| of != group)), data.select(&rows(&|of| of == group)));
        evaluate_threats(trainer, &train, &test, &clock)
    };
    (0..groups).map(score).collect()
}

/// The group of each row where whole attacks are left out: attacks are dealt in the order of their names, normal rows in their own
/// order.
#[must_use]
pub fn attack_groups(labels: &[String], groups: usize) -> Vec<usize> {
    let groups = groups.max(1);
    let attack = |label: &&String| ThreatType::of_label(label).is_some();
    let names: BTreeSet<&String> = labels.iter().filter(attack).collect();
    let group_of: BTreeMap<&String, usize> = names.into_iter().enumerate().map(|(place, name)| (name, place % groups)).collect();
    let mut normal = 0;
    let group = |label: &String| {
        group_of.get(label).copied().unwrap_or_else(|| {
            normal += 1;
            (normal - 1) % groups
        })
    };
    labels.iter().map(group).collect()
}
