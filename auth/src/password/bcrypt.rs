//! bcrypt hashes as text, and within bounds.

use std::str::FromStr as _;

use bcrypt::{BcryptError, HashParts};

use super::bounds::check_bcrypt;

/// The bytes of a password that bcrypt takes into account.
pub(super) const LONGEST: usize = 72;

/// Bytes of a salt.
pub(super) const SALT: usize = 16;

/// A hash whose cost is within bounds: to verify a password against it is safe.
pub(super) struct StoredHash(HashParts);

/// Whether bcrypt takes every byte of the password into account.
///
/// It drops what comes after 72 bytes. Nor can it tell a zero byte from its own end mark, after which it begins again:
/// `a` and `a\0a` have the same hashes.
pub(super) fn takes(password: &[u8]) -> bool {
    password.len() <= LONGEST && !password.contains(&0)
}

/// Hashes a password that bcrypt [`takes`], as `$2b$`.
pub(super) fn hash(password: &[u8], cost: u32, salt: [u8; SALT]) -> Result<String, BcryptError> {
    bcrypt::hash_with_salt(password, cost, salt).map(|parts| parts.to_string())
}

impl StoredHash {
    /// Reads `$2a$`, `$2b$` and `$2y$`, which are three names of one algorithm, and not the broken `$2x$`; what is wrong,
    /// without any of the hash.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if !["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix)) {
            return Err("bcrypt of another version than 2a, 2b and 2y".to_owned());
        }
        if !text.as_bytes().get(4..6).is_some_and(|cost| cost.iter().all(u8::is_ascii_digit)) {
            return Err("bcrypt whose cost is not two digits".to_owned());
        }
        let parts = HashParts::from_str(text).map_err(|_| "bcrypt with other than 60 characters of its alphabet")?;
        check_bcrypt(parts.get_cost())
            .map_err(|bound| format!("bcrypt with {} {}, where {} is allowed", bound.what, bound.found, bound.expected))?;
        Ok(Self(parts))
    }

    /// Whether the password is the one of this hash. One that bcrypt does not take is not, after the same work.
    pub(super) fn verify(&self, password: &[u8]) -> Result<bool, BcryptError> {
        let same = bcrypt::verify(password, &self.0.to_string())?;
        Ok(same & takes(password))
    }

    /// The doublings of its work.
    pub(super) fn cost(&self) -> u32 {
        self.0.get_cost()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The password `abc` in the tests of jBCrypt.
    const REFERENCE: &str = "$2a$10$WvvTPHKwdBJ3uk0Z37EMR.hLA2W6N9AEBhEgrAOljy2Ae5MtaSIUi";

    #[test]
    fn hashes_of_the_three_prefixes_are_read() {
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            let stored = StoredHash::parse(&REFERENCE.replace("$2a$", prefix)).unwrap();
            assert!(stored.verify(b"abc").unwrap(), "{prefix}");
            assert_eq!(stored.cost(), 10);
        }
        assert!(!StoredHash::parse(REFERENCE).unwrap().verify(b"abd").unwrap());
    }

    #[test]
    fn absurd_costs_are_refused_before_any_work() {
        for cost in ["31", "15", "09", "04", "00", "99"] {
            let refusal = StoredHash::parse(&REFERENCE.replace("$10$", &format!("${cost}$"))).err().unwrap();
            assert!(refusal.contains("allowed"), "{refusal}");
            assert!(!refusal.contains("WvvTPHKw"), "{refusal}");
        }
    }

    #[test]
    fn what_is_not_written_so_is_refused() {
        for (from, to) in [
            ("$2a$", "$2x$"),
            ("$2a$", "$2$"),
            ("$2a$", "$2c$"),
            ("$10$", "$+9$"),
            ("$10$", "$1$"),
            ("SIUi", "SIU"),
            ("SIUi", "SIUi."),
            ("SIUi", "SIU="),
            ("SIUi", "SIé"),
        ] {
            let text = REFERENCE.replace(from, to);
            assert!(StoredHash::parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn no_password_that_would_be_cut_is_taken() {
        assert!(takes(&[b'x'; 72]));
        assert!(!takes(&[b'x'; 73]));
        assert!(!takes("é".repeat(37).as_bytes()));
        assert!(!takes(b"abc\0abc"));
        assert!(takes(b""));
    }

    #[test]
    fn neither_the_73rd_byte_nor_a_zero_byte_lets_anyone_in() {
        let stored = |password: &[u8]| StoredHash::parse(&hash(password, 10, [7; SALT]).unwrap()).unwrap();
        let long = stored(&[b'x'; 72]);
        assert!(long.verify(&[b'x'; 72]).unwrap());
        assert!(!long.verify(&[b'x'; 73]).unwrap());
        assert!(!long.verify(&[b'x'; 71]).unwrap());
        // bcrypt itself does not tell these two apart.
        assert!(bcrypt::verify("abc\0abc", REFERENCE).unwrap());
        assert!(!StoredHash::parse(REFERENCE).unwrap().verify(b"abc\0abc").unwrap());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}|\\$2[abxy]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}") {
            if let Ok(stored) = StoredHash::parse(&text) {
                prop_assert!(check_bcrypt(stored.cost()).is_ok());
            }
        }
    }
}
