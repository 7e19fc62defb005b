//! Judging rows of metrics in turn.

use std::sync::Arc;

use dharmagraph_aiops::anomaly::{
    AnomalyPoint, MultivariateMethod, MultivariateModel, MultivariateTrainer, PersistenceState, Scaling, StreamDetector,
    StreamState,
};
use dharmagraph_aiops::data::{Series, Table};
use dharmagraph_aiops::model::{Online, Trainer};
use dharmagraph_aiops::{Error, Result};

use super::{Content, Current};

/// Judges rows of some metrics, one after the other.
#[derive(Debug)]
pub(crate) struct Judge {
    /// The metrics, in the order of the columns.
    pub(crate) metrics: Vec<String>,
    mind: Mind,
}

#[derive(Debug)]
enum Mind {
    /// One metric, without training.
    Stream(StreamDetector, StreamState),
    /// Several, by what was learnt from the beginning of these rows.
    Learnt(Box<MultivariateModel>, PersistenceState),
    /// Several, by the current model.
    Trained(Arc<Current>, PersistenceState),
}

/// Where a judge of several metrics may learn from, if no model was trained on them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lesson {
    /// The caller said so: so many points at the beginning are normal.
    Points(usize),
    /// The caller said nothing, and the rows are all there are: their first half.
    FirstHalf,
    /// The caller said nothing, and more rows are to come.
    None,
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
            let detector = StreamDetector::new(rate)?;
            let state = detector.begin();
            return Ok(Self { metrics, mind: Mind::Stream(detector, state) });
        }
        let learn = |points: usize| -> Result<Self> {
            let rows = table(series, &metrics)?;
            let rows = rows.select(&(0..points.min(rows.rows())).collect::<Vec<_>>());
            let shares = rows.values().iter().all(|value| value.is_nan() || (0.0..=1.0).contains(value));
            let scaling = if shares { Scaling::Shares } else { Scaling::Range };
            let model = MultivariateTrainer::new(MultivariateMethod::Covariance, scaling, rate, 0)?.fit(&rows)?;
            let state = model.begin();
            Ok(Self { metrics: metrics.clone(), mind: Mind::Learnt(Box::new(model), state) })
        };
        match (lesson, current.filter(|current| knows(current, &metrics))) {
            (Lesson::Points(points), _) => learn(points),
            (_, Some(current)) => {
                for series in series {
                    current.model.schema.check_unit(&series.metric, series)?;
                }
                let metrics = current.model.schema.features().iter().map(|feature| feature.name.clone()).collect();
                Ok(Self { metrics, mind: Mind::Trained(Arc::clone(current), PersistenceState::default()) })
            }
            (Lesson::FirstHalf, None) => learn(series[0].values().len() / 2),
            (Lesson::None, None) => {
                let expected = "an anomaly model that was trained on these metrics, or training_points at the stream's beginning";
                Err(Error::data("stream of several metrics", expected, "neither"))
            }
        }
    }

    /// The current model, where that is what judges.
    pub(crate) const fn trained(&self) -> Option<&Arc<Current>> {
        match &self.mind {
            Mind::Trained(current, _) => Some(current),
            _ => None,
        }
    }

    /// Judges rows, in order; there is an alarm at a p-value of at most `rate`.
    pub(crate) fn points(&mut self, rows: &Table, rate: f64) -> Result<Vec<AnomalyPoint>> {
        let observe = |row: &[f64]| -> Result<AnomalyPoint> {
            let point = match &mut self.mind {
                Mind::Stream(detector, state) => detector.observe(state, row),
                Mind::Learnt(model, state) => model.observe(state, row),
                Mind::Trained(current, state) => match &current.model.content {
                    Content::Anomaly(model) => model.observe(state, row),
                    _ => Err(Error::data("model", "one of anomalies", "another one")),
                },
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
