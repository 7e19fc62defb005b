//! The engines of C-MAPSS FD001, and the machines of AI4I 2020.

use std::error::Error;
use std::path::Path;

use dharmagraph_aiops::boost;
use dharmagraph_aiops::boost::Examples;
use dharmagraph_aiops::evaluate::failure::folds;
use dharmagraph_aiops::failure::{FailureTrainer, Parameters, Records, Windows};
use dharmagraph_aiops::model::Trainer as _;

use super::fits::{Fit, timed};
use super::input::Columns;

/// An engine fails if it has at most so many cycles left.
const HORIZON: f64 = 30.0;
/// Columns of AI4I that name the row, or tell why it failed.
const LEFT_OUT: [&str; 7] = ["UID", "Product ID", "TWF", "HDF", "PWF", "OSF", "RNF"];

/// Engines with features of windows.
pub(crate) fn engines(file: &Path) -> Result<Records, Box<dyn Error>> {
    let mut columns = Columns::read(file)?;
    let units = columns.take("unit")?.iter().map(|cell| cell.parse()).collect::<Result<_, _>>()?;
    let remaining = columns.take_numbers("rul")?;
    columns.take("cycle")?;
    let (schema, rows) = columns.features()?;
    Ok(Records::with_remaining(schema, rows, units, remaining, HORIZON)?.windowed(&Windows::default())?)
}

/// Machines, each a unit of one row.
pub(crate) fn machines(file: &Path) -> Result<Records, Box<dyn Error>> {
    let mut columns = Columns::read(file)?;
    for name in LEFT_OUT {
        columns.take(name)?;
    }
    let fails: Vec<bool> = columns.take_numbers("Machine failure")?.into_iter().map(|target| target == 1.0).collect();
    let (schema, rows) = columns.features()?;
    Ok(Records::new(schema, rows, (0..fails.len() as u64).collect(), fails)?)
}

/// How often a fit is timed.
const REPEATS: usize = 5;

/// What is said of a row.
#[derive(Debug, Clone, Default)]
struct Said {
    probability: f64,
    /// Remaining life with its interval, where it is known.
    remaining: Option<[f64; 3]>,
}

/// Writes for each row its fold, what a model of the other folds says of it, and its features.
pub(crate) fn judge(data: &'static str, records: &Records, to: &Path) -> Result<Vec<Fit>, Box<dyn Error>> {
    let trainer: FailureTrainer = Parameters::default().check()?;
    let folds = folds(&trainer, records)?;
    let mut said = vec![Said::default(); folds.len()];
    let mut fits = Vec::new();
    for fold in 0..folds.iter().max().map_or(0, |last| last + 1) {
        let (judged, learnt): (Vec<usize>, Vec<usize>) = (0..folds.len()).partition(|row| folds[*row] == fold);
        let learnt = records.select(&learnt);
        let fit = |what| Fit { data, fold, what, seconds: 0.0 };
        fits.push(timed(fit("classifier"), REPEATS, || trainer.classifier(&learnt))?.1);
        if let Some(lives) = learnt.remaining() {
            let targets = lives.iter().map(|life| life.min(trainer.parameters().cap)).collect();
            let examples = Examples::new(learnt.schema().clone(), learnt.rows().clone(), targets)?;
            let boosting: boost::Boosting = trainer.parameters().remaining.clone().check()?;
            fits.push(timed(fit("regressor"), REPEATS, || boosting.fit(&examples))?.1);
        }
        let (model, whole) = timed(fit("whole"), 1, || trainer.fit(&learnt))?;
        fits.push(whole);
        for row in judged {
            let values = records.rows().row(row);
            let remaining = model.remaining(values)?.map(|life| [life.point, life.lower, life.upper]);
            said[row] = Said { probability: model.probability(values)?, remaining };
        }
    }
    write(records, &folds, &said, to)?;
    Ok(fits)
}

fn write(records: &Records, folds: &[usize], said: &[Said], to: &Path) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_path(to)?;
    let features = records.schema().features().iter().map(|feature| feature.name.as_str());
    writer.write_record(["fold", "probability", "remaining", "lower", "upper"].into_iter().chain(features))?;
    for (row, said) in said.iter().enumerate() {
        let number = |value: f64| if value.is_nan() { String::new() } else { value.to_string() };
        let remaining = said.remaining.unwrap_or([f64::NAN; 3]).map(number);
        let told = [folds[row].to_string(), number(said.probability)].into_iter().chain(remaining);
        writer.write_record(told.chain(records.rows().row(row).iter().map(|value| number(*value))))?;
    }
    Ok(writer.flush()?)
}
