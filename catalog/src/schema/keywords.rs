//! Reads the keywords of a place, from all the schemas that apply there.

use std::{collections::BTreeMap, rc::Rc};

use serde_json::{Map, Value};

use super::{ABOUT_THE_DOCUMENT, Node, Part, alike};
use crate::{
    Bounds, Error, Limit,
    bounds::{common_multiple, is_explosive},
    limits::MAX_PLACES,
};

/// The keywords that describe a place, rather than demand something of its values.
const DESCRIPTIONS: [&str; 10] =
    ["title", "description", "default", "examples", "name", "rename", "wire", "shape", "output", "nullable"];

/// The keywords that no type expresses and no rule checks, sorted.
const UNCHECKED: [&str; 15] = [
    "contains",
    "contentSchema",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "not",
    "patternProperties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

impl<'a> Node<'a> {
    /// Returns a keyword of this schema alone, and whether it is from a correction.
    pub(super) fn own(&self, name: &str) -> Option<(&'a Value, bool)> {
        if self.without_unions && matches!(name, "oneOf" | "anyOf") {
            return None;
        }
        for (set, _) in self.sets.iter().rev() {
            if let Some(value) = set.get(name) {
                return Some((value, true));
            }
        }
        self.raw.get(name).map(|value| (value, self.ours))
    }

    /// Returns all schemas that apply here, outer ones first.
    fn layers(&self) -> impl Iterator<Item = &Self> {
        fn add<'n, 'a>(node: &'n Node<'a>, found: &mut Vec<&'n Node<'a>>) {
            for part in &node.parts {
                if let Part::Outer(outer) = part {
                    add(outer, found);
                }
            }
            found.push(node);
            for part in &node.parts {
                if let Part::Same(part) = part {
                    add(part, found);
                }
            }
        }
        let (mut alone, mut several) = (None, Vec::new());
        if self.parts.is_empty() {
            alone = Some(self);
        } else {
            add(self, &mut several);
        }
        alone.into_iter().chain(several)
    }

    /// Returns a keyword, with corrections applied.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.sourced(name).map(|(value, _)| value)
    }

    fn sourced(&self, name: &str) -> Option<(&'a Value, bool)> {
        let inside = |part: &Part<'a>| match part {
            Part::Same(part) => part.sourced(name),
            Part::Outer(outer) if !DESCRIPTIONS.contains(&name) => outer.sourced(name),
            Part::Outer(_) => None,
        };
        self.own(name).or_else(|| self.parts.iter().find_map(inside))
    }

    /// Returns a keyword that only corrections have, such as the name of a type or a shared type.
    pub(crate) fn note(&self, name: &str) -> Option<&'a str> {
        self.sourced(name).filter(|(_, ours)| *ours).and_then(|(value, _)| value.as_str())
    }

    /// Returns the shared type that stands for this place.
    pub(crate) fn shape(&self) -> Option<&'a str> {
        let of_part = |part: &Part<'a>| match part {
            Part::Same(part) => part.shape(),
            Part::Outer(_) => None,
        };
        self.shape.or_else(|| self.note("shape")).or_else(|| self.parts.iter().find_map(of_part))
    }

    /// Returns a keyword as upstream has it.
    pub(crate) fn upstream(&self, name: &str) -> Option<&'a Value> {
        self.layers().find_map(|layer| layer.raw.get(name))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(Value::as_str)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn raw(&self) -> &'a Value {
        self.raw
    }

    /// Returns the reason of the correction that set a keyword here.
    pub(crate) fn reason_of(&self, name: &str) -> Option<&'a str> {
        let here = self.sets.iter().rev().find(|(set, _)| set.contains_key(name));
        let inside = |part: &Part<'a>| match part {
            Part::Same(part) => part.reason_of(name),
            Part::Outer(_) => None,
        };
        let here = here.map(|(_, correction)| correction.reason.as_str());
        here.or_else(|| self.parts.iter().find_map(inside))
    }

    /// Returns the only type that the place can have.
    pub(crate) fn type_name(&self) -> Option<&'a str> {
        match self.types().ok()?.0.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Returns the types of the place without null, and whether null is among them. Where no `type` is, other keywords imply it.
    pub(crate) fn types(&self) -> Result<(Vec<&'a str>, bool), Error> {
        let mut known: Option<Vec<&'a str>> = None;
        for layer in self.layers() {
            let types = match layer.own("type") {
                Some((Value::String(one), _)) => vec![one.as_str()],
                Some((Value::Array(several), _)) if several.iter().all(Value::is_string) && !several.is_empty() => {
                    several.iter().filter_map(Value::as_str).collect()
                }
                Some(_) => return Err(self.error("`type` is neither a string nor a list of strings")),
                None => continue,
            };
            let all = ["object", "array", "string", "boolean", "integer", "number", "null"];
            if let Some(unknown) = types.iter().find(|name| !all.contains(name)) {
                return Err(self.error(format!("`{unknown}` is not a type of JSON Schema")));
            }
            known = Some(match known {
                Some(known) => both(&known, &types),
                None => types,
            });
        }
        let mut types = known.unwrap_or_else(|| match () {
            () if self.get("properties").is_some() || self.get("additionalProperties").is_some() => vec!["object"],
            () if self.get("items").is_some() || self.get("prefixItems").is_some() => vec!["array"],
            () => Vec::new(),
        });
        let count = types.len();
        types.retain(|name| *name != "null");
        let nullable = types.len() < count;
        Ok((types, nullable))
    }

    /// Returns whether nothing is valid here.
    pub(crate) fn is_never(&self) -> bool {
        self.layers().any(|layer| *layer.raw == Value::Bool(false))
            || self.values().is_some_and(|values| values.is_empty())
            // One schema alone has a type, or says nothing of it.
            || (!self.parts.is_empty()
                && self.layers().any(|layer| layer.own("type").is_some())
                && self.types().is_ok_and(|(types, nullable)| types.is_empty() && !nullable))
    }

    /// Returns whether only null is valid here.
    pub(crate) fn is_null(&self) -> bool {
        let values =
            self.values().is_some_and(|values| !values.is_empty() && values.iter().all(|value| value.is_null()));
        values || self.types().is_ok_and(|(types, nullable)| types.is_empty() && nullable)
    }

    /// Returns whether two places have schemas of the same structure.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let part = |part: &Part<'a>| match part {
            Part::Same(part) => Some(Rc::clone(part)),
            // One that only says the type of its alternatives adds nothing.
            Part::Outer(outer) if outer.get("properties").or_else(|| outer.get("required")).is_none() => None,
            Part::Outer(outer) => Some(Rc::clone(outer)),
        };
        let parts = |node: &Self| node.parts.iter().filter_map(part).collect::<Vec<_>>();
        let (own, others) = (parts(self), parts(other));
        (std::ptr::eq(self.raw, other.raw) || self.raw == other.raw || self.structure() == other.structure())
            && own.len() == others.len()
            && own.iter().zip(&others).all(|(a, b)| a.is_same(b))
    }

    /// Returns the values that the place is limited to by `enum` and `const`.
    pub(crate) fn values(&self) -> Option<Vec<&'a Value>> {
        let mut known: Option<Vec<&'a Value>> = None;
        for layer in self.layers() {
            let constant = layer.own("const").map(|(value, _)| vec![value]);
            let choice = || Some(layer.own("enum")?.0.as_array()?.iter().collect());
            let Some(values): Option<Vec<&'a Value>> = constant.or_else(choice) else { continue };
            known = Some(match known {
                Some(mut known) => {
                    known.retain(|value| values.iter().any(|other| alike(value, other)));
                    known
                }
                None => values,
            });
        }
        known
    }

    /// Returns the names of the members that an object must have.
    pub(crate) fn required(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        for layer in self.layers() {
            let list = layer.own("required").and_then(|(list, _)| list.as_array());
            names.extend(list.into_iter().flatten().filter_map(Value::as_str));
        }
        names
    }

    /// Returns the bounds of the place. What a correction says about one replaces what upstream says.
    pub(crate) fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::default();
        let corrected = |layer: &Self, name: &str| layer.sets.iter().any(|(set, _)| set.contains_key(name));
        for layer in self.layers().filter(|layer| layer.has_bounds()) {
            bounds.add(|name| {
                let replaced = self.layers().any(|other| corrected(other, name)) && !corrected(layer, name);
                layer.own(name).map(|(value, _)| value).filter(|_| !replaced)
            });
        }
        bounds
    }

    /// Returns whether a schema here has bounds. Most have none.
    pub(crate) fn is_bounded(&self) -> bool {
        self.layers().any(Self::has_bounds)
    }

    /// Returns whether this schema has bounds.
    fn has_bounds(&self) -> bool {
        let raw = self.raw.as_object().into_iter().flatten().map(|(name, _)| name);
        raw.chain(self.sets.iter().flat_map(|(set, _)| set.keys())).any(|name| Bounds::has(name))
    }

    /// Returns the keywords that demand what nothing here checks.
    pub(crate) fn unchecked(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        for layer in self.layers() {
            for (name, _) in layer.raw.as_object().into_iter().flatten() {
                found.extend(UNCHECKED.binary_search(&name.as_str()).ok().and_then(|at| UNCHECKED.get(at)));
            }
        }
        found.dedup();
        // Of several patterns one is checked, and of several multiples that have no whole one in common.
        let values = |name: &str| -> Vec<&Value> {
            let mut values: Vec<&Value> = Vec::new();
            values.extend(self.layers().filter_map(|layer| layer.own(name)).map(|(value, _)| value));
            values.dedup();
            values
        };
        let patterns = values("pattern");
        let explosive = patterns.iter().filter_map(|pattern| pattern.as_str()).any(is_explosive);
        found.extend((patterns.len() > 1 || explosive).then_some("pattern"));
        let multiples = values("multipleOf");
        let limits = || multiples.iter().filter_map(|value| Limit::of(value));
        let positive = limits().count() == multiples.len() && limits().all(|limit| limit.as_f64() > 0.0);
        let common = limits().fold(None, |common, limit| common_multiple(common, Some(limit)));
        let holds = |limit: Limit| match (common, limit) {
            (Some(Limit::Whole(common)), Limit::Whole(one)) if one > 0 => common % one == 0,
            (common, limit) => common == Some(limit),
        };
        found.extend((!positive || !limits().all(holds)).then_some("multipleOf"));
        found
    }

    /// Returns whether upstream declares a member that a correction removed.
    pub(crate) fn is_removed(&self, member: &str) -> Result<bool, Error> {
        let declared = |layer: &Self| layer.raw.get("properties").is_some_and(|members| members.get(member).is_some());
        Ok(self.layers().any(declared) && !self.children("properties")?.iter().any(|(name, _)| name == member))
    }

    /// Returns whether a member is declared here.
    pub(crate) fn has_member(&self, member: &str) -> bool {
        let has = |layer: &Self| layer.own("properties").is_some_and(|(members, _)| members.get(member).is_some());
        self.layers().any(has)
    }

    /// Returns the place of a schema that is the value of a keyword.
    pub(crate) fn child(&self, name: &str) -> Result<Option<Self>, Error> {
        let mut found: Option<Self> = None;
        for layer in self.layers() {
            let created = || {
                let created = layer.pending.created().find(|(created, _)| *created == name);
                created.map(|(_, value)| (value, true)).filter(|_| found.is_none())
            };
            let Some(source) = layer.own(name).or_else(created) else { continue };
            let node = layer.below(&[name], source)?;
            match &mut found {
                Some(found) => found.parts.push(Part::Same(Rc::new(node))),
                None => found = Some(node),
            }
        }
        Ok(found.filter(|node| !node.removed))
    }

    /// Returns the members of the object at `name` in order, with those that corrections add. A member that several schemas
    /// describe is one place.
    pub(crate) fn children(&self, name: &str) -> Result<Vec<(String, Self)>, Error> {
        let alone = self.parts.is_empty();
        let mut found: Vec<(String, Self)> = Vec::new();
        let mut known: BTreeMap<&'a str, usize> = BTreeMap::new();
        let mut add = |found: &mut Vec<(String, Self)>, key: &'a str, node: Self| {
            if node.removed {
                return;
            }
            // One schema alone has no member twice.
            if alone {
                found.push((key.to_owned(), node));
                return;
            }
            match known.get(key).and_then(|index| found.get_mut(*index)) {
                Some((_, known)) => known.parts.push(Part::Same(Rc::new(node))),
                None => {
                    known.insert(key, found.len());
                    found.push((key.to_owned(), node));
                }
            }
        };
        let empty = Map::new();
        for layer in self.layers() {
            let (members, ours) = match layer.own(name) {
                Some((Value::Object(members), ours)) => (members, ours),
                Some(_) => return Err(self.error(format!("`{name}` is not an object"))),
                None => continue,
            };
            for (key, raw) in members {
                add(&mut found, key, layer.below(&[name, key], (raw, ours))?);
            }
        }
        let mut created: Vec<&str> = Vec::new();
        for layer in self.layers() {
            let members = layer.own(name).and_then(|(members, _)| members.as_object()).unwrap_or(&empty);
            for (key, value) in layer.pending.step(name).created() {
                let there = members.contains_key(key) || found.iter().any(|(known, _)| known == key);
                if !there && !created.contains(&key) {
                    created.push(key);
                    add(&mut found, key, layer.below(&[name, key], (value, true))?);
                }
            }
        }
        Ok(found)
    }

    /// Returns the schemas of the first items of a list, by position, and that of the others.
    pub(crate) fn positions(&self) -> Result<(Vec<Self>, Option<Self>), Error> {
        // Before 2020 they were in `items`.
        let (name, others) = match self.get("items") {
            Some(Value::Array(_)) => ("items", "additionalItems"),
            _ => ("prefixItems", "items"),
        };
        let layer = self.layers().find(|layer| layer.own(name).is_some_and(|(value, _)| value.is_array()));
        let positions = layer.map_or(Ok(Vec::new()), |layer| layer.own_items(name))?;
        Ok((positions, self.child(others)?))
    }

    /// Returns the items of the array at `name` in this schema alone.
    pub(super) fn own_items(&self, name: &str) -> Result<Vec<Self>, Error> {
        let Some((value, ours)) = self.own(name) else { return Ok(Vec::new()) };
        let Value::Array(items) = value else { return Err(self.error(format!("`{name}` is not an array"))) };
        if items.is_empty() && matches!(name, "oneOf" | "anyOf") {
            return Err(self.error(format!("`{name}` is empty: nothing is valid")));
        }
        let mut found = Vec::new();
        for (index, raw) in items.iter().enumerate() {
            found.push(self.below(&[name, &index.to_string()], (raw, ours))?);
        }
        // An alternative is removed in favour of another one, so that one remains.
        if found.iter().all(|node| node.removed) {
            return Ok(found.pop().into_iter().collect());
        }
        found.retain(|node| !node.removed);
        Ok(found)
    }

    /// Returns whether the place is one of several alternatives.
    pub(crate) fn has_alternatives(&self) -> bool {
        self.layers().any(|layer| layer.own("oneOf").or_else(|| layer.own("anyOf")).is_some())
    }

    /// Returns the alternatives that a place is one of, each with what applies to all of them. A place without `oneOf` and
    /// `anyOf` has none.
    pub(crate) fn alternatives(&self) -> Result<Vec<Self>, Error> {
        self.split(true)
    }

    /// Returns the alternatives of an input, which are objects without saying so.
    pub(crate) fn alternatives_of_input(&self) -> Result<Vec<Self>, Error> {
        self.split(false)
    }

    fn split(&self, by_type: bool) -> Result<Vec<Self>, Error> {
        let mut unions = Vec::new();
        for layer in self.layers() {
            for union in ["oneOf", "anyOf"] {
                if layer.own(union).is_some() {
                    unions.push(layer.own_items(union)?);
                }
            }
        }
        let outer = Rc::new(self.without_unions());
        let mut unions = unions.into_iter();
        let Some(mut found) = unions.next() else { return Ok(Vec::new()) };
        for union in unions {
            if found.len() * union.len() > MAX_PLACES {
                return Err(self.error("there are too many alternatives"));
            }
            let with = |branch: &Self| {
                union.iter().map(|also| branch.clone().with(Part::Same(Rc::new(also.clone())))).collect()
            };
            found = found.iter().flat_map(|branch: &Self| -> Vec<Self> { with(branch) }).collect();
        }
        let (demands, typed) = (outer.layers().any(Self::demands), by_type && outer.has_type());
        let within = |branch: Self| {
            if demands || (typed && !branch.has_type()) { branch.with(Part::Outer(Rc::clone(&outer))) } else { branch }
        };
        Ok(found.into_iter().map(within).filter(|branch| !branch.is_never()).collect())
    }

    /// Returns whether a type is named here.
    pub(crate) fn has_type(&self) -> bool {
        self.layers().any(|layer| layer.own("type").is_some())
    }

    fn with(mut self, part: Part<'a>) -> Self {
        self.parts.push(part);
        self
    }

    /// Returns the place without `oneOf` and `anyOf`.
    pub(crate) fn without_unions(&self) -> Self {
        let mut node = Self { without_unions: true, ..self.clone() };
        for part in &mut node.parts {
            match part {
                Part::Same(part) | Part::Outer(part) => *part = Rc::new(part.without_unions()),
            }
        }
        node
    }

    /// Returns whether this schema demands something of its alternatives beside a type.
    fn demands(&self) -> bool {
        let ignored = |name: &String| {
            DESCRIPTIONS.contains(&name.as_str())
                || matches!(name.as_str(), "type" | "oneOf" | "anyOf" | "allOf" | "$ref" | "contentType")
                || ABOUT_THE_DOCUMENT.contains(&name.as_str())
        };
        let raw = self.raw.as_object().into_iter().flatten().map(|(name, _)| name);
        raw.chain(self.sets.iter().flat_map(|(set, _)| set.keys())).any(|name| !ignored(name))
    }

    /// Returns a key by which a recursive schema recognizes a place.
    pub(crate) fn identity(&self) -> Option<*const Value> {
        if self.parts.iter().any(|part| matches!(part, Part::Outer(_))) {
            return None;
        }
        if self.reference.is_some_and(|reference| reference.starts_with('#')) {
            return Some(std::ptr::from_ref(self.raw));
        }
        let target = |part: &Part<'a>| match part {
            Part::Same(part) => part.identity(),
            Part::Outer(_) => None,
        };
        self.raw.get("$ref").and_then(|_| self.parts.iter().find_map(target)).map(|target| {
            let structural = ["properties", "required", "items", "oneOf", "anyOf", "allOf", "type", "enum", "const"];
            if structural.iter().any(|name| self.raw.get(name).is_some()) {
                std::ptr::from_ref(self.raw)
            } else {
                target
            }
        })
    }
}

/// Returns the types that are in both lists. An integer is a number.
fn both<'a>(known: &[&'a str], types: &[&'a str]) -> Vec<&'a str> {
    let narrower = |name: &&'a str| match *name {
        "number" if !types.contains(&"number") => types.contains(&"integer").then_some("integer"),
        "integer" if types.contains(&"number") => Some("integer"),
        name => types.contains(&name).then_some(name),
    };
    let mut found = known.iter().filter_map(narrower).collect::<Vec<_>>();
    found.dedup();
    found
}
