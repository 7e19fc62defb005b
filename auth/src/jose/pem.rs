//! Keys in PEM, read by `jsonwebtoken`.

use jsonwebtoken::{DecodingKey, EncodingKey};

use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::engine::{PublicKey, rsa_components};

/// The DER inside a private key's PEM: PKCS#1 for RSA, PKCS#8 for the others. `None` where it is none, or of another family.
pub(crate) fn private_key(algorithm: Algorithm, pem: &str) -> Option<EncodingKey> {
    // The parser takes the first block, whatever its label: nothing else may be there for it to take.
    if pem.matches("-----BEGIN ").count() != 1 || !pem.contains("PRIVATE KEY-----") {
        return None;
    }
    match algorithm.family() {
        Family::Hmac => None,
        Family::Rsa => EncodingKey::from_rsa_pem(pem.as_bytes()).ok(),
        Family::Ec => EncodingKey::from_ec_pem(pem.as_bytes()).ok(),
        Family::Ed => EncodingKey::from_ed_pem(pem.as_bytes()).ok(),
    }
}

/// The public key in a PEM labelled `PUBLIC KEY` or `RSA PUBLIC KEY`. `None` where it is none, or of another family.
pub(crate) fn public_key(algorithm: Algorithm, pem: &str) -> Option<PublicKey> {
    if pem.matches("-----BEGIN ").count() != 1 || !pem.contains("PUBLIC KEY-----") {
        return None;
    }
    let key = match algorithm.family() {
        Family::Hmac => return None,
        Family::Rsa => DecodingKey::from_rsa_pem(pem.as_bytes()),
        Family::Ec => DecodingKey::from_ec_pem(pem.as_bytes()),
        Family::Ed => DecodingKey::from_ed_pem(pem.as_bytes()),
    }
    .ok()?;
    let bytes = key.try_get_as_bytes().ok()?;
    match algorithm.family() {
        Family::Rsa => rsa_components(bytes),
        Family::Ec => PublicKey::from_uncompressed_point(bytes),
        Family::Ed => Some(PublicKey::Ed { x: bytes.to_vec() }),
        Family::Hmac => None,
    }
}
