//! The hasher that follows a policy.

use super::argon2id::Cost;
use super::bcrypt;
use super::hash_policy::HashPolicy;
use super::hasher::{PasswordHasher, Verdict};
use super::stored::{StoredHash, failed};
use crate::error::{Error, Result};
use crate::random;
use crate::secret::Secret;

/// The most bytes of a password that are hashed, well over what any
/// [`PasswordPolicy`](super::PasswordPolicy) lets be set.
pub(super) const LONGEST: usize = 4096;

/// Writes hashes as its policy says, and reads argon2id and bcrypt whatever it says.
///
/// A stored hash that cannot be read, or asks for more than any policy may, is damage or an attack on the database: it is
/// refused with [`Error::Internal`] before any memory or time is spent. Its text is for the log, and holds nothing of the hash.
/// Whoever answers a sign-in then does the work of [`verify_nobody`](super::HashingPool::verify_nobody), and answers as to a
/// wrong password.
#[derive(Debug, Clone)]
pub struct PolicyHasher {
    policy: HashPolicy,
}

impl PolicyHasher {
    /// A hasher of this policy.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the policy is too weak, or more than a stored hash may ask for; see [`HashPolicy::check`].
    pub fn new(policy: HashPolicy) -> Result<Self> {
        policy.check()?;
        Ok(Self { policy })
    }

    /// A hasher of a policy that may be too weak, down to argon2id with 8 KiB and one pass, so that tests are quick. Never for
    /// real passwords.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the policy is more than a stored hash may ask for.
    #[cfg(any(test, feature = "testkit"))]
    pub fn weak(policy: HashPolicy) -> Result<Self> {
        policy.check_ceiling()?;
        Ok(Self { policy })
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> HashPolicy {
        self.policy
    }

    /// Whether a stored hash is one that passwords can be verified against, with no work done: for hashes that come from
    /// elsewhere.
    ///
    /// # Errors
    /// [`Error::Internal`] as of [`PasswordHasher::verify`].
    pub fn check_stored(hash: &Secret) -> Result<()> {
        StoredHash::parse(hash.expose()).map(drop)
    }
}

impl PasswordHasher for PolicyHasher {
    fn hash(&self, password: &Secret) -> Result<Secret> {
        let password = password.expose().as_bytes();
        if password.len() > LONGEST {
            return Err(Error::invalid("password", format!("at most {LONGEST} bytes"), format!("{} bytes", password.len())));
        }
        match self.policy {
            HashPolicy::Argon2id { memory_kib, passes, lanes } => {
                let cost = Cost { memory_kib, passes, lanes };
                cost.hash(password, &random::bytes()?).map(Secret::new).map_err(failed)
            }
            HashPolicy::Bcrypt { cost } => {
                if !bcrypt::takes(password) {
                    let expected = format!("at most {} bytes and no zero byte", bcrypt::LONGEST);
                    return Err(Error::invalid("password", expected, format!("{} bytes", password.len())));
                }
                bcrypt::hash(password, cost, random::bytes()?).map(Secret::new).map_err(failed)
            }
        }
    }

    fn verify(&self, password: &Secret, hash: &Secret) -> Result<Verdict> {
        let password = password.expose().as_bytes();
        // Too long to be anybody's; only its beginning is hashed, so that the work is the usual one.
        let (password, fits) = (&password[..password.len().min(LONGEST)], password.len() <= LONGEST);
        let stored = StoredHash::parse(hash.expose())?;
        Ok(match stored.verify(password)? & fits {
            false => Verdict::Mismatch,
            true if stored.is_weaker_than(self.policy) => Verdict::MatchNeedsRehash,
            true => Verdict::Match,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quick, where strength is not the point.
    const CHEAP: HashPolicy = HashPolicy::Argon2id { memory_kib: 8, passes: 1, lanes: 1 };
    const BCRYPT: HashPolicy = HashPolicy::Bcrypt { cost: 10 };

    fn hasher(policy: HashPolicy) -> PolicyHasher {
        PolicyHasher::weak(policy).unwrap()
    }

    fn hashed(policy: HashPolicy, password: &str) -> Secret {
        hasher(policy).hash(&Secret::new(password)).unwrap()
    }

    fn verdict(policy: HashPolicy, password: &str, hash: &Secret) -> Verdict {
        hasher(policy).verify(&Secret::new(password), hash).unwrap()
    }

    #[test]
    fn the_default_policy_writes_argon2id_with_19_mib_and_two_passes() {
        let hasher = PolicyHasher::new(HashPolicy::default()).unwrap();
        let password = Secret::new("correct horse battery staple");
        let hash = hasher.hash(&password).unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(hasher.verify(&password, &hash).unwrap(), Verdict::Match);
        assert_ne!(hasher.hash(&password).unwrap().expose(), hash.expose(), "each hash has its own salt");
    }

    #[test]
    fn a_weak_policy_is_refused_outside_of_tests() {
        assert!(matches!(PolicyHasher::new(CHEAP), Err(Error::Invalid { .. })));
        assert!(PolicyHasher::weak(HashPolicy::Argon2id { memory_kib: u32::MAX, passes: 1, lanes: 1 }).is_err());
    }

    #[test]
    fn passwords_count_byte_for_byte() {
        for (password, others) in [
            ("password", &["Password", "password ", " password", "password\0", "passwor", "password\n", ""][..]),
            ("Zo\u{eb}", &["Zoe\u{308}", "Zoe"]),
            ("a\0b", &["a", "a\0", "a\0c", "ab"]),
            ("trailing  ", &["trailing", "trailing "]),
            ("ﬁ", &["fi"]),
            ("", &[" ", "\0"]),
        ] {
            let hash = hashed(CHEAP, password);
            assert!(verdict(CHEAP, password, &hash).is_match(), "{password:?}");
            for other in others {
                assert_eq!(verdict(CHEAP, other, &hash), Verdict::Mismatch, "{password:?} {other:?}");
            }
        }
    }

    #[test]
    fn bcrypt_is_written_as_2b_and_refuses_what_it_would_cut() {
        let hash = hashed(BCRYPT, "correct horse");
        assert!(hash.expose().starts_with("$2b$10$"));
        assert_eq!(verdict(BCRYPT, "correct horse", &hash), Verdict::Match);
        assert_eq!(verdict(BCRYPT, "correct horse ", &hash), Verdict::Mismatch);
        for password in ["x".repeat(73), "é".repeat(37), "abc\0abc".to_owned()] {
            assert!(matches!(hasher(BCRYPT).hash(&Secret::new(password)), Err(Error::Invalid { .. })));
        }
    }

    #[test]
    fn a_weaker_hash_is_to_be_replaced_and_a_stronger_one_is_not() {
        let strong = HashPolicy::Argon2id { memory_kib: 7_168, passes: 5, lanes: 1 };
        let password = "correct horse";
        for (stored, policy, expected) in [
            (CHEAP, CHEAP, Verdict::Match),
            (CHEAP, strong, Verdict::MatchNeedsRehash),
            (strong, CHEAP, Verdict::Match),
            (BCRYPT, CHEAP, Verdict::MatchNeedsRehash),
            (BCRYPT, BCRYPT, Verdict::Match),
            (BCRYPT, HashPolicy::Bcrypt { cost: 11 }, Verdict::MatchNeedsRehash),
            (HashPolicy::Bcrypt { cost: 11 }, BCRYPT, Verdict::Match),
            (strong, BCRYPT, Verdict::Match),
            (CHEAP, BCRYPT, Verdict::MatchNeedsRehash),
        ] {
            let hash = hashed(stored, password);
            assert_eq!(verdict(policy, password, &hash), expected, "{stored:?} under {policy:?}");
            assert_eq!(verdict(policy, "wrong horse", &hash), Verdict::Mismatch, "{stored:?} under {policy:?}");
        }
    }

    #[test]
    fn a_stored_hash_that_cannot_be_used_lets_nobody_in_and_is_not_told() {
        let good = hashed(CHEAP, "password");
        PolicyHasher::check_stored(&good).unwrap();
        for hash in [
            good.expose().replace("m=8,", "m=4194304,"),
            format!("$2b$31${}", "A".repeat(53)),
            "password".to_owned(),
            "5f4dcc3b5aa765d61d8327deb882cf99".to_owned(),
            "$argon2id".to_owned(),
            "$2".to_owned(),
            "$1$salt$hash".to_owned(),
            String::new(),
        ] {
            assert!(PolicyHasher::check_stored(&Secret::new(hash.clone())).is_err(), "{hash}");
            let error = hasher(CHEAP).verify(&Secret::new("password"), &Secret::new(hash.clone())).unwrap_err();
            assert!(matches!(error, Error::Internal { .. }), "{hash}");
            assert!(hash.len() < 20 || !error.to_string().contains(&hash[hash.len() - 8..]), "{error}");
        }
    }

    #[test]
    fn a_password_too_long_for_anybody_is_refused_or_a_mismatch() {
        let (longest, longer) = ("x".repeat(LONGEST), "x".repeat(LONGEST + 1));
        assert!(matches!(hasher(CHEAP).hash(&Secret::new(longer.clone())), Err(Error::Invalid { .. })));
        let hash = hashed(CHEAP, &longest);
        assert_eq!(verdict(CHEAP, &longer, &hash), Verdict::Mismatch);
        assert_eq!(verdict(CHEAP, &longest, &hash), Verdict::Match);
    }
}
