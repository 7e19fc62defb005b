//! Profiles of a season over several of them.

use super::Member;
use crate::capacity::order::median;

/// Each phase by its median over the last seasons.
#[derive(Debug)]
pub(in crate::capacity) struct MedianProfile {
    pub(in crate::capacity) season: usize,
    pub(in crate::capacity) repeats: usize,
}

impl Member for MedianProfile {
    fn name(&self) -> String {
        format!("season of {}, median of {}", self.season, self.repeats)
    }

    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool {
        let repeats = self.repeats.min(history.len() / self.season);
        if repeats < 2 {
            return false;
        }
        let mut column = Vec::with_capacity(repeats);
        let reach = self.season.min(out.len());
        for (place, value) in out.iter_mut().take(reach).enumerate() {
            let first = history.len() - self.season + place;
            column.clear();
            column.extend((0..repeats).map(|back| history[first - back * self.season]));
            *value = median(&mut column).unwrap_or(history[first]);
        }
        for place in reach..out.len() {
            out[place] = out[place - self.season];
        }
        true
    }
}

/// The profile around the median of the last half season: smoothed over a twentieth of it, and shrunk by how much the odd
/// seasons resemble the even ones, so that noise makes no profile.
#[derive(Debug)]
pub(in crate::capacity) struct SmoothProfile {
    pub(in crate::capacity) season: usize,
    pub(in crate::capacity) repeats: usize,
}

impl Member for SmoothProfile {
    fn name(&self) -> String {
        format!("season of {}, smooth profile of {}", self.season, self.repeats)
    }

    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool {
        let repeats = self.repeats.min(history.len() / self.season);
        if repeats < 2 {
            return false;
        }
        let recent = &history[history.len() - repeats * self.season..];
        let mut halves = [vec![0.0; self.season], vec![0.0; self.season]];
        for (number, season) in recent.chunks_exact(self.season).enumerate() {
            let mean = season.iter().sum::<f64>() / self.season as f64;
            let share = 1.0 / if number % 2 == 0 { repeats.div_ceil(2) } else { repeats / 2 } as f64;
            for (sum, value) in halves[number % 2].iter_mut().zip(season) {
                *sum += (value - mean) * share;
            }
        }
        let [even, odd] = halves.map(|half| smoothed(&half, self.season / 40));
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let larger = product(&even, &even).max(product(&odd, &odd));
        let alike = if larger > 0.0 { (product(&even, &odd) / larger).clamp(0.0, 1.0) } else { 0.0 };
        let Some(level) = median(&mut recent[recent.len() - self.season.div_ceil(2)..].to_vec()) else { return false };
        // The median of half a season lies where the profile's is.
        let half = self.season - self.season.div_ceil(2);
        let profile: Vec<f64> = even.iter().zip(&odd).map(|(a, b)| (a + b) * 0.5 * alike).collect();
        let there = median(&mut profile[half..].to_vec()).unwrap_or(0.0);
        for (value, season) in out.iter_mut().zip(profile.iter().cycle()) {
            *value = level + season - there;
        }
        true
    }
}

/// The running mean over `reach` values to both sides, around the end.
fn smoothed(season: &[f64], reach: usize) -> Vec<f64> {
    let count = season.len();
    let at = |place: usize| season[place % count];
    let width = (2 * reach + 1) as f64;
    let mut sum: f64 = (count - reach..=count + reach).map(at).sum();
    (0..count)
        .map(|place| {
            let mean = sum / width;
            sum += at(place + reach + 1) - at(place + count - reach);
            mean
        })
        .collect()
}
