//! Serializes objects with any serializer.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    extra::Extra,
    wire::{Object, TryMembers, Wire, try_members},
};

/// Serializes an object.
///
/// # Errors
/// Returns the serializer's error.
pub fn serialize<T: Object, S: Serializer>(object: &T, to: S) -> Result<S::Ok, S::Error> {
    let map = ToMap { map: to.serialize_map(None)?, written: Vec::new() };
    try_members(object, map)?.map.end()
}

struct ToMap<M> {
    map: M,
    /// The names of the members from `extra`, which win over members of the same name.
    written: Vec<String>,
}

impl<M> ToMap<M> {
    fn is_written(&self, name: &str) -> bool {
        self.written.iter().any(|written| written == name)
    }
}

impl<M: SerializeMap> TryMembers for ToMap<M> {
    type Error = M::Error;

    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        if value.is_absent() || self.is_written(name) { Ok(()) } else { self.map.serialize_entry(name, value) }
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        if crate::validate::is_null(value) { Ok(()) } else { self.map.serialize_entry(name, value) }
    }

    fn extra(&mut self, extra: &Extra) -> Result<(), M::Error> {
        for (name, value) in extra {
            self.map.serialize_entry(name, value)?;
            self.written.push(name.to_owned());
        }
        Ok(())
    }
}
