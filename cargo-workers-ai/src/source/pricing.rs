//! Prices: the account's list, and the unified catalog's object from a label to an amount.

use serde_json::{Map, Value, json};

use crate::{decimal, snapshot::schema};

/// Returns a list of prices, each an exact decimal.
///
/// # Errors
/// Returns a description of the problem.
pub fn list(list: &Value) -> Result<Value, String> {
    let Value::Array(list) = list else {
        return Err(format!("`price` must be a list, got {}", schema::kind(list)));
    };
    let price = |entry: &Value| {
        let text = |name: &str| match entry.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            _ => Err(format!("a price has no string `{name}`")),
        };
        let (unit, currency) = (text("unit")?, text("currency")?);
        let amount = entry.get("price").and_then(amount);
        let amount = amount.ok_or_else(|| format!("the price {unit} is not a decimal number"))?;
        let mut price = json!({"unit": unit, "price": amount, "currency": currency});
        for name in ["label", "tokens"] {
            if let Some(value) = entry.get(name) {
                price[name] = value.clone();
            }
        }
        Ok(price)
    };
    list.iter().map(price).collect::<Result<Vec<_>, String>>().map(Value::Array)
}

/// Returns the prices of an object from a label, such as `Input tokens (per 1M)`, to an amount in USD.
///
/// # Errors
/// Returns a description of the problem.
pub fn labelled(prices: &Map<String, Value>) -> Result<Value, String> {
    let price = |(label, value): (&String, &Value)| {
        let amount = amount(value).ok_or_else(|| format!("the price `{label}` is not a decimal number"))?;
        let (unit, tokens) = unit(label);
        let mut price = json!({"unit": unit, "price": amount, "currency": "USD", "label": label});
        if let Some((above, up_to)) = tokens {
            price["tokens"] = json!({"above": above, "up_to": up_to});
        }
        Ok(price)
    };
    prices.iter().map(price).collect::<Result<Vec<_>, String>>().map(Value::Array)
}

fn amount(value: &Value) -> Option<String> {
    let amount = match value {
        Value::Number(number) => decimal::plain(&number.to_string()),
        Value::String(text) => decimal::plain(text),
        _ => None,
    };
    amount.filter(|amount| !amount.starts_with('-'))
}

/// Input tokens: more than the first number, and at most the second.
type Tier = (u64, Option<u64>);

/// Returns the unit that a label names, and the numbers of input tokens that it is limited to. A label without a unit is its own.
fn unit(label: &str) -> (String, Option<Tier>) {
    let lower = label.trim().to_lowercase();
    let Some((what, unit)) = lower.strip_suffix(')').and_then(|rest| rest.rsplit_once("(per ")) else {
        return (if lower.starts_with("per ") { lower } else { label.to_owned() }, None);
    };
    if unit != "1m" {
        return (format!("per {unit}"), None);
    }
    let (tiers, words): (Vec<&str>, Vec<&str>) =
        what.split_whitespace().partition(|word| word.starts_with(['<', '>', '≤', '≥']));
    let tokens = match words.as_slice() {
        ["input"] | ["input", "tokens"] => "per M input tokens",
        ["output"] | ["output", "tokens"] => "per M output tokens",
        ["cached", "input"] | ["cached", "input", "tokens"] => "per M cached input tokens",
        _ => return (label.to_owned(), None),
    };
    match tiers.as_slice() {
        [] => (tokens.to_owned(), None),
        [one] => match tier(one) {
            Some(tier) => (tokens.to_owned(), Some(tier)),
            None => (label.to_owned(), None),
        },
        _ => (label.to_owned(), None),
    }
}

/// Reads a bound such as `<=512k`.
fn tier(text: &str) -> Option<Tier> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (sign, number) = text.split_at(digits);
    let (number, factor) = match number.strip_suffix(['k', 'm']) {
        Some(rest) if number.ends_with('k') => (rest, 1_000),
        Some(rest) => (rest, 1_000_000),
        None => (number, 1),
    };
    let number = number.parse::<u64>().ok()?.checked_mul(factor)?;
    match sign {
        "<=" | "≤" => Some((0, Some(number))),
        "<" => Some((0, Some(number.checked_sub(1)?))),
        ">" => Some((number, None)),
        ">=" | "≥" => Some((number.checked_sub(1)?, None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::labelled;

    fn read(prices: &Value) -> Vec<(String, String, String, Value)> {
        let list = labelled(prices.as_object().unwrap()).unwrap();
        let text = |price: &Value, name: &str| price[name].as_str().unwrap().to_owned();
        let price =
            |price: &Value| (text(price, "label"), text(price, "unit"), text(price, "price"), price["tokens"].clone());
        list.as_array().unwrap().iter().map(price).collect()
    }

    #[test]
    fn labels_name_units_and_tiers_and_none_is_dropped() {
        let tier = |above: u64, up_to: Option<u64>| json!({"above": above, "up_to": up_to});
        for (label, amount, unit, tokens) in [
            ("Input tokens (per 1M)", json!(4), "per M input tokens", Value::Null),
            ("Cached input tokens (per 1M)", json!(0.2), "per M cached input tokens", Value::Null),
            ("Input <=512k (per 1M)", json!(0.3), "per M input tokens", tier(0, Some(512_000))),
            ("Input >512k (per 1M)", json!(1.2), "per M input tokens", tier(512_000, None)),
            ("Output tokens <1M (per 1M)", json!(2), "per M output tokens", tier(0, Some(999_999))),
            ("Audio input tokens (per 1M)", json!(8), "Audio input tokens (per 1M)", Value::Null),
            ("Default (per second)", json!(0.15), "per second", Value::Null),
            ("@480p video input (per second)", json!(0.172), "per second", Value::Null),
            ("Per image", json!(0.04), "per image", Value::Null),
            ("hd", json!("1.7e-1"), "hd", Value::Null),
        ] {
            let found = read(&json!({label: amount}));
            let amount = match amount {
                Value::String(_) => "0.17".to_owned(),
                other => other.to_string(),
            };
            assert_eq!(found, [(label.to_owned(), unit.to_owned(), amount, tokens)]);
        }
        assert_eq!(read(&json!({})), []);
        for amount in [json!(-1), json!("free"), json!(null), json!([1])] {
            assert!(labelled(json!({"hd": amount}).as_object().unwrap()).is_err(), "{amount}");
        }
    }
}
