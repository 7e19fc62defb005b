//! What is answered about a flow.

use super::super::assessment::{Assessment, Indicator, Severity, ThreatType, recommendations};
use super::detector::FlowDetector;
use crate::data::Table;
use crate::error::Result;
use crate::model::Predictor;

/// The most features that an answer names.
const INDICATORS: usize = 10;
/// A type less likely than this, given that it is an attack, is not named.
const NAMED: f64 = 0.5;

impl FlowDetector {
    /// Whether one row is an attack, which, and which features speak for it.
    ///
    /// # Errors
    /// As [`FlowDetector::score_row`].
    pub fn assess(&self, row: &[f64]) -> Result<Assessment> {
        let score = self.score_row(row)?;
        let indicators = self.indicators(row)?;
        if !score.alarm {
            // An alarm begins where p is the budget, so this is above one half.
            let confidence = score.p_value / (score.p_value + self.false_alarm_budget());
            return Ok(answer(None, confidence, indicators));
        }
        let (threat, confidence) = match self.likeliest(row)? {
            (threat, probability) if probability >= NAMED => (threat, probability),
            // What speaks against the likeliest.
            (_, probability) => (ThreatType::Unknown, 1.0 - probability),
        };
        Ok(answer(Some(threat), confidence, indicators))
    }

    /// The features that speak most for an attack, or against it, by exact Shapley values.
    fn indicators(&self, row: &[f64]) -> Result<Vec<Indicator>> {
        let mut contributions = vec![0.0; row.len()];
        for explainer in self.explainers.get_or_init(|| self.judges.explainers()) {
            let added = explainer.contributions(row)?;
            contributions.iter_mut().zip(added).for_each(|(sum, added)| *sum += added);
        }
        let mut places: Vec<usize> = (0..row.len()).filter(|place| contributions[*place] != 0.0).collect();
        places.sort_by(|a, b| contributions[*b].abs().total_cmp(&contributions[*a].abs()).then(a.cmp(b)));
        places.truncate(INDICATORS);
        let features = self.schema().features();
        let indicator = |place: usize| Indicator {
            name: features[place].name.clone(),
            value: row[place].is_finite().then_some(row[place]),
            score: contributions[place],
        };
        Ok(places.into_iter().map(indicator).collect())
    }
}

fn answer(threat: Option<ThreatType>, confidence: f64, indicators: Vec<Indicator>) -> Assessment {
    let severity = match threat {
        None => Severity::Low,
        Some(ThreatType::PortScan | ThreatType::Unknown) => Severity::Medium,
        Some(ThreatType::DataExfiltration | ThreatType::PrivilegeEscalation | ThreatType::Malware) if confidence >= 0.9 => {
            Severity::Critical
        }
        Some(_) => Severity::High,
    };
    Assessment {
        threat_detected: threat.is_some(),
        threat_type: threat,
        severity,
        confidence: confidence.clamp(0.0, 1.0),
        indicators,
        recommendations: threat.map(|threat| recommendations(threat, severity)).unwrap_or_default(),
        findings: Vec::new(),
        warnings: Vec::new(),
    }
}

impl Predictor for FlowDetector {
    type Answer = Assessment;

    fn predict(&self, rows: &Table) -> Result<Vec<Assessment>> {
        rows.iter().map(|row| self.assess(row)).collect()
    }
}
