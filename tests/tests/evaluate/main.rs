//! `evaluate` on data sets of the form that it reads, made up: every set with and without a test part, and what it cannot read.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod made_up;

use std::path::Path;

use dharmagraph_tests::{Finished, dharmagraph, finished};
use serde_json::Value;

use crate::made_up::{engines, flows, hourly, labelled, machines, metrics, numbers, watched, write};

const NOWHERE: &str = "http://127.0.0.1:9";
const KNOWN: [&str; 4] = ["neptune", "satan", "guess_passwd", "rootkit"];

async fn evaluate(data: &Path, arguments: &[&str]) -> Finished {
    let mut command = dharmagraph(NOWHERE, data);
    let run = finished(command.args(["evaluate", "--data", data.to_str().unwrap()]).args(arguments)).await;
    assert!(!run.errors.contains("panicked") && run.status.code().is_some(), "{} {}", run.status, run.errors);
    run
}

/// The value of a measure in the answer as JSON.
fn value(sets: &Value, data: &str, measure: &str) -> f64 {
    let set = sets.as_array().unwrap().iter().find(|set| set["data"].as_str().unwrap().starts_with(data));
    let set = set.unwrap_or_else(|| panic!("no {data} in {sets}"));
    let score = set["scores"].as_array().unwrap().iter().find(|score| score["measure"] == measure);
    score.unwrap_or_else(|| panic!("no {measure} in {set}"))["value"].as_f64().unwrap()
}

/// What was measured, without times.
fn measures(sets: &Value) -> Vec<(String, Value)> {
    let is_time = |name: &str| name.contains("seconds") || name == "with contributions";
    let scores = sets.as_array().unwrap().iter().flat_map(|set| set["scores"].as_array().unwrap());
    let named = scores.map(|score| (score["measure"].as_str().unwrap().to_owned(), score["value"].clone()));
    named.filter(|(name, _)| !is_time(name)).collect()
}

#[tokio::test]
async fn every_data_set_without_a_test_part_has_its_figures_beside_floors() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    write(data, "failure/cmapss_fd001_train", &engines(20, 0, 1).text());
    write(data, "failure/ai4i2020_train", &machines(600, 2).text());
    write(data, "threat/nslkdd_train_36f", &flows(2400, &KNOWN, 3).text());
    write(data, "anomaly/smd_machine-1", &metrics(600, 4).text());
    write(data, "anomaly/smd_machine-2", &metrics(500, 5).otherwise());
    write(data, "anomaly/nab_kept", &labelled(3, 900).text());
    write(data, "capacity/aws_cloudwatch_kept", &watched(2).text());
    for (name, series, gaps) in [("one", 3, false), ("two", 2, true)] {
        let [train, test] = hourly(series, gaps);
        write(data, &format!("capacity/m4_hourly_train_{name}"), &train);
        write(data, &format!("capacity/m4_hourly_test_{name}"), &test.replace('\n', "\r\n"));
    }
    let run = evaluate(data, &["--json"]).await;
    assert!(!run.errors.contains("skipped") && !run.errors.contains("error"), "{}", run.errors);
    assert!(run.errors.contains("smd_machine-2.csv.gz: passed over what is no feature: remark"), "{}", run.errors);
    let sets = run.json();
    for (data, measure, least, most) in [
        ("C-MAPSS FD001, 5 parts by unit", "AUC-PR", 0.9, 1.0),
        ("C-MAPSS FD001, 5 parts by unit", "remaining life, RMSE", 0.0, 20.0),
        ("AI4I 2020, 5 parts by unit", "AUC-PR", 0.9, 1.0),
        ("M4 Hourly (one), 3 forecasts", "MASE", 0.1, 1.1),
        ("M4 Hourly (two), 2 forecasts", "MASE", 0.1, 1.1),
        ("AWS CloudWatch (kept), 2 forecasts", "MASE", 0.1, 1.1),
        ("NSL-KDD, 4 groups of attacks left out", "AUC-PR", 0.5, 1.0),
        ("SMD, 2 machines", "AUC-PR", 0.9, 1.0),
        ("NAB, 2 series as a whole", "AUC-PR", 0.5, 1.0),
        ("NAB, 3 series value by value", "NAB score, standard profile", 50.0, 100.0),
    ] {
        let found = value(&sets, data, measure);
        assert!((least..=most).contains(&found), "{data}, {measure}: {found}");
    }
    let below = sets.to_string();
    let run = evaluate(data, &["--only", "anomaly"]).await;
    for part in ["DATA", "MEASURE", "FLOOR", "FIT CPU", "PREDICT CPU", "SMD, 2 machines", ">= 0.62", "below their floor"] {
        assert!(run.output.contains(part), "{part}: {}", run.output);
    }
    assert_eq!(run.output.contains("BELOW"), run.status.code() == Some(1), "{}\n{below}", run.output);
}

#[tokio::test]
async fn a_test_part_is_judged_by_the_names_of_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let attacks = ["neptune", "satan", "guess_passwd", "rootkit", "mailbomb"];
    let (engines_test, machines_test) = (engines(9, 20, 11), machines(300, 12).except("Type", "H"));
    let flows_test = flows(900, &attacks, 13);
    write(data, "failure/cmapss_fd001_train", &engines(20, 0, 1).text());
    write(data, "failure/ai4i2020_train", &machines(600, 2).text());
    write(data, "threat/nslkdd_train_36f", &flows(2400, &KNOWN, 3).text());
    write(data, "failure/cmapss_fd001_test", &engines_test.clone().text());
    write(data, "failure/ai4i2020_test", &machines_test.clone().text());
    write(data, "threat/nslkdd_test_36f", &flows_test.clone().text());
    let only = ["--json", "--only", "failure", "--only", "threat"];
    let plain = evaluate(data, &only).await.json();
    assert!(value(&plain, "C-MAPSS FD001, test part", "AUC-PR") > 0.9);
    assert!(value(&plain, "C-MAPSS FD001, test part", "remaining life, RMSE") < 20.0);
    assert!(value(&plain, "AI4I 2020, test part", "AUC-PR") > 0.9);
    assert!(value(&plain, "NSL-KDD, test part", "AUC-PR") > 0.9);
    assert!(value(&plain, "NSL-KDD, test part", "recall of unseen attacks") > 0.5);

    write(data, "failure/cmapss_fd001_test", &engines_test.backwards().otherwise());
    write(data, "failure/ai4i2020_test", &machines_test.without("UID").without("RNF").otherwise());
    write(data, "threat/nslkdd_test_36f", &flows_test.without("difficulty").otherwise());
    let run = evaluate(data, &only).await;
    assert!(run.errors.contains("passed over what is no feature: remark"), "{}", run.errors);
    let (mut one, mut other) = (measures(&plain), measures(&run.json()));
    // Sums of rows in another order differ in their last digits.
    for (_, value) in one.iter_mut().chain(&mut other) {
        *value = format!("{:.9}", value.as_f64().unwrap()).into();
    }
    assert_eq!(one, other);

    // A feature that the test does not have is no reason to guess.
    write(data, "failure/ai4i2020_test", &machines(300, 12).without("Torque [Nm]").text());
    let run = evaluate(data, &["--only", "failure"]).await;
    assert_eq!(run.status.code(), Some(1));
    assert!(run.errors.contains("ai4i2020_test.csv.gz: expected a column `Torque [Nm]`"), "{}", run.errors);
    assert!(run.output.contains("C-MAPSS FD001, test part"), "the others are measured: {}", run.output);
}

#[tokio::test]
async fn what_is_missing_or_broken_is_named_and_keeps_nothing_else_from_being_measured() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let nothing = evaluate(data, &[]).await;
    assert_eq!((nothing.status.code(), nothing.output.as_str()), (Some(2), ""));
    assert_eq!(nothing.errors.matches("skipped").count(), 7, "{}", nothing.errors);
    assert_eq!(evaluate(&data.join("absent"), &[]).await.status.code(), Some(2));

    let [train, test] = hourly(2, false);
    write(data, "capacity/m4_hourly_train_whole", &train);
    write(data, "capacity/m4_hourly_test_whole", &test);
    write(data, "capacity/m4_hourly_train_alone", &train);
    write(data, "failure/ai4i2020_test", &machines(300, 1).text());
    write(data, "failure/cmapss_fd001_train", &engines(5, 0, 1).text().replace(',', ";"));
    write(data, "threat/nslkdd_train_36f", &flows(100, &KNOWN, 1).without("class").text());
    write(data, "anomaly/nab_empty", "");
    std::fs::write(data.join("anomaly/smd_machine-1.csv.gz"), "this was never packed").unwrap();
    let packed = std::fs::read(data.join("capacity/m4_hourly_train_whole.csv.gz")).unwrap();
    std::fs::write(data.join("capacity/aws_cloudwatch_cut.csv.gz"), &packed[..packed.len() / 2]).unwrap();
    let run = evaluate(data, &[]).await;
    assert_eq!(run.status.code(), Some(1), "{}", run.errors);
    assert!(run.output.contains("M4 Hourly (whole), 2 forecasts"), "{}", run.output);
    for part in [
        "m4_hourly_train_alone.csv.gz: there is no file of the same name with `test`",
        "ai4i2020_test.csv.gz: there is no ai4i2020_train.csv.gz beside it",
        "cmapss_fd001_train.csv.gz: invalid CSV: expected commas",
        "nslkdd_train_36f.csv.gz: expected a column `class`, found duration",
        "nab_empty.csv.gz: invalid CSV: expected a line of names",
        "smd_machine-1.csv.gz: expected a whole gzip file",
        "aws_cloudwatch_cut.csv.gz: expected a whole gzip file",
        "7 data sets could not be measured",
    ] {
        assert!(run.errors.contains(part), "{part}: {}", run.errors);
    }
}

#[tokio::test]
async fn whatever_the_files_hold_it_ends_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let whole = [
        ("failure/cmapss_fd001_train", engines(3, 0, 1).text()),
        ("failure/ai4i2020_train", machines(30, 2).text()),
        ("threat/nslkdd_train_36f", flows(60, &KNOWN, 3).text()),
        ("anomaly/smd_machine-1", metrics(30, 4).text()),
        ("anomaly/nab_kept", labelled(2, 60).text()),
        ("capacity/m4_hourly_train_one", hourly(1, true)[0].clone()),
        ("capacity/m4_hourly_test_one", hourly(1, true)[1].clone()),
        ("capacity/aws_cloudwatch_kept", watched(1).text()),
    ];
    let odd = ["", "NA", "1e999", "-1", "x", "\"", ",", "\n", "\u{feff}", "1e308", "0", "\0"];
    let mut drawn = numbers(9);
    for _ in 0..12 {
        for (name, text) in &whole {
            let cells = text.split_inclusive([',', '\n']).map(|cell| {
                let ends = cell.ends_with('\n');
                let replaced = odd[(drawn() * odd.len() as f64) as usize];
                if drawn() > 0.002 { cell.to_owned() } else { format!("{replaced}{}", if ends { "\n" } else { "," }) }
            });
            write(data, name, &cells.collect::<String>());
        }
        let run = evaluate(data, &[]).await;
        assert!(matches!(run.status.code(), Some(0 | 1)), "{} {}", run.status, run.errors);
        assert!(run.status.success() || run.errors.contains("error") || run.output.contains("BELOW"), "{}", run.errors);
    }
}
