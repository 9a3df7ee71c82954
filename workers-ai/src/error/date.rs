//! The dates of HTTP, in the three forms that recipients must read.

/// Returns the seconds from 1970 to a date: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
/// `Sun Nov  6 08:49:37 1994`.
pub(super) fn unix_seconds(text: &str) -> Option<u64> {
    /// From the first day of March of the year 0.
    const DAYS_TO_1970: u64 = 719_468;
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    let (year, day, hour, minute, second) = match numbers[..] {
        [day, year, hour, minute, second] if text.ends_with(" GMT") => (year, day, hour, minute, second),
        [day, hour, minute, second, year] => (year, day, hour, minute, second),
        _ => return None,
    };
    let number = |digits: &str| if digits.len() <= 4 { digits.parse::<u64>().ok() } else { None };
    let (day, hour, minute, second) = (number(day)?, number(hour)?, number(minute)?, number(second)?);
    let (short, year) = (year.len() == 2, number(year)?);
    let year = match year {
        year if !short => year,
        // Such dates began with Unix.
        year if year < 70 => year + 2000,
        year => year + 1900,
    };
    let month = (1..).zip(MONTHS).find(|(_, name)| text.contains(name))?.0;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let is_valid =
        (1970..=9999).contains(&year) && (1..=length).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    if !is_valid {
        return None;
    }
    // Years that begin in March have their leap day at the end.
    let (year, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * months + 2) / 5 + day - 1;
    Some((((days - DAYS_TO_1970) * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::unix_seconds;

    #[test]
    fn the_three_forms_are_the_same_moment() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(unix_seconds(text), Some(784_111_777), "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let mut expected = 0;
        for year in 1970..2410 {
            for month in months {
                for day in 1..=31 {
                    if let Some(found) = unix_seconds(&format!("Thu, {day:02} {month} {year} 00:00:00 GMT")) {
                        assert_eq!(found, expected, "{day} {month} {year}");
                        expected += 24 * 60 * 60;
                    }
                }
            }
        }
        assert_eq!(unix_seconds("Tue, 01 Dec 2026 00:00:00 GMT"), Some(1_796_083_200));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "soon",
            "Thu, 29 Feb 2023 00:00:00 GMT",
            "Thu, 31 Apr 2026 00:00:00 GMT",
            "Thu, 01 Foo 2026 00:00:00 GMT",
            "Thu, 01 Jan 2026 24:00:00 GMT",
            "Thu, 01 Jan 2026 00:00:00 CET",
            "Thu, 01 Jan 1969 00:00:00 GMT",
            "Thu, 01 Jan 99999 00:00:00 GMT",
        ] {
            assert_eq!(unix_seconds(text), None, "{text}");
        }
    }
}
