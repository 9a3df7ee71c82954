//! Prices as exact decimals without an exponent: `2.51e-06` becomes `0.00000251`.

/// Returns the plain form of a JSON number, or `None` if the text is not one.
#[must_use]
pub fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok().filter(|e| e.abs() <= 64)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if whole.is_empty() || digits.len() > 64 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => (format!("{digits:0<point$}"), String::new()),
        Ok(point) => (digits[..point].to_owned(), digits[point..].to_owned()),
        Err(_) => (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
    };
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn exponents_and_idle_zeros_go() {
        for (text, expected) in [
            ("2.51e-6", "0.00000251"),
            ("2.51e-06", "0.00000251"),
            ("0.351", "0.351"),
            ("0.30", "0.3"),
            ("5", "5"),
            ("5.0", "5"),
            ("0.0", "0"),
            ("-0.0", "0"),
            ("1E3", "1000"),
            ("12.5e1", "125"),
            ("-1.25", "-1.25"),
            ("100", "100"),
        ] {
            assert_eq!(plain(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", ".", "1.2.3", "1e", "1e999999999", "free", "$1", "١", "+1"] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
