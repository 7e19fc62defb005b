//! Exact fractions, for durations such as a third of a month.

use std::fmt;

use super::out_of_range;
use crate::error::{Error, Result};
use crate::value::Value;

/// So many decimals of a number count; a nanosecond is the ninth of a second, and a month has fewer than 2^22 seconds.
const DECIMALS: usize = 15;

/// A fraction in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    pub(super) const ZERO: Self = Self::whole(0);

    pub(super) const fn whole(number: i128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    fn new(numerator: i128, denominator: i128) -> Result<Self> {
        if denominator == 0 {
            return Err(Error::value("a duration cannot be divided by zero"));
        }
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| out_of_range("duration"))?;
        let sign = denominator.signum();
        let reduced = |part: i128| (part / divisor).checked_mul(sign).ok_or_else(|| out_of_range("duration"));
        Ok(Self { numerator: reduced(numerator)?, denominator: reduced(denominator)? })
    }

    /// The number that a text of digits, perhaps with a sign and decimals, stands for. Decimals beyond [`DECIMALS`] are cut.
    pub(super) fn from_decimal(text: &str) -> Result<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let decimals = decimals.get(..DECIMALS).unwrap_or(decimals);
        let number: i128 = format!("{whole}{decimals}").parse().map_err(|_| out_of_range("duration"))?;
        // There are at most 15 decimals.
        Self::new(if negative { -number } else { number }, 10_i128.pow(decimals.len() as u32))
    }

    /// A number, as exact as its shortest text.
    pub(super) fn from_value(what: fmt::Arguments<'_>, value: &Value) -> Result<Self> {
        match value {
            Value::Integer(number) => Ok(Self::whole(i128::from(*number))),
            // Texts of larger numbers have hundreds of digits.
            Value::Float(number) if number.abs() < 1e30 => Self::from_decimal(&number.to_string()),
            Value::Float(number) => {
                Err(Error::value(format!("expected {what} that is small enough for a duration, found {number:?}")))
            }
            other => Err(Error::value(format!("expected {what}, found {}", other.description()))),
        }
    }

    pub(super) fn plus(self, other: Self) -> Result<Self> {
        let sum = || {
            let left = self.numerator.checked_mul(other.denominator)?;
            let right = other.numerator.checked_mul(self.denominator)?;
            Some((left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?))
        };
        let (numerator, denominator) = sum().ok_or_else(|| out_of_range("duration"))?;
        Self::new(numerator, denominator)
    }

    pub(super) fn times(self, other: Self) -> Result<Self> {
        // Reduced crosswise first, so that only results that are too large overflow.
        let left = Self::new(self.numerator, other.denominator)?;
        let right = Self::new(other.numerator, self.denominator)?;
        let numerator = left.numerator.checked_mul(right.numerator);
        let denominator = left.denominator.checked_mul(right.denominator);
        let (numerator, denominator) = numerator.zip(denominator).ok_or_else(|| out_of_range("duration"))?;
        Ok(Self { numerator, denominator })
    }

    /// One divided by it.
    pub(super) fn inverse(self) -> Result<Self> {
        Self::new(self.denominator, self.numerator)
    }

    /// The whole number towards zero, and what is left.
    pub(super) const fn split(self) -> (i128, Self) {
        let rest = Self { numerator: self.numerator % self.denominator, denominator: self.denominator };
        (self.numerator / self.denominator, rest)
    }
}

fn greatest_common_divisor(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}
