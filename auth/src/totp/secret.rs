//! The secret that a user's device and the server share.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use super::uri;
use crate::error::{Error, Result};
use crate::random;
use crate::secret::Secret;
use crate::time::Timestamp;

/// Bytes of a new secret: the 160 bits that RFC 4226 section 4 recommends, which is also the output of HMAC-SHA-1.
const LENGTH: usize = 20;

/// Bytes of a secret that is read: no less than the 128 bits of RFC 4226 section 4 (R6), no more than a block of SHA-1.
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;

/// Seconds of a step (RFC 6238 section 5.2).
const STEP: u64 = 30;

/// Characters of a code.
const DIGITS: usize = 6;

/// How many steps a device's clock may be off, either way (RFC 6238 section 5.2 advises one).
const WINDOW: u64 = 1;

/// The secret of time-based codes (RFC 6238): HMAC-SHA-1, 6 digits, 30 seconds, which is what every authenticator app knows.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A new one, of 160 bits.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no random bytes.
    pub fn generate() -> Result<Self> {
        let bytes = Zeroizing::new(random::bytes::<LENGTH>()?);
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    /// Takes one that was kept.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it does not have 16 to 64 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if LENGTHS.contains(&bytes.len()) {
            Ok(Self(Zeroizing::new(bytes.to_vec())))
        } else {
            Err(Error::invalid("secret of time-based codes", "16 to 64 bytes", format!("{} bytes", bytes.len())))
        }
    }

    /// Its bytes, to be sealed and kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its text for a device without a camera: base32 without padding (RFC 4648 section 6).
    #[must_use]
    pub fn base32(&self) -> Secret {
        Secret::new(self.totp().secret().to_base32())
    }

    /// Its `otpauth` URI, which authenticator apps read from a QR code.
    ///
    /// `issuer` is the name of the installation and `account` that of the user; both are percent-encoded.
    #[must_use]
    pub fn uri(&self, issuer: &str, account: &str) -> Secret {
        Secret::new(uri::otpauth(issuer, account, self.base32().expose()))
    }

    /// The step whose code this is: that of `now`, the one before or the one after; `None` where it is the code of none.
    ///
    /// Blanks do not count. A step must be let in once only, which is the store's part
    /// ([`use_totp_step`](crate::store::FactorStore::use_totp_step)). The time does not tell how much of a code was right,
    /// nor which step it was.
    #[must_use]
    pub fn matching_step(&self, code: &str, now: Timestamp) -> Option<u64> {
        let code = digits(code)?;
        let totp = self.totp();
        let step = u64::try_from(now.as_seconds()).ok()? / STEP;
        let mut found = None;
        for step in step.saturating_sub(WINDOW)..=step + WINDOW {
            let expected = Zeroizing::new(totp.generate(step * STEP).to_string());
            if verify_slices_are_equal(expected.as_bytes(), &code).is_ok() {
                found = Some(step);
            }
        }
        found
    }

    fn totp(&self) -> Totp {
        // What `build` would check, the constructors did.
        Builder::new().with_secret(self.0.to_vec()).with_skew(0).with_step_duration(STEP).build_noncompliant()
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(..)")
    }
}

/// The digits of a code, where it is one.
fn digits(code: &str) -> Option<[u8; DIGITS]> {
    let mut digits = [0; DIGITS];
    let mut length = 0;
    for byte in code.bytes().filter(|byte| *byte != b' ') {
        *digits.get_mut(length)? = byte.is_ascii_digit().then_some(byte)?;
        length += 1;
    }
    (length == DIGITS).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The secret of RFC 6238 appendix B for SHA-1.
    fn rfc() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        // The RFC prints eight digits; the last six are the code of six.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = rfc().matching_step(code, Timestamp::from_seconds(time));
            assert_eq!(step, Some(u64::try_from(time).unwrap() / 30), "{time}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_late_and_names_its_own_step() {
        let code = "050471";
        let own = 1_111_111_111 / 30;
        for (offset, expected) in [(-2, None), (-1, Some(own)), (0, Some(own)), (1, Some(own)), (2, None)] {
            let now = Timestamp::from_seconds(1_111_111_111 + 30 * offset);
            assert_eq!(rfc().matching_step(code, now), expected.map(|step: i64| step.unsigned_abs()), "{offset}");
        }
    }

    #[test]
    fn what_is_no_code_matches_no_step() {
        let now = Timestamp::from_seconds(59);
        for code in ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "-87082", "287\u{a0}082", "287082\n", "2 8 7 0 8"] {
            assert_eq!(rfc().matching_step(code, now), None, "{code}");
        }
        assert_eq!(rfc().matching_step("287 082", now), Some(1));
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for now in [Timestamp::MIN, Timestamp::from_seconds(0), Timestamp::MAX] {
            let _ = rfc().matching_step("000000", now);
        }
        assert_eq!(rfc().matching_step("287082", Timestamp::from_seconds(-1)), None);
    }

    #[test]
    fn the_uri_has_the_secret_and_both_names() {
        assert_eq!(
            rfc().uri("ACME Co", "ada@example.com").expose(),
            "otpauth://totp/ACME%20Co:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ACME%20Co\
             &algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn a_new_secret_has_160_bits_and_reads_back() {
        let secret = TotpSecret::generate().unwrap();
        assert_eq!(secret.as_bytes().len(), 20);
        assert_eq!(TotpSecret::from_bytes(secret.as_bytes()).unwrap().as_bytes(), secret.as_bytes());
        for length in [0, 15, 65] {
            assert!(TotpSecret::from_bytes(&vec![0; length]).is_err(), "{length}");
        }
        assert_eq!(format!("{secret:?}"), "TotpSecret(..)");
    }

    proptest! {
        #[test]
        fn no_code_and_no_time_panics(code in "\\PC{0,12}|[0-9]{6}", micros: i64) {
            let _ = rfc().matching_step(&code, Timestamp::from_micros(micros));
        }
    }
}
