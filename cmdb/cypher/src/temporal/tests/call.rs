//! Calls of functions as a query writes them: `date({year: 1984})`. Reads no more of the language than that.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::Result;
use crate::evaluate::Context;
use crate::evaluate::testing::with_context;
use crate::temporal::FUNCTIONS;
use crate::value::Value;

/// What a call gives. It is 1970-01-01T00:00Z.
pub(super) fn call(text: &str) -> Result<Value> {
    with_context(|context| {
        let mut reader = Reader { rest: text, context };
        let value = reader.value()?;
        assert_eq!(reader.rest, "", "the whole text is read");
        Ok(value)
    })
}

struct Reader<'a> {
    rest: &'a str,
    context: &'a Context<'a>,
}

impl Reader<'_> {
    fn take(&mut self, expected: &str) -> bool {
        self.rest = self.rest.trim_start();
        self.rest.strip_prefix(expected).inspect(|rest| self.rest = rest).is_some()
    }

    fn word(&mut self) -> String {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn value(&mut self) -> Result<Value> {
        if self.take("'") {
            let (text, rest) = self.rest.split_once('\'').unwrap();
            self.rest = rest;
            return Ok(Value::String(text.into()));
        }
        if self.take("{") {
            let mut map: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            while !self.take("}") {
                let key = self.word();
                assert!(self.take(":"));
                map.insert(key.into(), self.value()?);
                self.take(",");
            }
            return Ok(Value::Map(Arc::new(map)));
        }
        let word = self.word();
        if !self.take("(") {
            return Ok(match word.parse::<i64>() {
                Ok(number) => Value::Integer(number),
                Err(_) if word == "null" => Value::Null,
                Err(_) => Value::Float(word.parse().unwrap()),
            });
        }
        let mut arguments = Vec::new();
        while !self.take(")") {
            arguments.push(self.value()?);
            self.take(",");
        }
        let function = FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(&word)).unwrap();
        assert!((function.least..=function.parameters.len()).contains(&arguments.len()));
        (function.call)(&arguments, self.context)
    }
}
