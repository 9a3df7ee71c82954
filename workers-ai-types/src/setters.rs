//! The bodies of generated setters: compiled once here instead of with every model.

use std::collections::BTreeMap;

use crate::wire::Num;

/// Sets a field.
pub fn set_value<T>(field: &mut Option<T>, value: T) {
    *field = Some(value);
}

/// Sets a field if there is a value.
pub fn maybe_value<T>(field: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *field = value;
    }
}

/// Sets a field, converting the value.
pub fn set_into<T, V: Into<T>>(field: &mut Option<T>, value: V) {
    *field = Some(value.into());
}

/// Sets a field if there is a value, converting it.
pub fn maybe_into<T, V: Into<T>>(field: &mut Option<T>, value: Option<V>) {
    maybe_value(field, value.map(Into::into));
}

/// Sets a number.
pub fn set_number<V: Into<f64>>(field: &mut Option<Num>, value: V) {
    *field = Some(number(value));
}

/// Sets a number if there is one.
pub fn maybe_number<V: Into<f64>>(field: &mut Option<Num>, value: Option<V>) {
    maybe_value(field, value.map(number));
}

/// Sets a list.
pub fn set_items<T, L: IntoIterator<Item = T>>(field: &mut Option<Vec<T>>, items: L) {
    *field = Some(items.into_iter().collect());
}

/// Sets a list if there is one.
pub fn maybe_items<T, L: IntoIterator<Item = T>>(field: &mut Option<Vec<T>>, items: Option<L>) {
    maybe_value(field, items.map(|items| items.into_iter().collect()));
}

/// Sets a list, converting the items.
pub fn set_list<T, V: Into<T>, L: IntoIterator<Item = V>>(field: &mut Option<Vec<T>>, items: L) {
    *field = Some(list(items));
}

/// Sets a list if there is one, converting the items.
pub fn maybe_list<T, V: Into<T>, L: IntoIterator<Item = V>>(field: &mut Option<Vec<T>>, items: Option<L>) {
    maybe_value(field, items.map(list));
}

/// Sets a map, converting its entries.
pub fn set_map<T, K: Into<String>, V: Into<T>, M: IntoIterator<Item = (K, V)>>(
    field: &mut Option<BTreeMap<String, T>>,
    entries: M,
) {
    *field = Some(entries.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
}

/// Sets a map if there is one, converting its entries.
pub fn maybe_map<T, K: Into<String>, V: Into<T>, M: IntoIterator<Item = (K, V)>>(
    field: &mut Option<BTreeMap<String, T>>,
    entries: Option<M>,
) {
    if let Some(entries) = entries {
        set_map(field, entries);
    }
}

/// Converts an integer. One that is too large stays too large, so that the check rejects it.
pub fn saturated<F, T: TryFrom<F>>(value: Option<F>, most: T) -> Option<T> {
    value.map(|value| T::try_from(value).unwrap_or(most))
}

/// Converts a number to the form in which it is encoded.
pub fn number<V: Into<f64>>(number: V) -> Num {
    Num(number.into())
}

/// Converts the items of a list.
pub fn list<T, I: Into<T>>(items: impl IntoIterator<Item = I>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}
