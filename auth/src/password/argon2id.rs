//! Argon2id hashes as text, and within bounds.

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::bounds::{check_argon2id, check_argon2id_floor};

/// Bytes of the salts and of the outputs that are written (RFC 9106 section 4).
pub(super) const SALT: usize = 16;
const OUTPUT: usize = 32;

/// Bytes of the salts and of the outputs that are read: no fewer than RFC 9106 allows to make and than nobody can search, no
/// more than any program writes.
const SALTS: std::ops::RangeInclusive<usize> = 8..=64;
const OUTPUTS: std::ops::RangeInclusive<usize> = 16..=64;

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

/// A hash whose parameters are within bounds: to verify a password against it is safe.
pub(super) struct StoredHash {
    cost: Cost,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Cost {
    /// Hashes; the cost is within bounds.
    fn run(self, password: &[u8], salt: &[u8], output: &mut [u8]) -> argon2::Result<()> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(output.len()))?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(password, salt, output)
    }

    /// Hashes into the text of the PHC string format.
    pub(super) fn hash(self, password: &[u8], salt: &[u8; SALT]) -> argon2::Result<String> {
        let mut output = Zeroizing::new([0; OUTPUT]);
        self.run(password, salt, &mut *output)?;
        let Self { memory_kib, passes, lanes } = self;
        let (salt, output) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(*output));
        Ok(format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${output}"))
    }

    /// Whether it makes guessing cheaper than `policy` does: by less memory, or by less memory times passes. Lanes do not
    /// count, as they add no work.
    fn is_weaker_than(self, policy: Self) -> bool {
        self.memory_kib < policy.memory_kib || self.work() < policy.work()
    }

    fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }
}

impl StoredHash {
    /// Reads `$argon2id$v=19$m=..,t=..,p=..$salt$output`, all of it bounded and no work done; what is wrong, without any of
    /// the hash.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.splitn(7, '$').collect();
        let &["", "argon2id", version, cost, salt, output] = parts.as_slice() else {
            return Err("argon2id with other than a version, parameters, a salt and an output".to_owned());
        };
        if version != "v=19" {
            return Err("argon2id of another version than 19".to_owned());
        }
        let cost = Cost::parse(cost).ok_or("argon2id whose parameters are not m=..,t=..,p=..")?;
        check_argon2id(cost.memory_kib, cost.passes, cost.lanes)
            .map_err(|bound| format!("argon2id with {} {}, where {} is allowed", bound.what, bound.found, bound.expected))?;
        let salt = bytes(salt, SALTS).ok_or("argon2id whose salt is not 8 to 64 bytes in base64")?;
        let output = bytes(output, OUTPUTS).ok_or("argon2id whose output is not 16 to 64 bytes in base64")?;
        Ok(Self { cost, salt, output })
    }

    /// Whether the password is the one of this hash.
    pub(super) fn verify(&self, password: &[u8]) -> argon2::Result<bool> {
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        self.cost.run(password, &self.salt, &mut output)?;
        Ok(verify_slices_are_equal(&output, &self.output).is_ok())
    }

    /// Whether it is weaker than what `policy` writes.
    pub(super) fn is_weaker_than(&self, policy: Cost) -> bool {
        self.cost.is_weaker_than(policy) || self.salt.len() < SALT || self.output.len() < OUTPUT
    }

    /// Whether it is weaker than any policy of argon2id may be.
    pub(super) fn is_below_the_floor(&self) -> bool {
        check_argon2id_floor(self.cost.memory_kib, self.cost.passes).is_err()
    }
}

impl Cost {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ',');
        let mut next = |name: &str| parts.next()?.strip_prefix(name).and_then(decimal);
        let cost = Self { memory_kib: next("m=")?, passes: next("t=")?, lanes: next("p=")? };
        parts.next().is_none().then_some(cost)
    }
}

/// A decimal of the PHC string format: digits, with no sign and no zero before others.
fn decimal(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

/// The bytes of base64 without padding, decoded only where their number is one of these.
fn bytes(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<Vec<u8>> {
    if !lengths.contains(&(text.len() * 3 / 4)) {
        return None;
    }
    STANDARD_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Of the reference implementation's own tests, the cheapest.
    const REFERENCE: &str = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    #[test]
    fn a_hash_of_the_reference_implementation_is_read() {
        let stored = StoredHash::parse(REFERENCE).unwrap();
        assert!(stored.verify(b"password").unwrap());
        assert!(!stored.verify(b"passwore").unwrap());
        assert!(stored.is_below_the_floor());
    }

    #[test]
    fn what_is_written_reads_back() {
        let cost = Cost { memory_kib: 64, passes: 1, lanes: 2 };
        let stored = StoredHash::parse(&cost.hash(b"a\0b", b"0123456789abcdef").unwrap()).unwrap();
        assert_eq!(stored.cost, cost);
        assert!(stored.verify(b"a\0b").unwrap());
        assert!(!stored.verify(b"a").unwrap());
        assert!(!stored.is_weaker_than(cost));
    }

    #[test]
    fn absurd_parameters_are_refused_before_any_work() {
        for parameters in [
            "m=4194304,t=2,p=1",
            "m=262145,t=1,p=1",
            "m=4294967295,t=4294967295,p=16",
            "m=8,t=131073,p=1",
            "m=19456,t=4294967295,p=1",
            "m=19456,t=2,p=17",
            "m=19456,t=2,p=16777216",
            "m=15,t=2,p=2",
            "m=7,t=2,p=1",
            "m=0,t=2,p=1",
            "m=19456,t=0,p=1",
            "m=19456,t=2,p=0",
        ] {
            let text = REFERENCE.replace("m=256,t=2,p=1", parameters);
            let refusal = StoredHash::parse(&text).err().unwrap();
            assert!(refusal.contains("allowed"), "{parameters}: {refusal}");
            assert!(!refusal.contains("c29tZXNhbHQ") && !refusal.contains("nf65"), "{refusal}");
        }
    }

    #[test]
    fn what_is_not_written_so_is_refused() {
        for (from, to) in [
            ("argon2id", "argon2i"),
            ("argon2id", "argon2d"),
            ("argon2id", "ARGON2ID"),
            ("v=19", "v=16"),
            ("v=19", "v=019"),
            ("$v=19", ""),
            ("m=256", "m=+256"),
            ("m=256", "m=0256"),
            ("m=256", "m="),
            ("m=256", "m=42949672960"),
            ("m=256,t=2", "t=2,m=256"),
            ("p=1", "p=1,keyid=AAAA"),
            ("p=1", "p=1,data=AAAA"),
            ("c29tZXNhbHQ", "c29tZXNhb"),
            ("c29tZXNhbHQ", ""),
            ("c29tZXNhbHQ", "c29tZXNhbHQ="),
            ("c29tZXNhbHQ", "c29tZXNhbHR"),
            ("nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "nf65"),
            ("nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", ""),
            ("Gi/4", "Gi/4$"),
            ("Gi/4", "Gi/4\n"),
            ("Gi/4", "Gi_4"),
        ] {
            let text = REFERENCE.replace(from, to);
            assert!(StoredHash::parse(&text).is_err(), "{text}");
        }
        let long = "A".repeat(1_000_000);
        assert!(StoredHash::parse(&REFERENCE.replace("c29tZXNhbHQ", &long)).is_err());
        assert!(StoredHash::parse(&"$".repeat(1_000_000)).is_err());
    }

    #[test]
    fn weaker_means_less_memory_or_less_work_and_nothing_else() {
        let policy = Cost { memory_kib: 19_456, passes: 2, lanes: 1 };
        for (memory_kib, passes, lanes, weaker) in [
            (19_456, 2, 1, false),
            (19_456, 2, 4, false),
            (19_456, 3, 1, false),
            (65_536, 3, 4, false),
            (47_104, 1, 1, false),
            (19_456, 1, 1, true),
            (19_455, 2, 1, true),
            (9_216, 4, 1, true),
            (20_000, 1, 1, true),
        ] {
            assert_eq!(Cost { memory_kib, passes, lanes }.is_weaker_than(policy), weaker, "m={memory_kib} t={passes} p={lanes}");
        }
        let cheap = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        assert!(StoredHash::parse(REFERENCE).unwrap().is_weaker_than(cheap), "a salt of 8 bytes");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}|\\$argon2id\\$v=19\\$m=[0-9]{0,12},t=[0-9]{0,12},p=[0-9]{0,12}\\$[A-Za-z0-9+/]{0,90}\\$[A-Za-z0-9+/]{0,90}") {
            if let Ok(stored) = StoredHash::parse(&text) {
                prop_assert!(check_argon2id(stored.cost.memory_kib, stored.cost.passes, stored.cost.lanes).is_ok());
            }
        }
    }
}
