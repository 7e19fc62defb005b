//! Times as people type them.

use std::time::Duration;

use dharmagraph_cmdb::Timestamp;

const EXPECTED: &str =
    "expected a time such as 2025-01-18T12:30:45Z, a date such as 2025-01-18 (UTC), or an age such as 90m, 24h or 7d";

/// RFC 3339, a date (its first moment in UTC) or an age.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    moment_before(text, Timestamp::now())
}

fn moment_before(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    if let Ok(date) = format!("{text}T00:00:00Z").parse() {
        return Ok(date);
    }
    age(text).map(|age| now.before(age)).ok_or_else(|| EXPECTED.to_owned())
}

fn age(text: &str) -> Option<Duration> {
    let (at, unit) = text.char_indices().next_back()?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        'w' => 7 * 86400,
        _ => return None,
    };
    let digits = &text[..at];
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(digits.parse::<u64>().ok()?.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Result<String, String> {
        moment_before(text, "2025-01-18T12:00:00Z".parse().unwrap()).map(|time| time.to_string())
    }

    #[test]
    fn times_dates_and_ages_are_understood() {
        assert_eq!(at("2025-01-18T13:30:45+01:00").unwrap(), "2025-01-18T12:30:45Z");
        assert_eq!(at("2025-01-17").unwrap(), "2025-01-17T00:00:00Z");
        assert_eq!(at("90m").unwrap(), "2025-01-18T10:30:00Z");
        assert_eq!(at("2d").unwrap(), "2025-01-16T12:00:00Z");
    }

    #[test]
    fn anything_else_is_told_what_was_expected() {
        for text in ["", "now", "h", "-1h", "1.5h", "1y", "2025-13-01", "ü", "99999999999999999999d", "18446744073709551615w"] {
            assert!(at(text).unwrap_err().contains("2025-01-18"), "{text}");
        }
    }
}
