//! What Prometheus is told of models.

use ::metrics::{Key, Label, Recorder};
use dharmagraph_aiops::model::Warning;
use dharmagraph_aiops::registry::Registry;

use super::{METADATA, Metrics};
use crate::models::{self, ModelKind};

pub(super) const PREDICTIONS: &str = "dharmagraph_predictions_total";
pub(super) const TRAININGS: &str = "dharmagraph_trainings_total";
pub(super) const VERSION: &str = "dharmagraph_model_version";
pub(super) const DRIFT: &str = "dharmagraph_model_drift";

impl Metrics {
    pub(super) fn describe_models(&self) {
        self.recorder.describe_counter(PREDICTIONS.into(), None, "Questions answered by models, items of a batch apart.".into());
        self.recorder.describe_counter(TRAININGS.into(), None, "Models trained, or not.".into());
        self.recorder.describe_gauge(VERSION.into(), None, "The version that answers; 0 where none was trained.".into());
        let drift = "Features of the last answer that are not distributed as at the training, the model's own scores included.";
        self.recorder.describe_gauge(DRIFT.into(), None, drift.into());
    }

    /// Counts answers of a model.
    pub(crate) fn predicted(&self, kind: &'static str, answers: usize) {
        let key = Key::from_parts(PREDICTIONS, vec![Label::from_static_parts("kind", kind)]);
        self.recorder.register_counter(&key, &METADATA).increment(answers as u64);
    }

    /// Counts a training.
    pub(crate) fn trained(&self, kind: ModelKind, done: bool) {
        let outcome = if done { "done" } else { "refused" };
        let labels = vec![Label::from_static_parts("kind", kind.as_str()), Label::from_static_parts("outcome", outcome)];
        self.recorder.register_counter(&Key::from_parts(TRAININGS, labels), &METADATA).increment(1);
    }

    /// Notes how many features drift, as the warnings of an answer say.
    pub(crate) fn drifted(&self, kind: ModelKind, warnings: &[Warning]) {
        let drifting = warnings.iter().filter(|warning| matches!(warning, Warning::Drift { .. })).count();
        self.set(DRIFT, vec![Label::from_static_parts("kind", kind.as_str())], drifting as u64);
    }

    /// Notes which models answer.
    pub(crate) fn set_models(&self, registry: &Registry) {
        for kind in ModelKind::ALL {
            let version = models::current(registry, kind).map_or(0, |version| version.version);
            self.set(VERSION, vec![Label::from_static_parts("kind", kind.as_str())], version.into());
        }
    }
}
