//! Conditions on objects, as data.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::object::Object;
use crate::id::UserId;

/// What an object must be like, as data: it is evaluated here and compiled to SQL elsewhere, with the same result.
///
/// A condition holds or does not; it is never unknown. What an object does not have (no owner, an attribute that is absent or
/// null) equals nothing, and so [`Condition::Not`] of that holds. SQL has to say so: `a IS NOT DISTINCT FROM $1`, or
/// `coalesce(a = $1, false)`, since `NOT (a = $1)` is unknown where `a` is null. Texts compare byte by byte (`COLLATE "C"`).
///
/// The enum is exhaustive on purpose: whoever compiles it must notice a new kind of condition.
///
/// ```
/// # use dharmagraph_auth::policy::Condition;
/// let text = r#"{"any": ["is_owner", {"equals": {"attribute": "environment", "value": "development"}}]}"#;
/// let condition: Condition = serde_json::from_str(text)?;
/// assert_eq!(condition.attributes().into_iter().collect::<Vec<_>>(), ["environment"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Whoever asks owns it.
    IsOwner,
    /// One of these users owns it.
    Owner(BTreeSet<UserId>),
    /// Its id is one of these.
    Id(BTreeSet<String>),
    /// Its type is one of these.
    Type(BTreeSet<String>),
    /// It has this attribute, and that is not null.
    Present(String),
    /// The attribute equals the value, and has the same type.
    Equals {
        /// The attribute's name.
        attribute: String,
        /// The value.
        value: Scalar,
    },
    /// The attribute equals one of the values.
    OneOf {
        /// The attribute's name.
        attribute: String,
        /// The values.
        values: BTreeSet<Scalar>,
    },
    /// The attribute is a text that begins with the prefix.
    StartsWith {
        /// The attribute's name.
        attribute: String,
        /// How it begins.
        prefix: String,
    },
    /// All of these hold; none in the list holds always.
    All(Vec<Self>),
    /// At least one of these holds; none in the list never holds.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
}

/// A value that an attribute is compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a text, a whole number of 64 bits or a boolean")]
pub enum Scalar {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Whole(i64),
    /// A text.
    Text(String),
}

impl Scalar {
    fn equals(&self, value: &Value) -> bool {
        match self {
            Self::Boolean(expected) => value.as_bool() == Some(*expected),
            Self::Whole(expected) => value.as_i64() == Some(*expected),
            Self::Text(expected) => value.as_str() == Some(expected),
        }
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Self {
        Self::Whole(value)
    }
}

impl From<&str> for Scalar {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl Default for Condition {
    /// [`Condition::ALWAYS`]: what a rule without `when` has.
    fn default() -> Self {
        Self::ALWAYS
    }
}

impl Condition {
    /// Holds for every object.
    pub const ALWAYS: Self = Self::All(Vec::new());
    /// Holds for no object.
    pub const NEVER: Self = Self::Any(Vec::new());

    /// That the attribute equals the value.
    pub fn equals(attribute: impl Into<String>, value: impl Into<Scalar>) -> Self {
        Self::Equals { attribute: attribute.into(), value: value.into() }
    }

    /// That the attribute equals one of the values.
    pub fn one_of<V: Into<Scalar>>(attribute: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self::OneOf { attribute: attribute.into(), values: values.into_iter().map(Into::into).collect() }
    }

    /// Whether it holds for this object when this user asks.
    #[must_use]
    pub fn holds(&self, object: &Object, user: &UserId) -> bool {
        let attribute = |name: &str| object.attributes.get(name).filter(|value| !value.is_null());
        match self {
            Self::IsOwner => object.owner.as_ref() == Some(user),
            Self::Owner(users) => object.owner.as_ref().is_some_and(|owner| users.contains(owner)),
            Self::Id(ids) => ids.contains(&object.id),
            Self::Type(types) => types.contains(&object.resource_type),
            Self::Present(name) => attribute(name).is_some(),
            Self::Equals { attribute: name, value } => attribute(name).is_some_and(|found| value.equals(found)),
            Self::OneOf { attribute: name, values } => {
                attribute(name).is_some_and(|found| values.iter().any(|value| value.equals(found)))
            }
            Self::StartsWith { attribute: name, prefix } => {
                attribute(name).and_then(Value::as_str).is_some_and(|found| found.starts_with(prefix))
            }
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(object, user)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(object, user)),
            Self::Not(condition) => !condition.holds(object, user),
        }
    }

    /// Whether it says so in so many words: [`Condition::ALWAYS`].
    #[must_use]
    pub fn is_always(&self) -> bool {
        *self == Self::ALWAYS
    }

    /// Whether it says so in so many words: [`Condition::NEVER`].
    #[must_use]
    pub fn is_never(&self) -> bool {
        *self == Self::NEVER
    }

    /// The names of the attributes that it looks at.
    #[must_use]
    pub fn attributes(&self) -> BTreeSet<&str> {
        match self {
            Self::IsOwner | Self::Owner(_) | Self::Id(_) | Self::Type(_) => BTreeSet::new(),
            Self::Present(attribute)
            | Self::Equals { attribute, .. }
            | Self::OneOf { attribute, .. }
            | Self::StartsWith { attribute, .. } => BTreeSet::from([attribute.as_str()]),
            Self::All(conditions) | Self::Any(conditions) => conditions.iter().flat_map(Self::attributes).collect(),
            Self::Not(condition) => condition.attributes(),
        }
    }
}
