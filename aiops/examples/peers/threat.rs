//! The flows of NSL-KDD.

use std::error::Error;
use std::path::Path;

use dharmagraph_aiops::evaluate::{LabelledFlows, attack_groups};
use dharmagraph_aiops::model::{Detector as _, Trainer as _};
use dharmagraph_aiops::threat::{FlowExamples, FlowParameters, FlowTrainer, ThreatType};

use super::fits::{Fit, timed};
use super::input::Columns;

/// Into how many groups attacks are dealt, each of which is left out once.
const GROUPS: usize = 4;

/// Flows with what each was.
pub(crate) fn flows(file: &Path) -> Result<LabelledFlows, Box<dyn Error>> {
    let mut columns = Columns::read(file)?;
    columns.take("difficulty")?;
    let labels = columns.take("class")?;
    let (schema, rows) = columns.features()?;
    Ok(LabelledFlows { schema, rows, labels })
}

/// Writes for each row its group, the score by a model that has not seen the group, and whether that is an alarm.
pub(crate) fn judge(data: &'static str, flows: &LabelledFlows, to: &Path) -> Result<Vec<Fit>, Box<dyn Error>> {
    let trainer: FlowTrainer = FlowParameters::default().check()?;
    let groups = attack_groups(&flows.labels, GROUPS);
    let mut said = vec![(0.0, false); groups.len()];
    let mut fits = Vec::new();
    for group in 0..GROUPS {
        let (judged, learnt): (Vec<usize>, Vec<usize>) = (0..groups.len()).partition(|row| groups[*row] == group);
        let labels = learnt.iter().map(|row| ThreatType::of_label(&flows.labels[*row])).collect();
        let examples = FlowExamples::new(flows.schema.clone(), flows.rows.select(&learnt), labels)?;
        let fit = Fit { data, fold: group, what: "whole", seconds: 0.0 };
        let (detector, fit) = timed(fit, 1, || trainer.fit(&examples))?;
        fits.push(fit);
        let scores = detector.score(&flows.rows.select(&judged))?;
        judged.iter().zip(scores).for_each(|(row, score)| said[*row] = (score.score, score.alarm));
    }
    let mut writer = csv::Writer::from_path(to)?;
    writer.write_record(["fold", "score", "alarm"])?;
    for (group, (score, alarm)) in groups.iter().zip(said) {
        writer.write_record([group.to_string(), score.to_string(), u8::from(alarm).to_string()])?;
    }
    writer.flush()?;
    Ok(fits)
}
