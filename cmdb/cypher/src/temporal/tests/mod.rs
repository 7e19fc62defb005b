//! The functions and operators as a query uses them.

mod arithmetic;
mod call;
mod components;
mod constructors;
mod durations;
mod properties;
mod refusals;
mod truncation;

use call::call;

use crate::value::Value;

/// The text of what a call gives, or why it gives nothing.
fn shown(text: &str) -> String {
    match call(text) {
        Ok(Value::Temporal(temporal)) => temporal.to_string(),
        Ok(Value::Null) => "null".to_owned(),
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    }
}

/// Each call gives the text beside it.
fn assert_all(examples: &[(&str, &str)]) {
    for (text, expected) in examples {
        assert_eq!(shown(text), *expected, "{text}");
    }
}
