//! The end of the chain, to be noted.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A place of the chain and its hash.
///
/// Whoever notes one elsewhere, as the text `17:5d41..` that it shows and reads, can later see that everything up to it is as it
/// was: [`verify_noted_chain`](super::verify_noted_chain).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainHead {
    /// The place.
    pub sequence: u64,
    /// The hash of the record there.
    pub hash: [u8; 32],
}

impl fmt::Display for ChainHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.sequence)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for ChainHead {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parsed = text.split_once(':').and_then(|(sequence, hash)| {
            let sequence = sequence.parse().ok().filter(|sequence| *sequence > 0)?;
            Some(Self { sequence, hash: hash_of(hash)? })
        });
        parsed.ok_or_else(|| {
            let found: String = text.chars().take(100).collect();
            Error::invalid("noted head", "a place, a colon and 64 hexadecimal digits, as a report shows it", format!("`{found}`"))
        })
    }
}

fn hash_of(digits: &str) -> Option<[u8; 32]> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { return None };
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noted_head_reads_back() {
        let head = ChainHead { sequence: 17, hash: std::array::from_fn(|index| u8::try_from(index * 8).unwrap()) };
        assert_eq!(head.to_string().parse::<ChainHead>().unwrap(), head);
        assert_eq!(head.to_string().to_uppercase().parse::<ChainHead>().unwrap(), head);
    }

    #[test]
    fn what_is_no_head_is_refused() {
        let hash = "0".repeat(64);
        for text in
            ["", "17", "17:", ":00", &format!("0:{hash}"), &format!("-1:{hash}"), &format!("1:{hash}0"), &format!("1:é{hash}")]
        {
            assert!(text.parse::<ChainHead>().is_err(), "{text}");
        }
    }
}
