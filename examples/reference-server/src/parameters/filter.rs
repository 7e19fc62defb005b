//! Which resources are asked for.

use dharmagraph_cmdb::{Filter, Provider, ResourceType, Status};

use super::{QueryString, quoted};
use crate::problem::Problem;

/// Reads the conditions of `/resources`.
pub(crate) fn filter(parameters: &QueryString) -> Result<Filter, Problem> {
    let owned = |name| parameters.text(name).map(str::to_owned);
    Ok(Filter {
        provider: known(parameters, "provider", Provider::KNOWN, Provider::as_str)?,
        resource_type: known(parameters, "resource_type", ResourceType::KNOWN, ResourceType::as_str)?,
        native_type: owned("native_type"),
        status: known(parameters, "status", Status::KNOWN, Status::as_str)?,
        region: region(parameters)?,
        account: owned("account"),
        name: owned("name"),
        tags: parameters.tags().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        text: owned("q"),
    })
}

/// A name out of those that there are; a misspelt one would select nothing and say nothing.
pub(crate) fn known<T: Clone>(
    parameters: &QueryString,
    name: &str,
    known: &'static [T],
    text_of: fn(&T) -> &str,
) -> Result<Option<T>, Problem> {
    parameters.text(name).map(|text| one_of(name, text, known, text_of)).transpose()
}

pub(super) fn one_of<T: Clone>(name: &str, text: &str, known: &'static [T], text_of: fn(&T) -> &str) -> Result<T, Problem> {
    known.iter().find(|known| text_of(known) == text).cloned().ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(text_of).collect();
        Problem::invalid(name, format!("one of {}", names.join(", ")), quoted(text))
    })
}

fn region(parameters: &QueryString) -> Result<Option<String>, Problem> {
    let Some(text) = parameters.text("region") else { return Ok(None) };
    let fits = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !fits {
        return Err(Problem::invalid("region", "a region such as us-east-1, or global", quoted(text)));
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::query_string::query;
    use super::*;

    const ACCEPTED: [&str; 9] =
        ["provider", "resource_type", "native_type", "status", "region", "account", "name", "q", "tag.KEY"];

    fn read(text: &str) -> Result<Filter, Problem> {
        filter(&query(text, &ACCEPTED)?)
    }

    #[test]
    fn every_condition_of_the_contract_is_read() {
        let text = "provider=aws&resource_type=COMPUTE&native_type=AWS%3A%3AEC2%3A%3AInstance&status=RUNNING&region=us-east-1\
                    &account=123456789012&name=web&q=web&tag.Environment=production&tag.Team=";
        let filter = read(text).unwrap();
        assert_eq!(filter.provider, Some(Provider::AWS));
        assert_eq!(filter.resource_type, Some(ResourceType::COMPUTE));
        assert_eq!(filter.native_type.as_deref(), Some("AWS::EC2::Instance"));
        assert_eq!(filter.status, Some(Status::RUNNING));
        assert_eq!(filter.region.as_deref(), Some("us-east-1"));
        assert_eq!(filter.account.as_deref(), Some("123456789012"));
        assert_eq!((filter.name.as_deref(), filter.text.as_deref()), (Some("web"), Some("web")));
        assert_eq!(filter.tags.len(), 2);
        assert_eq!(read("provider=&status=&region=&q=").unwrap(), Filter::default());
    }

    #[test]
    fn misspelt_names_are_refused_with_those_that_there_are() {
        for text in ["provider=amazon", "resource_type=compute", "status=running", "region=US%20EAST"] {
            let problem = read(text).unwrap_err();
            assert_eq!(problem.code(), "INVALID", "{text}");
        }
        assert!(read("resource_type=VM").unwrap_err().detail().contains("COMPUTE, STORAGE"));
    }
}
