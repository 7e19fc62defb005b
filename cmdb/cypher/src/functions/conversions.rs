//! Functions that make one kind of value of another.

use super::arguments::{argument, list, unfit};
use super::{Function, Kinds};
use crate::error::{Error, Result};
use crate::evaluate::{Context, flat_list};
use crate::value::{Value, float_text, truncate_float};

const TO_BOOLEAN: Kinds = Kinds::BOOLEAN.or(Kinds::STRING).or(Kinds::INTEGER);
const TO_FLOAT: Kinds = Kinds::NUMBER.or(Kinds::STRING);
const TO_INTEGER: Kinds = TO_FLOAT.or(Kinds::BOOLEAN);
const TO_STRING: Kinds = TO_INTEGER.or(Kinds::TEMPORAL);

pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("toboolean", &[TO_BOOLEAN], Kinds::BOOLEAN, |arguments, _| to_boolean(argument(arguments, 0))),
    Function::new("tobooleanlist", &[Kinds::LIST], Kinds::LIST, |arguments, context| {
        each("toBooleanList", arguments, to_boolean, context)
    }),
    Function::new("tobooleanornull", &[Kinds::ANY], Kinds::BOOLEAN, |arguments, _| or_null(to_boolean(argument(arguments, 0)))),
    Function::new("tofloat", &[TO_FLOAT], Kinds::FLOAT, |arguments, _| to_float(argument(arguments, 0))),
    Function::new("tofloatlist", &[Kinds::LIST], Kinds::LIST, |arguments, context| {
        each("toFloatList", arguments, to_float, context)
    }),
    Function::new("tofloatornull", &[Kinds::ANY], Kinds::FLOAT, |arguments, _| or_null(to_float(argument(arguments, 0)))),
    Function::new("tointeger", &[TO_INTEGER], Kinds::INTEGER, |arguments, _| to_integer(argument(arguments, 0))),
    Function::new("tointegerlist", &[Kinds::LIST], Kinds::LIST, |arguments, context| {
        each("toIntegerList", arguments, to_integer, context)
    }),
    Function::new("tointegerornull", &[Kinds::ANY], Kinds::INTEGER, |arguments, _| or_null(to_integer(argument(arguments, 0)))),
    Function::new("tostring", &[TO_STRING], Kinds::STRING, |arguments, _| to_string(argument(arguments, 0))),
    Function::new("tostringlist", &[Kinds::LIST], Kinds::LIST, |arguments, context| {
        each("toStringList", arguments, to_string, context)
    }),
    Function::new("tostringornull", &[Kinds::ANY], Kinds::STRING, |arguments, _| or_null(to_string(argument(arguments, 0)))),
];

/// Null for a text that says neither true nor false.
fn to_boolean(value: &Value) -> Result<Value> {
    match value {
        Value::Null | Value::Boolean(_) => Ok(value.clone()),
        Value::Integer(integer) => Ok(Value::from(*integer != 0)),
        Value::String(string) => {
            let string = string.trim();
            let is = |text| string.eq_ignore_ascii_case(text);
            Ok(if is("true") || is("false") { Value::from(is("true")) } else { Value::Null })
        }
        other => Err(unfit("toBoolean", "a boolean, integer or string", other)),
    }
}

/// Null for a text that is no number. A fraction is cut off.
fn to_integer(value: &Value) -> Result<Value> {
    match value {
        Value::Null | Value::Integer(_) => Ok(value.clone()),
        Value::Boolean(boolean) => Ok(Value::Integer(i64::from(*boolean))),
        Value::Float(float) => match truncate_float(*float) {
            Some(integer) => Ok(Value::Integer(integer)),
            None => Err(unfit("toInteger", "a number that fits into 64 bits", value)),
        },
        Value::String(string) => Ok(match string.trim().parse() {
            Ok(integer) => Value::Integer(integer),
            Err(_) => parse_float(string).and_then(truncate_float).into(),
        }),
        other => Err(unfit("toInteger", "a number, string or boolean", other)),
    }
}

/// Null for a text that is no number.
fn to_float(value: &Value) -> Result<Value> {
    match value {
        Value::Null | Value::Float(_) => Ok(value.clone()),
        #[expect(clippy::cast_precision_loss, reason = "what is asked for is the nearest float")]
        Value::Integer(integer) => Ok(Value::Float(*integer as f64)),
        Value::String(string) => Ok(parse_float(string).into()),
        other => Err(unfit("toFloat", "a number or string", other)),
    }
}

fn to_string(value: &Value) -> Result<Value> {
    match value {
        Value::Null | Value::String(_) => Ok(value.clone()),
        Value::Boolean(boolean) => Ok(Value::from(if *boolean { "true" } else { "false" })),
        Value::Integer(integer) => Ok(Value::from(integer.to_string())),
        Value::Float(float) => Ok(Value::from(float_text(*float))),
        Value::Temporal(temporal) => Ok(Value::from(temporal.to_string())),
        other => Err(unfit("toString", "a string, number, boolean or temporal value", other)),
    }
}

/// Rust reads more words than Cypher knows.
fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.trim_start_matches(['+', '-']).starts_with(|first: char| first.is_ascii_digit() || first == '.');
    (digits || ["NaN", "Infinity", "-Infinity"].contains(&text)).then(|| text.parse().ok()).flatten()
}

/// Null in place of what cannot be converted.
fn or_null(result: Result<Value>) -> Result<Value> {
    match result {
        Err(Error::Value { .. }) => Ok(Value::Null),
        other => other,
    }
}

fn each(function: &str, arguments: &[Value], convert: fn(&Value) -> Result<Value>, context: &Context<'_>) -> Result<Value> {
    match list(function, arguments, 0)? {
        None => Ok(Value::Null),
        Some(items) => flat_list(items.iter().map(|item| or_null(convert(item))).collect::<Result<_>>()?, context.meter),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error};
    use super::*;

    #[test]
    fn texts_become_numbers_where_they_are_some() {
        for (text, integer, float) in
            [("42", "42", "42.0"), ("1.7", "1", "1.7"), (" -3 ", "-3", "-3.0"), ("foo", "null", "null"), ("inf", "null", "null")]
        {
            assert_eq!(call("toInteger", [text.into()]), integer);
            assert_eq!(call("toFloat", [text.into()]), float);
        }
        assert_eq!(call("toInteger", ["9007199254740993".into()]), "9007199254740993");
    }

    #[test]
    fn booleans_are_read_in_any_letter_case() {
        assert_eq!(call("toBoolean", ["TRUE".into()]), "true");
        assert_eq!(call("toBoolean", [" tru ".into()]), "null");
        assert!(error("toBoolean", [1.0.into()]).contains("found the float 1.0"));
    }

    #[test]
    fn numbers_and_booleans_become_texts() {
        assert_eq!(call("toString", [2.3.into()]), r#""2.3""#);
        assert_eq!(call("toString", [true.into()]), r#""true""#);
        assert!(error("toString", [Value::from(Vec::<Value>::new())]).contains("found a list of 0 items"));
    }

    #[test]
    fn the_forgiving_forms_give_null() {
        assert_eq!(call("toIntegerOrNull", [Value::from(Vec::<Value>::new())]), "null");
        assert!(error("toInteger", [f64::NAN.into()]).contains("fits into 64 bits"));
        assert_eq!(call("toIntegerList", [Value::from(vec!["1".into(), Value::from(2.9), f64::NAN.into()])]), "[1,2,null]");
    }
}
