//! The end of an API key, which tells a mistyped or cut one from a real one.

use crate::random::ALPHABET;

/// Characters of a checksum: 62^6 is the least power of 62 that holds every CRC-32.
pub(super) const LENGTH: usize = 6;

/// The CRC-32 (ISO-HDLC, that of zip and PNG) of a text, in base62, zeros first.
pub(super) fn of(text: &str) -> [u8; LENGTH] {
    let mut rest = crc32fast::hash(text.as_bytes()) as usize;
    let mut digits = [ALPHABET[0]; LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % ALPHABET.len()];
        rest /= ALPHABET.len();
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_has_its_length_whatever_its_value() {
        // The check value of CRC-32/ISO-HDLC is 0xCBF43926, which is 3 45 35 27 22 14 in base62.
        assert_eq!(of("123456789"), *b"3jZRME");
        assert_eq!(of(""), *b"000000");
    }
}
