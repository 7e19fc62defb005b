//! What holds for every token and every text.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dharmagraph_auth::jose::{Algorithm, JwkSet, SigningKey, VerifyingKey, jws};
use dharmagraph_auth::token::{Claims, Issuer, KeySet, TokenKind, TokenPolicy, Verifier};
use dharmagraph_auth::{Secret, SessionId, Tenant, Timestamp, TokenId, UserId};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::Value;

const NOW: i64 = 1_800_000_000;

/// One key set for each algorithm; the six of RSA share their numbers, which take long to find.
static KEYS: LazyLock<Vec<KeySet>> = LazyLock::new(|| {
    let rsa = SigningKey::generate(Algorithm::RS256).unwrap().to_bytes().unwrap();
    let key = |algorithm: Algorithm| match algorithm.as_str().as_bytes()[0] {
        b'R' | b'P' => SigningKey::from_bytes(algorithm, "rsa", rsa.expose()).unwrap(),
        _ => SigningKey::generate(algorithm).unwrap(),
    };
    Algorithm::ALL.map(|algorithm| KeySet::new(key(algorithm), None, Vec::new()).unwrap()).into()
});

fn policy() -> TokenPolicy {
    TokenPolicy::new("https://auth.example", "dharmagraph")
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map(".{0,8}", inner, 0..3).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn claims()(
        names in ["\\PC{1,20}", "\\PC{1,20}", "\\PC{1,20}", "\\PC{1,20}"],
        issued in NOW - 3600..=NOW + 30,
        lives in 1_i64..=86_400,
        not_before in proptest::option::of(NOW - 7200..=NOW),
        extra in btree_map("x-.{0,8}", json(), 0..4),
    ) -> Claims {
        let [subject, tenant, session, id] = names;
        let expires = (issued + lives).max(NOW + 1).min(issued + 86_400);
        Claims {
            subject: UserId::new(subject),
            tenant: Tenant::new(tenant),
            session: SessionId::new(session),
            id: TokenId::new(id),
            issued_at: Timestamp::from_seconds(issued),
            expires_at: Timestamp::from_seconds(expires),
            not_before: not_before.filter(|begin| *begin < expires).map(Timestamp::from_seconds),
            extra: extra.into_iter().collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_issued_verifies_and_says_the_same(claims in claims(), which in 0..KEYS.len(), refresh: bool) {
        let (issuer, verifier) = (Issuer::new(&policy()).unwrap(), Verifier::new(&policy()).unwrap());
        let (keys, kind) = (&KEYS[which], if refresh { TokenKind::Refresh } else { TokenKind::Access });
        let token = issuer.issue(keys, kind, &claims).unwrap();
        let verified = verifier.verify(keys, token.expose(), kind, Timestamp::from_seconds(NOW)).unwrap();
        prop_assert_eq!(verified, claims);
    }

    #[test]
    fn no_token_of_one_key_verifies_with_another(claims in claims(), which in 0..KEYS.len(), other in 0..KEYS.len()) {
        prop_assume!(which != other);
        let (issuer, verifier) = (Issuer::new(&policy()).unwrap(), Verifier::new(&policy()).unwrap());
        let token = issuer.issue(&KEYS[which], TokenKind::Access, &claims).unwrap();
        prop_assert!(verifier.verify(&KEYS[other], token.expose(), TokenKind::Access, Timestamp::from_seconds(NOW)).is_err());
    }

    #[test]
    fn a_changed_token_does_not_verify(claims in claims(), at: prop::sample::Index, byte in "[ -~]") {
        let (issuer, verifier) = (Issuer::new(&policy()).unwrap(), Verifier::new(&policy()).unwrap());
        let keys = KEYS.iter().find(|keys| keys.active().algorithm() == Algorithm::EdDSA).unwrap();
        let token = issuer.issue(keys, TokenKind::Access, &claims).unwrap();
        let at = at.index(token.expose().len());
        let changed = format!("{}{byte}{}", &token.expose()[..at], &token.expose()[at + 1..]);
        prop_assume!(changed != token.expose());
        prop_assert!(verifier.verify(keys, &changed, TokenKind::Access, Timestamp::from_seconds(NOW)).is_err());
    }

    #[test]
    fn no_text_is_a_token(text in prop_oneof![any::<String>(), "[A-Za-z0-9_.-]{0,200}", "([A-Za-z0-9_-]{1,60}\\.){2}[A-Za-z0-9_-]{43}"]) {
        let verifier = Verifier::new(&policy()).unwrap();
        for keys in KEYS.iter() {
            prop_assert!(verifier.verify(keys, &text, TokenKind::Access, Timestamp::from_seconds(NOW)).is_err());
            prop_assert!(jws::verify_compact(&text, &keys.active().verifying_key()).is_err());
        }
    }

    #[test]
    fn whatever_is_signed_is_read_or_refused(header in vec(any::<u8>(), 0..100), payload in prop_oneof![vec(any::<u8>(), 0..200), json().prop_map(|value| value.to_string().into_bytes())]) {
        let (verifier, keys) = (Verifier::new(&policy()).unwrap(), &KEYS[0]);
        let good = format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":"{}"}}"#, keys.active().kid()).into_bytes();
        for header in [header, good] {
            let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(&payload));
            let signature = URL_SAFE_NO_PAD.encode(keys.active().sign(signed.as_bytes()).unwrap());
            let token = format!("{signed}.{signature}");
            prop_assert!(verifier.verify(keys, &token, TokenKind::Access, Timestamp::from_seconds(NOW)).is_err());
        }
    }

    #[test]
    fn no_text_is_a_key(text in any::<String>(), value in json(), bytes in vec(any::<u8>(), 0..200)) {
        for text in [text, value.to_string(), format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", URL_SAFE_NO_PAD.encode(&bytes))] {
            prop_assert!(VerifyingKey::from_jwk(&text).is_err());
            prop_assert!(JwkSet::parse(&text).is_err());
            prop_assert!(SigningKey::from_jwk(&Secret::new(text.as_str())).is_err());
            for algorithm in Algorithm::ALL {
                prop_assert!(VerifyingKey::from_pem(algorithm, "a", &text).is_err());
                prop_assert!(SigningKey::from_pem(algorithm, "a", &Secret::new(text.as_str())).is_err());
                prop_assert!(algorithm.is_symmetric() || SigningKey::from_bytes(algorithm, "a", &bytes).is_err());
            }
        }
    }

    #[test]
    fn a_published_key_reads_back(which in 0..KEYS.len(), message in vec(any::<u8>(), 0..100)) {
        let key = KEYS[which].active();
        let Some(jwk) = key.verifying_key().to_jwk() else {
            prop_assert!(key.algorithm().is_symmetric());
            return Ok(());
        };
        let read = VerifyingKey::from_jwk(&jwk.to_string()).unwrap();
        prop_assert_eq!((read.kid(), read.algorithm(), read.to_jwk()), (key.kid(), key.algorithm(), Some(jwk)));
        prop_assert!(read.verify(&message, &key.sign(&message).unwrap()));
    }
}
