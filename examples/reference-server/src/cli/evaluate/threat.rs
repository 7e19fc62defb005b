//! Attacks in flows: NSL-KDD, with attacks that the training does not have.

use std::path::Path;

use dharmagraph_aiops::data::Table;
use dharmagraph_aiops::evaluate::{LabelledFlows, ThreatScores, evaluate_threats, evaluate_unseen_threats};
use dharmagraph_aiops::threat::FlowParameters;
use dharmagraph_reference_server::frame::Frame;

use super::super::failure::Failure;
use super::super::table::frame;
use super::clock::processor_time;
use super::columns::{aligned, names, take};
use super::files::{Pair, pairs, refused};
use super::report::Report;
use super::score::{Bound, Score, Scores};

/// Into how many groups attacks are dealt, each of which is left out once.
const GROUPS: usize = 4;
/// What XGBoost 3.2 finds of the attacks that are left out, in the same groups and with the same budget, and
/// HistGradientBoosting a little less. On the test part its accuracy with that budget.
const UNSEEN: f64 = 0.875;
const ACCURACY: f64 = 0.901;
/// Alarms on normal flows beyond twice the budget are too many.
const FALSE_ALARMS: f64 = 0.02;
/// Microseconds that one row may take.
const ROW: f64 = 5.0;

/// Measures the files of the folder of attacks.
pub(super) fn measure(folder: &Path, report: &mut Report) -> Result<(), Failure> {
    let pairs = pairs(folder, "nslkdd")?;
    if pairs.is_empty() {
        report.skip("NSL-KDD", "threat/nslkdd_train_36f");
    }
    for pair in pairs {
        let scores = pair.and_then(|Pair { train, test, .. }| match test {
            Some(test) => tested(&train, &test),
            None => left_out(&train),
        });
        report.add(scores.map(|scores| [scores]));
    }
    Ok(())
}

fn left_out(train: &Path) -> Result<Scores, Failure> {
    let refuse = |error| refused(train, &error);
    let (frame, labels) = flows(train)?;
    let (schema, rows) = frame.into_table().map_err(refuse)?;
    let flows = LabelledFlows { schema, rows, labels };
    let trainer = FlowParameters::default().check().map_err(refuse)?;
    let groups = evaluate_unseen_threats(&trainer, &flows, GROUPS, processor_time).map_err(refuse)?;
    #[expect(clippy::cast_precision_loss, reason = "a few groups")]
    let mean = |figure: &dyn Fn(&ThreatScores) -> f64| groups.iter().map(figure).sum::<f64>() / groups.len() as f64;
    let row = mean(&|group| group.row.as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "a table has fewer than 2^53 rows")]
    let predict_seconds = row * flows.labels.len() as f64;
    Ok(Scores {
        data: format!("NSL-KDD, {GROUPS} groups of attacks left out"),
        scores: vec![
            Score::new("recall of unseen attacks, 1 % budget", mean(&|group| group.unseen_recall), Bound::AtLeast(UNSEEN)),
            Score::new("accuracy", mean(&|group| group.alarms.accuracy), Bound::None),
            Score::new("macro-F1", mean(&|group| group.alarms.macro_f1), Bound::None),
            Score::new("AUC-PR", mean(&|group| group.auc_pr), Bound::None),
            Score::new("false alarms", mean(&|group| group.alarms.false_alarm_rate), Bound::AtMost(FALSE_ALARMS)),
            Score::new("microseconds a row", 1e6 * row, Bound::AtMost(ROW)),
        ],
        fit_seconds: mean(&|group| group.fit.as_secs_f64()),
        predict_seconds,
    })
}

fn tested(train: &Path, test: &Path) -> Result<Scores, Failure> {
    let refuse = |error| refused(train, &error);
    let (learnt, learnt_labels) = flows(train)?;
    let (asked, asked_labels) = flows(test)?;
    let (schema, rows) = learnt.into_table().map_err(refuse)?;
    let others = aligned(&asked, &schema, test)?;
    let labelled = |rows: Table, labels| LabelledFlows { schema: schema.clone(), rows, labels };
    let (learnt, asked) = (labelled(rows, learnt_labels), labelled(others, asked_labels));
    let trainer = FlowParameters::default().check().map_err(refuse)?;
    let scores = evaluate_threats(&trainer, &learnt, &asked, processor_time).map_err(refuse)?;
    let row = scores.row.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a table has fewer than 2^53 rows")]
    let predict_seconds = row * asked.labels.len() as f64;
    Ok(Scores {
        data: "NSL-KDD, test part".to_owned(),
        scores: vec![
            Score::new("accuracy, 1 % budget", scores.alarms.accuracy, Bound::AtLeast(ACCURACY)),
            Score::new("macro-F1", scores.alarms.macro_f1, Bound::None),
            Score::new("AUC-PR", scores.auc_pr, Bound::None),
            Score::new("recall of unseen attacks", scores.unseen_recall, Bound::None),
            Score::new("false alarms", scores.alarms.false_alarm_rate, Bound::None),
            Score::new("microseconds a row", 1e6 * row, Bound::AtMost(ROW)),
        ],
        fit_seconds: scores.fit.as_secs_f64(),
        predict_seconds,
    })
}

/// The features and the classes; how difficult a row is belongs to neither.
fn flows(file: &Path) -> Result<(Frame, Vec<String>), Failure> {
    let mut frame = frame(file)?;
    let labels = names(&mut frame, "class", file)?;
    if frame.column("difficulty").is_some() {
        take(&mut frame, "difficulty", file)?;
    }
    Ok((frame, labels))
}
