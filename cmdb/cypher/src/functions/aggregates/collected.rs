//! `collect`.

use std::mem;

use crate::error::Result;
use crate::evaluate::Context;
use crate::functions::Accumulator;
use crate::value::{Value, check_items};

#[derive(Debug, Default)]
pub(super) struct Collected(Vec<Value>);

impl Accumulator for Collected {
    fn add(&mut self, arguments: &[Value], context: &Context<'_>) -> Result<()> {
        for value in arguments.iter().filter(|value| !value.is_null()) {
            check_items([value], context.meter)?;
            context.meter.keep(value.size())?;
            self.0.push(value.clone());
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Value> {
        Ok(Value::from(mem::take(&mut self.0)))
    }
}
