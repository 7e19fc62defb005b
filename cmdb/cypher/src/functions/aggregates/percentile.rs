//! `percentileCont` and `percentileDisc`.

use crate::error::{Error, Result};
use crate::evaluate::Context;
use crate::functions::{Accumulator, arguments};
use crate::value::{Value, order};

/// The value below which a part of the values lies; null where there was none.
#[derive(Debug)]
pub(super) struct Percentile {
    name: &'static str,
    /// Whether it may lie between two values.
    continuous: bool,
    values: Vec<Value>,
    part: f64,
}

impl Percentile {
    pub(super) const fn continuous() -> Self {
        Self { name: "percentileCont", continuous: true, values: Vec::new(), part: 0.0 }
    }

    pub(super) const fn discrete() -> Self {
        Self { name: "percentileDisc", continuous: false, values: Vec::new(), part: 0.0 }
    }

    fn value(&self, place: f64) -> Value {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place among values that memory holds")]
        self.values.get(place as usize).cloned().unwrap_or_default()
    }

    /// By linear interpolation between the neighbours of the place.
    fn between(&self, place: f64) -> Result<Value> {
        let neighbours = [self.value(place.floor()), self.value(place.ceil())];
        let below = arguments::float(self.name, &neighbours, 0)?;
        let above = arguments::float(self.name, &neighbours, 1)?;
        Ok(below.zip(above).map(|(below, above)| (above - below).mul_add(place.fract(), below)).into())
    }
}

impl Accumulator for Percentile {
    fn add(&mut self, arguments: &[Value], context: &Context<'_>) -> Result<()> {
        self.part = match arguments::float(self.name, arguments, 1)? {
            Some(part) if (0.0..=1.0).contains(&part) => part,
            _ => {
                let found = arguments::argument(arguments, 1).description();
                return Err(Error::value(format!("{}() expected a number from 0.0 to 1.0, found {found}", self.name)));
            }
        };
        if arguments::float(self.name, arguments, 0)?.is_some() {
            context.meter.keep(size_of::<Value>())?;
            self.values.extend(arguments.first().cloned());
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Value> {
        self.values.sort_by(order::compare);
        #[expect(clippy::cast_precision_loss, reason = "memory holds fewer values than a float has digits for")]
        let count = self.values.len() as f64;
        if self.continuous {
            self.between(self.part * (count - 1.0).max(0.0))
        } else {
            // The first value to which at least the part of all values reaches.
            Ok(self.value((self.part * count).ceil().max(1.0) - 1.0))
        }
    }
}
