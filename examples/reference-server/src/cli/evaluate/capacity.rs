//! Capacity forecasts: M4 Hourly, and the CloudWatch metrics of NAB.

use std::path::Path;

use dharmagraph_aiops::capacity::CapacityForecaster;
use dharmagraph_aiops::data::Series;
use dharmagraph_aiops::evaluate::{ForecastCase, ForecastScores, evaluate_forecasts};

use super::super::failure::Failure;
use super::super::table::frame;
use super::clock::processor_time;
use super::files::{files, refused, rest, wide};
use super::score::{Bound, Score, Scores};

const TRAIN: &str = "m4_hourly_train_";
const TEST: &str = "m4_hourly_test_";
const CLOUDWATCH: &str = "aws_cloudwatch_";

const HOUR: u32 = 3600;
const DAY_OF_HOURS: usize = 24;
/// CloudWatch's step, its day in steps, which is also how far is forecast, and from where.
const FIVE_MINUTES: u32 = 300;
const DAY_OF_STEPS: usize = 288;
const ORIGINS: [usize; 2] = [2_880, 3_600];

/// Milliseconds that one forecast may take.
const MILLISECONDS: f64 = 5.0;

/// The figures of each file in `capacity/`.
pub(super) fn scores(data: &Path) -> Result<Vec<Scores>, Failure> {
    let folder = data.join("capacity");
    let mut all = Vec::new();
    for train in files(&folder, TRAIN)? {
        let name = rest(&train, TRAIN);
        let test = folder.join(format!("{TEST}{name}.csv.gz"));
        let scores = evaluated(&train, &m4(&train, &test)?)?;
        all.push(told(
            format!("M4 Hourly ({name})"),
            &scores,
            vec![
                Score::new("OWA", scores.owa, Bound::AtMost(0.53)),
                Score::new("MASE", scores.mase, Bound::AtMost(0.95)),
                Score::new("sMAPE", scores.smape, Bound::None),
                Score::new("MSIS", scores.msis, Bound::AtMost(7.4)),
                Score::new("coverage at 95 %", scores.coverage, Bound::Between(0.93, 0.97)),
            ],
        ));
    }
    for file in files(&folder, CLOUDWATCH)? {
        let scores = evaluated(&file, &cloudwatch(&file)?)?;
        all.push(told(
            format!("AWS CloudWatch ({})", rest(&file, CLOUDWATCH)),
            &scores,
            vec![
                Score::new("MASE", scores.mase, Bound::AtMost(1.2)),
                Score::new("MSIS", scores.msis, Bound::AtMost(31.0)),
                Score::new("coverage at 95 %", scores.coverage, Bound::None),
            ],
        ));
    }
    Ok(all)
}

fn evaluated(file: &Path, cases: &[ForecastCase]) -> Result<ForecastScores, Failure> {
    evaluate_forecasts(&CapacityForecaster::new(), cases, processor_time).map_err(|error| refused(file, &error))
}

fn told(data: String, evaluated: &ForecastScores, mut scores: Vec<Score>) -> Scores {
    let time = evaluated.time.as_secs_f64();
    scores.push(Score::new("milliseconds a series", 1000.0 * time, Bound::AtMost(MILLISECONDS)));
    #[expect(clippy::cast_precision_loss, reason = "hundreds of cases")]
    let all = time * evaluated.cases as f64;
    Scores { data: format!("{data}, {} forecasts", evaluated.cases), scores, fit_seconds: 0.0, predict_seconds: all }
}

fn m4(train: &Path, test: &Path) -> Result<Vec<ForecastCase>, Failure> {
    let truths = wide(test)?;
    let mut cases = Vec::new();
    for (name, history) in wide(train)? {
        let Some((_, truth)) = truths.iter().find(|(known, _)| *known == name) else {
            return Err(refused(test, &format!("no row {name}, which {} has", train.display())));
        };
        let history = Series::new(name, None, 0, HOUR, history).map_err(|error| refused(train, &error))?;
        cases.push(ForecastCase { history, truth: truth.clone(), season: DAY_OF_HOURS });
    }
    Ok(cases)
}

fn cloudwatch(file: &Path) -> Result<Vec<ForecastCase>, Failure> {
    let mut frame = frame(file)?;
    let refuse = |error| refused(file, &error);
    let values = frame.take("value").and_then(|column| column.into_numbers("value")).map_err(refuse)?;
    let names = frame.take("file").and_then(|column| column.into_words("file")).map_err(refuse)?;
    let mut cases = Vec::new();
    let mut begin = 0;
    for part in names.chunk_by(|before, after| before == after) {
        let series = &values[begin..begin + part.len()];
        begin += part.len();
        for origin in ORIGINS {
            let (Some(history), Some(truth)) = (series.get(..origin), series.get(origin..origin + DAY_OF_STEPS)) else {
                continue;
            };
            let history = Series::new(part[0].as_str(), None, 0, FIVE_MINUTES, history.to_vec()).map_err(refuse)?;
            cases.push(ForecastCase { history, truth: truth.to_vec(), season: DAY_OF_STEPS });
        }
    }
    Ok(cases)
}
