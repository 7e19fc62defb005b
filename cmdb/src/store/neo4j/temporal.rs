//! Times and durations as ISO 8601 texts, as the other stores write them.

use super::value::Value;

const DATE: u8 = 0x44;
const TIME: u8 = 0x54;
const LOCAL_TIME: u8 = 0x74;
const DATE_TIME: u8 = 0x49;
const ZONED_DATE_TIME: u8 = 0x69;
const LOCAL_DATE_TIME: u8 = 0x64;
const DURATION: u8 = 0x45;

const DAY: i64 = 86_400;
const SECOND: i64 = 1_000_000_000;

/// The text of a time or duration; nothing for any other structure.
pub(super) fn text(tag: u8, fields: &[Value]) -> Option<String> {
    use Value::{Integer, Text};
    Some(match (tag, fields) {
        (DATE, [Integer(days)]) => date(*days),
        (TIME, [Integer(nanoseconds), Integer(offset)]) => {
            format!("{}{}", time(nanoseconds / SECOND, nanoseconds % SECOND), zone(*offset))
        }
        (LOCAL_TIME, [Integer(nanoseconds)]) => time(nanoseconds / SECOND, nanoseconds % SECOND),
        (LOCAL_DATE_TIME, [Integer(seconds), Integer(nanoseconds)]) => date_time(*seconds, *nanoseconds),
        (DATE_TIME, [Integer(seconds), Integer(nanoseconds), Integer(offset)]) => {
            format!("{}{}", date_time(seconds.saturating_add(*offset), *nanoseconds), zone(*offset))
        }
        (ZONED_DATE_TIME, [Integer(seconds), Integer(nanoseconds), Text(name)]) => {
            let offset = offset(*seconds, name);
            format!("{}{}[{name}]", date_time(seconds.saturating_add(offset), *nanoseconds), zone(offset))
        }
        (DURATION, [Integer(months), Integer(days), Integer(seconds), Integer(nanoseconds)]) => {
            duration(*months, *days, i128::from(*seconds) * i128::from(SECOND) + i128::from(*nanoseconds))
        }
        _ => return None,
    })
}

/// A day by its distance from 1970-01-01, in the Gregorian calendar, which is also used for what was before it.
fn date(days: i64) -> String {
    // Years begin in March here, so that the leap day is the last one of its year.
    let days = i128::from(days) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i128::from(month <= 2);
    match year {
        ..0 => format!("-{:04}-{month:02}-{day:02}", -year),
        0..=9999 => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("+{year}-{month:02}-{day:02}"),
    }
}

fn time(seconds: i64, nanoseconds: i64) -> String {
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if second == 0 && nanoseconds == 0 {
        return format!("{hour:02}:{minute:02}");
    }
    format!("{hour:02}:{minute:02}:{second:02}{}", fraction(nanoseconds))
}

/// A fraction of a second, with as few digits as it needs.
fn fraction(nanoseconds: i64) -> String {
    if nanoseconds == 0 {
        return String::new();
    }
    format!(".{:09}", nanoseconds.abs()).trim_end_matches('0').to_owned()
}

fn date_time(seconds: i64, nanoseconds: i64) -> String {
    format!("{}T{}", date(seconds.div_euclid(DAY)), time(seconds.rem_euclid(DAY), nanoseconds))
}

fn zone(offset: i64) -> String {
    let (sign, size) = (if offset < 0 { '-' } else { '+' }, offset.abs());
    let (hours, minutes, seconds) = (size / 3600, size / 60 % 60, size % 60);
    match (size, seconds) {
        (0, _) => "Z".to_owned(),
        (_, 0) => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

/// How far a zone is from UTC at a time; 0 for a zone that is unknown here, whose name is shown all the same.
fn offset(seconds: i64, name: &str) -> i64 {
    let known = jiff::tz::TimeZone::get(name).ok().zip(jiff::Timestamp::from_second(seconds).ok());
    known.map_or(0, |(zone, at)| i64::from(zone.to_offset(at).seconds()))
}

fn duration(months: i64, days: i64, nanoseconds: i128) -> String {
    let mut text = "P".to_owned();
    for (number, unit) in [(months / 12, 'Y'), (months % 12, 'M'), (days, 'D')] {
        if number != 0 {
            text += &format!("{number}{unit}");
        }
    }
    if nanoseconds == 0 {
        return if text == "P" { "PT0S".to_owned() } else { text };
    }
    text.push('T');
    let seconds = nanoseconds / i128::from(SECOND);
    for (number, unit) in [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M')] {
        if number != 0 {
            text += &format!("{number}{unit}");
        }
    }
    let (second, rest) = (seconds % 60, i64::try_from(nanoseconds % i128::from(SECOND)).unwrap_or_default());
    if second != 0 || rest != 0 {
        let sign = if nanoseconds < 0 { "-" } else { "" };
        text += &format!("{sign}{}{}S", second.abs(), fraction(rest));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(tag: u8, numbers: &[i64]) -> String {
        let fields: Vec<_> = numbers.iter().copied().map(Value::Integer).collect();
        text(tag, &fields).unwrap()
    }

    #[test]
    fn days_and_times_are_iso_8601() {
        assert_eq!(written(DATE, &[0]), "1970-01-01");
        assert_eq!(written(DATE, &[19_782]), "2024-02-29");
        assert_eq!(written(DATE, &[-719_529]), "-0001-12-31");
        assert_eq!(written(LOCAL_TIME, &[45_000 * SECOND]), "12:30");
        assert_eq!(written(TIME, &[45_001 * SECOND + 500_000_000, -5_400]), "12:30:01.5-01:30");
        assert_eq!(written(DATE_TIME, &[-1, 1, 3_600]), "1970-01-01T00:59:59.000000001+01:00");
        assert_eq!(written(LOCAL_DATE_TIME, &[86_400, 0]), "1970-01-02T00:00");
        let zoned = [Value::Integer(1_720_000_000), Value::Integer(0), Value::text("Europe/Paris")];
        assert_eq!(text(ZONED_DATE_TIME, &zoned).unwrap(), "2024-07-03T11:46:40+02:00[Europe/Paris]");
    }

    #[test]
    fn durations_keep_months_days_and_seconds_apart() {
        assert_eq!(written(DURATION, &[14, 3, 3_661, 500_000_000]), "P1Y2M3DT1H1M1.5S");
        assert_eq!(written(DURATION, &[0, 0, 0, 0]), "PT0S");
        assert_eq!(written(DURATION, &[0, 0, -1, 500_000_000]), "PT-0.5S");
        assert_eq!(written(DURATION, &[0, -1, 0, 0]), "P-1D");
    }
}
