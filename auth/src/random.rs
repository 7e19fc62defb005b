//! Random bytes from the system.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

use crate::error::{Error, Result};

/// The characters of [`text`]: those that a double click selects.
pub(crate) const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The least of `u8` that would favour some characters of the alphabet.
const UNFAIR: u8 = (u8::MAX / 62) * 62;

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::internal("the system gives no random bytes"))?;
    Ok(bytes)
}

/// Letters and digits, 5.95 bits each.
pub(crate) fn text(length: usize) -> Result<String> {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let fair = bytes::<64>()?.into_iter().filter(|byte| *byte < UNFAIR);
        text.extend(fair.take(length - text.len()).map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_its_length_and_the_alphabets_characters_alone() {
        for length in [0, 1, 43, 200] {
            let text = text(length).unwrap();
            assert_eq!(text.len(), length);
            assert!(text.bytes().all(|byte| ALPHABET.contains(&byte)));
        }
    }

    #[test]
    fn no_two_are_alike() {
        assert_ne!(bytes::<16>().unwrap(), bytes::<16>().unwrap());
    }
}
