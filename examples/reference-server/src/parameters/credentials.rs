//! The credentials of a request for a discovery. No error quotes a value out of them.

use dharmagraph_cmdb::Secret;
use dharmagraph_cmdb::sync::Credentials;

use super::object::Object;
use crate::problem::Problem;

pub(super) const SOURCES: &str = "default_chain, profile, assume_role, web_identity or ref";
const REFERENCE: &str = "env://NAME or file:///path";

/// Reads credentials with a `source`, or the keys themselves. `regions` may stand among them and is the caller's to take.
pub(super) fn credentials_of(mut object: Object) -> Result<Credentials, Problem> {
    let source = object.text("source")?;
    let (credentials, accepted): (_, &[&str]) = match source.as_deref() {
        None if !object.has("access_key") && !object.has("secret_key") => {
            return Err(object.invalid("source", SOURCES, "nothing"));
        }
        None => {
            let keys = Credentials::Inline {
                access_key: Secret::new(object.required_text("access_key")?),
                secret_key: Secret::new(object.required_text("secret_key")?),
                session_token: object.text("session_token")?.map(Secret::new),
            };
            (keys, &["access_key", "secret_key", "session_token", "regions"])
        }
        Some("default_chain") => (Credentials::DefaultChain {}, &["source", "regions"]),
        Some("profile") => {
            (Credentials::Profile { profile: object.required_text("profile")? }, &["source", "profile", "regions"])
        }
        Some("assume_role") => {
            (Credentials::AssumeRole { role_arn: object.required_text("role_arn")? }, &["source", "role_arn", "regions"])
        }
        Some("web_identity") => {
            let identity =
                Credentials::WebIdentity { role_arn: object.text("role_arn")?, token_file: object.text("token_file")? };
            (identity, &["source", "role_arn", "token_file", "regions"])
        }
        Some("ref") => {
            let references = Credentials::Ref {
                access_key: secret_reference(&mut object, "access_key")?
                    .ok_or_else(|| object.invalid("access_key", REFERENCE, "nothing"))?,
                secret_key: secret_reference(&mut object, "secret_key")?
                    .ok_or_else(|| object.invalid("secret_key", REFERENCE, "nothing"))?,
                session_token: secret_reference(&mut object, "session_token")?,
            };
            (references, &["source", "access_key", "secret_key", "session_token", "regions"])
        }
        Some(_) => return Err(object.invalid("source", SOURCES, "another word")),
    };
    object.finish(accepted)?;
    Ok(credentials)
}

/// A reference to a secret; a secret itself, put there by mistake, is refused unseen.
fn secret_reference(object: &mut Object, key: &str) -> Result<Option<String>, Problem> {
    match object.text(key)? {
        Some(text) if !(text.starts_with("env://") || text.starts_with("file:///")) => {
            Err(object.invalid(key, REFERENCE, "other text"))
        }
        reference => Ok(reference),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(credentials: Value) -> Result<Credentials, Problem> {
        Object::new("credentials", credentials).and_then(credentials_of)
    }

    #[test]
    fn no_refusal_quotes_what_stands_in_the_credentials() {
        let secret = "hunter2";
        let bodies = [
            json!(secret),
            json!([secret]),
            json!({"access_key": secret}),
            json!({"access_key": secret, "secret_key": {"hunter2": secret}}),
            json!({"access_key": secret, "secret_key": secret, "session_token": 7, "x": secret}),
            json!({"access_key": secret, "secret_key": secret, "token": secret}),
            json!({"source": secret, "secret_key": secret}),
            json!({"source": "profile", "profile": "p", "secret_key": secret}),
            json!({"source": "ref", "access_key": secret, "secret_key": secret}),
        ];
        for body in bodies {
            let problem = read(body.clone()).unwrap_err();
            assert_eq!(problem.code(), "INVALID");
            assert!(!problem.detail().contains(secret), "{body}: {}", problem.detail());
        }
    }
}
