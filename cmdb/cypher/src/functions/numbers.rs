//! Functions of numbers, but for those of angles.

use super::arguments::{argument, float, integer, string, unfit};
use super::rounding;
use super::{Function, Kinds};
use crate::error::{Error, Result};
use crate::evaluate::Context;
use crate::value::Value;

const NUMBER: &[Kinds] = &[Kinds::NUMBER];

pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("abs", NUMBER, Kinds::NUMBER, abs),
    Function::new("ceil", NUMBER, Kinds::FLOAT, |arguments, _| of_float("ceil", arguments, f64::ceil)),
    Function::new("ceiling", NUMBER, Kinds::FLOAT, |arguments, _| of_float("ceiling", arguments, f64::ceil)),
    Function::new("e", &[], Kinds::FLOAT, |_, _| Ok(Value::Float(std::f64::consts::E))),
    Function::new("exp", NUMBER, Kinds::FLOAT, |arguments, _| of_float("exp", arguments, f64::exp)),
    Function::new("floor", NUMBER, Kinds::FLOAT, |arguments, _| of_float("floor", arguments, f64::floor)),
    Function::new("isnan", NUMBER, Kinds::BOOLEAN, |arguments, _| Ok(float("isNaN", arguments, 0)?.map(f64::is_nan).into())),
    Function::new("log", NUMBER, Kinds::FLOAT, |arguments, _| of_float("log", arguments, f64::ln)),
    Function::new("log10", NUMBER, Kinds::FLOAT, |arguments, _| of_float("log10", arguments, f64::log10)),
    Function::new("rand", &[], Kinds::FLOAT, |_, context| Ok(Value::Float(context.random.next()))),
    Function::new("round", &[Kinds::NUMBER, Kinds::INTEGER, Kinds::STRING], Kinds::FLOAT, round).at_least(1),
    Function::new("sign", NUMBER, Kinds::INTEGER, sign),
    Function::new("sqrt", NUMBER, Kinds::FLOAT, |arguments, _| of_float("sqrt", arguments, f64::sqrt)),
    Function::new("timestamp", &[], Kinds::INTEGER, |_, context| Ok(Value::Integer(context.now.as_millisecond()))),
];

/// A float of a number; null for null.
pub(super) fn of_float(function: &str, arguments: &[Value], compute: fn(f64) -> f64) -> Result<Value> {
    Ok(float(function, arguments, 0)?.map(compute).into())
}

fn abs(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Integer(integer) => match integer.checked_abs() {
            Some(size) => Ok(Value::Integer(size)),
            None => Err(Error::value(format!("the size of {integer} is no integer of 64 bits"))),
        },
        Value::Float(float) => Ok(Value::Float(float.abs())),
        other => Err(unfit("abs", "a number", other)),
    }
}

/// -1, 0 or 1.
fn sign(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    Ok(float("sign", arguments, 0)?.map(|float| i64::from(float > 0.0) - i64::from(float < 0.0)).into())
}

/// To so many digits behind the point, halves towards the larger number, or with a precision away from zero, or by a mode.
fn round(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    let number = float("round", arguments, 0)?;
    let (precision, mode) = (integer("round", arguments, 1)?, string("round", arguments, 2)?);
    let given = usize::from(precision.is_some()) + usize::from(mode.is_some());
    let Some(number) = number.filter(|_| given + 1 == arguments.len()) else { return Ok(Value::Null) };
    let mode = match mode {
        Some(name) => rounding::Mode::named(name).ok_or_else(|| {
            unfit("round", "UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN or HALF_EVEN as mode", argument(arguments, 2))
        })?,
        None if precision.is_some() => rounding::Mode::HalfUp,
        None => rounding::Mode::HalfCeiling,
    };
    match u32::try_from(precision.unwrap_or(0)) {
        Ok(precision) => Ok(Value::Float(rounding::round(number, precision, mode))),
        Err(_) => Err(unfit("round", "an integer of at least 0 as precision", argument(arguments, 1))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error};
    use super::*;

    #[test]
    fn sizes_and_signs_keep_their_types() {
        assert_eq!(call("abs", [(-1).into()]), "1");
        assert_eq!(call("abs", [(-1.5).into()]), "1.5");
        assert_eq!(call("sign", [(-0.5).into()]), "-1");
        assert!(error("abs", [i64::MIN.into()]).contains("64 bits"));
    }

    #[test]
    fn roots_and_logarithms_are_floats() {
        assert_eq!(call("sqrt", [12.96.into()]), "3.6");
        assert_eq!(call("sqrt", [(-1).into()]), r#""NaN""#);
        assert_eq!(call("log10", [100.into()]), "2.0");
        assert_eq!(call("ceil", [0.1.into()]), "1.0");
        assert_eq!(call("isNaN", [f64::NAN.into()]), "true");
    }

    #[test]
    fn halves_are_rounded_up_unless_another_mode_is_named() {
        assert_eq!(call("round", [(-1.5).into()]), "-1.0");
        assert_eq!(call("round", [2.5.into()]), "3.0");
        assert_eq!(call("round", [7.123_592.into(), 3.into()]), "7.124");
        assert_eq!(call("round", [(-1.55).into(), 1.into()]), "-1.6");
        assert_eq!(call("round", [2.5.into(), 0.into(), "HALF_EVEN".into()]), "2.0");
        assert_eq!(call("round", [Value::from(2.5), Value::Null]), "null");
        assert!(error("round", [Value::from(2.5), 0.into(), "SIDEWAYS".into()]).contains("HALF_UP"));
    }
}
