//! Durations as numbers and as texts.

use std::time::Duration;

/// Returns a duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Writes a duration as its `Debug` does, which would be larger in a Worker.
pub(crate) fn text(duration: Duration) -> String {
    let nanos = duration.subsec_nanos();
    let (whole, fraction, digits, unit) = match (duration.as_secs(), nanos) {
        (0, ..1_000) => (nanos.into(), 0, 0, "ns"),
        (0, ..1_000_000) => ((nanos / 1_000).into(), nanos % 1_000, 3, "µs"),
        (0, _) => ((nanos / 1_000_000).into(), nanos % 1_000_000, 6, "ms"),
        (seconds, _) => (seconds, nanos, 9, "s"),
    };
    if fraction == 0 {
        return format!("{whole}{unit}");
    }
    let fraction = format!("{fraction:0digits$}");
    format!("{whole}.{}{unit}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::text;

    #[test]
    fn the_text_is_that_of_debug() {
        let nanos = [0, 1, 999, 1_000, 1_050, 999_999, 1_000_000, 1_500_000, 20_000_001, 999_999_999];
        for duration in nanos.into_iter().flat_map(|nanos| [Duration::new(0, nanos), Duration::new(30, nanos)]) {
            assert_eq!(text(duration), format!("{duration:?}"));
        }
        assert_eq!(text(Duration::MAX), format!("{:?}", Duration::MAX));
    }
}
