//! The trees that raise alarms.

use serde::{Deserialize, Serialize};

use crate::boost::{Booster, Explainer, Loss};
use crate::error::{Error, Result};
use crate::model::Model;

/// One judge or three, whose scores are added: the one that learnt from labelled attacks alone knows them best, the one that learnt
/// from reference rows alone is swayed by no attack, and the one of both knows more than either; and they err apart.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Judges {
    pub(super) first: Booster,
    pub(super) others: Vec<Booster>,
}

impl Judges {
    /// The sum of what all trees say of a row.
    pub(super) fn score(&self, row: &[f64]) -> Result<f64> {
        self.others.iter().try_fold(self.first.score(row)?, |sum, other| Ok(sum + other.score(row)?))
    }

    /// What tells how much each feature added to the score.
    pub(super) fn explainers(&self) -> Vec<Explainer> {
        std::iter::once(&self.first).chain(&self.others).map(Explainer::new).collect()
    }

    /// Checks what was read.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |expected: &str, found: String| Err(Error::ModelFile { expected: expected.into(), found });
        for booster in std::iter::once(&self.first).chain(&self.others) {
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
