//! Rounding to decimal digits.

/// Which way a number between two others goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    /// Halves towards the larger number; has no name.
    HalfCeiling,
}

impl Mode {
    /// Letter case does not count.
    pub(super) fn named(name: &str) -> Option<Self> {
        let modes = [
            ("UP", Self::Up),
            ("DOWN", Self::Down),
            ("CEILING", Self::Ceiling),
            ("FLOOR", Self::Floor),
            ("HALF_UP", Self::HalfUp),
            ("HALF_DOWN", Self::HalfDown),
            ("HALF_EVEN", Self::HalfEven),
        ];
        modes.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, mode)| mode)
    }

    fn apply(self, number: f64) -> f64 {
        let (below, above) = (number.floor(), number.ceil());
        let (inner, outer) = if number < 0.0 { (above, below) } else { (below, above) };
        let half = (number - below).partial_cmp(&0.5);
        let halves = |half_way| match half {
            Some(std::cmp::Ordering::Less) => below,
            Some(std::cmp::Ordering::Greater) => above,
            _ => half_way,
        };
        match self {
            Self::Up => outer,
            Self::Down => inner,
            Self::Ceiling => above,
            Self::Floor => below,
            Self::HalfUp => halves(outer),
            Self::HalfDown => halves(inner),
            Self::HalfEven => number.round_ties_even(),
            Self::HalfCeiling => halves(above),
        }
    }
}

/// Beyond 2^52 floats have no fraction left.
const NO_FRACTION: f64 = 4_503_599_627_370_496.0;

/// Rounds to so many digits behind the point, counting in the decimal digits that the float is written with: 1.005 is half-way
/// between 1.00 and 1.01. What has no more digits than that stays what it is.
pub(super) fn round(number: f64, precision: u32, mode: Mode) -> f64 {
    let rounded = || {
        let digits = i64::from(precision);
        let scaled = shift(number, digits).filter(|scaled| scaled.abs() < NO_FRACTION)?;
        shift(mode.apply(scaled), -digits)
    };
    rounded().unwrap_or(number)
}

/// The float nearest to a number whose decimal point is moved.
fn shift(number: f64, digits: i64) -> Option<f64> {
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e')?;
    let exponent = exponent.parse::<i64>().ok()? + digits;
    format!("{mantissa}e{exponent}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_has_its_way_with_halves_and_others() {
        let rounded = |mode: &str| [2.5, -2.5, 1.1].map(|number| round(number, 0, Mode::named(mode).unwrap()));
        assert_eq!(rounded("UP"), [3.0, -3.0, 2.0]);
        assert_eq!(rounded("DOWN"), [2.0, -2.0, 1.0]);
        assert_eq!(rounded("CEILING"), [3.0, -2.0, 2.0]);
        assert_eq!(rounded("FLOOR"), [2.0, -3.0, 1.0]);
        assert_eq!(rounded("half_up"), [3.0, -3.0, 1.0]);
        assert_eq!(rounded("HALF_DOWN"), [2.0, -2.0, 1.0]);
        assert_eq!(rounded("HALF_EVEN"), [2.0, -2.0, 1.0]);
    }

    #[test]
    fn what_cannot_be_rounded_stays() {
        assert_eq!(round(1e300, 400, Mode::HalfUp), 1e300);
        assert_eq!(round(0.1, u32::MAX, Mode::HalfUp), 0.1);
        assert!(round(f64::NAN, 1, Mode::Up).is_nan());
    }

    #[test]
    fn halves_are_those_of_the_written_digits() {
        assert_eq!(round(1.005, 2, Mode::HalfUp), 1.01);
        assert_eq!(round(2.675, 2, Mode::HalfEven), 2.68);
        assert_eq!(round(-0.285, 2, Mode::HalfDown), -0.28);
    }
}
