//! CPU time of verifying a token: every check of this crate against `jsonwebtoken::decode` on the same back end.
//!
//! Both have their keys ready, and both check signature, issuer, audience, `exp` and `nbf`; this crate checks the rest too, and reads
//! all claims with every duplicate refused. They take turns in one process, and the median over the rounds counts. One line of JSON
//! for each algorithm follows the table; the exit status says whether each ratio is at least [`LEAST`].
#![expect(clippy::unwrap_used, reason = "a measurement fails by panicking")]

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
    KeyPair as _, RsaKeyPair,
};
use dharmagraph_auth::jose::{Algorithm, SigningKey};
use dharmagraph_auth::token::{Claims, Issuer, KeySet, TokenKind, TokenPolicy, Verifier};
use dharmagraph_auth::{Clock as _, SessionId, SystemClock, Tenant, TokenId, UserId};
use jsonwebtoken::{DecodingKey, Validation};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use serde_json::json;

/// Verifications per CPU second, this crate's to `jsonwebtoken`'s: what is promised.
const LEAST: f64 = 0.9;

const ROUNDS: usize = 21;

/// CPU time of one turn, about.
const TURN: Duration = Duration::from_millis(20);

/// What `jsonwebtoken` reads, without a map for what it does not know.
#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct PeerClaims {
    iss: String,
    aud: String,
    sub: String,
    tenant: String,
    sid: String,
    jti: String,
    iat: i64,
    exp: i64,
    roles: Vec<String>,
}

struct Case {
    algorithm: Algorithm,
    keys: KeySet,
    verifier: Verifier,
    token: String,
    peer_key: DecodingKey,
    validation: Validation,
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:10} {:>14} {:>14} {:>7}", "algorithm", "ours per s", "decode per s", "ratio").unwrap();
    let results: Vec<_> = cases().iter().map(|case| (case.algorithm, measure(case))).collect();
    for (algorithm, (ours, peer, ratio)) in &results {
        writeln!(out, "{:10} {ours:>14.0} {peer:>14.0} {ratio:>7.2}", algorithm.as_str()).unwrap();
    }
    for (algorithm, (ours, peer, ratio)) in &results {
        let line = json!({
            "bench": "verify", "algorithm": algorithm.as_str(), "ours_per_cpu_second": ours.round(),
            "jsonwebtoken_per_cpu_second": peer.round(), "ratio": (ratio * 1000.0).round() / 1000.0, "least": LEAST,
        });
        writeln!(out, "{line}").unwrap();
    }
    if results.iter().all(|(_, (_, _, ratio))| *ratio >= LEAST) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn cases() -> Vec<Case> {
    let policy = TokenPolicy::new("https://auth.example", "dharmagraph");
    let now = SystemClock.now();
    let claims = Claims {
        subject: UserId::generate(),
        tenant: Tenant::default(),
        session: SessionId::generate().unwrap(),
        id: TokenId::generate().unwrap(),
        issued_at: now,
        expires_at: now.after(policy.access_lifetime),
        not_before: None,
        extra: [("roles".to_owned(), json!(["OPERATOR"]))].into_iter().collect(),
    };
    Algorithm::ALL
        .into_iter()
        .map(|algorithm| {
            let keys = KeySet::new(SigningKey::generate(algorithm).unwrap(), None, Vec::new()).unwrap();
            let token = Issuer::new(&policy).unwrap().issue(&keys, TokenKind::Access, &claims).unwrap().expose().to_owned();
            let mut validation = Validation::new(algorithm.as_str().parse().unwrap());
            validation.set_issuer(&[&policy.issuer]);
            validation.set_audience(&[&policy.audience]);
            validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
            validation.leeway = policy.leeway.as_secs();
            validation.validate_nbf = true;
            let peer_key = peer_key(keys.active());
            Case { algorithm, keys, verifier: Verifier::new(&policy).unwrap(), token, peer_key, validation }
        })
        .collect()
}

/// The key as its PEM would give it to `jsonwebtoken`.
fn peer_key(key: &SigningKey) -> DecodingKey {
    let bytes = key.to_bytes().unwrap();
    let bytes = bytes.expose();
    match key.algorithm() {
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => DecodingKey::from_secret(bytes),
        Algorithm::ES256 => ec_key(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes),
        Algorithm::ES384 => ec_key(&ECDSA_P384_SHA384_FIXED_SIGNING, bytes),
        Algorithm::EdDSA => DecodingKey::from_ed_der(Ed25519KeyPair::from_pkcs8(bytes).unwrap().public_key().as_ref()),
        _ => DecodingKey::from_rsa_der(RsaKeyPair::from_pkcs8(bytes).unwrap().public_key().as_ref()),
    }
}

fn ec_key(algorithm: &'static EcdsaSigningAlgorithm, bytes: &[u8]) -> DecodingKey {
    DecodingKey::from_ec_der(EcdsaKeyPair::from_pkcs8(algorithm, bytes).unwrap().public_key().as_ref())
}

fn measure(case: &Case) -> (f64, f64, f64) {
    let now = SystemClock.now();
    let ours = || {
        let claims = case.verifier.verify(&case.keys, &case.token, TokenKind::Access, now).unwrap();
        std::hint::black_box(claims);
    };
    let peer = || {
        let data = jsonwebtoken::decode::<PeerClaims>(&case.token, &case.peer_key, &case.validation).unwrap();
        std::hint::black_box(data);
    };
    let mut times = 1;
    while cpu(times, &ours) < TURN {
        times *= 2;
    }
    let mut rounds: Vec<(Duration, Duration)> = (0..ROUNDS)
        .map(|round| {
            if round % 2 == 0 {
                let first = cpu(times, &ours);
                (first, cpu(times, &peer))
            } else {
                let first = cpu(times, &peer);
                (cpu(times, &ours), first)
            }
        })
        .collect();
    rounds.sort_by_key(|(ours, _)| *ours);
    let ours = rounds[ROUNDS / 2].0;
    rounds.sort_by_key(|(_, peer)| *peer);
    let peer = rounds[ROUNDS / 2].1;
    let mut ratios: Vec<f64> = rounds.iter().map(|(ours, peer)| peer.as_secs_f64() / ours.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    (f64::from(times) / ours.as_secs_f64(), f64::from(times) / peer.as_secs_f64(), ratios[ROUNDS / 2])
}

fn cpu(times: u32, run: &impl Fn()) -> Duration {
    let start = clock_gettime(ClockId::ProcessCPUTime);
    for _ in 0..times {
        run();
    }
    let end = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(end - start).unwrap()
}
