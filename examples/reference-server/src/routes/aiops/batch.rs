//! One item, or several under `items`.

use std::fmt;
use std::marker::PhantomData;

use axum::body::Body;
use axum::http::{HeaderMap, Uri};
use serde::Serialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde_json::Value;

use super::answer::Answer;
use crate::parameters::{QueryString, read_body};
use crate::problem::Problem;

/// What is asked about at once.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// The most items of a batch.
const ITEMS: usize = 10_000;
/// How much of a reader's message is passed on; it may quote the body.
const MESSAGE: usize = 300;

/// One item, or several.
#[derive(Debug, PartialEq)]
pub(super) enum Batch<T> {
    One(T),
    Many(Vec<T>),
}

/// The answers, in the form of the question.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Answers {
    One(Value),
    Many { items: Vec<Value> },
}

impl<T: DeserializeOwned> Batch<T> {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 400 `INVALID` that says where the body is not what was expected; 413 and 422 `LIMIT_EXCEEDED`.
    pub(super) async fn read(uri: &Uri, headers: &HeaderMap, body: Body) -> Result<Self, Problem> {
        QueryString::read(uri, &[])?;
        let batch: Self = read_json(&read_body(headers, body, BODY_LIMIT).await?)?;
        match &batch {
            Self::Many(items) if items.is_empty() => Err(Problem::invalid("items", "at least one item", "none")),
            Self::Many(items) if items.len() > ITEMS => {
                Err(dharmagraph_aiops::Error::TooMuch { what: "items".into(), limit: ITEMS, found: items.len() }.into())
            }
            _ => Ok(batch),
        }
    }

    /// Makes something of each item, in order; where that fails for one, the error names it.
    pub(super) fn try_map<A>(self, mut make: impl FnMut(T) -> Result<A, Problem>) -> Result<Batch<A>, Problem> {
        match self {
            Self::One(item) => make(item).map(Batch::One),
            Self::Many(items) => {
                let place = |index: usize| move |problem: Problem| problem.within(&format!("item {}", index + 1));
                let made = items.into_iter().enumerate().map(|(index, item)| make(item).map_err(place(index)));
                made.collect::<Result<_, _>>().map(Batch::Many)
            }
        }
    }
}

impl<T> Batch<T> {
    /// Every item.
    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }

    /// Every item, to be changed.
    pub(super) fn as_mut_slice(&mut self) -> &mut [T] {
        match self {
            Self::One(item) => std::slice::from_mut(item),
            Self::Many(items) => items,
        }
    }
}

impl<A: Serialize> Batch<Answer<A>> {
    /// The answers as JSON.
    pub(super) fn into_answers(self) -> Result<Answers, Problem> {
        Ok(match self {
            Self::One(answer) => Answers::One(answer.into_value()?),
            Self::Many(answers) => {
                Answers::Many { items: answers.into_iter().map(Answer::into_value).collect::<Result<_, _>>()? }
            }
        })
    }
}

/// Reads JSON strictly; the error says what was expected and where.
pub(super) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return Err(Problem::invalid("body", "a JSON object", "nothing"));
    }
    // What is read into a struct may be a list for serde, value by value.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|first| *first == b'[') {
        return Err(Problem::invalid("body", "an object", "a list"));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let found: String = error.to_string().chars().take(MESSAGE).collect();
        Problem::invalid("body", "the JSON that this route's documentation describes", found)
    })
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Batch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(BatchVisitor(PhantomData))
    }
}

struct BatchVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for BatchVisitor<T> {
    type Value = Batch<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object: an item, or `items` with a list of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Batch<T>, A::Error> {
        let first = map.next_key::<String>()?;
        if first.as_deref() == Some("items") {
            let items = map.next_value()?;
            return match map.next_key::<String>()? {
                None => Ok(Batch::Many(items)),
                Some(_) => Err(A::Error::custom("`items` stands alone: what belongs to an item stands in it")),
            };
        }
        let ended = first.is_none();
        T::deserialize(MapAccessDeserializer::new(Begun { first, ended, rest: map })).map(Batch::One)
    }
}

/// A map whose first key was looked at already.
struct Begun<A> {
    first: Option<String>,
    ended: bool,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Begun<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(first.into_deserializer()).map(Some),
            None if self.ended => Ok(None),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Item {
        a: i32,
        b: Option<i32>,
    }

    fn read(text: &str) -> Result<Batch<Item>, String> {
        read_json(text.as_bytes()).map_err(|problem: Problem| problem.detail().to_owned())
    }

    #[test]
    fn an_item_stands_alone_or_in_a_list() {
        let item = |a, b| Item { a, b };
        assert_eq!(read(r#"{"b": 2, "a": 1}"#).unwrap(), Batch::One(item(1, Some(2))));
        assert_eq!(read(r#"{"items": [{"a": 1}, {"a": 2}]}"#).unwrap(), Batch::Many(vec![item(1, None), item(2, None)]));
    }

    #[test]
    fn anything_else_is_refused_with_what_was_expected() {
        for (text, expected) in [
            ("", "nothing"),
            ("{}", "missing field `a`"),
            ("[]", "an object"),
            (" [1, 2]", "an object"),
            (r#"{"a": 1, "items": []}"#, "unknown field `items`"),
            (r#"{"items": [], "a": 1}"#, "stands alone"),
            (r#"{"items": [{"a": 1, "c": 2}]}"#, "unknown field `c`"),
            (r#"{"a": 1e999}"#, "out of range"),
            (r#"{"a": 1"#, "EOF"),
        ] {
            let detail = read(text).unwrap_err();
            assert!(detail.contains(expected), "{text}: {detail}");
        }
    }
}
