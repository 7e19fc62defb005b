//! Codes on paper, each good for one sign-in without the device.

use aws_lc_rs::digest::{SHA256, digest};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::random;
use crate::secret::Secret;

/// 32 characters of which none is taken for another: Crockford's base32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a code, of 5 bits each: 80 bits, so that a fast hash of it cannot be undone by guessing.
const LENGTH: usize = 16;

/// Characters between two hyphens.
const GROUP: usize = 4;

/// More codes than anybody keeps.
const MOST: usize = 32;

/// Recovery codes: four groups of four characters, `7G0K-M2XQ-9RTA-B4ZC`, 80 random bits each.
#[derive(Debug)]
pub struct RecoveryCodes;

impl RecoveryCodes {
    /// How many a user gets, unless told otherwise.
    pub const USUAL: usize = 10;

    /// New codes, to be shown once.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `count` is not in 1 to 32; [`Error::Internal`] when the system gives no random bytes.
    pub fn generate(count: usize) -> Result<Vec<Secret>> {
        if !(1..=MOST).contains(&count) {
            return Err(Error::invalid("number of recovery codes", format!("1 to {MOST}"), count.to_string()));
        }
        (0..count).map(|_| one()).collect()
    }

    /// SHA-256 of a code as its user typed it, by which the store finds it; `None` where it is no code.
    ///
    /// Case, hyphens and blanks do not count, and `O` is read as `0`, `I` and `L` as `1`.
    #[must_use]
    pub fn hash(code: &str) -> Option<[u8; 32]> {
        let mut normal = Zeroizing::new([0; LENGTH]);
        let mut length = 0;
        for byte in code.bytes().filter(|byte| !matches!(byte, b'-' | b' ')) {
            let byte = match byte.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
            if length == LENGTH || !ALPHABET.contains(&byte) {
                return None;
            }
            normal[length] = byte;
            length += 1;
        }
        if length < LENGTH {
            return None;
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &*normal).as_ref());
        Some(hash)
    }
}

fn one() -> Result<Secret> {
    let bytes = Zeroizing::new(random::bytes::<LENGTH>()?);
    let mut code = String::with_capacity(LENGTH + LENGTH / GROUP);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            code.push('-');
        }
        // 256 is a multiple of 32: no character is favoured.
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Ok(Secret::new(code))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_ten_in_groups_and_no_two_alike() {
        let codes = RecoveryCodes::generate(RecoveryCodes::USUAL).unwrap();
        let hashes: BTreeSet<_> = codes.iter().map(|code| RecoveryCodes::hash(code.expose()).unwrap()).collect();
        assert_eq!(hashes.len(), 10);
        for code in &codes {
            let groups: Vec<_> = code.expose().split('-').map(str::len).collect();
            assert_eq!(groups, [4, 4, 4, 4]);
        }
    }

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let hash = RecoveryCodes::hash("0110-ABCD-EFGH-JKMN").unwrap();
        for typed in ["0110ABCDEFGHJKMN", "0110 abcd efgh jkmn", " oIlO-abcd-EFGH-jkmn ", "-0110--ABCDEFGHJKMN"] {
            assert_eq!(RecoveryCodes::hash(typed), Some(hash), "{typed}");
        }
        assert_ne!(RecoveryCodes::hash("0110-ABCD-EFGH-JKMP"), Some(hash));
    }

    #[test]
    fn what_is_no_code_has_no_hash() {
        for text in ["", "0110-ABCD-EFGH-JKM", "0110-ABCD-EFGH-JKMNP", "0110-ABCD-EFGH-JKMU", "0110_ABCD_EFGH_JKMN", "\0", "é"] {
            assert_eq!(RecoveryCodes::hash(text), None, "{text}");
        }
    }

    #[test]
    fn no_codes_and_too_many_are_refused() {
        for count in [0, 33, usize::MAX] {
            assert!(matches!(RecoveryCodes::generate(count), Err(Error::Invalid { .. })), "{count}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = RecoveryCodes::hash(&text);
        }
    }
}
