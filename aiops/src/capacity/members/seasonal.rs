//! The last seasons again, on the level of now.

use super::Member;

/// Between which ratios of levels a season is stretched; beyond, the ratio says that a level is near to zero.
const RATIO: (f64, f64) = (0.2, 5.0);

/// The mean of the last seasons goes on, moved to the level of now.
#[derive(Debug)]
pub(in crate::capacity) struct Adjusted {
    pub(in crate::capacity) season: usize,
    pub(in crate::capacity) repeats: usize,
    pub(in crate::capacity) adjustment: Adjustment,
}

/// How the season is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::capacity) enum Adjustment {
    /// Not at all: the seasonal naive forecast for one repeat.
    None,
    /// By how much the last `over` values lie above those of the season before them.
    Difference { over: usize },
    /// By how many times the last `over` values are those of the season before them.
    Ratio { over: usize },
    /// By the last error, which fades as fast as such errors did.
    Fading,
}

impl Member for Adjusted {
    fn name(&self) -> String {
        let how = match self.adjustment {
            Adjustment::None => String::new(),
            Adjustment::Difference { over } => format!(", by the difference over {over}"),
            Adjustment::Ratio { over } => format!(", by the ratio over {over}"),
            Adjustment::Fading => ", by a fading error".into(),
        };
        format!("season of {}, mean of {}{how}", self.season, self.repeats)
    }

    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool {
        let over = match self.adjustment {
            Adjustment::None | Adjustment::Fading => 0,
            Adjustment::Difference { over } | Adjustment::Ratio { over } => over,
        };
        // What one repeat is compared with lies before it.
        let compared = if self.repeats == 1 { over } else { 0 };
        let Some(spare) = history.len().checked_sub(self.season + compared) else { return false };
        let repeats = self.repeats.min(1 + spare / self.season);
        let phase: Vec<f64> = (0..self.season)
            .map(|place| {
                let first = history.len() - self.season + place;
                (0..repeats).map(|back| history[first - back * self.season]).sum::<f64>() / repeats as f64
            })
            .collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let now = mean(&history[history.len() - over..]);
        let before = if self.repeats == 1 {
            let end = history.len() - self.season;
            mean(&history[end - over..end])
        } else {
            mean(&phase[self.season - over..])
        };
        let (mut shift, mut factor, mut fade) = (0.0, 1.0, 1.0);
        match self.adjustment {
            Adjustment::None => {}
            Adjustment::Difference { .. } => shift = now - before,
            Adjustment::Ratio { .. } if now > 0.0 && before > 0.0 => factor = (now / before).clamp(RATIO.0, RATIO.1),
            Adjustment::Ratio { .. } => shift = now - before,
            Adjustment::Fading => (shift, fade) = fading(&history[history.len() - repeats * self.season..], &phase),
        }
        for (value, season) in out.iter_mut().zip(phase.iter().cycle()) {
            shift *= fade;
            *value = season * factor + shift;
        }
        true
    }
}

/// The last error of the seasons around their mean, and the share of an error that the next one keeps.
fn fading(history: &[f64], phase: &[f64]) -> (f64, f64) {
    let (mut last, mut along, mut own) = (0.0, 0.0, 0.0);
    for (value, season) in history.iter().zip(phase.iter().cycle()) {
        let error = value - season;
        along += error * last;
        own += last * last;
        last = error;
    }
    (last, if own > 0.0 { (along / own).clamp(0.0, 0.99) } else { 0.0 })
}
