//! Finds where the level of a series moved for good.

use super::order::median;

/// How many blocks the series is cut into where there is no season; medians of blocks do not see spikes.
const BLOCKS: usize = 48;
/// The fewest blocks on each side of a shift.
const SIDE: usize = 3;
/// A shift leaves at most this share of the squares that one level leaves, and of those that a straight line leaves: a trend is
/// no shift.
const LEFT: f64 = 0.2;
/// How many times larger than the median change from one block to the next a shift is at least.
const JUMP: f64 = 4.0;

/// The fewest of the newest values that a new level is seen by, where it has not lasted for blocks.
const NEWEST: usize = 12;
/// The share of what came before that lies where it always did: spikes are left out.
const USUAL: f64 = 0.99;
/// What came before stays within this share of the way to the new level.
const NEAR: f64 = 1.0 / 3.0;

/// A level that moved for good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shift {
    /// The first value after it.
    pub(super) at: usize,
    /// By how much.
    pub(super) by: f64,
}

/// The one shift that explains a series best, if it explains nearly all: least squares over the medians of blocks of a season,
/// as the first step of binary segmentation (Scott and Knott, 1974).
pub(super) fn shift(values: &[f64], season: Option<usize>) -> Option<Shift> {
    let block = season.unwrap_or(1).max(values.len() / BLOCKS).max(1);
    // Whole blocks, those to the end of the series.
    let first = values.len() % block;
    let levels: Vec<f64> = values[first..].chunks_exact(block).filter_map(|part| median(&mut part.to_vec())).collect();
    if levels.len() < 2 * SIDE {
        return None;
    }
    let (split, left) = (SIDE..=levels.len() - SIDE)
        .map(|split| (split, squares(&levels[..split]) + squares(&levels[split..])))
        .reduce(|best, next| if next.1 < best.1 { next } else { best })?;
    let mut changes: Vec<f64> = levels.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let usual = median(&mut changes)?;
    let before = median(&mut levels[..split].to_vec())?;
    let after = median(&mut levels[split..].to_vec())?;
    let explains = left < LEFT * squares(&levels).min(squares_around_line(&levels));
    if !explains || (after - before).abs() <= JUMP * usual {
        return None;
    }
    let place = first + split * block;
    let at = nearest(&values[place - block..(place + block).min(values.len())], before, after) + place - block;
    Some(Shift { at, by: after - before })
}

/// A level that moved shortly before the end, where [`shift`] sees none yet: each of the newest values lies nearer to the new
/// level than to the old one, and nearly all that came before near the old one. Nothing like it came before, so that there is no
/// reason to think that it ends.
pub(super) fn newest_shift(values: &[f64], season: Option<usize>) -> Option<Shift> {
    let longest = (SIDE * season.unwrap_or(1).max(values.len() / BLOCKS)).min(values.len() / 2);
    let all = median(&mut values.to_vec())?;
    let after = median(&mut values[values.len().checked_sub(NEWEST)?..].to_vec())?;
    let side = (after - all).signum();
    let at = values.iter().rposition(|value| (value - (all + after) / 2.0) * side <= 0.0)? + 1;
    let newest = values.len() - at;
    if newest < NEWEST || newest > longest {
        return None;
    }
    let before = median(&mut values[at.saturating_sub(longest)..at].to_vec())?;
    let after = median(&mut values[at..].to_vec())?;
    let near = values[..at].iter().filter(|value| (*value - before) * side <= NEAR * (after - before) * side).count();
    (near as f64 >= USUAL * at as f64).then_some(Shift { at, by: after - before })
}

/// Where in the part the values are best told apart into those of the one level and those of the other.
fn nearest(part: &[f64], before: f64, after: f64) -> usize {
    let (mut best, mut least, mut sum) = (0, 0.0, 0.0);
    for (place, value) in part.iter().enumerate() {
        sum += (value - before).abs() - (value - after).abs();
        if sum < least {
            (best, least) = (place + 1, sum);
        }
    }
    best
}

/// The sum of squares around the mean.
fn squares(levels: &[f64]) -> f64 {
    let mean = levels.iter().sum::<f64>() / levels.len() as f64;
    levels.iter().map(|level| (level - mean) * (level - mean)).sum()
}

/// The sum of squares around the least-squares line.
fn squares_around_line(levels: &[f64]) -> f64 {
    let middle = (levels.len() as f64 - 1.0) / 2.0;
    let times = || (0..levels.len()).map(|place| place as f64 - middle);
    let along: f64 = times().zip(levels).map(|(time, level)| time * level).sum();
    let across: f64 = times().map(|time| time * time).sum();
    squares(levels) - along * along / across
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(place: usize) -> f64 {
        [0.0, 0.05, 0.1, 0.05][place % 4] + 0.001 * (place * 7 % 11) as f64
    }

    #[test]
    fn a_step_is_found_where_it_is() {
        let values: Vec<f64> = (0..200).map(|place| wave(place) + if place >= 123 { 0.6 } else { 0.1 }).collect();
        let found = shift(&values, Some(4)).unwrap();
        assert_eq!(found.at, 123);
        assert!((found.by - 0.5).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn a_new_level_is_seen_before_it_has_lasted_for_blocks() {
        for (newest, by) in [(12, 0.9), (15, -0.9)] {
            let values: Vec<f64> = (0..200).map(|place| wave(place) + if place >= 200 - newest { by } else { 0.0 }).collect();
            assert_eq!(shift(&values, Some(8)), None);
            let found = newest_shift(&values, Some(8)).unwrap();
            assert_eq!(found.at, 200 - newest);
            assert!((found.by - by).abs() < 0.05, "{found:?}");
        }
    }

    #[test]
    fn what_is_short_or_came_before_or_comes_slowly_is_no_new_level() {
        // One higher from the first place of each run to the place before its second.
        let of = |runs: &[(usize, usize)]| -> Vec<f64> {
            let high = |place: usize| runs.iter().any(|(from, to)| (*from..*to).contains(&place));
            (0..200).map(|place| wave(place) + f64::from(u8::from(high(place)))).collect()
        };
        assert_eq!(newest_shift(&of(&[(189, 200)]), Some(8)), None);
        assert_eq!(newest_shift(&of(&[(80, 95), (185, 200)]), Some(8)), None);
        assert!(newest_shift(&of(&[(80, 81), (185, 200)]), Some(8)).is_some());
        let trend: Vec<f64> = (0..200).map(|place| wave(place) + 0.01 * place as f64).collect();
        assert_eq!(newest_shift(&trend, Some(8)), None);
        assert_eq!(newest_shift(&[1.0; 50], None), None);
        assert_eq!(newest_shift(&[1.0; 5], None), None);
        assert_eq!(newest_shift(&[], None), None);
    }

    #[test]
    fn a_trend_a_season_and_a_spike_are_no_shift() {
        let trend: Vec<f64> = (0..200).map(|place| wave(place) + 0.01 * place as f64).collect();
        assert_eq!(shift(&trend, Some(4)), None);
        let season: Vec<f64> = (0..200).map(wave).collect();
        assert_eq!(shift(&season, Some(4)), None);
        let spike: Vec<f64> = (0..200).map(|place| if place == 90 { 1.0 } else { wave(place) }).collect();
        assert_eq!(shift(&spike, Some(4)), None);
        assert_eq!(shift(&[1.0; 50], None), None);
    }
}
