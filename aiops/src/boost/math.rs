//! Exponential and logarithm from additions and multiplications alone.
//!
//! Those of the standard library are the platform's, and differ in the last bit from one to the next; a model would too.

/// `exp(x)`, within a few units of the last place; 0 below -708, `exp(709)` above 709, so it never overflows. Without a branch, so
/// that several are worked out at once.
pub(crate) fn exp(x: f64) -> f64 {
    const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    /// 1.5 times 2^52: what is added to it is rounded to a whole number, which its lowest bits then hold.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let below = x < -708.0;
    let x = if x < 709.0 { x } else { 709.0 };
    let x = if below { -708.0 } else { x };
    let rounded = x * std::f64::consts::LOG2_E + WHOLE;
    let power = rounded - WHOLE;
    let rest = (x - power * LN_2_HIGH) - power * LN_2_LOW;
    // Taylor's series: |rest| <= ln(2) / 2, where its fourteenth term is below 1e-17.
    let mut sum = 1.0;
    for term in (1..=13).rev() {
        sum = 1.0 + sum * rest * RECIPROCALS[term];
    }
    let scale = f64::from_bits((rounded.to_bits() << 52).wrapping_add(1023 << 52));
    if below { 0.0 } else { sum * scale }
}

/// `1 / n`, for the series.
const RECIPROCALS: [f64; 14] = {
    let mut table = [0.0; 14];
    let mut term = 1;
    let mut number = 1.0;
    while term < 14 {
        table[term] = 1.0 / number;
        number += 1.0;
        term += 1;
    }
    table
};

/// `ln(x)` for a positive `x`; that of the smallest normal number for anything below it.
pub(crate) fn ln(x: f64) -> f64 {
    let x = x.max(f64::MIN_POSITIVE);
    let bits = x.to_bits();
    let power = (bits >> 52) as f64 - 1023.0;
    let mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    // Halley's iteration on exp(y) = mantissa triples the right digits each time, from y = mantissa - 1 within 0.31.
    let mut rest = mantissa - 1.0;
    for _ in 0..4 {
        let power = exp(rest);
        rest += 2.0 * (mantissa - power) / (mantissa + power);
    }
    power * std::f64::consts::LN_2 + rest
}

/// The logistic function: `1 / (1 + exp(-x))`.
pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_and_logarithm_agree_with_the_platforms() {
        for step in -7000..=7000 {
            let x = f64::from(step) * 0.1;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-14, "{x}");
        }
        for x in [f64::MIN_POSITIVE, 1e-300, 1e-9, 0.5, 1.0, 1.0 + f64::EPSILON, 1.999, 2.0, 1e9, f64::MAX] {
            assert!((ln(x) - x.ln()).abs() <= 1e-15 + 1e-15 * x.ln().abs(), "{x}");
        }
        assert_eq!((exp(-1e9), exp(0.0), ln(1.0)), (0.0, 1.0, 0.0));
        assert!(exp(f64::MAX).is_finite());
        assert_eq!(sigmoid(0.0), 0.5);
    }
}
