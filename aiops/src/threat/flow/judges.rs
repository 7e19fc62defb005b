//! The trees that raise alarms.

use serde::{Deserialize, Serialize};

use crate::boost::{Booster, Explainer, Loss};
use crate::error::{Error, Result};
use crate::model::Model;

/// One or two judges, whose scores are added: those that learnt from labelled attacks alone know them better, those that learnt
/// from reference rows, too, know more; and they err apart.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Judges {
    pub(super) first: Booster,
    pub(super) second: Option<Booster>,
}

impl Judges {
    /// The sum of what all trees say of a row.
    pub(super) fn score(&self, row: &[f64]) -> Result<f64> {
        let second = self.second.as_ref().map_or(Ok(0.0), |second| second.score(row))?;
        Ok(self.first.score(row)? + second)
    }

    /// What tells how much each feature added to the score.
    pub(super) fn explainers(&self) -> Vec<Explainer> {
        std::iter::once(&self.first).chain(&self.second).map(Explainer::new).collect()
    }

    /// Checks what was read.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |expected: &str, found: String| Err(Error::ModelFile { expected: expected.into(), found });
        for booster in std::iter::once(&self.first).chain(&self.second) {
            booster.check()?;
            if booster.loss() != Loss::Logistic {
                return refuse("trees of logistic loss", format!("{:?}", booster.loss()));
            }
            if booster.schema() != self.first.schema() {
                return refuse("trees of one schema", "trees of two".into());
            }
        }
        Ok(())
    }
}
