//! Whether a resource fits a filter.

use crate::model::{Filter, Resource};

/// A [`Filter`] prepared to be asked about many resources.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    filter: &'a Filter,
    text: Option<String>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(filter: &'a Filter) -> Self {
        Self { filter, text: filter.text.as_deref().map(str::to_lowercase) }
    }

    /// Whether every condition of the filter holds.
    pub(crate) fn fits(&self, resource: &Resource) -> bool {
        fn same<T: PartialEq>(asked: Option<&T>, found: &T) -> bool {
            asked.is_none_or(|asked| asked == found)
        }
        let filter = self.filter;
        same(filter.provider.as_ref(), &resource.provider)
            && same(filter.resource_type.as_ref(), &resource.resource_type)
            && same(filter.native_type.as_ref(), &resource.native_type)
            && (filter.status.is_none() || filter.status == resource.status)
            && same(filter.region.as_ref(), &resource.region)
            && same(filter.account.as_ref(), &resource.account)
            && (filter.name.is_none() || filter.name == resource.name)
            && filter.tags.iter().all(|(key, value)| resource.tags.get(key) == Some(value))
            && self.text.as_deref().is_none_or(|text| holds(resource, text))
    }
}

/// Whether the id, name, ARN or a tag's value holds `text`, which is in lower case.
fn holds(resource: &Resource, text: &str) -> bool {
    let words = [Some(resource.id.as_str()), resource.name.as_deref(), resource.arn()];
    words.into_iter().flatten().chain(resource.tags.values().map(String::as_str)).any(|word| word.to_lowercase().contains(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Provider, ResourceType, Status};

    #[test]
    fn all_conditions_hold_together_and_case_does_not_count_in_text() {
        let mut machine = Resource::new("i-1", Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "eu-west-1");
        machine.name = Some("Öl-Web".into());
        machine.tags.insert("team".into(), "Blue".into());
        machine.metadata.insert("arn".into(), json!("arn:aws:ec2:X"));
        let fits = |filter: &Filter| Search::new(filter).fits(&machine);
        let text = |text: &str| Filter { text: Some(text.into()), ..Filter::default() };
        for found in ["I-1", "öl-WEB", "ec2:x", "blue"] {
            assert!(fits(&text(found)), "{found}");
        }
        assert!(!fits(&text("team")));
        assert!(!fits(&Filter { status: Some(Status::RUNNING), ..text("web") }));
        assert!(!fits(&Filter { tags: [("team".into(), "blue".into())].into(), ..Filter::default() }));
    }
}
