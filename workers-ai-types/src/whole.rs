//! Integers that are written as numbers.

use serde_json::Value;

/// The largest integer up to which every integer is exact as a float: 2^53.
pub(crate) const MAX_EXACT_INTEGER: f64 = 9_007_199_254_740_992.0;

/// Writes integers that are written with a decimal point without one.
pub(crate) fn make_whole(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0);
            if let Some(float) = whole.filter(|float| float.abs() <= MAX_EXACT_INTEGER) {
                #[allow(clippy::cast_possible_truncation, reason = "whole and small enough")]
                let whole = float as i64;
                *number = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Object(members) => members.values_mut().for_each(make_whole),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}
