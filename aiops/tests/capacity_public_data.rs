//! The figures on public data: M4 Hourly and the CloudWatch metrics of NAB, which are not part of the repository. Their directory
//! is `DHARMAGRAPH_DATA`, by default `shared/data` beside the workspace.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use dharmagraph_aiops::capacity::CapacityForecaster;
use dharmagraph_aiops::data::Series;
use dharmagraph_aiops::evaluate::{ForecastCase, ForecastScores, evaluate_forecasts};

/// Where the data is, or `None` with a word about it.
fn directory() -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let directory = std::env::var_os("DHARMAGRAPH_DATA").map_or(default, PathBuf::from).join("capacity");
    let found = directory.is_dir();
    if !found {
        eprintln!("skipped: no directory {}; set DHARMAGRAPH_DATA to the one that holds it", directory.display());
    }
    found.then_some(directory)
}

/// The lines of a compressed file after its heading, cut at commas.
fn rows(file: &Path) -> Vec<Vec<String>> {
    let output = Command::new("gzip").arg("-dc").arg(file).output().unwrap();
    assert!(output.status.success(), "{}", file.display());
    let cells = |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect();
    String::from_utf8(output.stdout).unwrap().lines().skip(1).map(cells).collect()
}

fn numbers(cells: &[String]) -> Vec<f64> {
    cells.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.parse().unwrap()).collect()
}

/// The time that this thread was on a processor, where Linux tells it; zero elsewhere.
fn processor_time() -> Duration {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = statistics.split_whitespace().next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

fn scores(what: &str, cases: &[ForecastCase]) -> ForecastScores {
    let scores = evaluate_forecasts(&CapacityForecaster::new(), cases, processor_time).unwrap();
    eprintln!("{what}: {scores:?}");
    scores
}

#[test]
fn m4_hourly_is_within_its_figures_also_one_and_two_horizons_earlier() {
    let Some(directory) = directory() else { return };
    let train = rows(&directory.join("m4_hourly_train_dev.csv.gz"));
    let test = rows(&directory.join("m4_hourly_test_dev.csv.gz"));
    assert_eq!(train.len(), test.len());
    for earlier in [0, 48, 96] {
        let case = |(train, test): (&Vec<String>, &Vec<String>)| {
            assert_eq!(train[0], test[0]);
            let (mut values, later) = (numbers(&train[1..]), numbers(&test[1..]));
            let start = values.len() - earlier;
            values.extend(later);
            let truth = values[start..start + 48].to_vec();
            values.truncate(start);
            ForecastCase { history: Series::new(train[0].as_str(), None, 0, 3_600, values).unwrap(), truth, season: 24 }
        };
        let cases: Vec<ForecastCase> = train.iter().zip(&test).map(case).collect();
        let scores = scores(&format!("M4 Hourly, {earlier} hours earlier"), &cases);
        assert!(scores.owa <= 0.53 && scores.mase <= 0.95 && scores.msis <= 7.4, "{scores:?}");
        assert!((0.93..=0.97).contains(&scores.coverage), "{scores:?}");
    }
}

#[test]
fn cloudwatch_metrics_are_within_their_figures() {
    let Some(directory) = directory() else { return };
    let rows = rows(&directory.join("aws_cloudwatch_dev.csv.gz"));
    let mut cases = Vec::new();
    for part in rows.chunk_by(|before, after| before[0] == after[0]) {
        let values: Vec<f64> = part.iter().map(|row| row[2].parse().unwrap()).collect();
        for start in [2_880, 3_600] {
            let history = Series::new(part[0][0].as_str(), None, 0, 300, values[..start].to_vec()).unwrap();
            cases.push(ForecastCase { history, truth: values[start..start + 288].to_vec(), season: 288 });
        }
    }
    let scores = scores("CloudWatch", &cases);
    assert!(scores.mase <= 1.2 && scores.msis <= 31.0, "{scores:?}");
}
