//! A text that is read from its beginning.

use crate::error::{Error, Result};

/// What is left of a text.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Whether this is next; if so, it is taken.
    pub(super) fn take(&mut self, character: char) -> bool {
        self.rest.strip_prefix(character).inspect(|rest| self.rest = rest).is_some()
    }

    /// The sign that is next, if there is one: whether it is a minus.
    pub(super) fn take_sign(&mut self) -> Option<bool> {
        if self.take('-') {
            return Some(true);
        }
        self.take('+').then_some(false)
    }

    /// What is next, not taken.
    pub(super) fn next(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// All digits that are next.
    pub(super) fn digits(&mut self) -> &'a str {
        let end = self.rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    /// A number of `least` to `most` digits, with no digit behind; at most 18 digits.
    pub(super) fn number(&mut self, what: &str, least: usize, most: usize) -> Result<i64> {
        let digits = self.digits();
        if (least..=most).contains(&digits.len()) {
            return Ok(value(digits));
        }
        let length = if least == most { least.to_string() } else { format!("{least} to {most}") };
        Err(Error::value(format!("expected {what} of {length} digits, found '{digits}'")))
    }

    /// All before a character, which is taken too.
    pub(super) fn until(&mut self, character: char) -> Result<&'a str> {
        let (before, rest) = self.rest.split_once(character).ok_or_else(|| self.expected(&format!("'{character}'")))?;
        self.rest = rest;
        Ok(before)
    }

    /// `value`, if it is there.
    pub(super) fn expect<T>(&self, value: Option<T>, what: &str) -> Result<T> {
        value.ok_or_else(|| self.expected(what))
    }

    /// Nothing is left.
    pub(super) fn end(&self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.expected("the end")) }
    }

    /// Something else should be next.
    pub(super) fn expected(&self, what: &str) -> Error {
        match self.next() {
            Some(character) => Error::value(format!("expected {what}, found {character:?}")),
            None => Error::value(format!("expected {what}, found the end")),
        }
    }
}

/// The number that at most 18 digits stand for.
pub(super) fn value(digits: &str) -> i64 {
    digits.bytes().take(18).fold(0, |number, digit| number * 10 + i64::from(digit.wrapping_sub(b'0')))
}
