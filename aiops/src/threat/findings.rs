//! The worst of what was found.

use super::assessment::Finding;

/// The most findings that an answer names.
const LIMIT: usize = 100;

/// Findings, of which only the worst are kept, so that a million attackers cost no more room than a hundred.
#[derive(Debug, Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
}

impl Findings {
    /// Takes one.
    pub(super) fn push(&mut self, mut finding: Finding) {
        finding.indicators.sort_by(|a, b| b.score.total_cmp(&a.score));
        self.kept.push(finding);
        if self.kept.len() >= 20 * LIMIT {
            self.prune();
        }
    }

    /// At most 100, the worst first: by severity, then confidence, then type and subject.
    pub(super) fn into_worst(mut self) -> Vec<Finding> {
        self.prune();
        self.kept
    }

    fn prune(&mut self) {
        self.kept.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then(b.confidence.total_cmp(&a.confidence))
                .then_with(|| (a.threat_type, &a.subject).cmp(&(b.threat_type, &b.subject)))
        });
        self.kept.truncate(LIMIT);
    }
}
