//! Whole and floating point numbers against each other, without rounding either.

use std::cmp::Ordering;

/// 2^63, the first float above every [`i64`].
const ABOVE_INTEGERS: f64 = 9_223_372_036_854_775_808.0;

/// Nothing for NaN.
pub(super) fn compare(integer: i64, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    let Some(whole) = truncate(float) else {
        return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
    };
    Some(integer.cmp(&whole).then_with(|| 0.0.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal)))
}

/// The integer that a float is equal to.
pub(super) fn as_integer(float: f64) -> Option<i64> {
    truncate(float).filter(|_| float.fract() == 0.0)
}

/// The integer that is left without the fraction; nothing for NaN and what is larger than integers can be.
pub(crate) fn truncate(float: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "only the fraction is cut: the range was checked")]
    (-ABOVE_INTEGERS..ABOVE_INTEGERS).contains(&float).then_some(float as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_is_compared_with_the_neighbours_of_an_integer_exactly() {
        assert_eq!(compare(9_007_199_254_740_993, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(compare(i64::MAX, ABOVE_INTEGERS), Some(Ordering::Less));
        assert_eq!(compare(i64::MIN, -ABOVE_INTEGERS), Some(Ordering::Equal));
        assert_eq!(compare(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(compare(0, -0.0), Some(Ordering::Equal));
        assert_eq!(compare(0, f64::NEG_INFINITY), Some(Ordering::Greater));
        assert_eq!(compare(0, f64::NAN), None);
    }
}
