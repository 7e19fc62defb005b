//! What can be said of a request without asking anybody.

use super::arn::is_role;
use super::kind::Kind;
use super::reference::AllowList;
use super::region_name::check_region;
use super::settings::AwsSettings;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::sync::{Credentials, DiscoveryRequest};

/// Checks a request against what the operator allows.
pub(super) fn validate(request: &DiscoveryRequest, settings: &AwsSettings) -> Result<()> {
    if request.path.is_some() || request.document.is_some() || request.inline_document {
        return Err(Error::invalid("path", "none: AWS is asked, not read from a file", "a path or document"));
    }
    if request.regions.is_empty() {
        return Err(Error::invalid("regions", "at least one, such as us-east-1", "none"));
    }
    for region in &request.regions {
        check_region(region)?;
    }
    Kind::selected(&request.resource_types)?;
    match &request.credentials {
        Some(credentials) => check_credentials(credentials, settings),
        None => Err(Error::invalid("credentials", "keys, or a source such as default_chain", "none")),
    }
}

fn check_credentials(credentials: &Credentials, settings: &AwsSettings) -> Result<()> {
    let allowed = AllowList::new(&settings.references);
    match credentials {
        Credentials::Inline { .. } if !settings.allow_inline_keys => Err(Error::Forbidden {
            what: "a request with keys of its own".into(),
            reason: "the server's configuration does not allow it; use a source such as default_chain or assume_role".into(),
        }),
        Credentials::Inline { access_key, secret_key, session_token } => {
            check_key("access_key", access_key, 128)?;
            check_key("secret_key", secret_key, 1024)?;
            session_token.as_ref().map_or(Ok(()), |token| check_key("session_token", token, 16 * 1024))
        }
        Credentials::Gone {} => Err(Error::invalid("credentials", "keys", "keys that are no longer held; send them again")),
        Credentials::DefaultChain {} => Ok(()),
        Credentials::Profile { profile } => {
            let fits = !profile.is_empty() && profile.len() <= 256 && !profile.contains(char::is_control);
            if fits { Ok(()) } else { Err(Error::invalid("profile", "a profile's name", "something else")) }
        }
        Credentials::AssumeRole { role_arn } => check_role(role_arn),
        Credentials::WebIdentity { role_arn, token_file } => {
            role_arn.as_deref().map_or(Ok(()), check_role)?;
            match token_file.as_deref() {
                Some(reference) if !reference.starts_with("file://") => {
                    Err(Error::invalid("token_file", "file:///path", "something else"))
                }
                Some(reference) => allowed.check("token_file", reference),
                None => Ok(()),
            }
        }
        Credentials::Ref { access_key, secret_key, session_token } => {
            allowed.check("access_key", access_key)?;
            allowed.check("secret_key", secret_key)?;
            session_token.as_deref().map_or(Ok(()), |token| allowed.check("session_token", token))
        }
    }
}

/// Keys stand in headers, so that they can be nothing but visible ASCII.
fn check_key(field: &str, key: &Secret, most: usize) -> Result<()> {
    let fits = (1..=most).contains(&key.expose().len()) && key.expose().bytes().all(|b| b.is_ascii_graphic());
    let found = || if key.expose().is_empty() { "none" } else { "others, or more of them" };
    if fits { Ok(()) } else { Err(Error::invalid(field, format!("1 to {most} visible ASCII characters"), found())) }
}

fn check_role(role_arn: &str) -> Result<()> {
    let found: String = role_arn.chars().take(80).collect();
    let expected = "the ARN of a role, such as arn:aws:iam::123456789012:role/reader";
    if is_role(role_arn) { Ok(()) } else { Err(Error::invalid("role_arn", expected, format!("`{found}`"))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::model::Provider;

    fn settings() -> AwsSettings {
        AwsSettings {
            endpoint_url: None,
            allow_inline_keys: true,
            references: vec!["env://KEY".into(), "file:///run/secrets/".into()],
            external_id_key: Secret::new("key"),
            concurrency: 8,
        }
    }

    fn request(credentials: Credentials) -> DiscoveryRequest {
        let regions = vec!["us-east-1".into()];
        DiscoveryRequest { credentials: Some(credentials), regions, ..DiscoveryRequest::new(Provider::AWS) }
    }

    fn inline(access_key: &str) -> Credentials {
        Credentials::Inline { access_key: Secret::new(access_key), secret_key: Secret::new("hunter2"), session_token: None }
    }

    fn refusal(request: &DiscoveryRequest) -> Error {
        validate(request, &settings()).unwrap_err()
    }

    #[test]
    fn each_source_of_credentials_passes() {
        let role = || "arn:aws:iam::123456789012:role/reader".to_owned();
        let sources = [
            inline("AKIA1"),
            Credentials::DefaultChain {},
            Credentials::Profile { profile: "audit".into() },
            Credentials::AssumeRole { role_arn: role() },
            Credentials::WebIdentity { role_arn: None, token_file: None },
            Credentials::WebIdentity { role_arn: Some(role()), token_file: Some("file:///run/secrets/token".into()) },
            Credentials::Ref { access_key: "env://KEY".into(), secret_key: "file:///run/secrets/k".into(), session_token: None },
        ];
        for credentials in sources {
            validate(&request(credentials), &settings()).unwrap();
        }
    }

    #[test]
    fn keys_of_a_request_are_refused_where_they_are_not_allowed() {
        let closed = AwsSettings { allow_inline_keys: false, ..settings() };
        let error = validate(&request(inline("AKIA1")), &closed).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden);
    }

    #[test]
    fn unusable_keys_are_refused_without_being_shown() {
        for key in ["", "AKIA 1", "AKIA\n1", "ключ"] {
            let error = refusal(&request(inline(key)));
            assert_eq!(error.kind(), ErrorKind::Invalid);
            assert!(key.is_empty() || !error.to_string().contains(key), "{error}");
        }
    }

    #[test]
    fn what_is_missing_or_out_of_place_is_named() {
        let whole = request(Credentials::DefaultChain {});
        let cases = [
            (DiscoveryRequest { credentials: None, ..whole.clone() }, "invalid credentials"),
            (DiscoveryRequest { credentials: Some(Credentials::Gone {}), ..whole.clone() }, "invalid credentials"),
            (DiscoveryRequest { regions: Vec::new(), ..whole.clone() }, "invalid regions"),
            (DiscoveryRequest { regions: vec!["us-east-1".into(), "moon".into()], ..whole.clone() }, "`moon`"),
            (DiscoveryRequest { resource_types: vec!["QUEUE".into()], ..whole.clone() }, "invalid resource_types"),
            (DiscoveryRequest { path: Some("/state".into()), ..whole }, "invalid path"),
            (request(Credentials::AssumeRole { role_arn: "reader".into() }), "invalid role_arn"),
            (request(Credentials::Profile { profile: String::new() }), "invalid profile"),
        ];
        for (request, named) in cases {
            let error = refusal(&request).to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn a_token_s_file_is_one_of_the_list() {
        let token = |file: &str| request(Credentials::WebIdentity { role_arn: None, token_file: Some(file.into()) });
        assert_eq!(refusal(&token("env://KEY")).kind(), ErrorKind::Invalid);
        assert_eq!(refusal(&token("/run/secrets/token")).kind(), ErrorKind::Invalid);
        assert_eq!(refusal(&token("file:///etc/shadow")).kind(), ErrorKind::Forbidden);
    }
}
