//! What this command line shows a server to be let in.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::cli::failure::Failure;

/// An access token.
pub(crate) const TOKEN: &str = "DHARMAGRAPH_TOKEN";
/// An API key.
pub(crate) const API_KEY: &str = "DHARMAGRAPH_API_KEY";

const API_KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// The header for what the environment holds. Arguments are not read: everybody on the machine can see those.
pub(super) fn header(variable: impl Fn(&str) -> Option<String>) -> Result<Option<(HeaderName, HeaderValue)>, Failure> {
    let read = |name| variable(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (name, header, text) = match (read(TOKEN), read(API_KEY)) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            return Err(Failure::usage(format!("{TOKEN} and {API_KEY} are both set")).advise("unset one of them"));
        }
        (Some(token), None) => (TOKEN, AUTHORIZATION, format!("Bearer {token}")),
        (None, Some(key)) => (API_KEY, API_KEY_HEADER, key),
    };
    let Ok(mut value) = HeaderValue::from_str(&text) else {
        return Err(
            Failure::usage(format!("{name} holds characters that no header can")).advise("is it the whole text, and no more?")
        );
    };
    value.set_sensitive(true);
    Ok(Some((header, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(variables: &[(&str, &str)]) -> Result<Option<String>, Failure> {
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        Ok(header(variable)?.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())))
    }

    #[test]
    fn a_token_or_a_key_of_the_environment_is_sent() {
        assert_eq!(sent(&[]).unwrap(), None);
        assert_eq!(sent(&[(TOKEN, "a.b.c\n")]).unwrap().unwrap(), "authorization: Bearer a.b.c");
        assert_eq!(sent(&[(API_KEY, "dgk_a"), (TOKEN, "")]).unwrap().unwrap(), "x-api-key: dgk_a");
    }

    #[test]
    fn what_cannot_be_sent_is_refused_and_not_repeated() {
        for variables in [&[(TOKEN, "hunter2"), (API_KEY, "hunter2")][..], &[(TOKEN, "hunter2\nx: y")]] {
            let failure = format!("{:?}", sent(variables).unwrap_err());
            assert!(failure.contains(TOKEN) && !failure.contains("hunter2"), "{failure}");
        }
    }
}
