//! The JSON Web Signature, Key and Crypto vectors of project Wycheproof (Apache-2.0).
//!
//! They lie in the folder `jose` of `DHARMAGRAPH_DATA`, by default of `shared/data` beside the repository.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::path::{Path, PathBuf};

use dharmagraph_auth::Secret;
use dharmagraph_auth::jose::{JwkSet, SigningKey, VerifyingKey, jws};
use serde_json::Value;

/// Vectors of the signature file that nobody can meet without being wrong elsewhere, and why.
const DEVIATIONS: [(u64, &str); 8] = [
    (346, "the key is for PS256, the signature is PS384"),
    (347, "the key's algorithm ES521 is not registered"),
    (350, "the key is for PS256, the signature is PS384"),
    (351, "the key's algorithm ES521 is not registered"),
    (367, "called invalid, but equal to the valid 357"),
    (370, "called invalid, but equal to the valid 357"),
    (372, "called valid with a `?` inside the header's base64url"),
    (373, "called valid with a `?` inside the payload's base64url"),
];

/// What came of a file: how many vectors were met, and the others.
struct Outcome {
    met: usize,
    missed: Vec<u64>,
}

impl Outcome {
    fn total(&self) -> usize {
        self.met + self.missed.len()
    }
}

#[test]
fn every_vector_that_can_be_met_is_met() {
    let Some(folder) = folder() else { return };
    let run = |file: &str| run(&read(&folder, file));
    let (jws, jwk, crypto) =
        (run("json_web_signature_test.json"), run("json_web_key_test.json"), run("json_web_crypto_test.json"));
    say(&format!(
        "jws {}/{} ({} named deviations) jwk {}/{} crypto {}/{}",
        jws.met,
        jws.total(),
        DEVIATIONS.len(),
        jwk.met,
        jwk.total(),
        crypto.met,
        crypto.total()
    ));
    assert_eq!(jws.missed, DEVIATIONS.map(|(id, _)| id), "{DEVIATIONS:?}");
    assert_eq!((jws.met, jws.total()), (393, 401));
    assert_eq!((jwk.met, &jwk.missed[..]), (26, &[][..]));
    assert_eq!((crypto.met, &crypto.missed[..]), (48, &[][..]));
}

#[test]
fn private_keys_of_the_vectors_sign_what_their_public_halves_verify() {
    let Some(folder) = folder() else { return };
    let mut tried = 0;
    for group in read(&folder, "json_web_signature_test.json")["testGroups"].as_array().unwrap() {
        let (private, Some(public)) = (&group["private"], group.get("public")) else { continue };
        let (Ok(public), true) = (VerifyingKey::from_jwk(&public.to_string()), private.is_object()) else { continue };
        let mut private = private.clone();
        private.as_object_mut().unwrap().remove("key_ops");
        let signing = SigningKey::from_jwk(&Secret::new(private.to_string())).unwrap();
        assert!(public.verify(b"text", &signing.sign(b"text").unwrap()), "{public:?}");
        assert!(VerifyingKey::from_jwk(&private.to_string()).is_err(), "{public:?}");
        for name in ["d", "p", "q", "dp", "dq", "qi"].into_iter().filter(|name| private.get(name).is_some()) {
            let mut changed = private.clone();
            changed[name] = public.to_jwk().unwrap()["kid"].clone();
            assert!(SigningKey::from_jwk(&Secret::new(changed.to_string())).is_err(), "{name}");
        }
        tried += 1;
    }
    assert!(tried >= 2, "{tried}");
}

/// Where the vectors are; nowhere is fine but in CI.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DHARMAGRAPH_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from)
        .join("jose");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "the vectors are not there: set DHARMAGRAPH_DATA to the folder of {folder:?}");
    say(&format!("skipped: the vectors in {} are not there; DHARMAGRAPH_DATA names the folder of the data", folder.display()));
    None
}

fn read(folder: &Path, file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap()
}

/// Tries every signature of a file. Vectors of encryption are left out, and so is the one whose signature is no text but a JSON
/// object, which no function here could even be given.
fn run(file: &Value) -> Outcome {
    let mut outcome = Outcome { met: 0, missed: Vec::new() };
    for group in file["testGroups"].as_array().unwrap() {
        let key = group.get("public").unwrap_or(&group["private"]);
        for test in group["tests"].as_array().unwrap() {
            let Some(Value::String(token)) = test.get("jws") else { continue };
            if accepts(key, token) == (test["result"] == "valid") {
                outcome.met += 1;
            } else {
                outcome.missed.push(test["tcId"].as_u64().unwrap());
            }
        }
    }
    outcome
}

fn accepts(key: &Value, token: &str) -> bool {
    if key.get("keys").is_some() {
        return JwkSet::parse(&key.to_string()).is_ok_and(|keys| jws::verify_with_set(token, &keys).is_ok());
    }
    VerifyingKey::from_jwk(&key.to_string()).is_ok_and(|key| jws::verify_compact(token, &key).is_ok())
}

/// Writes past the test harness, which keeps what passing tests print.
#[expect(clippy::explicit_write, reason = "the harness would keep what `eprintln!` writes")]
fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").unwrap();
}
