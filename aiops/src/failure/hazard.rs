//! Will it fail, when nothing was trained: by rule.
//!
//! Three hazards are summed and make a probability, `1 - exp(-sum)`, as independent causes do in survival analysis; each one's
//! part is its contribution.
//!
//! - **Saturation.** Of a metric in `percent` or `ratio`: its robust line (Theil 1950, Sen 1968: the median of the slopes between
//!   points) reaches 95 % of the full scale after a time `t`; the hazard is `horizon / t`, at most 3. It is 3 where the last
//!   values are there already, 0 where the line does not rise.
//! - **Error trend.** Of a metric whose name tells of errors: how many robust standard deviations (1.4826 times the median
//!   absolute deviation: Rousseeuw and Croux 1993) its last quarter's mean lies above the median before it; beyond 3, each is
//!   worth 0.1, at most 2.
//! - **Anomaly level.** Of every metric: the share of its last quarter that lies more than 3 such deviations from the median
//!   before it, beyond the 1 % that chance would give, at most 1; the mean over the metrics.
//!
//! The weights are choices, not measurements: the answer says that it is not calibrated, and carries [`Warning::Untrained`].

use super::answer::{Factor, Failure, Severity, recommend};
use crate::boost::exp;
use crate::data::Series;
use crate::error::{Error, Result};
use crate::model::Warning;

/// The fewest points that anything is said of.
const FEWEST: usize = 8;
/// The most points of which the slopes between all are taken: 44,850 pairs.
const THINNED: usize = 300;
/// Words that tell of errors in the name of a metric.
const ERRORS: [&str; 8] = ["error", "fail", "timeout", "retr", "drop", "lost", "reject", "5xx"];

/// Will it fail within these hours, by the three rules of this module. There is an alarm from a probability of one half on. What
/// [`Series::concerns`] tells of a series is a warning.
///
/// # Errors
/// [`Error::Parameter`] for a horizon that is not between 0 and 1e6 hours; [`Error::TooShort`] without a series that has at least
/// 8 values.
pub fn hazard(series: &[Series], horizon_hours: f64) -> Result<Failure> {
    if !(horizon_hours > 0.0 && horizon_hours <= 1e6) {
        let (expected, found) = ("above 0, at most 1,000,000", horizon_hours.to_string());
        return Err(Error::Parameter { name: "horizon_hours", expected, found });
    }
    let mut warnings = vec![Warning::Untrained];
    let mut factors = Vec::new();
    let mut anomalies: Vec<(String, f64)> = Vec::new();
    let mut longest = 0;
    for metric in series {
        let points: Vec<(f64, f64)> =
            (0_u32..).map(f64::from).zip(metric.values().iter().copied()).filter(|(_, y)| !y.is_nan()).collect();
        longest = longest.max(points.len());
        warnings.extend(metric.concerns());
        if points.len() < FEWEST {
            let what = format!("series {}", metric.metric);
            warnings.push(Warning::TooShort { what, wanted: FEWEST, found: points.len() });
            continue;
        }
        let recent = points.len() - points.len() / 4;
        let (before, last): (Vec<f64>, Vec<f64>) =
            (points[..recent].iter().map(|point| point.1).collect(), points[recent..].iter().map(|point| point.1).collect());
        let (centre, deviation) = centre_and_deviation(before);
        let add = |factors: &mut Vec<Factor>, kind: &str, value: f64, contribution: f64| {
            let value = value.is_finite().then_some(value);
            factors.push(Factor { feature: format!("{}.{kind}", metric.metric), value, contribution });
        };
        if let Some((slope, hours)) = saturation(metric, &points) {
            add(&mut factors, "slope", slope, (horizon_hours / hours.max(1e-9)).min(3.0));
        }
        let name = metric.metric.to_lowercase();
        let mean = last.iter().map(|value| value / last.len() as f64).sum::<f64>();
        if ERRORS.iter().any(|word| name.contains(word)) {
            let beyond = (mean / deviation - centre / deviation - 3.0).clamp(0.0, 20.0);
            add(&mut factors, "drift", mean - centre, 0.1 * if beyond.is_nan() { 0.0 } else { beyond });
        }
        let strange = last.iter().filter(|value| (*value / deviation - centre / deviation).abs() > 3.0).count();
        anomalies.push((metric.metric.clone(), (strange as f64 / last.len() as f64 - 0.01).clamp(0.0, 1.0)));
    }
    if longest < FEWEST {
        return Err(Error::TooShort { what: "the longest series".into(), needed: FEWEST, found: longest });
    }
    let metrics = anomalies.len() as f64;
    factors.extend(anomalies.into_iter().map(|(metric, share)| Factor {
        feature: format!("{metric}.anomaly"),
        value: Some(share),
        contribution: share / metrics,
    }));
    let factors = Factor::sorted(factors);
    let probability = 1.0 - exp(-factors.iter().map(|factor| factor.contribution).sum::<f64>());
    let at_risk = probability >= 0.5;
    let recommendations = recommend(&factors, at_risk);
    Ok(Failure {
        probability,
        calibrated: false,
        at_risk,
        severity: Severity::of(probability, at_risk),
        // Nothing is known of how often the time of saturation holds: there is no interval to tell.
        remaining: None,
        base: 0.0,
        contributing_factors: factors,
        recommendations,
        warnings,
    })
}

/// The slope of a metric that has a full scale, per step, and the hours until it reaches 95 % of it.
fn saturation(series: &Series, points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let limit = match series.unit.as_deref() {
        Some("percent") => 95.0,
        Some("ratio") => 0.95,
        _ => return None,
    };
    let thinned: Vec<(f64, f64)> = points.iter().rev().step_by(points.len().div_ceil(THINNED)).copied().collect();
    let mut slopes = Vec::with_capacity(thinned.len() * thinned.len() / 2);
    for (place, late) in thinned.iter().enumerate() {
        slopes.extend(thinned[place + 1..].iter().map(|early| (late.1 - early.1) / (late.0 - early.0)));
    }
    let slope = median(slopes);
    let now = median(points[points.len().saturating_sub(5)..].iter().map(|point| point.1).collect());
    if now >= limit {
        return Some((slope, 0.0));
    }
    let hours = (limit - now) / slope * f64::from(series.step()) / 3600.0;
    (slope > 0.0 && slope.is_finite() && hours.is_finite()).then_some((slope, hours))
}

/// The median, and 1.4826 times the median distance from it; the deviation is never 0.
fn centre_and_deviation(values: Vec<f64>) -> (f64, f64) {
    let centre = median(values.clone());
    let deviation = 1.4826 * median(values.iter().map(|value| (value / 2.0 - centre / 2.0).abs()).collect()) * 2.0;
    (centre, deviation.clamp((centre.abs() * 1e-3).max(1e-9), f64::MAX))
}

/// The middle value; 0 of none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(metric: &str, unit: &str, values: impl Iterator<Item = f64>) -> Series {
        Series::new(metric, Some(unit.into()), 0, 3600, values.collect()).unwrap()
    }

    #[test]
    fn what_fills_up_within_the_horizon_is_an_alarm_that_names_it() {
        let disk = series("disk_used", "percent", (0..80).map(|hour| f64::from(hour) + f64::from(hour % 3)));
        let cpu = series("cpu", "percent", (0..80).map(|hour| 40.0 + f64::from(hour % 7)));
        let answer = hazard(&[cpu, disk], 24.0).unwrap();
        assert!(answer.at_risk && !answer.calibrated && answer.warnings == [Warning::Untrained], "{answer:?}");
        assert_eq!(answer.contributing_factors[0].feature, "disk_used.slope");
        assert!(answer.recommendations[0].contains("disk_used"));
        let sum: f64 = answer.contributing_factors.iter().map(|factor| factor.contribution).sum();
        assert!((answer.probability - (1.0 - (-sum).exp())).abs() < 1e-12);
    }

    #[test]
    fn what_is_steady_is_not() {
        let steady = series("errors", "count", (0..80).map(|hour| f64::from(hour % 7)));
        assert!(hazard(&[steady], 24.0).unwrap().probability < 0.05);
        let rising = series("errors", "count", (0..80).map(|hour| f64::from(hour % 7) + if hour > 60 { 90.0 } else { 0.0 }));
        assert!(hazard(&[rising], 24.0).unwrap().at_risk);
    }

    #[test]
    fn odd_series_give_a_number_or_an_error() {
        assert!(hazard(&[], 24.0).is_err());
        assert!(hazard(&[series("cpu", "percent", [f64::NAN; 90].into_iter())], 24.0).is_err());
        for value in [0.0, f64::MAX, f64::MIN, 1e-320] {
            for unit in ["percent", "ratio", "count"] {
                let flat = series("errors", unit, (0..40).map(|place| if place % 3 == 0 { -value } else { value }));
                let answer = hazard(&[flat], 1.0).unwrap();
                assert!((0.0..=1.0).contains(&answer.probability), "{answer:?}");
                assert!(answer.contributing_factors.iter().all(|factor| factor.contribution.is_finite()));
            }
        }
        assert!(hazard(&[series("cpu", "percent", (0..9).map(f64::from))], f64::NAN).is_err());
    }
}
