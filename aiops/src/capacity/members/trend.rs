//! A level that moves along a line.

use super::Member;

/// How fast the level follows: exponential smoothing (Brown, 1959) of the series without its season.
const FOLLOW: f64 = 0.3;
/// How many seasons the line is laid through at most.
const SEASONS: usize = 8;
/// How many values, where there is no season.
const WINDOW: usize = 288;

/// The Theta method (Assimakopoulos and Nikolopoulos, 2000) in the form of Hyndman and Billah (2003): a smoothed level that moves
/// on with a share of the slope of the least-squares line, half of it in their method; the season, by the mean of each phase
/// around the line, is taken away before and added after.
#[derive(Debug)]
pub(in crate::capacity) struct Theta {
    pub(in crate::capacity) season: Option<usize>,
    pub(in crate::capacity) share: f64,
}

impl Member for Theta {
    fn name(&self) -> String {
        format!("level with {} of the line's slope", self.share)
    }

    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool {
        let season = self.season.filter(|season| history.len() >= 2 * season).unwrap_or(1);
        let repeats = if season > 1 { (history.len() / season).min(SEASONS) } else { history.len().min(WINDOW) };
        let recent = &history[history.len() - repeats * season..];
        if recent.len() < 3 {
            return false;
        }
        let (start, slope) = line(recent);
        let mut phases = vec![0.0; season];
        if season > 1 {
            for (place, value) in recent.iter().enumerate() {
                phases[place % season] += (value - start - slope * place as f64) / repeats as f64;
            }
        }
        let mut level = start;
        for (place, value) in recent.iter().enumerate() {
            let expected = level + slope;
            level = expected + FOLLOW * (value - phases[place % season] - expected);
        }
        for (step, (value, phase)) in out.iter_mut().zip(phases.iter().cycle()).enumerate() {
            *value = level + phase + slope * self.share * (step + 1) as f64;
        }
        true
    }
}

/// The least-squares line: its value at the first place, and its slope.
fn line(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let middle = (count - 1.0) / 2.0;
    let mean = values.iter().sum::<f64>() / count;
    let (mut along, mut across) = (0.0, 0.0);
    for (place, value) in values.iter().enumerate() {
        let time = place as f64 - middle;
        along += time * (value - mean);
        across += time * time;
    }
    let slope = along / across;
    (mean - slope * middle, slope)
}
