//! A detector of attacks in flows finds what was labelled and what is not normal.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;
use std::time::Duration;

use dharmagraph_aiops::data::{Feature, FeatureKind, Schema, Table};
use dharmagraph_aiops::evaluate::{LabelledFlows, evaluate_threats, evaluate_unseen_threats};
use dharmagraph_aiops::model::{Detector, Predictor, Trainer, load, save};
use dharmagraph_aiops::threat::{Assessment, FlowDetector, FlowExamples, FlowParameters, Severity, ThreatType};
use proptest::prelude::*;

/// Numbers between 0 and 1 that look drawn.
fn drawn(number: u32) -> f64 {
    let mixed = (number ^ (number >> 15)).wrapping_mul(0x2c1b_3c6d);
    f64::from((mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39) >> 8) / f64::from(1 << 24)
}

fn schema() -> Schema {
    let protocol = FeatureKind::Categorical { levels: vec!["tcp".into(), "udp".into()] };
    let feature = |name: &str, kind| Feature { name: name.into(), unit: None, kind };
    Schema::new(vec![
        feature("sent", FeatureKind::Numeric),
        feature("received", FeatureKind::Numeric),
        feature("rate", FeatureKind::Numeric),
        feature("protocol", protocol),
    ])
    .unwrap()
}

/// Normal traffic answers what it is sent; floods come at a high rate, scans get no answer, and leaks answer more than was asked.
fn flow(kind: &str, number: u32) -> [f64; 4] {
    let at = |part: u32| drawn(number * 4 + part);
    let sent = at(0);
    let normal = [sent, sent + 0.05 * at(1), at(2), f64::from(u32::from(at(3) < 0.3))];
    match kind {
        "neptune" => [normal[0], normal[1], 5.0 + at(2), normal[3]],
        "satan" => [0.5 + 0.5 * sent, 0.2 * at(1), normal[2], normal[3]],
        "spy" => [0.3 * sent, 0.6 + 0.4 * at(1), normal[2], normal[3]],
        _ => normal,
    }
}

fn flows(parts: &[(&str, u32)], from: u32) -> LabelledFlows {
    let kinds = parts.iter().flat_map(|(kind, count)| (0..*count).map(move |number| (*kind, from + number)));
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    kinds.for_each(|(kind, number)| {
        values.extend(flow(kind, number));
        labels.push(kind.to_owned());
    });
    LabelledFlows { schema: schema(), rows: Table::new(values, 4).unwrap(), labels }
}

fn examples(flows: &LabelledFlows) -> FlowExamples {
    let labels = flows.labels.iter().map(|label| ThreatType::of_label(label)).collect();
    FlowExamples::new(flows.schema.clone(), flows.rows.clone(), labels).unwrap()
}

const TRAINING: [(&str, u32); 3] = [("normal", 4000), ("neptune", 300), ("satan", 300)];

static DETECTOR: LazyLock<FlowDetector> =
    LazyLock::new(|| FlowParameters::default().check().unwrap().fit(&examples(&flows(&TRAINING, 0))).unwrap());

#[test]
fn attacks_of_no_known_type_are_found_because_they_are_not_normal() {
    let test = flows(&[("normal", 4000), ("neptune", 100), ("spy", 500)], 100_000);
    let evaluate = |reference: f64| {
        let trainer = FlowParameters { reference, ..FlowParameters::default() }.check().unwrap();
        evaluate_threats(&trainer, &flows(&TRAINING, 0), &test, || Duration::ZERO).unwrap()
    };
    let (with, without) = (evaluate(1.0), evaluate(0.0));
    assert!(with.unseen_recall > 0.95, "{with:?}");
    assert!(without.unseen_recall < 0.5, "{without:?}");
    assert_eq!(with.unseen.keys().collect::<Vec<_>>(), ["spy"]);
    assert!((0.002..0.02).contains(&with.alarms.false_alarm_rate), "{with:?}");
    assert!(with.auc_pr > 0.95 && with.alarms.accuracy > 0.97, "{with:?}");
}

#[test]
fn leaving_attacks_out_scores_each_attack_once() {
    let data = flows(&[("normal", 1000), ("neptune", 100), ("satan", 100), ("spy", 100)], 0);
    let trainer = FlowParameters::default().check().unwrap();
    let scores = evaluate_unseen_threats(&trainer, &data, 2, || Duration::ZERO).unwrap();
    let names: Vec<Vec<&str>> = scores.iter().map(|scores| scores.unseen.keys().map(String::as_str).collect()).collect();
    assert_eq!(names, [vec!["neptune", "spy"], vec!["satan"]]);
    assert!(evaluate_unseen_threats(&trainer, &data, 1, || Duration::ZERO).is_err());
}

#[test]
fn an_attack_has_its_type_and_the_features_that_speak_for_it() {
    let answer = DETECTOR.assess(&flow("neptune", 200_000)).unwrap();
    assert_eq!((answer.threat_type, answer.severity), (Some(ThreatType::Ddos), Severity::High));
    assert!(answer.confidence > 0.9, "{}", answer.confidence);
    assert_eq!(answer.indicators[0].name, "rate");
    assert!(answer.indicators[0].score > 0.0 && !answer.recommendations.is_empty());
    let answer = DETECTOR.assess(&flow("spy", 200_000)).unwrap();
    assert_eq!(answer.threat_type, Some(ThreatType::Unknown));
    let answer = DETECTOR.assess(&[0.5, 0.52, 0.5, 0.0]).unwrap();
    assert_eq!((answer.threat_detected, answer.threat_type, answer.severity), (false, None, Severity::Low));
    assert!(answer.confidence > 0.5 && answer.recommendations.is_empty());
}

#[test]
fn a_larger_budget_gives_more_alarms_and_keeps_to_it() {
    let normal = flows(&[("normal", 4000)], 300_000);
    let alarms = |budget: f64| {
        let detector = DETECTOR.clone().with_false_alarm_budget(budget).unwrap();
        detector.score(&normal.rows).unwrap().iter().filter(|score| score.alarm).count()
    };
    assert!(alarms(0.001) < alarms(0.05));
    assert!((100..=300).contains(&alarms(0.05)), "{}", alarms(0.05));
    assert!(DETECTOR.clone().with_false_alarm_budget(0.0).is_err());
}

#[test]
fn p_values_of_normal_flows_are_uniform_the_more_folds_the_more() {
    let normal = flows(&[("normal", 4000)], 300_000);
    let trainer = FlowParameters { folds: 10, ..FlowParameters::default() }.check().unwrap();
    let detector = trainer.fit(&examples(&flows(&TRAINING, 0))).unwrap();
    let p_values: Vec<f64> = detector.score(&normal.rows).unwrap().iter().map(|score| score.p_value).collect();
    assert_eq!(dharmagraph_aiops::drift::uniformity(&p_values).unwrap(), None);
}

#[test]
fn the_same_data_gives_the_same_file_and_it_reads_back() {
    let again = FlowParameters::default().check().unwrap().fit(&examples(&flows(&TRAINING, 0))).unwrap();
    let file = save(&*DETECTOR).unwrap();
    assert_eq!(save(&again).unwrap(), file);
    let read: FlowDetector = load(&file).unwrap();
    let rows = flows(&[("normal", 50), ("spy", 50)], 7000).rows;
    assert_eq!(read.predict(&rows).unwrap(), DETECTOR.predict(&rows).unwrap());
    assert_eq!(save(&read).unwrap(), file);
    assert!(load::<FlowDetector>(&file[..file.len() - 1]).is_err());
}

#[test]
fn without_labelled_attacks_what_is_not_normal_is_unknown() {
    let normal = flows(&[("normal", 2000)], 0);
    let detector = FlowParameters::default().check().unwrap().fit(&examples(&normal)).unwrap();
    let answer = detector.assess(&flow("spy", 1)).unwrap();
    assert_eq!(answer.threat_type, Some(ThreatType::Unknown));
}

#[test]
fn data_that_nothing_can_be_learnt_from_is_refused() {
    let trainer = FlowParameters::default().check().unwrap();
    let error = trainer.fit(&examples(&flows(&[("normal", 99), ("satan", 300)], 0))).unwrap_err();
    assert!(error.to_string().contains("at least 100"), "{error}");
    let blind = FlowParameters { reference: 0.0, ..FlowParameters::default() }.check().unwrap();
    assert!(blind.fit(&examples(&flows(&[("normal", 500)], 0))).is_err());
    for value in [1.0, f64::NAN] {
        let same = Table::new(vec![value; 800], 4).unwrap();
        let labels = (0..200).map(|row| (row % 2 == 1).then_some(ThreatType::Ddos)).collect();
        let error = trainer.fit(&FlowExamples::new(schema(), same, labels).unwrap()).unwrap_err();
        assert!(error.to_string().contains("a feature that varies"), "{error}");
    }
    assert!(FlowExamples::new(schema(), Table::new(vec![1.0; 8], 4).unwrap(), vec![None]).is_err());
    assert!(FlowExamples::new(schema(), Table::new(vec![1.0; 6], 3).unwrap(), vec![None; 2]).is_err());
    assert!(DETECTOR.assess(&[1.0; 3]).is_err() && DETECTOR.score(&Table::new(vec![1.0; 6], 3).unwrap()).is_err());
}

#[test]
fn parameters_are_checked() {
    let refused = |parameters: FlowParameters| parameters.check().unwrap_err().to_string();
    assert!(refused(FlowParameters { false_alarm_budget: 0.0, ..FlowParameters::default() }).contains("false_alarm_budget"));
    assert!(refused(FlowParameters { folds: 1, ..FlowParameters::default() }).contains("folds"));
    assert!(refused(FlowParameters { reference: f64::NAN, ..FlowParameters::default() }).contains("reference"));
    assert!(refused(FlowParameters { reference_weight: 0.0, ..FlowParameters::default() }).contains("reference_weight"));
}

#[test]
fn labels_of_data_sets_have_types() {
    for (label, threat) in [
        ("normal", None),
        ("normal.", None),
        ("BENIGN", None),
        ("neptune", Some(ThreatType::Ddos)),
        ("nmap", Some(ThreatType::PortScan)),
        ("guess_passwd", Some(ThreatType::BruteForce)),
        ("PRIVILEGE_ESCALATION", Some(ThreatType::PrivilegeEscalation)),
        ("something else", Some(ThreatType::Unknown)),
    ] {
        assert_eq!(ThreatType::of_label(label), threat, "{label}");
    }
}

fn finite(answer: &Assessment) -> bool {
    let indicators = answer.indicators.iter().all(|one| one.score.is_finite() && one.value.is_none_or(f64::is_finite));
    indicators && (0.0..=1.0).contains(&answer.confidence) && answer.threat_detected == answer.threat_type.is_some()
}

proptest! {
    #[test]
    fn odd_rows_give_finite_answers_and_a_batch_those_of_its_rows(
        rows in prop::collection::vec(
            prop::collection::vec(
                prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(f64::MAX), Just(-1.0), 0.0..2.0],
                4..=4,
            ),
            1..20,
        ),
    ) {
        for row in &rows {
            match DETECTOR.assess(row) {
                Ok(answer) => prop_assert!(finite(&answer)),
                Err(error) => prop_assert!(error.to_string().contains("infinite") && row.iter().any(|value| value.is_infinite())),
            }
        }
        let kept: Vec<&Vec<f64>> = rows.iter().filter(|row| row.iter().all(|value| !value.is_infinite())).collect();
        let table = Table::new(kept.iter().flat_map(|row| row.iter().copied()).collect(), 4).unwrap();
        let (scores, answers) = (DETECTOR.score(&table).unwrap(), DETECTOR.predict(&table).unwrap());
        for (place, row) in kept.iter().enumerate() {
            prop_assert_eq!(scores[place], DETECTOR.score_row(row).unwrap());
            prop_assert_eq!(&answers[place], &DETECTOR.assess(row).unwrap());
            prop_assert!(scores[place].score.is_finite() && (0.0..=1.0).contains(&scores[place].p_value));
        }
    }
}
