//! Conditions with what is certain taken out.

use super::condition::Condition;

impl Condition {
    /// The same condition, shorter: without lists in lists, conditions that always or never hold, and double negation. Whatever
    /// always holds by its form alone is [`Condition::ALWAYS`] afterwards, and whatever never does is [`Condition::NEVER`].
    #[must_use]
    pub fn simplified(&self) -> Self {
        match self {
            Self::All(conditions) => {
                let mut kept = Vec::new();
                for condition in conditions {
                    match condition.simplified() {
                        Self::All(inner) => kept.extend(inner),
                        never if never.is_never() => return Self::NEVER,
                        other => kept.push(other),
                    }
                }
                one_or(kept, Self::All)
            }
            Self::Any(conditions) => {
                let mut kept = Vec::new();
                for condition in conditions {
                    match condition.simplified() {
                        Self::Any(inner) => kept.extend(inner),
                        always if always.is_always() => return Self::ALWAYS,
                        other => kept.push(other),
                    }
                }
                one_or(kept, Self::Any)
            }
            Self::Not(condition) => match condition.simplified() {
                always if always.is_always() => Self::NEVER,
                never if never.is_never() => Self::ALWAYS,
                Self::Not(inner) => *inner,
                other => Self::Not(Box::new(other)),
            },
            Self::OneOf { values, .. } if values.is_empty() => Self::NEVER,
            Self::Owner(users) if users.is_empty() => Self::NEVER,
            Self::Id(names) | Self::Type(names) if names.is_empty() => Self::NEVER,
            other => other.clone(),
        }
    }

    /// The same condition for objects of one type, simplified: it does not look at the type any more.
    #[must_use]
    pub fn for_type(&self, resource_type: &str) -> Self {
        self.with_type(resource_type).simplified()
    }

    fn with_type(&self, resource_type: &str) -> Self {
        let each = |conditions: &[Self]| conditions.iter().map(|condition| condition.with_type(resource_type)).collect();
        match self {
            Self::Type(types) if types.contains(resource_type) => Self::ALWAYS,
            Self::Type(_) => Self::NEVER,
            Self::All(conditions) => Self::All(each(conditions)),
            Self::Any(conditions) => Self::Any(each(conditions)),
            Self::Not(condition) => Self::Not(Box::new(condition.with_type(resource_type))),
            other => other.clone(),
        }
    }
}

fn one_or(mut conditions: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    match (conditions.pop(), conditions.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            conditions.push(last);
            several(conditions)
        }
        (None, _) => several(conditions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain_goes() {
        let owner = || Condition::IsOwner;
        let nothing = || Condition::Not(Box::new(Condition::ALWAYS));
        for (long, short) in [
            (Condition::All(vec![Condition::ALWAYS, Condition::All(vec![owner()])]), owner()),
            (Condition::All(vec![owner(), nothing()]), Condition::NEVER),
            (Condition::Any(vec![owner(), Condition::Not(Box::new(nothing()))]), Condition::ALWAYS),
            (Condition::Any(vec![nothing(), Condition::Id([].into())]), Condition::NEVER),
            (Condition::Not(Box::new(Condition::Not(Box::new(owner())))), owner()),
            (Condition::Any(vec![owner(), owner()]), Condition::Any(vec![owner(), owner()])),
        ] {
            assert_eq!(long.simplified(), short, "{long:?}");
        }
    }

    #[test]
    fn a_type_is_certain_once_it_is_known() {
        let machines = Condition::Type(["machine".to_owned()].into());
        let condition = Condition::All(vec![machines, Condition::IsOwner]);
        assert_eq!(condition.for_type("machine"), Condition::IsOwner);
        assert_eq!(condition.for_type("disk"), Condition::NEVER);
    }
}
