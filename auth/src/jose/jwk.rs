//! One JSON Web Key.

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use serde_json::{Map, Value};
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::{Error, Result};
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::engine::{PublicKey, ecdsa, uncompressed_point};
use crate::jose::secret_bytes::SecretBytes;
use crate::jose::verifying_key::{check_kid, invalid};
use crate::jose::{base64url, json};

/// The longest JWK, in bytes: a private RSA key of 8192 bits has under 7,000.
const MAXIMUM_LENGTH: usize = 16 * 1024;

/// Members that only a private key has (RFC 7518 section 6).
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "oth"];

/// What a key is to be used for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation {
    Sign,
    Verify,
}

/// A JWK with a name, an algorithm, and a type and curve that fit it.
pub(crate) struct Jwk {
    kid: String,
    algorithm: Algorithm,
    members: Map<String, Value>,
}

impl Jwk {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.len() > MAXIMUM_LENGTH {
            return Err(Error::invalid("JWK", format!("at most {MAXIMUM_LENGTH} bytes"), format!("{} bytes", text.len())));
        }
        let members = json::object(text.as_bytes())
            .ok_or_else(|| Error::invalid("JWK", "one JSON object with no member twice", "another text"))?;
        Self::from_members(members)
    }

    pub(crate) fn from_members(members: Map<String, Value>) -> Result<Self> {
        let kid = text(&members, "kid").ok_or_else(|| Error::invalid("JWK", "a `kid`", "none"))?.to_owned();
        check_kid(&kid)?;
        let algorithm = algorithm(&kid, &members)?;
        let kty = match algorithm.family() {
            Family::Hmac => "oct",
            Family::Rsa => "RSA",
            Family::Ec => "EC",
            Family::Ed => "OKP",
        };
        expect(&kid, &members, "kty", Some(kty))?;
        expect(&kid, &members, "crv", algorithm.curve().map(|(curve, _)| curve))?;
        Ok(Self { kid, algorithm, members })
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether `use` and `key_ops`, where there are any, allow it (RFC 7517 sections 4.2 and 4.3).
    pub(crate) fn allows(&self, operation: Operation) -> Result<()> {
        if self.members.contains_key("use") {
            expect(&self.kid, &self.members, "use", Some("sig"))?;
        }
        let Some(operations) = self.members.get("key_ops") else { return Ok(()) };
        let wanted = match operation {
            Operation::Sign => "sign",
            Operation::Verify => "verify",
        };
        match operations {
            Value::Array(named)
                if named.iter().all(Value::is_string)
                    && named.iter().any(|name| name == wanted)
                    && named.iter().enumerate().all(|(i, name)| !named[..i].contains(name)) =>
            {
                Ok(())
            }
            _ => Err(invalid(&self.kid, format!("`key_ops` with `{wanted}`, and none twice"), "others")),
        }
    }

    pub(crate) fn refuse_private_members(&self) -> Result<()> {
        match PRIVATE.into_iter().find(|name| self.members.contains_key(*name)) {
            None => Ok(()),
            Some(name) => Err(invalid(
                &self.kid,
                "a public key",
                format!("a private one (`{name}`): it is no secret any more, replace it where it is used"),
            )),
        }
    }

    pub(crate) fn secret(&self) -> Result<SecretBytes> {
        let secret = Zeroizing::new(self.bytes("k")?);
        Ok(SecretBytes::new(&secret))
    }

    pub(crate) fn public_key(&self) -> Result<PublicKey> {
        Ok(match self.algorithm.family() {
            Family::Rsa => PublicKey::Rsa { modulus: self.bytes("n")?, exponent: self.bytes("e")? },
            Family::Ec => PublicKey::Ec { x: self.bytes("x")?, y: self.bytes("y")? },
            Family::Ed => PublicKey::Ed { x: self.bytes("x")? },
            Family::Hmac => return Err(invalid(&self.kid, "a public key", "a secret")),
        })
    }

    pub(crate) fn rsa_key_pair(&self) -> Result<RsaKeyPair> {
        if self.members.contains_key("oth") {
            return Err(invalid(&self.kid, "an RSA key of two primes", "one of more (`oth`)"));
        }
        let private = |name| Ok::<_, Error>(Zeroizing::new(self.bytes(name)?));
        let (d, p, q) = (private("d")?, private("p")?, private("q")?);
        let (dp, dq, qi) = (private("dp")?, private("dq")?, private("qi")?);
        let public_key = PublicKeyComponents { n: self.bytes("n")?, e: self.bytes("e")? };
        RsaKeyPair::from_components(&KeyPairComponents {
            public_key: PublicKeyComponents { n: &public_key.n[..], e: &public_key.e[..] },
            d: &d[..],
            p: &p[..],
            q: &q[..],
            dP: &dp[..],
            dQ: &dq[..],
            qInv: &qi[..],
        })
        .map_err(|_| self.inconsistent())
    }

    pub(crate) fn ec_key_pair(&self) -> Result<EcdsaKeyPair> {
        let Some((_, signing)) = ecdsa(self.algorithm) else { return Err(self.inconsistent()) };
        let private = Zeroizing::new(self.bytes("d")?);
        let point = uncompressed_point(&self.bytes("x")?, &self.bytes("y")?);
        EcdsaKeyPair::from_private_key_and_public_key(signing, &private, &point).map_err(|_| self.inconsistent())
    }

    pub(crate) fn ed_key_pair(&self) -> Result<Ed25519KeyPair> {
        let seed = Zeroizing::new(self.bytes("d")?);
        if seed.len() != 32 {
            return Err(invalid(&self.kid, "a `d` of 32 bytes", format!("{} bytes", seed.len())));
        }
        Ed25519KeyPair::from_seed_and_public_key(&seed, &self.bytes("x")?).map_err(|_| self.inconsistent())
    }

    fn inconsistent(&self) -> Error {
        invalid(&self.kid, format!("a private key for {} whose numbers fit each other", self.algorithm), "another")
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        text(&self.members, name)
            .and_then(base64url::decode)
            .ok_or_else(|| invalid(&self.kid, format!("`{name}` in base64url without padding"), "none, or another text"))
    }
}

impl Drop for Jwk {
    /// Wipes what may be a private key.
    fn drop(&mut self) {
        for value in self.members.values_mut() {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}

/// The algorithm that `alg` names, or the only one of the curve.
fn algorithm(kid: &str, members: &Map<String, Value>) -> Result<Algorithm> {
    let expected = "an `alg` that signs, unless the curve has only one";
    match members.get("alg") {
        Some(Value::String(name)) => Algorithm::from_header_name(name).ok_or_else(|| invalid(kid, expected, quoted(name))),
        Some(_) => Err(invalid(kid, expected, "no text")),
        None => {
            let curve = text(members, "crv");
            Algorithm::ALL
                .into_iter()
                .find(|algorithm| curve.is_some() && algorithm.curve().map(|(name, _)| name) == curve)
                .ok_or_else(|| invalid(kid, expected, "none"))
        }
    }
}

/// Whether a member is this text, or is not there.
fn expect(kid: &str, members: &Map<String, Value>, name: &str, expected: Option<&str>) -> Result<()> {
    match (members.get(name), expected) {
        (None, None) => Ok(()),
        (Some(Value::String(found)), Some(expected)) if found == expected => Ok(()),
        (found, expected) => Err(invalid(
            kid,
            expected.map_or_else(|| format!("no `{name}`"), |expected| format!("`{name}` to be `{expected}`")),
            found.and_then(Value::as_str).map_or_else(|| "another, or none".to_owned(), quoted),
        )),
    }
}

fn text<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    members.get(name).and_then(Value::as_str)
}

fn quoted(text: &str) -> String {
    format!("`{}`", text.chars().take(40).collect::<String>())
}
