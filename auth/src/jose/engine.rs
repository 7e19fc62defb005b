//! Where signatures are made and checked: AWS-LC, with every key parsed once and kept.
//!
//! This is the one place that decides how. `jsonwebtoken` reads the keys (see the `pem` module) but does not run the signatures:
//! its own signers and verifiers may not be shared between threads, and they parse RSA, EC and Ed25519 public keys again on each
//! verification and RSA private keys again on each signature. What it would call is called here, with the keys kept.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ECDSA_P384_SHA384_FIXED_SIGNING, ED25519,
    EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, KeyPair as _, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaKeyPair, RsaParameters, RsaSignatureEncoding,
};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;

use crate::jose::algorithm::Algorithm;

/// A private key, parsed.
pub(crate) enum Signer {
    Hmac(Box<hmac::Key>),
    Rsa(Box<RsaKeyPair>, &'static RsaSignatureEncoding),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A public key or an HMAC secret, parsed.
pub(crate) enum Verifier {
    Hmac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

/// A public key in numbers, as a JWK has them: big-endian, without leading zeros for RSA, of the curve's length for points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PublicKey {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    Ec { x: Vec<u8>, y: Vec<u8> },
    Ed { x: Vec<u8> },
}

impl Signer {
    /// Parses an HMAC secret or a PKCS#8 document; `None` where the back end refuses it for this algorithm.
    pub(crate) fn parse(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        if let Some(hmac) = hmac_algorithm(algorithm) {
            return Some(Self::Hmac(Box::new(hmac::Key::new(hmac, bytes))));
        }
        if let Some((_, encoding)) = rsa(algorithm) {
            return Some(Self::Rsa(Box::new(RsaKeyPair::from_pkcs8(bytes).ok()?), encoding));
        }
        match ecdsa(algorithm) {
            Some((_, signing)) => EcdsaKeyPair::from_pkcs8(signing, bytes).ok().map(Self::Ecdsa),
            None => Ed25519KeyPair::from_pkcs8(bytes).ok().map(Self::Ed25519),
        }
    }

    /// The public half; `None` for HMAC, which has none.
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        match self {
            Self::Hmac(_) => None,
            Self::Rsa(pair, _) => rsa_components(pair.public_key().as_ref()),
            Self::Ecdsa(pair) => PublicKey::from_uncompressed_point(pair.public_key().as_ref()),
            Self::Ed25519(pair) => Some(PublicKey::Ed { x: pair.public_key().as_ref().to_vec() }),
        }
    }

    /// The signature; `None` where the back end fails.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Hmac(key) => Some(hmac::sign(key, message).as_ref().to_vec()),
            Self::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &SystemRandom::new(), message, &mut signature).ok()?;
                Some(signature)
            }
            Self::Ecdsa(pair) => Some(pair.sign(&SystemRandom::new(), message).ok()?.as_ref().to_vec()),
            Self::Ed25519(pair) => Some(pair.try_sign(message).ok()?.as_ref().to_vec()),
        }
    }
}

impl Verifier {
    pub(crate) fn from_secret(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        hmac_algorithm(algorithm).map(|hmac| Self::Hmac(Box::new(hmac::Key::new(hmac, secret))))
    }

    /// Parses a public key; `None` where it is of another family or its point does not lie on the curve.
    pub(crate) fn from_public(algorithm: Algorithm, key: &PublicKey) -> Option<Self> {
        let parsed = match key {
            PublicKey::Rsa { modulus, exponent } => {
                PublicKeyComponents { n: modulus, e: exponent }.to_parsed_public_key(rsa(algorithm)?.0)
            }
            PublicKey::Ec { x, y } => ParsedPublicKey::new(ecdsa(algorithm)?.0, uncompressed_point(x, y)),
            PublicKey::Ed { x } if algorithm == Algorithm::EdDSA => ParsedPublicKey::new(&ED25519, x),
            PublicKey::Ed { .. } => return None,
        };
        parsed.ok().map(Self::Public)
    }

    /// Whether the signature is this key's; of an HMAC, in constant time.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

impl PublicKey {
    /// Takes `4 || x || y` apart (SEC 1 section 2.3.3).
    pub(crate) fn from_uncompressed_point(point: &[u8]) -> Option<Self> {
        let (4, coordinates) = point.split_first()? else { return None };
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        (x.len() == y.len()).then(|| Self::Ec { x: x.to_vec(), y: y.to_vec() })
    }
}

pub(crate) fn uncompressed_point(x: &[u8], y: &[u8]) -> Vec<u8> {
    [&[4], x, y].concat()
}

/// The numbers of an RSA public key in DER.
pub(crate) fn rsa_components(der: &[u8]) -> Option<PublicKey> {
    let (modulus, exponent) = (DEFAULT_PROVIDER.key_utils.rsa_pub_components_from_public_key)(der).ok()?;
    Some(PublicKey::Rsa { modulus, exponent })
}

fn hmac_algorithm(algorithm: Algorithm) -> Option<hmac::Algorithm> {
    match algorithm {
        Algorithm::HS256 => Some(hmac::HMAC_SHA256),
        Algorithm::HS384 => Some(hmac::HMAC_SHA384),
        Algorithm::HS512 => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

fn rsa(algorithm: Algorithm) -> Option<(&'static RsaParameters, &'static RsaSignatureEncoding)> {
    match algorithm {
        Algorithm::RS256 => Some((&RSA_PKCS1_2048_8192_SHA256, &RSA_PKCS1_SHA256)),
        Algorithm::RS384 => Some((&RSA_PKCS1_2048_8192_SHA384, &RSA_PKCS1_SHA384)),
        Algorithm::RS512 => Some((&RSA_PKCS1_2048_8192_SHA512, &RSA_PKCS1_SHA512)),
        Algorithm::PS256 => Some((&RSA_PSS_2048_8192_SHA256, &RSA_PSS_SHA256)),
        Algorithm::PS384 => Some((&RSA_PSS_2048_8192_SHA384, &RSA_PSS_SHA384)),
        Algorithm::PS512 => Some((&RSA_PSS_2048_8192_SHA512, &RSA_PSS_SHA512)),
        _ => None,
    }
}

pub(crate) fn ecdsa(algorithm: Algorithm) -> Option<(&'static EcdsaVerificationAlgorithm, &'static EcdsaSigningAlgorithm)> {
    match algorithm {
        Algorithm::ES256 => Some((&ECDSA_P256_SHA256_FIXED, &ECDSA_P256_SHA256_FIXED_SIGNING)),
        Algorithm::ES384 => Some((&ECDSA_P384_SHA384_FIXED, &ECDSA_P384_SHA384_FIXED_SIGNING)),
        _ => None,
    }
}
