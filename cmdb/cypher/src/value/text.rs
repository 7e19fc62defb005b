//! Numbers as text.

/// A float as `toString()` writes it: the fewest digits that lead back to it, always with a point, and with an exponent where
/// it is at least 10^7 or below 10^-3.
pub(crate) fn float_text(float: f64) -> String {
    let size = float.abs();
    if float.is_nan() {
        "NaN".into()
    } else if float.is_infinite() {
        if float > 0.0 { "Infinity".into() } else { "-Infinity".into() }
    } else if size == 0.0 || (1e-3..1e7).contains(&size) {
        format!("{float:?}")
    } else {
        let text = format!("{float:E}");
        if text.contains('.') { text } else { text.replacen('E', ".0E", 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_with_a_point_and_few_digits() {
        let texts = [1.0, 2.3, -0.5, 1e7, 1.5e-7, 0.0, f64::NAN, f64::NEG_INFINITY].map(float_text);
        assert_eq!(texts, ["1.0", "2.3", "-0.5", "1.0E7", "1.5E-7", "0.0", "NaN", "-Infinity"]);
    }
}
