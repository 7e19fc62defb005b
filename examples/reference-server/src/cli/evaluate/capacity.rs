//! Capacity forecasts: M4 Hourly, and the CloudWatch metrics of NAB.

use std::path::Path;

use dharmagraph_aiops::capacity::CapacityForecaster;
use dharmagraph_aiops::data::Series;
use dharmagraph_aiops::evaluate::{ForecastCase, ForecastScores, evaluate_forecasts, seasonal_scale};

use super::super::failure::Failure;
use super::super::output::note;
use super::super::table::frame;
use super::clock::processor_time;
use super::columns::{measured, names, places_by_name};
use super::files::{Pair, files, pairs, refused, rest, wide};
use super::report::Report;
use super::score::{Bound, Score, Scores};

const M4: &str = "m4_hourly";
const CLOUDWATCH: &str = "aws_cloudwatch_";

const HOUR: u32 = 3600;
const DAY_OF_HOURS: usize = 24;
/// CloudWatch's step, its day in steps, which is also how far is forecast, and from where.
const FIVE_MINUTES: u32 = 300;
const DAY_OF_STEPS: usize = 288;
const ORIGINS: [usize; 2] = [2_880, 3_600];

/// Milliseconds that one forecast may take.
const MILLISECONDS: f64 = 5.0;

/// Measures the files of the folder of forecasts.
pub(super) fn measure(folder: &Path, report: &mut Report) -> Result<(), Failure> {
    let (pairs, cloud) = (pairs(folder, M4)?, files(folder, CLOUDWATCH)?);
    if pairs.is_empty() {
        report.skip("M4 Hourly", "capacity/m4_hourly_{train,test}_*");
    }
    for pair in pairs {
        report.add(pair.and_then(|pair| competition(&pair)).map(|scores| [scores]));
    }
    if cloud.is_empty() {
        report.skip("AWS CloudWatch", "capacity/aws_cloudwatch_*");
    }
    for file in cloud {
        report.add(watched(&file).map(|scores| [scores]));
    }
    Ok(())
}

fn competition(pair: &Pair) -> Result<Scores, Failure> {
    let Some(test) = &pair.test else {
        return Err(refused(&pair.train, &"there is no file of the same name with `test` for `train` beside it"));
    };
    let scores = evaluated(&pair.train, &m4(&pair.train, test)?)?;
    let measures = vec![
        Score::new("OWA", scores.owa, Bound::AtMost(0.53)),
        Score::new("MASE", scores.mase, Bound::AtMost(0.95)),
        Score::new("sMAPE", scores.smape, Bound::None),
        Score::new("MSIS", scores.msis, Bound::AtMost(7.4)),
        Score::new("coverage at 95 %", scores.coverage, Bound::Between(0.93, 0.97)),
    ];
    Ok(told(format!("M4 Hourly ({})", pair.name), &scores, measures))
}

fn watched(file: &Path) -> Result<Scores, Failure> {
    let scores = evaluated(file, &cloudwatch(file)?)?;
    let measures = vec![
        Score::new("MASE", scores.mase, Bound::AtMost(1.2)),
        Score::new("MSIS", scores.msis, Bound::AtMost(31.0)),
        Score::new("coverage at 95 %", scores.coverage, Bound::None),
    ];
    Ok(told(format!("AWS CloudWatch ({})", rest(file, CLOUDWATCH)), &scores, measures))
}

/// The figures of all cases by whose season errors can be scaled; the others are named.
fn evaluated(file: &Path, cases: &[ForecastCase]) -> Result<ForecastScores, Failure> {
    let (scaled, others): (Vec<ForecastCase>, Vec<ForecastCase>) =
        cases.iter().cloned().partition(|case| seasonal_scale(case.history.values(), case.season) > 0.0);
    for case in others {
        note(&format!("{}: {} is left out: the same in each season", file.display(), case.history.metric));
    }
    evaluate_forecasts(&CapacityForecaster::new(), &scaled, processor_time).map_err(|error| refused(file, &error))
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
    let values = measured(&mut frame, "value", file)?;
    let files = names(&mut frame, "file", file)?;
    let mut cases = Vec::new();
    for (name, rows) in places_by_name(&files) {
        let series: Vec<f64> = rows.iter().map(|row| values[*row]).collect();
        for origin in ORIGINS {
            let (Some(history), Some(truth)) = (series.get(..origin), series.get(origin..origin + DAY_OF_STEPS)) else {
                continue;
            };
            let history = Series::new(name, None, 0, FIVE_MINUTES, history.to_vec()).map_err(|error| refused(file, &error))?;
            cases.push(ForecastCase { history, truth: truth.to_vec(), season: DAY_OF_STEPS });
        }
    }
    if cases.is_empty() {
        let least = ORIGINS[0] + DAY_OF_STEPS;
        return Err(refused(file, &format!("expected at least one series of {least} values, found none")));
    }
    Ok(cases)
}
