//! The bodies of generated setters: compiled once here instead of with every model.

use std::collections::BTreeMap;

use crate::wire::Num;

/// Sets a field.
pub fn set<T>(field: &mut Option<T>, value: T) {
    *field = Some(value);
}

/// Sets a field if there is a value, converting it.
pub fn maybe<T, V>(field: &mut Option<T>, value: Option<V>, make: impl FnOnce(V) -> T) {
    if let Some(value) = value {
        *field = Some(make(value));
    }
}

/// Sets a field if there is a value.
pub fn maybe_same<T>(field: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *field = value;
    }
}

/// Converts a number to the form in which it is encoded.
pub fn number(number: impl Into<f64>) -> Num {
    Num(number.into())
}

/// Converts the items of a list.
pub fn list<T, I: Into<T>>(items: impl IntoIterator<Item = I>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}

/// Collects the items of a list.
pub fn collect<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect()
}

/// Converts the entries of a map.
pub fn map<T, K: Into<String>, V: Into<T>>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<String, T> {
    entries.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}
