//! Calls in tests.

use super::function;
use crate::error::Result;
use crate::evaluate::testing::with_context;
use crate::value::Value;

fn result<const N: usize>(name: &str, arguments: [Value; N]) -> Result<String> {
    let function = function(name).unwrap();
    with_context(|context| (function.call)(&arguments, context).map(|value| value.to_json(context.graph).to_string()))
}

/// What a function gives, as JSON.
pub(super) fn call<const N: usize>(name: &str, arguments: [Value; N]) -> String {
    result(name, arguments).unwrap()
}

/// How a function refuses.
pub(super) fn error<const N: usize>(name: &str, arguments: [Value; N]) -> String {
    result(name, arguments).unwrap_err().to_string()
}
