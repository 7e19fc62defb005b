//! Whatever a series is made of, a forecast has finite numbers and nested intervals, or an error says why there is none.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_aiops::capacity::{CapacityForecaster, Forecast, HORIZON, Limit, NEWEST, Side};
use dharmagraph_aiops::data::Series;
use dharmagraph_aiops::model::{Forecaster, Warning};
use dharmagraph_aiops::{Error, Result};
use proptest::prelude::*;

const LEVELS: [f64; 4] = [0.8, 0.5, 0.999, 0.95];

fn series(values: Vec<f64>) -> Series {
    Series::new("disk", Some("percent".into()), 1_000, 300, values).unwrap()
}

fn forecast(values: &[f64], horizon: usize) -> Result<Forecast> {
    let limit = Limit { value: 1.5, side: Side::Upper };
    CapacityForecaster::new().with_limit(limit).unwrap().forecast(&series(values.to_vec()), horizon, &LEVELS)
}

/// What every forecast keeps to.
fn check(values: &[f64], horizon: usize) {
    let forecast = match forecast(values, horizon) {
        Ok(forecast) => forecast,
        Err(error) => {
            let present = values.iter().filter(|value| !value.is_nan()).count();
            assert!(matches!(error, Error::TooShort { .. }), "{error}");
            // Only the newest are looked at.
            assert!(present < 4 || values.len() > NEWEST, "{error}");
            return;
        }
    };
    assert_eq!(forecast.points.len(), horizon);
    for (step, point) in forecast.points.iter().enumerate() {
        assert_eq!(point.time, 1_000 + 300 * (values.len() + step) as i64);
        assert!(point.value.is_finite(), "{point:?}");
        let mut intervals = point.intervals.clone();
        assert_eq!(intervals.iter().map(|interval| interval.level).collect::<Vec<_>>(), LEVELS);
        intervals.sort_by(|a, b| a.level.total_cmp(&b.level));
        let (mut lower, mut upper) = (point.value, point.value);
        for interval in intervals {
            assert!(interval.lower.is_finite() && interval.upper.is_finite(), "{point:?}");
            assert!(interval.lower <= lower && interval.upper >= upper, "{point:?}");
            (lower, upper) = (interval.lower, interval.upper);
        }
    }
    if let Some(exhaustion) = forecast.exhaustion {
        assert!(exhaustion.expected.is_none_or(|expected| exhaustion.earliest <= expected), "{exhaustion:?}");
        if let (Some(expected), Some(latest)) = (exhaustion.expected, exhaustion.latest) {
            assert!(expected <= latest, "{exhaustion:?}");
        }
    }
    assert!(forecast.members.iter().all(|member| member.weight > 0.0 && member.weight <= 1.0), "{:?}", forecast.members);
    assert!(forecast.seasonality.iter().all(|season| season.period >= 2 && (0.0..=1.0).contains(&season.strength)));
}

#[test]
fn odd_series_are_forecast_or_refused() {
    let nan = f64::NAN;
    let alternating: Vec<f64> = (0..301).map(|place| if place % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let mut spiky: Vec<f64> = (0..301).map(|place| f64::from(place % 7)).collect();
    spiky[150] = 1e300;
    spiky[151] = -1e300;
    let mut lonely = vec![1.0; 301];
    lonely[299] = 1e300;
    let cases = [
        vec![],
        vec![5.0],
        vec![1.0, 2.0],
        vec![nan; 50],
        vec![7.0; 50],
        vec![0.0; 500],
        vec![1.0, nan, nan, nan, 2.0, nan, 3.0, 3.0, nan],
        vec![f64::MAX, f64::MIN, f64::MAX, f64::MIN, f64::MAX, f64::MIN, f64::MAX],
        vec![f64::MAX; 40],
        vec![5e-324, 0.0, 5e-324, 0.0, 1e-323, 0.0, 0.0, 5e-324],
        (0..100).map(|place| 1e308 + f64::from(place) * 1e305).collect(),
        (0..100).map(|place| 1e-310 * f64::from(place % 5)).collect(),
        (0..100).map(|place| if place % 10 == 0 { f64::from(place) } else { nan }).collect(),
        (0..100).map(|place| 1.0 + f64::from(place) * f64::EPSILON).collect(),
        alternating,
        spiky,
        lonely,
    ];
    for values in cases {
        for horizon in [1, 2, 48, 400] {
            check(&values, horizon);
        }
    }
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -10.0..10.0,
        2 => Just(0.0),
        2 => Just(1.0),
        1 => Just(f64::NAN),
        1 => any::<f64>().prop_map(|value| if value.is_infinite() { f64::MAX } else { value }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_series_is_forecast_or_refused(values in prop::collection::vec(value(), 0..160), horizon in 1..70_usize) {
        check(&values, horizon);
    }

    #[test]
    fn any_repeated_series_is_forecast_or_refused(
        part in prop::collection::vec(value(), 1..40),
        times in 1..12_usize,
        horizon in 1..70_usize,
    ) {
        check(&part.repeat(times), horizon);
    }

    #[test]
    fn the_same_series_gives_the_same_forecast(values in prop::collection::vec(value(), 4..200)) {
        // As text, in which numbers that differ in a bit differ.
        let text = || format!("{:?}", forecast(&values, 20));
        prop_assert_eq!(text(), text());
    }
}

#[test]
fn what_is_asked_for_is_checked() {
    let series = series(vec![1.0, 2.0, 3.0, 4.0, 5.0]);
    let forecaster = CapacityForecaster::new();
    for (horizon, level) in [(0, 0.5), (HORIZON + 1, 0.5), (1, 0.0), (1, 1.0), (1, -0.5), (1, f64::NAN), (1, f64::INFINITY)] {
        let error = forecaster.forecast(&series, horizon, &[0.9, level]).unwrap_err();
        assert!(matches!(error, Error::Parameter { .. }), "{horizon} {level}: {error}");
    }
    assert!(CapacityForecaster::new().with_limit(Limit { value: f64::NAN, side: Side::Upper }).is_err());
    assert_eq!(forecaster.forecast(&series, 3, &[]).unwrap().points.len(), 3);
}

#[test]
fn of_ten_million_points_the_newest_are_used_and_a_warning_says_so() {
    let values: Vec<f64> = (0..10_000_000_u32).map(|place| f64::from(place % 24)).collect();
    let newest = values[values.len() - NEWEST..].to_vec();
    let whole = forecast(&values, 24).unwrap();
    assert!(whole.warnings.contains(&Warning::TooLong { what: "series disk".into(), used: NEWEST, found: 10_000_000 }));
    let part = forecast(&newest, 24).unwrap();
    let values = |forecast: &Forecast| forecast.points.iter().map(|point| point.value).collect::<Vec<_>>();
    assert_eq!(values(&whole), values(&part));
    assert!(part.warnings.is_empty(), "{:?}", part.warnings);
}
