//! The bodies of generated setters: compiled once here instead of with every model.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    chat::{IntoMessage, Message},
    fields::Fields,
    json::from_text,
    wire::{Num, Wire},
};

/// Sets a field.
pub fn set_value<T: Wire>(fields: &mut Fields, at: u16, name: &'static str, value: T) {
    fields.set(at, name, value.into_field());
}

/// Sets a field if there is a value.
pub fn maybe_value<T: Wire>(fields: &mut Fields, at: u16, name: &'static str, value: Option<T>) {
    if let Some(value) = value {
        fields.set(at, name, value.into_field());
    }
}

/// Sets a field to the JSON of its default.
pub fn set_default(fields: &mut Fields, at: u16, name: &'static str, json: &str) {
    // It was JSON in the catalog.
    set_json(fields, at, name, from_text::<Value>(json).unwrap_or_default());
}

/// Sets a field to any JSON, null too.
pub fn set_json<V: Into<Value>>(fields: &mut Fields, at: u16, name: &'static str, value: V) {
    fields.set_or_null(at, name, value.into().into_field());
}

/// Does the same if there is a value.
pub fn maybe_json<V: Into<Value>>(fields: &mut Fields, at: u16, name: &'static str, value: Option<V>) {
    if let Some(value) = value {
        set_json(fields, at, name, value);
    }
}

/// Defines the function that sets a field after a conversion, and the one that does so if there is a value.
macro_rules! setters {
    ($(#[$doc:meta])* $set:ident, $maybe:ident, ($($generics:tt)*), $given:ty, $convert:path) => {
        $(#[$doc])*
        pub fn $set<$($generics)*>(fields: &mut Fields, at: u16, name: &'static str, value: $given) {
            set_value(fields, at, name, $convert(value));
        }

        /// Does the same if there is a value.
        pub fn $maybe<$($generics)*>(fields: &mut Fields, at: u16, name: &'static str, value: Option<$given>) {
            maybe_value(fields, at, name, value.map($convert));
        }
    };
}

setters! {
    /// Sets a field, converting the value.
    set_into, maybe_into, (T: Wire, V: Into<T>), V, Into::into
}
setters! {
    /// Sets a number.
    set_number, maybe_number, (V: Into<f64>), V, number
}
setters! {
    /// Sets a list.
    set_items, maybe_items, (T: Wire, L: IntoIterator<Item = T>), L, items
}
setters! {
    /// Sets messages.
    set_messages, maybe_messages, (C, M: IntoMessage<C>, L: IntoIterator<Item = M>), L, messages
}
setters! {
    /// Sets a list, converting its items.
    set_list, maybe_list, (T: Wire, V: Into<T>, L: IntoIterator<Item = V>), L, list
}
setters! {
    /// Sets a list of numbers.
    set_numbers, maybe_numbers, (V: Into<f64>, L: IntoIterator<Item = V>), L, numbers
}
setters! {
    /// Sets a map, converting its entries.
    set_map, maybe_map, (T: Wire, K: Into<String>, V: Into<T>, M: IntoIterator<Item = (K, V)>), M, map
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
pub fn list<T, V: Into<T>>(items: impl IntoIterator<Item = V>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}

fn numbers<V: Into<f64>>(numbers: impl IntoIterator<Item = V>) -> Vec<Num> {
    numbers.into_iter().map(number).collect()
}

fn messages<C, M: IntoMessage<C>>(messages: impl IntoIterator<Item = M>) -> Vec<Message<C>> {
    messages.into_iter().map(IntoMessage::into_message).collect()
}

fn items<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect()
}

fn map<T, K: Into<String>, V: Into<T>>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<String, T> {
    entries.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}
