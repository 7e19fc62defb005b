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
