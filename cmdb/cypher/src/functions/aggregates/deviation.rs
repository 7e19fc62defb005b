//! `stDev` and `stDevP`.

use crate::error::Result;
use crate::evaluate::Context;
use crate::functions::{Accumulator, arguments::float};
use crate::value::Value;

/// The standard deviation by Welford's method, which does not lose digits to a large mean. Zero for fewer than two values.
#[derive(Debug)]
pub(super) struct Deviation {
    name: &'static str,
    /// How many fewer than the values are divided by.
    correction: f64,
    count: f64,
    mean: f64,
    squares: f64,
}

impl Deviation {
    pub(super) const fn of_sample() -> Self {
        Self { name: "stDev", correction: 1.0, count: 0.0, mean: 0.0, squares: 0.0 }
    }

    pub(super) const fn of_population() -> Self {
        Self { name: "stDevP", correction: 0.0, count: 0.0, mean: 0.0, squares: 0.0 }
    }
}

impl Accumulator for Deviation {
    fn add(&mut self, arguments: &[Value], _: &Context<'_>) -> Result<()> {
        if let Some(value) = float(self.name, arguments, 0)? {
            self.count += 1.0;
            let distance = value - self.mean;
            self.mean += distance / self.count;
            self.squares += distance * (value - self.mean);
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Value> {
        let variance = if self.count < 2.0 { 0.0 } else { self.squares / (self.count - self.correction) };
        Ok(Value::Float(variance.sqrt()))
    }
}
