//! What a [`Forecaster`] promises.

use std::fmt::Debug;

use super::{finite, ok, refused};
use crate::data::Series;
use crate::error::Error;
use crate::model::Forecaster;

/// A step of a forecast: its value, and the lower and the upper end of each level's interval.
pub type Step = (f64, Vec<(f64, f64)>);

/// Levels that are asked for, ascending.
const LEVELS: [f64; 4] = [0.1, 0.5, 0.8, 0.99];

/// Every check, with a series that can be forecast, and how the steps of a forecast are read.
pub fn every<F: Forecaster>(forecaster: &F, series: &Series, read: impl Fn(&F::Forecast) -> Vec<Step>)
where
    F::Forecast: Debug,
{
    the_same_series_has_the_same_forecast(forecaster, series);
    intervals_hold_the_value_and_each_other(forecaster, series, &read);
    odd_series_are_answered_or_refused(forecaster, series, &read);
    what_cannot_be_asked_is_refused(forecaster, series);
}

/// Asked twice, it says the same to the bit.
pub fn the_same_series_has_the_same_forecast<F: Forecaster>(forecaster: &F, series: &Series)
where
    F::Forecast: Debug,
{
    let said = || format!("{:?}", ok(forecaster.forecast(series, 7, &LEVELS), "a series"));
    assert_eq!(said(), said(), "the same series has two forecasts");
}

/// There is one step for each of the horizon, with an interval for each level; the value lies in each of them, and a higher
/// level's interval holds a lower one's.
pub fn intervals_hold_the_value_and_each_other<F: Forecaster>(
    forecaster: &F,
    series: &Series,
    read: impl Fn(&F::Forecast) -> Vec<Step>,
) where
    F::Forecast: Debug,
{
    for horizon in [1, 2, 13, 50] {
        let said = ok(forecaster.forecast(series, horizon, &LEVELS), "a series");
        finite(&said, &format!("series {}", series.metric));
        let steps = read(&said);
        assert_eq!(steps.len(), horizon, "not one step for each of the horizon");
        for (place, (value, intervals)) in steps.iter().enumerate() {
            assert_eq!(intervals.len(), LEVELS.len(), "not one interval for each level");
            let holds = |interval: &(f64, f64)| interval.0 <= *value && *value <= interval.1;
            assert!(intervals.iter().all(holds), "step {}: {value} lies outside of {intervals:?}", place + 1);
            let wider = |pair: &[(f64, f64)]| pair[1].0 <= pair[0].0 && pair[0].1 <= pair[1].1;
            assert!(intervals.windows(2).all(wider), "step {}: of {intervals:?} one does not hold that before", place + 1);
        }
    }
}

/// Constant, missing, absurd and short series have forecasts that keep what they promise, or are refused as too short.
pub fn odd_series_are_answered_or_refused<F: Forecaster>(
    forecaster: &F,
    series: &Series,
    read: impl Fn(&F::Forecast) -> Vec<Step>,
) where
    F::Forecast: Debug,
{
    let wave = |count: u32, height: f64| (0..count).map(|place| f64::from(place % 7) * height).collect::<Vec<f64>>();
    let gappy =
        |count: u32, each: u32| (0..count).map(|place| if place % each == 0 { f64::from(place) } else { f64::NAN }).collect();
    let sudden = |count: u32| (0..count).map(|place| if place == 40 { f64::MAX } else { f64::from(place % 5) }).collect();
    let odd: [Vec<f64>; 11] = [
        vec![3.0; 64],
        vec![f64::MAX; 64],
        (0..64).map(|place| if place % 2 == 0 { f64::MAX } else { f64::MIN }).collect(),
        wave(100, 5e-324),
        wave(100, f64::MAX / 8.0),
        gappy(100, 9),
        gappy(100, 50),
        sudden(100),
        vec![f64::NAN; 100],
        Vec::new(),
        vec![1.0],
    ];
    for values in odd {
        let told = format!("{:?}", values.iter().take(5).collect::<Vec<_>>());
        let odd = ok(Series::new("odd", None, series.start, series.step(), values), "a series of finite numbers");
        match forecaster.forecast(&odd, 3, &LEVELS) {
            Ok(_) => intervals_hold_the_value_and_each_other(forecaster, &odd, &read),
            Err(error) => assert!(matches!(error, Error::TooShort { .. }), "a series of {told} is refused as {error:?}"),
        }
    }
}

/// A horizon of nothing, one that is too far, and a level outside (0, 1) are refused as parameters.
pub fn what_cannot_be_asked_is_refused<F: Forecaster>(forecaster: &F, series: &Series) {
    let mut asked: Vec<(usize, Vec<f64>)> = vec![(0, vec![0.8]), (usize::MAX, vec![0.8])];
    asked.extend([0.0, 1.0, -0.5, 95.0, f64::NAN, f64::INFINITY].map(|level| (3, vec![0.8, level])));
    for (horizon, levels) in asked {
        let error = refused(forecaster.forecast(series, horizon, &levels), "a horizon or a level that cannot be");
        assert!(matches!(error, Error::Parameter { .. }), "{horizon} steps at {levels:?} are refused as {error:?}");
    }
}
