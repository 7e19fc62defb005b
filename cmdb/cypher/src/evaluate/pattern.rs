//! `=~`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::build::BYTES_PER_STEP;
use crate::error::{Error, Result};
use crate::limits::Meter;

/// So many bytes one compiled pattern may take, and one state table while it matches.
const COMPILED_BYTES: usize = 1024 * 1024;

/// So many compiled patterns are kept; a query that makes more of them up for its rows compiles them anew.
const KEPT: usize = 32;

/// Compiling a pattern is about as much work as so many rows.
const STEPS_TO_COMPILE: u64 = 500;

/// The patterns that a run has compiled.
#[derive(Debug, Default)]
pub(crate) struct Regexes(RefCell<HashMap<Arc<str>, Regex>>);

impl Regexes {
    /// Whether the whole text matches.
    ///
    /// # Errors
    /// [`Error::Value`] for what is no pattern, is too large, or needs what takes more than linear time: look-around and back
    /// references.
    pub(super) fn matches(&self, text: &str, pattern: &Arc<str>, meter: &Meter) -> Result<bool> {
        meter.take((text.len() / BYTES_PER_STEP) as u64)?;
        if let Some(regex) = self.0.borrow().get(pattern) {
            return Ok(regex.is_match(text));
        }
        meter.take(STEPS_TO_COMPILE)?;
        let regex = compile(pattern)?;
        let found = regex.is_match(text);
        let mut regexes = self.0.borrow_mut();
        if regexes.len() >= KEPT {
            regexes.clear();
        }
        regexes.insert(Arc::clone(pattern), regex);
        Ok(found)
    }
}

fn compile(pattern: &str) -> Result<Regex> {
    let build = |pattern: &str| RegexBuilder::new(pattern).size_limit(COMPILED_BYTES).dfa_size_limit(COMPILED_BYTES).build();
    // By itself first, so that an unbalanced bracket cannot close the group that is put around it.
    build(pattern).and_then(|_| build(&format!(r"\A(?:{pattern})\z"))).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
        Error::value(format!(
            "expected a regular expression without look-around and back references, found '{pattern}': {reason}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{Cancellation, Limits};

    fn matches(text: &str, pattern: &str) -> Result<bool> {
        let meter = Meter::start(Limits::default(), Cancellation::default());
        Regexes::default().matches(text, &pattern.into(), &meter)
    }

    #[test]
    fn the_whole_text_must_match() {
        assert!(matches("web-server-01", ".*server-0[12]").unwrap());
        assert!(!matches("web-server-012", ".*server-0[12]").unwrap());
        assert!(matches("b", "a|b").unwrap());
        assert!(!matches("ab", "a|b").unwrap());
        assert!(matches("ABC", "(?i)abc").unwrap());
    }

    #[test]
    fn patterns_that_need_more_than_linear_time_are_refused_with_a_reason() {
        for pattern in ["(?=a)a", r"(a)\1", "a)(b", "(((a{100}){100}){100}){100}"] {
            let error = matches("a", pattern).unwrap_err().to_string();
            assert!(error.contains("look-around and back references"), "{error}");
        }
    }

    #[test]
    fn patterns_made_up_for_each_row_are_not_all_kept() {
        let meter = Meter::start(Limits::default(), Cancellation::default());
        let regexes = Regexes::default();
        for number in 0..KEPT * 3 {
            assert!(regexes.matches(&number.to_string(), &number.to_string().into(), &meter).unwrap());
        }
        assert!(regexes.0.borrow().len() <= KEPT);
    }
}
