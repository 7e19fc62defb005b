//! Each ability of the forecaster does what it says: one without it would fail here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_aiops::capacity::{CapacityForecaster, Limit, Side};
use dharmagraph_aiops::data::Series;
use dharmagraph_aiops::model::Forecaster;

/// Numbers from -0.5 to 0.5 that look drawn.
fn drawn(number: u32) -> f64 {
    let mixed = (number ^ (number >> 15)).wrapping_mul(0x2c1b_3c6d);
    f64::from((mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39) >> 8) / f64::from(1 << 24) - 0.5
}

fn hourly(values: Vec<f64>) -> Series {
    Series::new("load", None, 0, 3_600, values).unwrap()
}

/// Steps of this mean and of a noise that adds up.
fn walk(count: u32, mean: f64) -> Series {
    let mut level = 0.0;
    let step = |place| {
        level += mean + drawn(place);
        level
    };
    hourly((0..count).map(step).collect())
}

#[test]
fn hours_that_are_missing_at_the_end_are_as_those_a_day_before() {
    let load = |place: u32| if (8..18).contains(&(place % 24)) { 40.0 } else { 10.0 };
    let value = |place: u32| if place < 700 { load(place) + drawn(place) } else { f64::NAN };
    let forecast = CapacityForecaster::new().forecast(&hourly((0..720).map(value).collect()), 24, &[]).unwrap();
    for (step, point) in (720..).zip(&forecast.points) {
        assert!((point.value - load(step)).abs() < 3.0, "step {step}: {point:?}");
    }
}

#[test]
fn of_what_adds_up_intervals_grow_with_the_steps() {
    let forecast = CapacityForecaster::new().forecast(&walk(600, 0.0), 48, &[0.9]).unwrap();
    let width = |step: usize| forecast.points[step].intervals[0].upper - forecast.points[step].intervals[0].lower;
    assert!(width(47) > 2.0 * width(0) && width(20) > 1.3 * width(0), "{} {} {}", width(0), width(20), width(47));
}

#[test]
fn a_date_of_exhaustion_lies_within_an_interval_that_a_higher_level_widens() {
    let series = walk(600, 0.2);
    let value = series.values()[599] + 8.0;
    let forecaster = CapacityForecaster::new().with_limit(Limit { value, side: Side::Upper }).unwrap();
    let dates = |level: f64| {
        let found = forecaster.forecast(&series, 200, &[level]).unwrap().exhaustion.unwrap();
        (found.earliest, found.expected.unwrap(), found.latest.unwrap_or(i64::MAX))
    };
    let (narrow, wide) = (dates(0.5), dates(0.9));
    assert!(narrow.0 < narrow.1 && narrow.1 < narrow.2, "{narrow:?}");
    assert!(wide.0 <= narrow.0 && narrow.2 < wide.2 && wide.1 == narrow.1, "{narrow:?} {wide:?}");
    // Eight at a fifth for each step: some forty.
    assert!((25..70).contains(&(narrow.1 / 3_600 - 600)), "{narrow:?}");
}
