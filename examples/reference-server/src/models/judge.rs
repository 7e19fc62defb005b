//! Judging rows of metrics in turn.

use std::sync::Arc;

use dharmagraph_aiops::anomaly::{
    AnomalyPoint, MultivariateMethod, MultivariateModel, MultivariateStreamDetector, MultivariateStreamState,
    MultivariateTrainer, PersistenceState, Scaling, StreamDetector, StreamState,
};
use dharmagraph_aiops::data::{Series, Table};
use dharmagraph_aiops::model::{Model as _, Online, Trainer};
use dharmagraph_aiops::{Error, Result};
use serde::{Deserialize, Serialize};

use super::{Content, Current, Trained};

/// Judges rows of some metrics, one after the other.
#[derive(Debug)]
pub(crate) struct Judge {
    /// The metrics, in the order of the columns.
    pub(crate) metrics: Vec<String>,
    memory: Memory,
    /// The model that judges, where one was trained.
    trained: Option<Arc<Current>>,
}

/// What a judge goes on from. Which variant it is tells who judges.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Memory {
    /// One metric, without training.
    One(StreamState),
    /// Several, learnt as they go on.
    Several(Box<MultivariateStreamState>),
    /// Several, by what was learnt from the beginning of these rows.
    Learnt(Box<MultivariateModel>, PersistenceState),
    /// Several, by a model of the registry.
    Trained {
        /// Its version.
        version: u32,
        /// What its file must be.
        file_hash: String,
        state: PersistenceState,
    },
}

impl Memory {
    /// Whether it is safe to go on from, for so many metrics.
    pub(super) fn check(&self, metrics: usize) -> Result<()> {
        let known = match self {
            Self::One(state) => state.check().map(|()| 1),
            Self::Several(state) => state.check().map(|()| state.metrics()),
            Self::Learnt(model, state) => model.check().and_then(|()| state.check()).map(|()| model.metrics()),
            Self::Trained { state, .. } => state.check().map(|()| metrics),
        }?;
        if known == metrics {
            return Ok(());
        }
        Err(Error::ModelFile { expected: format!("what is remembered of {metrics} metrics"), found: format!("of {known}") })
    }
}

/// Where a judge of several metrics may learn from, if no model was trained on them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lesson {
    /// The caller said so: so many points at the beginning are normal.
    Points(usize),
    /// The caller said nothing, and the rows are all there are: their first half.
    FirstHalf,
    /// The caller said nothing, and more rows are to come: each from those before it.
    OnTheWay,
}

impl Judge {
    /// A judge of these metrics. It learns from the beginning of the series if the caller says so, else it is the current model
    /// if that was trained on these metrics.
    ///
    /// # Errors
    /// [`Error::Data`] where there is nothing to learn from; [`Error::TooShort`] for too few rows.
    pub(crate) fn new(series: &[Series], lesson: Lesson, rate: f64, current: Option<&Arc<Current>>) -> Result<Self> {
        let metrics: Vec<String> = series.iter().map(|series| series.metric.clone()).collect();
        if metrics.len() == 1 {
            let memory = Memory::One(StreamDetector::new(rate)?.begin());
            return Ok(Self { metrics, memory, trained: None });
        }
        let learn = |points: usize| -> Result<Self> {
            let rows = table(series, &metrics)?;
            let rows = rows.select(&(0..points.min(rows.rows())).collect::<Vec<_>>());
            let shares = rows.values().iter().all(|value| value.is_nan() || (0.0..=1.0).contains(value));
            let scaling = if shares { Scaling::Shares } else { Scaling::Range };
            let model = MultivariateTrainer::new(MultivariateMethod::Covariance, scaling, rate, 0)?.fit(&rows)?;
            let state = model.begin();
            Ok(Self { metrics: metrics.clone(), memory: Memory::Learnt(Box::new(model), state), trained: None })
        };
        match (lesson, current.filter(|current| knows(current, &metrics))) {
            (Lesson::Points(points), _) => learn(points),
            (_, Some(current)) => {
                for series in series {
                    current.model.schema.check_unit(&series.metric, series)?;
                }
                let metrics = current.model.schema.features().iter().map(|feature| feature.name.clone()).collect();
                let (version, file_hash) = (current.version.version, current.version.file_hash.clone());
                let memory = Memory::Trained { version, file_hash, state: PersistenceState::default() };
                Ok(Self { metrics, memory, trained: Some(Arc::clone(current)) })
            }
            (Lesson::FirstHalf, None) => learn(series[0].values().len() / 2),
            (Lesson::OnTheWay, None) => {
                let memory = Memory::Several(Box::new(MultivariateStreamDetector::new(metrics.len(), rate)?.begin()));
                Ok(Self { metrics, memory, trained: None })
            }
        }
    }

    /// The judge that remembers this. `trained` is the model that it names.
    pub(super) const fn resume(metrics: Vec<String>, memory: Memory, trained: Option<Arc<Current>>) -> Self {
        Self { metrics, memory, trained }
    }

    /// What it remembers.
    pub(super) fn into_memory(self) -> Memory {
        self.memory
    }

    /// The model of the registry, where that is what judges.
    pub(crate) const fn trained(&self) -> Option<&Arc<Current>> {
        self.trained.as_ref()
    }

    /// Judges rows, in order; there is an alarm at a p-value of at most `rate`.
    pub(crate) fn points(&mut self, rows: &Table, rate: f64) -> Result<Vec<AnomalyPoint>> {
        let one = StreamDetector::new(rate)?;
        let several = MultivariateStreamDetector::new(self.metrics.len(), rate)?;
        let trained = self.trained.as_deref();
        let observe = |row: &[f64]| -> Result<AnomalyPoint> {
            let point = match (&mut self.memory, trained) {
                (Memory::One(state), _) => one.observe(state, row),
                (Memory::Several(state), _) => several.observe(state, row),
                (Memory::Learnt(model, state), _) => model.observe(state, row),
                (
                    Memory::Trained { state, .. },
                    Some(Current { model: Trained { content: Content::Anomaly(model), .. }, .. }),
                ) => model.observe(state, row),
                (Memory::Trained { .. }, _) => Err(Error::data("model", "one of anomalies", "another one")),
            }?;
            Ok(AnomalyPoint { is_anomaly: point.p_value <= rate, ..point })
        };
        rows.iter().map(observe).collect()
    }
}

/// Whether the model was trained on these metrics, in whatever order.
fn knows(current: &Current, metrics: &[String]) -> bool {
    let schema = &current.model.schema;
    schema.len() == metrics.len() && metrics.iter().all(|metric| schema.position(metric).is_some())
}

/// Series of the same times as rows, with the metrics in this order.
///
/// # Errors
/// [`Error::Data`] for series of other times or lengths than the first has, and for other metrics.
pub(crate) fn table(series: &[Series], metrics: &[String]) -> Result<Table> {
    let first = &series[0];
    let mut columns = Vec::with_capacity(metrics.len());
    for metric in metrics {
        let found = series.iter().find(|series| series.metric == *metric);
        let Some(found) = found.filter(|_| series.len() == metrics.len()) else {
            return Err(Error::data("series", format!("the metrics {}", metrics.join(", ")), "others"));
        };
        if (found.start, found.step(), found.values().len()) != (first.start, first.step(), first.values().len()) {
            let what = format!("series {metric}");
            return Err(Error::data(what, "the start, step and length of the first series", "others; align them first"));
        }
        columns.push(found.values());
    }
    let values = (0..first.values().len()).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    Table::new(values, metrics.len())
}
