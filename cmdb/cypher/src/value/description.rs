//! Values in the texts of errors.

use super::Value;

/// So many characters of a text are shown.
const SHOWN: usize = 40;

impl Value {
    /// What the value is, for an error: `the integer 3`, `a list`.
    pub(crate) fn description(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Boolean(boolean) => format!("the boolean {boolean}"),
            Self::Integer(integer) => format!("the integer {integer}"),
            Self::Float(float) => format!("the float {float:?}"),
            Self::String(string) if string.chars().nth(SHOWN).is_some() => {
                format!("the string '{}…'", string.chars().take(SHOWN).collect::<String>())
            }
            Self::String(string) => format!("the string '{string}'"),
            Self::List(items) => format!("a list of {} items", items.len()),
            Self::Map(_) => "a map".into(),
            Self::Temporal(temporal) => format!("the {} {temporal}", temporal.kind()),
            Self::Node(_) => "a node".into(),
            Self::Relationship(_) => "a relationship".into(),
            Self::Path(_) => "a path".into(),
        }
    }
}
