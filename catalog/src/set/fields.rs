//! The members that several objects have in common.

use super::Merge;
use crate::{Field, Kind, Place, Presence, Side};

impl<'m> Merge<'m> {
    /// Returns the members of a nested object that all models have. `None`: one of them needs a member that others lack.
    pub(super) fn members(&mut self, objects: &[&'m [Field]]) -> Option<Vec<Field>> {
        let mut names: Vec<&'m str> = Vec::new();
        for field in objects.iter().copied().flatten() {
            if !names.contains(&field.wire.as_str()) {
                names.push(&field.wire);
            }
        }
        let mut fields = Vec::new();
        for wire in names {
            let same: Vec<Option<&'m Field>> =
                objects.iter().map(|object| object.iter().find(|field| field.wire == wire)).collect();
            let field = same.iter().copied().collect::<Option<Vec<&'m Field>>>().and_then(|same| self.field(&same));
            match field {
                Some(field) => fields.push(field),
                // What only some models send is not read.
                None if self.side == Side::Output => {}
                None if same.iter().flatten().any(|field| field.presence != Presence::Optional) => return None,
                None => {}
            }
        }
        fields.sort_by_key(|field| field.presence != Presence::Required);
        Some(fields)
    }

    /// Returns what all models take for a member.
    pub(super) fn field(&mut self, same: &[&'m Field]) -> Option<Field> {
        let first = *same.first()?;
        let places: Vec<&'m Place> = same.iter().map(|field| &field.place).collect();
        let place = self.place(&places)?;
        let has = |presence: Presence| same.iter().any(|field| field.presence == presence);
        let all_default = same.iter().all(|field| field.default == first.default);
        let presence = if self.side == Side::Output {
            if has(Presence::Optional) { Presence::Optional } else { Presence::Required }
        } else if has(Presence::Required) || matches!(place.kind, Kind::Constant(_)) {
            Presence::Required
        } else if has(Presence::Optional) || !all_default {
            Presence::Optional
        } else {
            Presence::Defaulted
        };
        Some(Field {
            place,
            presence,
            keeps_null: same.iter().all(|field| field.keeps_null),
            why: same.iter().find_map(|field| field.why.clone()),
            default: first.default.clone().filter(|_| all_default),
            alternatives: Vec::new(),
            ..first.clone()
        })
    }
}
