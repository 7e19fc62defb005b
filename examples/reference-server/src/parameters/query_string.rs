//! The query part of an address.

use std::ops::RangeInclusive;
use std::str::FromStr;

use axum::extract::Query;
use axum::http::Uri;
use dharmagraph_cmdb::{AsOf, Timestamp};

use super::quoted;
use crate::problem::Problem;

/// The beginning of parameters that select by tag.
const TAG: &str = "tag.";

/// The parameters of one request; each is known to its route and stands there once.
#[derive(Debug)]
pub(crate) struct QueryString(Vec<(String, String)>);

impl QueryString {
    /// Reads the query of `uri`. `accepted` lists what the route knows; `tag.KEY` in it stands for any key.
    ///
    /// # Errors
    /// 400 `INVALID` that names an unknown parameter with the accepted ones, or one that came twice.
    pub(crate) fn read(uri: &Uri, accepted: &[&str]) -> Result<Self, Problem> {
        if uri.query().is_none_or(str::is_empty) {
            return Ok(Self(Vec::new()));
        }
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::invalid("query string", "name=value pairs with & between them", "something else"))?;
        for (index, (name, _)) in pairs.iter().enumerate() {
            let is_tag = name.len() > TAG.len() && name.starts_with(TAG) && accepted.contains(&"tag.KEY");
            if !is_tag && !accepted.contains(&name.as_str()) {
                let expected = match accepted {
                    [] => "no parameter".to_owned(),
                    names => format!("one of {}", names.join(", ")),
                };
                return Err(Problem::invalid("query parameter", expected, quoted(name)));
            }
            if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Problem::invalid(format!("query parameter {}", quoted(name)), "one value", "several"));
            }
        }
        Ok(Self(pairs))
    }

    /// The value of a parameter. An empty one counts as not given.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// A whole number within a range.
    pub(crate) fn number<T>(&self, name: &str, range: RangeInclusive<T>) -> Result<Option<T>, Problem>
    where
        T: FromStr + PartialOrd + std::fmt::Display,
    {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.parse::<T>() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(Problem::invalid(name, format!("a whole number, {} to {}", range.start(), range.end()), quoted(text))),
        }
    }

    /// A time.
    pub(crate) fn time(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let parse = |text: &str| {
            text.parse().map_err(|_| Problem::invalid(name, "RFC 3339, for instance 2025-01-18T12:30:45Z", quoted(text)))
        };
        self.text(name).map(parse).transpose()
    }

    /// The time that the answer is to look at.
    pub(crate) fn as_of(&self) -> Result<AsOf, Problem> {
        self.time("as_of")
    }

    /// Keys and values of the `tag.KEY` parameters; a tag's value may be empty.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(name, value)| Some((name.strip_prefix(TAG)?, value.as_str())))
    }
}

#[cfg(test)]
pub(crate) fn query(text: &str, accepted: &[&str]) -> Result<QueryString, Problem> {
    QueryString::read(&format!("/resources?{text}").parse().unwrap(), accepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_parameter_is_named_with_the_accepted_ones() {
        let problem = query("regoin=x", &["region", "limit"]).unwrap_err();
        assert_eq!(problem.detail(), "invalid query parameter: expected one of region, limit, found `regoin`");
        assert!(query("x=1", &[]).unwrap_err().detail().contains("expected no parameter"));
        assert!(query("tag.=1", &["tag.KEY"]).is_err());
        assert!(query("limit=1&limit=2", &["limit"]).unwrap_err().detail().contains("`limit`"));
    }

    #[test]
    fn values_and_tag_keys_are_decoded() {
        let parameters = query("name=a%2Fb+c%26&tag.aws%3Acost%2Fteam=%24x&tag.Empty=", &["name", "tag.KEY"]).unwrap();
        assert_eq!(parameters.text("name"), Some("a/b c&"));
        assert_eq!(parameters.tags().collect::<Vec<_>>(), [("aws:cost/team", "$x"), ("Empty", "")]);
    }

    #[test]
    fn numbers_and_times_are_checked() {
        let parameters = query("limit=0&depth=3&as_of=today&from=", &["limit", "depth", "as_of", "from"]).unwrap();
        let problem = parameters.number("limit", 1..=1000).unwrap_err();
        assert_eq!(problem.detail(), "invalid limit: expected a whole number, 1 to 1000, found `0`");
        assert_eq!(parameters.number("depth", 0..=10).unwrap(), Some(3));
        assert!(parameters.as_of().unwrap_err().detail().contains("`today`"));
        assert_eq!(parameters.time("from").unwrap(), None);
    }
}
