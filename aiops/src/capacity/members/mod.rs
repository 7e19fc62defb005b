//! What the ensemble is made of: each member tells in its own way how a series goes on.

mod autoregression;
mod level;
mod profile;
mod seasonal;
mod trend;

use std::fmt::Debug;

pub(super) use autoregression::Autoregression;
pub(super) use level::{Last, RecentMedian, ReturnToMedian};
pub(super) use profile::{MedianProfile, SmoothProfile};
pub(super) use seasonal::{Adjusted, Adjustment};
pub(super) use trend::Theta;

/// One way to go on.
pub(super) trait Member: Debug {
    /// What it does, in a few words.
    fn name(&self) -> String;

    /// Writes what follows the history. Called with ever longer histories of one series, so that it may keep sums. Returns
    /// whether it could: the history may be too short for it.
    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool;
}

/// The members for a series of this length with these seasons, shortest first.
pub(super) fn members(values: &[f64], non_negative: bool, seasons: &[usize]) -> Vec<Box<dyn Member>> {
    let mut members: Vec<Box<dyn Member>> = vec![Box::new(Last)];
    members.extend([3, 12, 48].map(|window| Box::new(RecentMedian { window }) as Box<dyn Member>));
    let base = seasons.first().copied().unwrap_or(288);
    members.push(Box::new(RecentMedian { window: base }));
    members.extend([0.9, 0.98].map(|stay| Box::new(ReturnToMedian { window: base, stay }) as Box<dyn Member>));
    members.push(Box::new(Theta { season: seasons.first().copied(), share: 0.5 }));
    members.push(Box::new(Theta { season: seasons.first().copied(), share: 1.0 }));
    for season in seasons {
        members.push(Box::new(Adjusted { season: *season, repeats: 1, adjustment: Adjustment::None }));
        members.push(Box::new(MedianProfile { season: *season, repeats: 3 }));
    }
    if let Some(season) = seasons.first() {
        members.push(Box::new(MedianProfile { season: *season, repeats: 7 }));
        members.push(Box::new(SmoothProfile { season: *season, repeats: 7 }));
    }
    if let [short, long] = seasons[..] {
        for (repeats, adjustment) in [
            (1, Adjustment::Difference { over: short }),
            (1, Adjustment::Ratio { over: short }),
            (3, Adjustment::Ratio { over: short }),
            (4, Adjustment::Difference { over: long }),
            (3, Adjustment::Fading),
        ] {
            members.push(Box::new(Adjusted { season: long, repeats, adjustment }));
        }
    }
    for wide in [false, true] {
        for root in [false, true] {
            if !root || non_negative {
                members.push(Box::new(Autoregression::new(values, seasons, wide, root)));
            }
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(mut member: impl Member, history: &[f64], horizon: usize) -> Option<Vec<f64>> {
        let mut out = vec![0.0; horizon];
        member.forecast(history, &mut out).then_some(out)
    }

    fn near(found: Option<Vec<f64>>, expected: &[f64]) {
        let found = found.unwrap();
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}, not {expected:?}");
    }

    #[test]
    fn levels_go_on_or_return() {
        let history = [1.0, 1.0, 1.0, 1.0, 9.0, 3.0, 3.0, 3.0];
        near(says(Last, &history, 2), &[3.0, 3.0]);
        near(says(RecentMedian { window: 4 }, &history, 2), &[3.0, 3.0]);
        near(says(ReturnToMedian { window: 8, stay: 0.5 }, &history, 2), &[2.0, 1.5]);
        assert_eq!(says(RecentMedian { window: 20 }, &history, 2), None);
    }

    #[test]
    fn a_season_goes_on_at_the_level_of_now() {
        let history = [1.0, 3.0, 1.0, 3.0, 2.0, 6.0];
        let adjusted = |season, adjustment| Adjusted { season, repeats: 1, adjustment };
        near(says(adjusted(2, Adjustment::None), &history, 3), &[2.0, 6.0, 2.0]);
        // The last two are twice those four before, by 2 more.
        near(says(adjusted(4, Adjustment::Ratio { over: 2 }), &history, 4), &[2.0, 6.0, 4.0, 12.0]);
        near(says(adjusted(4, Adjustment::Difference { over: 2 }), &history, 4), &[3.0, 5.0, 4.0, 8.0]);
        assert_eq!(says(adjusted(6, Adjustment::Ratio { over: 2 }), &history, 4), None);
        // Errors of 0, 0, 1 beside the mean of both seasons, which nothing followed, do not stay.
        near(
            says(Adjusted { season: 3, repeats: 2, adjustment: Adjustment::Fading }, &[0.0, 0.0, 1.0, 0.0, 0.0, 3.0], 2),
            &[0.0, 0.0],
        );
    }

    #[test]
    fn profiles_forget_a_spike_and_noise() {
        let history = [1.0, 5.0, 1.0, 5.0, 99.0, 5.0];
        near(says(MedianProfile { season: 2, repeats: 3 }, &history, 3), &[1.0, 5.0, 1.0]);
        assert_eq!(says(MedianProfile { season: 4, repeats: 3 }, &history, 3), None);
        let wave: Vec<f64> = (0..24).map(|place| [0.0, 1.0, 2.0, 1.0][place % 4]).collect();
        near(says(SmoothProfile { season: 4, repeats: 6 }, &wave, 5), &wave[..5]);
        let opposite: Vec<f64> = (0..24).map(|place| if (place / 4 + place) % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let flat = says(SmoothProfile { season: 4, repeats: 6 }, &opposite, 4).unwrap();
        assert!(flat.windows(2).all(|pair| pair[0] == pair[1]), "{flat:?}");
    }

    #[test]
    fn a_line_with_a_season_goes_on() {
        let at = |place: usize| 2.0 * place as f64 + [0.0, 1.0, 0.0, -1.0][place % 4];
        let history: Vec<f64> = (0..400).map(at).collect();
        let line = says(Theta { season: Some(4), share: 1.0 }, &history, 8).unwrap();
        for (step, value) in line.iter().enumerate() {
            assert!((value - at(400 + step)).abs() < 0.5, "{line:?}");
        }
        assert_eq!(says(Theta { season: None, share: 0.5 }, &[1.0, 2.0], 2), None);
    }

    #[test]
    fn an_autoregression_learns_a_wave_also_from_sums_that_grew() {
        let wave: Vec<f64> = (0..120).map(|place| [5.0, 6.0, 9.0, 6.0, 2.0][place % 5]).collect();
        for (wide, root) in [(false, false), (true, false), (false, true), (true, true)] {
            let mut member = Autoregression::new(&wave, &[5], wide, root);
            let mut out = [0.0; 20];
            assert!(!member.forecast(&wave[..20], &mut out));
            for length in [60, 100] {
                assert!(member.forecast(&wave[..length], &mut out));
                for (found, expected) in out.iter().zip(&wave[length..]) {
                    assert!((found - expected).abs() < 0.1, "{wide} {root}: {out:?}");
                }
            }
            let grown = out;
            assert!(Autoregression::new(&wave, &[5], wide, root).forecast(&wave[..100], &mut out));
            assert_eq!(grown, out);
        }
    }
}
