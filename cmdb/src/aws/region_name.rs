//! What a region's name looks like.

use crate::error::{Error, Result};

/// Checks that text can be a region's name: lower-case words and a number, joined by hyphens, such as `us-gov-west-1`.
///
/// Whether there is such a region is for the provider to say.
pub(super) fn check_region(text: &str) -> Result<()> {
    let mut parts: Vec<&str> = text.split('-').collect();
    let number = parts.pop().unwrap_or_default();
    let fits = text.len() <= 32
        && parts.len() >= 2
        && parts[0].len() >= 2
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
        && matches!(number.len(), 1 | 2)
        && number.bytes().all(|b| b.is_ascii_digit());
    if fits {
        return Ok(());
    }
    let found: String = text.chars().take(80).collect();
    Err(Error::invalid("regions", "names such as us-east-1", format!("`{found}`")))
}

/// Where to ask the token service: in the first region, in its partition's home, then in the other regions, since each of
/// them may be unknown, closed to the account or out of reach.
pub(super) fn token_regions(regions: &[String]) -> Vec<&str> {
    let Some(first) = regions.first() else { return Vec::new() };
    let mut order = vec![first.as_str(), home_of(first)];
    order.extend(regions[1..].iter().map(String::as_str));
    let mut seen = std::collections::BTreeSet::new();
    order.retain(|region| seen.insert(*region));
    order
}

/// The region whose token service answers for the partition that a region is in, wherever the account lives there.
pub(super) fn home_of(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "cn-north-1",
        _ if region.starts_with("us-gov-") => "us-gov-west-1",
        _ if region.starts_with("us-iso-") => "us-iso-east-1",
        _ if region.starts_with("us-isob-") => "us-isob-east-1",
        _ if region.starts_with("eusc-") => "eusc-de-east-1",
        _ => "us-east-1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_every_partition_fit() {
        for region in ["us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "mars-north-1"] {
            check_region(region).unwrap();
        }
    }

    #[test]
    fn the_token_service_is_asked_near_by_then_at_home_then_elsewhere() {
        let regions = ["cn-northwest-1".to_owned(), "cn-north-1".to_owned(), "cn-south-1".to_owned()];
        assert_eq!(token_regions(&regions), ["cn-northwest-1", "cn-north-1", "cn-south-1"]);
        assert_eq!(token_regions(&["mars-north-1".to_owned()]), ["mars-north-1", "us-east-1"]);
    }

    #[test]
    fn anything_that_could_reach_another_host_is_refused() {
        let long = format!("us-{}-1", "e".repeat(40));
        for text in
            ["", "us-east", "us-east-", "us-east-1a", "US-EAST-1", "us-east-1.evil.example", "us--1", "a/b-c-1", "east-1", &long]
        {
            assert!(check_region(text).is_err(), "{text:?}");
        }
    }
}
