//! Functions of angles, in radians.

use super::arguments::float;
use super::numbers::of_float;
use super::{Function, Kinds};
use crate::error::Result;
use crate::evaluate::Context;
use crate::value::Value;

const NUMBER: &[Kinds] = &[Kinds::NUMBER];

pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("acos", NUMBER, Kinds::FLOAT, |arguments, _| of_float("acos", arguments, f64::acos)),
    Function::new("asin", NUMBER, Kinds::FLOAT, |arguments, _| of_float("asin", arguments, f64::asin)),
    Function::new("atan", NUMBER, Kinds::FLOAT, |arguments, _| of_float("atan", arguments, f64::atan)),
    Function::new("atan2", &[Kinds::NUMBER, Kinds::NUMBER], Kinds::FLOAT, atan2),
    Function::new("cos", NUMBER, Kinds::FLOAT, |arguments, _| of_float("cos", arguments, f64::cos)),
    Function::new("cot", NUMBER, Kinds::FLOAT, |arguments, _| of_float("cot", arguments, |angle| angle.tan().recip())),
    Function::new("degrees", NUMBER, Kinds::FLOAT, |arguments, _| of_float("degrees", arguments, f64::to_degrees)),
    Function::new("haversin", NUMBER, Kinds::FLOAT, |arguments, _| {
        of_float("haversin", arguments, |angle| (1.0 - angle.cos()) / 2.0)
    }),
    Function::new("pi", &[], Kinds::FLOAT, |_, _| Ok(Value::Float(std::f64::consts::PI))),
    Function::new("radians", NUMBER, Kinds::FLOAT, |arguments, _| of_float("radians", arguments, f64::to_radians)),
    Function::new("sin", NUMBER, Kinds::FLOAT, |arguments, _| of_float("sin", arguments, f64::sin)),
    Function::new("tan", NUMBER, Kinds::FLOAT, |arguments, _| of_float("tan", arguments, f64::tan)),
];

fn atan2(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    let (y, x) = (float("atan2", arguments, 0)?, float("atan2", arguments, 1)?);
    Ok(y.zip(x).map(|(y, x)| y.atan2(x)).into())
}

#[cfg(test)]
mod tests {
    use super::super::testing::call;
    use super::*;

    #[test]
    fn angles_are_in_radians() {
        assert_eq!(call("degrees", [std::f64::consts::PI.into()]), "180.0");
        assert_eq!(call("cos", [0.into()]), "1.0");
        assert_eq!(call("atan2", [Value::from(0), 1.into()]), "0.0");
        assert_eq!(call("atan2", [Value::Null, 1.into()]), "null");
    }
}
