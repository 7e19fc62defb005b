//! Members that know a level and no season.

use super::Member;
use crate::capacity::order::median;

/// The last value goes on.
#[derive(Debug)]
pub(in crate::capacity) struct Last;

impl Member for Last {
    fn name(&self) -> String {
        "last".into()
    }

    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool {
        let Some(last) = history.last() else { return false };
        out.fill(*last);
        true
    }
}

/// The median of the last values goes on: it forgets spikes.
#[derive(Debug)]
pub(in crate::capacity) struct RecentMedian {
    pub(in crate::capacity) window: usize,
}

impl Member for RecentMedian {
    fn name(&self) -> String {
        format!("median of the last {}", self.window)
    }

    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool {
        let Some(level) = recent_median(history, self.window) else { return false };
        out.fill(level);
        true
    }
}

/// From the median of the last five values back to that of a longer window; each step keeps the share `stay` of the way left.
#[derive(Debug)]
pub(in crate::capacity) struct ReturnToMedian {
    pub(in crate::capacity) window: usize,
    pub(in crate::capacity) stay: f64,
}

impl Member for ReturnToMedian {
    fn name(&self) -> String {
        format!("return to the median of the last {} by {}", self.window, self.stay)
    }

    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool {
        let (Some(home), Some(now)) = (recent_median(history, self.window), recent_median(history, 5)) else { return false };
        let mut away = now - home;
        for value in out {
            away *= self.stay;
            *value = home + away;
        }
        true
    }
}

/// The median of the last `window` values, of fewer where there are not as many; `None` for a history shorter than half of it.
fn recent_median(history: &[f64], window: usize) -> Option<f64> {
    if history.len() < window / 2 {
        return None;
    }
    median(&mut history[history.len().saturating_sub(window)..].to_vec())
}
