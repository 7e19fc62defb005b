//! `sum` and `avg`.

use std::mem;

use crate::error::Result;
use crate::evaluate::{Context, add};
use crate::functions::Accumulator;
use crate::functions::arguments::unfit;
use crate::temporal::{self, Temporal};
use crate::value::Value;

/// The sum of numbers or durations: an integer while all are; 0 where there was none.
#[derive(Debug)]
pub(super) struct Total(Value);

impl Default for Total {
    fn default() -> Self {
        Self(Value::Integer(0))
    }
}

impl Accumulator for Total {
    fn add(&mut self, arguments: &[Value], context: &Context<'_>) -> Result<()> {
        for value in arguments {
            self.0 = match (value, mem::take(&mut self.0)) {
                (Value::Null, total) => total,
                (Value::Integer(_) | Value::Float(_), total) => add(total, value.clone(), context)?,
                (duration, Value::Integer(0)) if is_duration(duration) => duration.clone(),
                (duration, total @ Value::Temporal(_)) if is_duration(duration) => temporal::add(&total, duration)?,
                (other, _) => return Err(unfit("sum", "numbers or durations", other)),
            };
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Value> {
        Ok(mem::take(&mut self.0))
    }
}

fn is_duration(value: &Value) -> bool {
    matches!(value, Value::Temporal(temporal) if matches!(**temporal, Temporal::Duration(_)))
}

/// The mean of numbers, a float, or of durations; null where there was none.
#[derive(Debug, Default)]
pub(super) struct Mean {
    count: f64,
    /// Exact: so many integers never overflow it.
    integers: i128,
    floats: f64,
    durations: Total,
    has_durations: bool,
}

impl Accumulator for Mean {
    fn add(&mut self, arguments: &[Value], context: &Context<'_>) -> Result<()> {
        for value in arguments {
            match value {
                Value::Null => continue,
                Value::Integer(integer) if !self.has_durations => self.integers += i128::from(*integer),
                Value::Float(float) if !self.has_durations => self.floats += float,
                duration if is_duration(duration) && (self.has_durations || self.count == 0.0) => {
                    self.has_durations = true;
                    self.durations.add(std::slice::from_ref(value), context)?;
                }
                other => return Err(unfit("avg", "only numbers or only durations", other)),
            }
            self.count += 1.0;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Value> {
        if self.count == 0.0 {
            return Ok(Value::Null);
        }
        if self.has_durations {
            return temporal::divide(&self.durations.finish()?, &Value::Float(self.count));
        }
        #[expect(clippy::cast_precision_loss, reason = "a mean is a float")]
        let sum = self.integers as f64 + self.floats;
        Ok(Value::Float(sum / self.count))
    }
}
