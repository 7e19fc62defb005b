//! What every detector promises, on data that is odd, random or normal.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_aiops::anomaly::{
    AnomalyPoint, MultivariateMethod, MultivariateModel, MultivariateTrainer, PersistenceState, Scaling, SeriesDetector,
    StreamDetector, StreamState,
};
use dharmagraph_aiops::data::{Series, Table};
use dharmagraph_aiops::model::{Detector, Online, Trainer, load, save};
use dharmagraph_aiops::{Error, ErrorKind};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

mod p_values;

const METHODS: [MultivariateMethod; 5] = [
    MultivariateMethod::Covariance,
    MultivariateMethod::Principal,
    MultivariateMethod::Deviation,
    MultivariateMethod::Forest,
    MultivariateMethod::Fused,
];

/// A number between 0 and 1, the mean of four: nearly normal.
fn bell(random: &mut ChaCha8Rng) -> f64 {
    (0..4).map(|_| (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64).sum::<f64>() / 4.0
}

/// Rows of metrics that vary together.
fn normal_rows(rows: usize, columns: usize, seed: u64) -> Table {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut values = Vec::with_capacity(rows * columns);
    for _ in 0..rows {
        let load = bell(&mut random);
        values.extend((0..columns).map(|column| load * (column + 1) as f64 + bell(&mut random)));
    }
    Table::new(values, columns).unwrap()
}

fn fitted(method: MultivariateMethod, rows: &Table) -> MultivariateModel {
    MultivariateTrainer::new(method, Scaling::Range, 0.01, 7).unwrap().fit(rows).unwrap()
}

/// The largest distance of the values from a uniform distribution on (0, 1], by Kolmogorov and Smirnov.
fn distance_from_uniform(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let distance =
        |(place, value): (usize, &f64)| (value - place as f64 / count).abs().max((value - (place + 1) as f64 / count).abs());
    values.iter().enumerate().map(distance).fold(0.0, f64::max)
}

fn assert_sound(point: &AnomalyPoint) {
    assert!(point.score.is_finite() && point.score >= 0.0, "{point:?}");
    assert!(point.p_value > 0.0 && point.p_value <= 1.0, "{point:?}");
    assert!(point.expected.is_none_or(f64::is_finite), "{point:?}");
    assert!(point.contributions.iter().all(|part| part.is_finite()), "{point:?}");
}

#[test]
fn p_values_of_rows_are_uniform_on_normal_data() {
    let (training, rows) = (normal_rows(4000, 5, 1), normal_rows(2000, 5, 2));
    for method in METHODS {
        let model = fitted(method, &training);
        let alone: Vec<f64> = model.score(&rows).unwrap().iter().map(|point| point.p_value).collect();
        // The critical distance for 1 % is 1.63 / sqrt(2000) = 0.036; calibration, of 4,000 rows, adds its own 0.026.
        let distance = distance_from_uniform(alone);
        assert!(distance < 0.05, "{method:?}: {distance}");
        let mut state = model.begin();
        let online = rows.iter().map(|row| model.observe(&mut state, row).unwrap().p_value).collect();
        // Scores in turn depend on each other: of 2,000 only about one in sixteen counts.
        let distance = distance_from_uniform(online);
        assert!(distance < 0.15, "{method:?} online: {distance}");
    }
}

#[test]
fn p_values_of_a_stream_and_of_a_series_are_uniform_on_normal_data() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let values: Vec<f64> = (0..5000).map(|_| bell(&mut random)).collect();
    let detector = StreamDetector::new(0.01).unwrap();
    let mut state = detector.begin();
    let stream: Vec<f64> = values.iter().map(|value| detector.observe(&mut state, &[*value]).unwrap().p_value).collect();
    let distance = distance_from_uniform(stream[1000..].to_vec());
    assert!(distance < 0.03, "{distance}");
    let series = Series::new("m", None, 0, 60, values).unwrap();
    let found = SeriesDetector::new(0.01, Some(2500), 7).unwrap().detect(&series).unwrap();
    let rest: Vec<f64> = found.points[2500..].iter().map(|point| point.p_value).collect();
    // Scores of neighbours share most of their windows of 64 points and more: about forty are independent.
    let distance = distance_from_uniform(rest);
    assert!(distance < 0.25, "{distance}");
}

#[test]
fn the_metric_that_is_wrong_contributes_most_and_all_sum_to_the_score() {
    let training = normal_rows(500, 4, 1);
    for method in METHODS {
        let model = fitted(method, &training);
        let mut row = training.row(0).to_vec();
        row[2] += 50.0;
        let point = &model.score(&Table::new(row.clone(), 4).unwrap()).unwrap()[0];
        let online = model.observe(&mut model.begin(), &row).unwrap();
        for point in [point, &online] {
            assert_sound(point);
            // A forest finds what is rare, and cannot tell how far out the farthest row is.
            assert!(point.is_anomaly || method == MultivariateMethod::Forest, "{method:?}: {point:?}");
            let sum: f64 = point.contributions.iter().sum();
            assert!((sum - point.score).abs() <= 1e-9 * point.score, "{method:?}: {point:?}");
            let largest = (0..4).max_by(|a, b| point.contributions[*a].total_cmp(&point.contributions[*b])).unwrap();
            assert_eq!(largest, 2, "{method:?}: {point:?}");
        }
    }
}

#[test]
fn the_same_data_and_seed_give_the_same_bytes_and_a_file_reads_back() {
    let training = normal_rows(300, 3, 1);
    for method in METHODS {
        let model = fitted(method, &training);
        let file = save(&model).unwrap();
        assert_eq!(file, save(&fitted(method, &training)).unwrap());
        assert_eq!(load::<MultivariateModel>(&file).unwrap(), model);
    }
    let detector = StreamDetector::new(0.02).unwrap();
    assert_eq!(load::<StreamDetector>(&save(&detector).unwrap()).unwrap(), detector);
}

#[test]
fn a_row_alone_is_answered_as_among_others() {
    let rows = normal_rows(300, 3, 1);
    for method in METHODS {
        let model = fitted(method, &rows);
        let all = model.score(&rows).unwrap();
        for (row, point) in rows.iter().zip(&all) {
            assert_eq!(&model.score(&Table::new(row.to_vec(), 3).unwrap()).unwrap()[0], point);
        }
    }
}

#[test]
fn what_cannot_be_learnt_from_or_asked_is_refused() {
    let trainer = |rate| MultivariateTrainer::new(MultivariateMethod::Covariance, Scaling::Range, rate, 1);
    for rate in [0.0, 1.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(trainer(rate).is_err() && StreamDetector::new(rate).is_err());
        assert!(SeriesDetector::new(rate, None, 1).is_err());
    }
    assert!(SeriesDetector::new(0.01, Some(1), 1).is_err());
    let trainer = trainer(0.01).unwrap();
    assert!(matches!(trainer.fit(&normal_rows(3, 2, 1)), Err(Error::TooShort { needed: 16, found: 3, .. })));
    let wide = Table::new(vec![0.0; 600 * 20], 600).unwrap();
    assert_eq!(trainer.fit(&wide).unwrap_err().kind(), ErrorKind::LimitExceeded);
    let model = trainer.fit(&normal_rows(30, 2, 1)).unwrap();
    assert!(model.score(&normal_rows(1, 3, 1)).is_err());
    assert!(model.observe(&mut model.begin(), &[1.0]).is_err());
    assert!(model.observe(&mut model.begin(), &[1.0, f64::INFINITY]).is_err());
    let detector = SeriesDetector::new(0.01, None, 1).unwrap();
    for values in [vec![], vec![f64::NAN; 100], vec![1.0; 31]] {
        let series = Series::new("m", None, 0, 60, values).unwrap();
        assert!(matches!(detector.detect(&series), Err(Error::TooShort { needed: 32, .. })));
    }
    let long = Series::new("m", None, 0, 60, vec![0.0; 500_001]).unwrap();
    assert_eq!(detector.detect(&long).unwrap_err().kind(), ErrorKind::LimitExceeded);
}

#[test]
fn a_constant_series_has_no_anomaly_and_says_why() {
    let series = Series::new("m", None, 0, 60, vec![5.0; 200]).unwrap();
    let found = SeriesDetector::new(0.01, None, 1).unwrap().detect(&series).unwrap();
    assert!(found.anomalies.is_empty() && found.points.iter().all(|point| point.score == 0.0 && point.p_value == 1.0));
    assert_eq!(found.warnings.len(), 1);
}

/// A number as the world sends them: usual, missing, absurd.
fn number() -> impl Strategy<Value = f64> {
    let absurd =
        prop::sample::select(vec![0.0, -0.0, f64::NAN, 1e300, -1e300, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 7.0]);
    prop_oneof![3 => -1.0..1.0_f64, 1 => absurd]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn odd_tables_are_answered_with_numbers(
        columns in 1..40_usize,
        numbers in prop::collection::vec(number(), 16 * 40..24 * 40),
        asked in prop::collection::vec(number(), 80),
        method in 0..METHODS.len(),
        shares in any::<bool>(),
    ) {
        let rows = numbers.len() / 40;
        let training = Table::new(numbers[..rows * columns].to_vec(), columns).unwrap();
        let scaling = if shares { Scaling::Shares } else { Scaling::Range };
        let model = MultivariateTrainer::new(METHODS[method], scaling, 0.05, 3).unwrap().fit(&training).unwrap();
        prop_assert_eq!(&load::<MultivariateModel>(&save(&model).unwrap()).unwrap(), &model);
        let asked = Table::new(asked[..2 * columns].to_vec(), columns).unwrap();
        let mut state = model.begin();
        for table in [&training, &asked] {
            model.score(table).unwrap().iter().for_each(assert_sound);
            table.iter().for_each(|row| assert_sound(&model.observe(&mut state, row).unwrap()));
        }
    }

    /// Whoever can write a file can write its checksum.
    #[test]
    fn a_file_that_was_changed_with_its_checksum_is_refused_or_safe(
        method in 0..METHODS.len(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        asked in prop::collection::vec(number(), 30),
    ) {
        let mut file = save(&fitted(METHODS[method], &normal_rows(40, 3, 1))).unwrap();
        let content = file.len() - 32;
        // Behind magic, layout, kind and format.
        let begin = 8 + 2 + 1 + usize::from(file[10]) + 2;
        for (place, byte) in places {
            file[begin + place.index(content - begin)] = byte;
        }
        let checksum = blake3::hash(&file[..content]);
        file[content..].copy_from_slice(checksum.as_bytes());
        if let Ok(model) = load::<MultivariateModel>(&file) {
            let width = model.metrics();
            let asked = Table::new(asked[..asked.len() / width * width].to_vec(), width).unwrap();
            model.score(&asked).unwrap().iter().for_each(assert_sound);
            let mut state = model.begin();
            asked.iter().for_each(|row| assert_sound(&model.observe(&mut state, row).unwrap()));
        }
    }

    #[test]
    fn odd_series_are_answered_with_numbers_or_refused(values in prop::collection::vec(number(), 0..300)) {
        let series = Series::new("m", None, 0, 60, values.clone()).unwrap();
        if let Ok(found) = SeriesDetector::new(0.05, None, 1).unwrap().detect(&series) {
            prop_assert_eq!(found.points.len(), values.len());
            found.points.iter().for_each(assert_sound);
        }
    }

    #[test]
    fn a_stream_goes_on_from_its_written_state_to_the_bit(
        values in prop::collection::vec(number(), 1..200),
        cut in 0..200_usize,
    ) {
        let cut = cut.min(values.len());
        let detector = StreamDetector::new(0.05).unwrap();
        let mut state = detector.begin();
        values[..cut].iter().for_each(|value| assert_sound(&detector.observe(&mut state, &[*value]).unwrap()));
        let written = postcard::to_allocvec(&state).unwrap();
        let mut read: StreamState = postcard::from_bytes(&written).unwrap();
        for value in &values[cut..] {
            let (one, other) = (detector.observe(&mut state, &[*value]).unwrap(), detector.observe(&mut read, &[*value]).unwrap());
            assert_sound(&one);
            prop_assert_eq!(one.score.to_bits(), other.score.to_bits());
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn rows_in_turn_go_on_from_their_written_state_to_the_bit(cut in 0..100_usize, seed in 0..5_u64) {
        let rows = normal_rows(100, 3, seed);
        let model = fitted(MultivariateMethod::Fused, &rows);
        let mut state = model.begin();
        rows.iter().take(cut).for_each(|row| assert_sound(&model.observe(&mut state, row).unwrap()));
        let mut read: PersistenceState = postcard::from_bytes(&postcard::to_allocvec(&state).unwrap()).unwrap();
        for row in rows.iter().skip(cut) {
            let (one, other) = (model.observe(&mut state, row).unwrap(), model.observe(&mut read, row).unwrap());
            prop_assert_eq!(one.score.to_bits(), other.score.to_bits());
            prop_assert_eq!(one, other);
        }
    }
}

#[test]
fn a_state_stays_as_small_as_it_was() {
    let detector = StreamDetector::new(0.01).unwrap();
    let mut state = detector.begin();
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut written = Vec::new();
    for place in 0..6000 {
        detector.observe(&mut state, &[bell(&mut random)]).unwrap();
        if place % 2000 == 1999 {
            written.push(postcard::to_allocvec(&state).unwrap().len());
        }
    }
    assert!(written.iter().all(|size| *size < 17_000) && written[2] <= written[0] + 16, "{written:?}");
}
