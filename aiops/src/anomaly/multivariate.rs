//! Rows of several metrics.

use serde::{Deserialize, Serialize};

use super::conformal::Calibration;
use super::covariance::Covariance;
use super::deviation::Deviation;
use super::forest::Forest;
use super::parameters::{MultivariateMethod, MultivariateTrainer};
use super::persistence::{Persistence, PersistenceState};
use super::point::AnomalyPoint;
use super::principal::Principal;
use super::scale::Scale;
use crate::data::Table;
use crate::error::{Error, Result};
use crate::model::{Detector, Model, Online, Trainer};

/// Rows at least.
const ROWS: usize = 16;
/// So many parts of the training, each without a gap, are scored by a model of the others, so that calibration knows no row
/// that its model learnt from (cross-conformal prediction: Vovk, Annals of Mathematics and Artificial Intelligence 74, 2015).
const FOLDS: usize = 4;

/// One way to measure how strange a row is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Member {
    Covariance(Covariance),
    Principal(Principal),
    Deviation(Deviation),
    Forest(Forest),
}

impl Member {
    fn measure(&self, row: &[f64], parts: &mut Vec<f64>) -> f64 {
        match self {
            Self::Covariance(member) => member.measure(row, parts),
            Self::Principal(member) => member.measure(row, parts),
            Self::Deviation(member) => member.measure(row, parts),
            Self::Forest(member) => member.measure(row, parts),
        }
    }

    fn check(&self, metrics: usize) -> Result<()> {
        match self {
            Self::Covariance(member) => member.check(metrics),
            Self::Principal(member) => member.check(metrics),
            Self::Deviation(member) => member.check(metrics),
            Self::Forest(member) => member.check(metrics),
        }
    }
}

/// Tells how unusual rows of several metrics are: each for itself as a [`Detector`], one after the other as [`Online`].
///
/// Online, an anomaly is held and what lasts counts more; the scores and p-values of the two ways are not comparable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MultivariateModel {
    scale: Scale,
    members: Vec<(Member, Calibration)>,
    alone: Calibration,
    in_turn: Calibration,
    false_alarm_rate: f64,
}

impl Trainer for MultivariateTrainer {
    type Data = Table;
    type Model = MultivariateModel;

    fn fit(&self, data: &Table) -> Result<MultivariateModel> {
        if data.rows() < ROWS {
            return Err(Error::TooShort { what: "the training, in rows,".into(), needed: ROWS, found: data.rows() });
        }
        if data.columns() > super::METRICS {
            return Err(Error::TooMuch { what: "the training's metrics".into(), limit: super::METRICS, found: data.columns() });
        }
        if data.values().iter().all(|value| value.is_nan()) {
            return Err(Error::data("training", "values that are not missing", "none"));
        }
        let scale = Scale::fit(data, self.scaling());
        let scaled = scale.apply_all(data);
        let rows: Vec<&[f64]> = scaled.iter().map(Vec::as_slice).collect();
        let (members, measures) = self.learn(&rows);
        let calibrations = measures.iter().map(|measures| Calibration::new(measures.clone()));
        let members: Vec<(Member, Calibration)> = members.into_iter().zip(calibrations).collect();
        let alone = |row: usize| match members.as_slice() {
            [_] => measures[0][row],
            _ => {
                let rarities =
                    members.iter().zip(&measures).map(|((_, known), measures)| known.rarity_among_others(measures[row]));
                rarities.sum::<f64>() / members.len() as f64
            }
        };
        let scores: Vec<f64> = (0..measures[0].len()).map(alone).collect();
        let mut state = PersistenceState::default();
        let in_turn = scores.iter().map(|score| Persistence::observe(&mut state, *score)).collect();
        Ok(MultivariateModel {
            scale,
            members,
            alone: Calibration::new(scores),
            in_turn: Calibration::new(in_turn),
            false_alarm_rate: self.false_alarm_rate(),
        })
    }
}

impl MultivariateTrainer {
    /// What it measures by, and by each of them the rows, as one that did not learn from them does.
    fn learn(&self, rows: &[&[f64]]) -> (Vec<Member>, Vec<Vec<f64>>) {
        if self.method() == MultivariateMethod::Forest {
            let (forest, held_out) = Forest::fit(rows, self.seed());
            return (vec![Member::Forest(forest)], vec![held_out]);
        }
        let members = self.members(rows);
        let mut measures: Vec<Vec<f64>> = vec![Vec::with_capacity(rows.len()); members.len()];
        let mut parts = Vec::new();
        for fold in 0..FOLDS {
            let (start, end) = (fold * rows.len() / FOLDS, (fold + 1) * rows.len() / FOLDS);
            let others: Vec<&[f64]> = rows[..start].iter().chain(&rows[end..]).copied().collect();
            for (member, measures) in self.members(&others).iter().zip(&mut measures) {
                measures.extend(rows[start..end].iter().map(|row| member.measure(row, &mut parts)));
            }
        }
        (members, measures)
    }

    /// Those that draw nothing at random.
    fn members(&self, rows: &[&[f64]]) -> Vec<Member> {
        let covariance = || Member::Covariance(Covariance::fit(rows));
        let principal = || Member::Principal(Principal::fit(rows));
        let deviation = || Member::Deviation(Deviation::fit(rows));
        match self.method() {
            MultivariateMethod::Covariance => vec![covariance()],
            MultivariateMethod::Principal => vec![principal()],
            MultivariateMethod::Deviation => vec![deviation()],
            MultivariateMethod::Forest => Vec::new(),
            MultivariateMethod::Fused => vec![covariance(), principal(), deviation()],
        }
    }
}

/// Makes parts of `sum` the same shares of `score`; even ones where they are none.
fn share(parts: &mut [f64], sum: f64, score: f64) {
    let even = score / parts.len().max(1) as f64;
    for part in parts {
        let shared = *part / sum * score;
        *part = if shared.is_finite() { shared } else { even };
    }
}

/// What is reused from row to row.
#[derive(Default)]
struct Workspace {
    scaled: Vec<f64>,
    parts: Vec<f64>,
}

impl MultivariateModel {
    /// How many metrics a row has.
    #[must_use]
    pub fn metrics(&self) -> usize {
        self.scale.metrics()
    }

    /// The score of a row, and in `contributions` the part of each metric.
    fn measure(&self, row: &[f64], workspace: &mut Workspace, contributions: &mut Vec<f64>) -> f64 {
        self.scale.apply(row, &mut workspace.scaled);
        if let [(member, _)] = self.members.as_slice() {
            return member.measure(&workspace.scaled, contributions);
        }
        contributions.clear();
        contributions.resize(row.len(), 0.0);
        let mut score = 0.0;
        for (member, known) in &self.members {
            let measure = member.measure(&workspace.scaled, &mut workspace.parts);
            let rarity = known.rarity(measure) / self.members.len() as f64;
            share(&mut workspace.parts, measure, rarity);
            contributions.iter_mut().zip(&workspace.parts).for_each(|(sum, part)| *sum += part);
            score += rarity;
        }
        score
    }

    fn point(&self, score: f64, p_value: f64, contributions: Vec<f64>) -> AnomalyPoint {
        AnomalyPoint { score, p_value, is_anomaly: p_value <= self.false_alarm_rate, expected: None, contributions }
    }

    fn refuse(&self, found: usize) -> Error {
        Error::data("row", format!("{} metrics, as the model has", self.metrics()), found.to_string())
    }
}

impl Detector for MultivariateModel {
    type Score = AnomalyPoint;

    fn score(&self, rows: &Table) -> Result<Vec<AnomalyPoint>> {
        if rows.columns() != self.metrics() {
            return Err(self.refuse(rows.columns()));
        }
        let mut workspace = Workspace::default();
        let score = |row: &[f64]| {
            let mut contributions = Vec::with_capacity(row.len());
            let score = self.measure(row, &mut workspace, &mut contributions);
            self.point(score, self.alone.p_value(score), contributions)
        };
        Ok(rows.iter().map(score).collect())
    }
}

impl Online for MultivariateModel {
    type State = PersistenceState;
    type Answer = AnomalyPoint;

    fn begin(&self) -> PersistenceState {
        PersistenceState::default()
    }

    fn observe(&self, state: &mut PersistenceState, values: &[f64]) -> Result<AnomalyPoint> {
        if values.len() != self.metrics() {
            return Err(self.refuse(values.len()));
        }
        if let Some(place) = values.iter().position(|value| value.is_infinite()) {
            return Err(Error::data(
                format!("metric {}", place + 1),
                "a finite number, or NaN for a missing one",
                "an infinite one",
            ));
        }
        let mut contributions = Vec::with_capacity(values.len());
        let alone = self.measure(values, &mut Workspace::default(), &mut contributions);
        let score = Persistence::observe(state, alone);
        share(&mut contributions, alone, score);
        Ok(self.point(score, self.in_turn.p_value(score), contributions))
    }
}

impl Model for MultivariateModel {
    const KIND: &'static str = "anomaly-multivariate";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        self.scale.check()?;
        let metrics = self.metrics();
        let rate = self.false_alarm_rate > 0.0 && self.false_alarm_rate < 1.0;
        if metrics > super::METRICS || self.members.is_empty() || !rate {
            let expected = "a few metrics, at least one measure and a false-alarm rate".to_owned();
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        for (member, known) in &self.members {
            member.check(metrics)?;
            known.check()?;
        }
        self.alone.check()?;
        self.in_turn.check()
    }
}
