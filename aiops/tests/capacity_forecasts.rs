//! What a forecast says of series whose future is known.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_aiops::capacity::{CapacityForecaster, Forecast, Limit, Side};
use dharmagraph_aiops::data::Series;
use dharmagraph_aiops::model::{Forecaster, Warning};

const DAY: i64 = 86_400;

/// Noise in [-0.5, 0.5).
fn noise(place: usize) -> f64 {
    ((place * place % 7_919) as f64 * 0.618_033_988_749_895).fract() - 0.5
}

/// A load by the hour: high at work, higher on weekdays.
fn load(place: usize) -> f64 {
    let work = if (8..18).contains(&(place % 24)) { 40.0 } else { 10.0 };
    if place / 24 % 7 < 5 { work } else { work * 0.5 }
}

fn hourly(values: Vec<f64>) -> Series {
    Series::new("cpu_utilization", Some("percent".into()), 0, 3_600, values).unwrap()
}

fn daily(values: Vec<f64>) -> Series {
    Series::new("disk_used", Some("percent".into()), 0, 86_400, values).unwrap()
}

fn to_limit(series: &Series, value: f64, side: Side, horizon: usize) -> Forecast {
    let forecaster = CapacityForecaster::new().with_limit(Limit { value, side }).unwrap();
    forecaster.forecast(series, horizon, &[0.8, 0.95]).unwrap()
}

#[test]
fn days_and_weeks_are_found_and_go_on() {
    let series = hourly((0..840).map(|place| load(place) + noise(place)).collect());
    let forecast = CapacityForecaster::new().forecast(&series, 168, &[0.95]).unwrap();
    let seconds: Vec<u64> = forecast.seasonality.iter().map(|season| season.seconds).collect();
    assert_eq!(seconds, [86_400, 604_800]);
    let inside = forecast.points.iter().enumerate().filter(|(step, point)| {
        let truth = load(840 + step) + noise(840 + step);
        assert!((point.value - truth).abs() < 2.0, "step {step}: {point:?}, {truth}");
        point.intervals[0].lower <= truth && truth <= point.intervals[0].upper
    });
    assert!(inside.count() >= 150);
    assert!(forecast.warnings.is_empty(), "{:?}", forecast.warnings);
}

#[test]
fn gaps_are_bridged_by_the_season_and_said() {
    let gap = |place: usize| place % 10 < 3 || (400..420).contains(&place);
    let value = |place: usize| if gap(place) { f64::NAN } else { load(place) + noise(place) };
    let forecast = CapacityForecaster::new().forecast(&hourly((0..840).map(value).collect()), 48, &[0.95]).unwrap();
    assert!(matches!(forecast.warnings[..], [Warning::Missing { share, .. }] if share > 0.29 && share < 0.33));
    let error: f64 =
        forecast.points.iter().enumerate().map(|(step, point)| (point.value - load(840 + step)).abs()).sum::<f64>() / 48.0;
    assert!(error < 3.0, "{error}");
}

#[test]
fn a_disk_that_fills_by_half_a_percent_a_day_is_full_when_arithmetic_says_so() {
    let series = daily((0..90).map(|day| 30.0 + 0.5 * day as f64 + noise(day)).collect());
    let exhaustion = to_limit(&series, 90.0, Side::Upper, 60).exhaustion.unwrap();
    let day = |time: i64| time / DAY;
    let expected = day(exhaustion.expected.unwrap());
    assert!((115..=125).contains(&expected), "{exhaustion:?}");
    assert!(day(exhaustion.earliest) <= expected && day(exhaustion.earliest) > 100, "{exhaustion:?}");
    assert!(exhaustion.latest.is_none_or(|latest| day(latest) >= expected && day(latest) < 140), "{exhaustion:?}");
    assert_eq!(exhaustion.level, 0.95);
}

#[test]
fn free_space_runs_out_at_a_lower_limit_and_far_limits_are_not_reached() {
    let series = daily((0..90).map(|day| 100.0 - 0.5 * day as f64 + noise(day)).collect());
    let exhaustion = to_limit(&series, 40.0, Side::Lower, 60).exhaustion.unwrap();
    assert!((115..=125).contains(&(exhaustion.expected.unwrap() / DAY)), "{exhaustion:?}");
    assert_eq!(to_limit(&series, -1_000.0, Side::Lower, 60).exhaustion, None);
    assert_eq!(to_limit(&series, 1_000.0, Side::Upper, 60).exhaustion, None);
}

#[test]
fn a_level_that_moved_is_said_and_what_came_before_counts_less() {
    let level = |place: usize| if place < 500 { 0.0 } else { 100.0 };
    let series = hourly((0..840).map(|place| level(place) + load(place) + noise(place)).collect());
    let forecast = CapacityForecaster::new().forecast(&series, 48, &[0.95]).unwrap();
    assert_eq!(forecast.warnings, [Warning::LevelShift { at: 500 }]);
    for (step, point) in forecast.points.iter().enumerate() {
        assert!((point.value - 100.0 - load(840 + step)).abs() < 3.0, "step {step}: {point:?}");
        assert!(point.intervals[0].upper - point.intervals[0].lower < 20.0, "step {step}: {point:?}");
    }
}

#[test]
fn a_constant_series_stays_and_a_short_one_warns() {
    let forecast = CapacityForecaster::new().forecast(&hourly(vec![7.0; 400]), 24, &[0.95]).unwrap();
    assert_eq!(forecast.warnings, [Warning::Constant { what: "series cpu_utilization".into() }]);
    assert!(forecast.points.iter().all(|point| point.value == 7.0 && point.intervals[0].upper == 7.0));
    let short = CapacityForecaster::new().forecast(&hourly(vec![1.0, 2.0, 3.0, 2.5, 3.5]), 24, &[0.95]).unwrap();
    assert!(matches!(short.warnings[..], [Warning::TooShort { wanted: 72, found: 5, .. }]), "{:?}", short.warnings);
    assert!(short.points.iter().all(|point| point.intervals[0].upper > point.intervals[0].lower));
}

#[test]
fn a_forecast_is_written_with_the_names_of_the_contract() {
    let series = hourly((0..200).map(|place| load(place) + noise(place)).collect());
    let value = serde_json::to_value(to_limit(&series, 30.0, Side::Upper, 2)).unwrap();
    assert_eq!(value["forecast"][0]["intervals"][1]["level"], 0.95);
    assert!(value["forecast"][0]["intervals"][0]["lower"].is_number());
    assert!(value["seasonality"].is_array() && value["exhaustion"].is_object() | value["exhaustion"].is_null());
    let back: Forecast = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(back).unwrap(), value);
}
