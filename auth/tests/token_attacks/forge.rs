//! Tokens that are signed well and say what they like.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dharmagraph_auth::jose::{Algorithm, SigningKey};
use dharmagraph_auth::token::{Claims, KeySet, TokenKind, TokenPolicy, Verifier};
use dharmagraph_auth::{Error, Refusal, Timestamp};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://auth.example";
pub(crate) const AUDIENCE: &str = "dharmagraph";

/// The time of every test.
pub(crate) const NOW: i64 = 1_800_000_000;

/// A key set of one key, and whoever verifies with it.
pub(crate) struct Forge {
    pub(crate) key: SigningKey,
    pub(crate) keys: KeySet,
    pub(crate) verifier: Verifier,
}

impl Forge {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        Self::with(SigningKey::generate(algorithm).unwrap())
    }

    pub(crate) fn with(key: SigningKey) -> Self {
        let keys = KeySet::new(key.clone(), None, Vec::new()).unwrap();
        Self { key, keys, verifier: Verifier::new(&TokenPolicy::new(ISSUER, AUDIENCE)).unwrap() }
    }

    pub(crate) fn header(&self) -> Value {
        json!({"alg": self.key.algorithm().as_str(), "typ": "at+jwt", "kid": self.key.kid()})
    }

    /// A token with this header and payload, whose signature is the key's.
    pub(crate) fn sign(&self, header: &str, payload: &str) -> String {
        let signed = format!("{}.{}", encode(header), encode(payload));
        let signature = self.key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    }

    /// A good token but for members of the header that are set, or taken away by `null`.
    pub(crate) fn with_header(&self, changes: Value) -> String {
        self.sign(&changed(self.header(), changes), &payload().to_string())
    }

    /// A good token but for claims that are set, or taken away by `null`.
    pub(crate) fn with_claims(&self, changes: Value) -> String {
        self.sign(&self.header().to_string(), &changed(payload(), changes))
    }

    pub(crate) fn verify(&self, token: &str) -> Result<Claims, Error> {
        self.verifier.verify(&self.keys, token, TokenKind::Access, Timestamp::from_seconds(NOW))
    }

    #[track_caller]
    pub(crate) fn accepts(&self, token: &str) {
        self.verify(token).unwrap();
    }

    /// That the token is refused as every bad token is, with no word more.
    #[track_caller]
    pub(crate) fn refuses(&self, token: &str) {
        assert_refused(self.verify(token), token);
    }
}

#[track_caller]
pub(crate) fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, Error>, what: &str) {
    match outcome {
        Err(error @ Error::Unauthenticated { reason: Refusal::Token }) => {
            assert_eq!(error.to_string(), "the credentials were not accepted");
        }
        other => panic!("{other:?} for {what}"),
    }
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Good claims.
pub(crate) fn payload() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "tenant": "default", "sid": "session", "jti": "token",
        "iat": NOW - 60, "exp": NOW + 3600,
    })
}

pub(crate) fn changed(mut object: Value, changes: Value) -> String {
    let members = object.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    object.to_string()
}
