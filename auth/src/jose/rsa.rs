//! Which RSA keys are good enough.

/// The least bits of a modulus (RFC 7518 section 3.3) and the most, which bounds the time of a verification.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The exponents: FIPS 186-5 asks for an odd one above 2^16, and with less, mistakes in padding become forgeries. The back end
/// takes none of more than 33 bits.
const EXPONENTS: std::ops::RangeInclusive<u64> = 65_537..=(1 << 33) - 1;

/// The primes that the keys of CVE-2017-15361 betray themselves by: the odd ones up to 167.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127,
    131, 137, 139, 149, 151, 157, 163, 167,
];

/// What is wrong with a public key, if anything. Both numbers are big-endian without leading zeros.
pub(crate) fn weakness(modulus: &[u8], exponent: &[u8]) -> Option<String> {
    if modulus.first().is_none_or(|byte| *byte == 0) || exponent.first().is_none_or(|byte| *byte == 0) {
        return Some("a modulus or exponent that is empty or begins with zeros".to_owned());
    }
    let bits = modulus.len() * 8 - modulus[0].leading_zeros() as usize;
    if !BITS.contains(&bits) {
        return Some(format!("a modulus of {bits} bits"));
    }
    if exponent.len() > 8 {
        return Some(format!("an exponent of {} bytes", exponent.len()));
    }
    let exponent = exponent.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
    if !EXPONENTS.contains(&exponent) || exponent % 2 == 0 {
        return Some(format!("the exponent {exponent}"));
    }
    if remainder(modulus, 2) == 0 || PRIMES.into_iter().any(|prime| remainder(modulus, prime) == 0) {
        return Some("a modulus with a small factor".to_owned());
    }
    PRIMES
        .into_iter()
        .all(|prime| is_power_of_65537(remainder(modulus, prime), prime))
        .then(|| "a key of the weak generator of CVE-2017-15361 (ROCA)".to_owned())
}

fn remainder(number: &[u8], divisor: u32) -> u32 {
    number.iter().fold(0, |remainder, byte| (remainder << 8 | u32::from(*byte)) % divisor)
}

/// Whether a number is some power of 65537 modulo a prime. The weak generator's primes are `k * M + 65537^a mod M` with `M` the
/// product of small primes, so its moduli are such powers for each of them; of good keys, one in 2^27 is by chance.
fn is_power_of_65537(number: u32, prime: u32) -> bool {
    let generator = 65_537 % prime;
    let mut power = 1;
    for _ in 0..prime {
        if power == number {
            return true;
        }
        power = power * generator % prime;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modulus(bytes: usize) -> Vec<u8> {
        // Odd, and 1 modulo no more of the small primes than chance has it.
        let mut modulus: Vec<u8> = (0..bytes).map(|i| (i * 151 + 129) as u8).collect();
        modulus[0] = 0xff;
        let last = modulus.len() - 1;
        modulus[last] |= 1;
        while PRIMES.into_iter().any(|prime| remainder(&modulus, prime) == 0) {
            modulus[1] = modulus[1].wrapping_add(1);
        }
        modulus
    }

    #[test]
    fn sizes_and_exponents_are_bounded() {
        assert_eq!(weakness(&modulus(256), &[1, 0, 1]), None);
        assert_eq!(weakness(&modulus(1024), &[1, 0, 1]), None);
        for bytes in [1, 64, 128, 255, 1025] {
            assert!(weakness(&modulus(bytes), &[1, 0, 1]).unwrap().contains("bits"), "{bytes}");
        }
        for exponent in [&[1][..], &[3], &[17], &[1, 0, 0], &[1, 0, 2], &[2, 0, 0, 0, 1], &[1; 9], &[], &[0, 1, 0, 1]] {
            assert!(weakness(&modulus(256), exponent).is_some(), "{exponent:?}");
        }
        assert!(weakness(&[], &[1, 0, 1]).is_some());
        let mut even = modulus(256);
        even[255] &= 0xfe;
        assert!(weakness(&even, &[1, 0, 1]).unwrap().contains("factor"));
    }

    #[test]
    fn a_power_of_65537_modulo_every_small_prime_is_the_weak_generators() {
        let mut weak = vec![0; 256];
        weak[0] = 0x80;
        let one = |number: &[u8]| PRIMES.into_iter().find(|prime| remainder(number, *prime) != 1);
        // The modulus that is 1 = 65537^0 modulo each: found by adding, prime after prime, the product of those that fit.
        let mut step: Vec<u8> = vec![2];
        weak[255] = 1;
        for prime in PRIMES {
            while remainder(&weak, prime) != 1 {
                add(&mut weak, &step);
            }
            step = times(&step, prime);
        }
        assert_eq!(one(&weak), None);
        assert!(weakness(&weak, &[1, 0, 1]).unwrap().contains("CVE-2017-15361"));
    }

    fn add(number: &mut [u8], other: &[u8]) {
        let mut carry = 0;
        let mut other = other.iter().rev();
        for byte in number.iter_mut().rev() {
            carry += u32::from(*byte) + u32::from(*other.next().unwrap_or(&0));
            *byte = carry as u8;
            carry >>= 8;
        }
    }

    fn times(number: &[u8], factor: u32) -> Vec<u8> {
        let mut product = vec![0; number.len() + 1];
        let mut carry = 0;
        for (i, byte) in product.iter_mut().enumerate().rev() {
            carry += if i == 0 { 0 } else { u32::from(number[i - 1]) * factor };
            *byte = carry as u8;
            carry >>= 8;
        }
        product
    }
}
