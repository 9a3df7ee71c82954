//! Reads `oneOf` and `anyOf`: nullable types, one-or-many, and unions of types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    names::camel,
    types::{Types, names_with},
};
use crate::{Error, Form, Kind, Place, Side, Variant, limits::MAX_VARIANTS, schema::Node};

pub(crate) fn read(types: &mut Types, node: &Node<'_>, names: &[String]) -> Result<Place, Error> {
    let mut flat = Vec::new();
    let mut one_only = node.get("oneOf").is_some();
    flatten(node.alternatives()?, &mut flat, &mut one_only)?;
    if flat.is_empty() {
        return Err(node.error("nothing is valid here"));
    }
    let count = flat.len();
    if count > MAX_VARIANTS {
        return Err(node.error(format!("the place has more than {MAX_VARIANTS} alternatives")));
    }
    let branches: Vec<Node<'_>> = flat.into_iter().filter(|branch| !branch.is_null()).collect();
    let nullable = branches.len() < count;
    let mut place = match branches.as_slice() {
        [] => types.equal_to(node, &[&Value::Null]),
        [one] => types.place(one, names)?,
        _ => match listed(&branches) {
            Some(values) => types.choice(node, &values, names)?,
            None => {
                let mut place = several(types, node, &branches, names)?;
                if let Some(keyword) = unchecked(types, &branches, one_only) {
                    types.leave_unchecked(node, &mut place, keyword);
                }
                place
            }
        },
    };
    place.nullable |= nullable;
    Ok(place)
}

/// The features that distinguish an alternative.
struct Marks<'a> {
    types: Vec<&'a str>,
    values: Option<BTreeSet<String>>,
    /// The constants of its required members.
    constants: BTreeMap<String, String>,
}

impl<'a> Marks<'a> {
    fn of(branch: &Node<'a>) -> Result<Self, Error> {
        let written = |values: Vec<&Value>| values.into_iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let required = branch.required();
        let members = branch.children("properties")?.into_iter().filter(|(name, _)| required.contains(&name.as_str()));
        let constant = |(name, member): (String, Node<'a>)| match member.values()?.as_slice() {
            [one] => Some((name, one.to_string())),
            _ => None,
        };
        Ok(Self {
            types: branch.types()?.0,
            values: branch.values().map(written),
            constants: members.filter_map(constant).collect(),
        })
    }

    /// Returns whether no value is valid in both.
    fn exclude(&self, other: &Self) -> bool {
        let number = |name: &'a str| if name == "integer" { "number" } else { name };
        let both_typed = !self.types.is_empty() && !other.types.is_empty();
        let own: BTreeSet<&str> = self.types.iter().copied().map(number).collect();
        let values = self.values.as_ref().zip(other.values.as_ref());
        (both_typed && !other.types.iter().copied().map(number).any(|name| own.contains(name)))
            || values.is_some_and(|(values, others)| values.is_disjoint(others))
            || self.constants.iter().any(|(name, value)| other.constants.get(name).is_some_and(|other| other != value))
    }
}

/// Returns the keyword that is not checked: several alternatives can match, and which one does is not known.
fn unchecked<'a>(types: &Types, branches: &[Node<'a>], one_only: bool) -> Option<&'static str> {
    if types.side == Side::Output {
        return None;
    }
    let marks = branches.iter().map(Marks::of).collect::<Result<Vec<_>, Error>>().ok()?;
    let all: Vec<_> = branches.iter().zip(&marks).collect();
    let loose = |(at, &(a, of_a)): (usize, &(&Node<'a>, &Marks<'a>))| {
        all[at + 1..].iter().any(|&(b, of_b)| {
            let objects = a.get("properties").is_some() && b.get("properties").is_some();
            (!of_a.exclude(of_b) && (one_only || !objects)) || (objects && differ_in_bounds(a, b))
        })
    };
    all.iter().enumerate().any(loose).then_some(if one_only { "oneOf" } else { "anyOf" })
}

/// Returns whether a member of two objects has other bounds in each: it is checked against the wider ones.
fn differ_in_bounds<'a>(a: &Node<'a>, b: &Node<'a>) -> bool {
    let [Ok(of_a), Ok(of_b)] = [a, b].map(|node| node.children("properties")) else { return false };
    let of_b: BTreeMap<String, Node<'a>> = of_b.into_iter().collect();
    of_a.iter().any(|(name, member)| of_b.get(name).is_some_and(|other| member.bounds() != other.bounds()))
}

/// Returns the scalars that several alternatives list.
fn listed<'a>(branches: &[Node<'a>]) -> Option<Vec<&'a Value>> {
    let mut found: Vec<&Value> = Vec::new();
    for branch in branches {
        let values = branch.values().filter(|_| branch.shape().is_none())?;
        if values.iter().any(|value| value.is_object() || value.is_array()) {
            return None;
        }
        found.extend(values);
    }
    let mut seen = BTreeSet::new();
    found.retain(|value| seen.insert(value.to_string()));
    Some(found)
}

/// Puts the branches of unions inside a union beside its own.
fn flatten<'a>(branches: Vec<Node<'a>>, flat: &mut Vec<Node<'a>>, one_only: &mut bool) -> Result<(), Error> {
    for branch in branches {
        let plain = branch.shape().is_none() && branch.identity().is_none() && !branch.flag("nullable");
        let is_union = branch.has_alternatives() && branch.values().is_none() && branch.get("properties").is_none();
        let inside = if plain && is_union { branch.alternatives()? } else { Vec::new() };
        // Alternatives that are a value each are one choice.
        if inside.is_empty() || (inside.len() > 1 && listed(&inside).is_some()) {
            flat.push(branch);
        } else {
            *one_only |= branch.get("oneOf").is_some();
            flatten(inside, flat, one_only)?;
        }
    }
    Ok(())
}

fn several<'a>(types: &mut Types, node: &Node<'a>, branches: &[Node<'a>], names: &[String]) -> Result<Place, Error> {
    let mut read: Vec<Variant> = Vec::new();
    for branch in branches {
        let mut path = names.to_vec();
        // Titles change with upstream's prose, names must not.
        let title = branch.note("name");
        path.push(title.map(str::to_owned).or_else(|| tag_of(branch).map(|(_, value)| value)).unwrap_or_else(|| {
            // A branch without name or tag is named after the place and its required members.
            let place = names.last().map_or("", String::as_str);
            match branch.type_name() {
                Some("array") => format!("{place} parts"),
                _ if branch.values().is_some() => format!("{place} keyword"),
                _ if branch.required().is_empty() => format!("{place} object"),
                _ => format!("{place} {}", branch.required().join(" ")),
            }
        }));
        types.tags.extend(tag_member(branch).map(|(_, tag)| tag.pointer));
        let place = types.place(branch, &path)?;
        if read.iter().any(|known| known.place == place) {
            continue;
        }
        let scalar = matches!(place.kind, Kind::String | Kind::Integer | Kind::Number | Kind::Boolean);
        if let Some(known) = read.iter_mut().find(|known| scalar && known.place.kind == place.kind) {
            known.place.bounds = known.place.bounds.either(&place.bounds);
            continue;
        }
        let name = title
            .map(camel)
            .or_else(|| tag_of(branch).map(|(_, value)| camel(&value)))
            .unwrap_or_else(|| kind_name(&place.kind).to_owned());
        read.push(Variant { name, place, tag: tag_of(branch) });
    }
    if let [one] = read.as_slice() {
        return Ok(one.place.clone());
    }
    if read.iter().any(|variant| variant.place.kind == Kind::Json) {
        return Ok(Place::new(Kind::Json));
    }
    if let Some(place) = one_or_many(&read) {
        return Ok(place);
    }
    if read.iter().all(|variant| is_text(types, &variant.place.kind)) {
        types.note(node, "several string types; any string is accepted");
        return Ok(Place::new(Kind::String));
    }
    distinguish(types, node, &mut read, branches)?;
    let form = Form::Union { variants: read };
    let index = types.add(&names_with(names, node), form, node);
    Ok(Place::new(Kind::Type(index)))
}

/// Returns the member of a branch that is a constant string, and its value.
fn tag_of(branch: &Node<'_>) -> Option<(String, String)> {
    let (name, child) = tag_member(branch)?;
    Some((name, constant_of(&child)?.to_owned()))
}

fn tag_member<'a>(branch: &Node<'a>) -> Option<(String, Node<'a>)> {
    branch.children("properties").ok()?.into_iter().find(|(_, child)| constant_of(child).is_some())
}

/// Returns the only string that a place can be.
fn constant_of<'a>(node: &Node<'a>) -> Option<&'a str> {
    if node.has_alternatives() {
        return match node.alternatives().ok()?.as_slice() {
            [one] => constant_of(one),
            _ => None,
        };
    }
    match node.values()?.as_slice() {
        [Value::String(one)] => Some(one.as_str()),
        _ => None,
    }
}

/// Returns `OneOrMany<T>` for a choice between `T` and a list of `T`. Its bounds are those of both, which concern values of
/// different types.
fn one_or_many(variants: &[Variant]) -> Option<Place> {
    let [a, b] = variants else { return None };
    let (one, list, item) = match (&a.place.kind, &b.place.kind) {
        (_, Kind::List(item)) => (&a.place, &b.place, item),
        (Kind::List(item), _) => (&b.place, &a.place, item),
        _ => return None,
    };
    let fits = one.kind == item.kind && matches!(one.kind, Kind::String | Kind::Type(_));
    fits.then(|| Place { bounds: list.bounds.both(&one.bounds), ..Place::new(Kind::OneOrMany(item.clone())) })
}

fn is_text(types: &Types, kind: &Kind) -> bool {
    match kind {
        Kind::String => true,
        Kind::Type(index) => types.list.get(*index).is_some_and(|known| {
            // An empty one represents a recursive place that is still being read.
            matches!(&known.form, Form::Enum { values } if !values.is_empty())
        }),
        _ => false,
    }
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean => "Boolean",
        Kind::Integer | Kind::Number => "Number",
        Kind::String | Kind::Constant(_) => "Text",
        Kind::List(_) | Kind::OneOrMany(_) => "List",
        Kind::Json | Kind::Object | Kind::Map(_) | Kind::Type(_) | Kind::Shape(_) => "Object",
    }
}

/// Makes the names of variants unique.
fn distinguish(
    types: &mut Types,
    node: &Node<'_>,
    variants: &mut [Variant],
    branches: &[Node<'_>],
) -> Result<(), Error> {
    for index in 0..variants.len() {
        let twice = variants.iter().filter(|other| other.name == variants[index].name).count() > 1;
        if !twice {
            continue;
        }
        let others: Vec<&str> = branches
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != index)
            .flat_map(|(_, branch)| branch.required())
            .collect();
        let own: Vec<&str> = branches
            .get(index)
            .map(Node::required)
            .unwrap_or_default()
            .into_iter()
            .filter(|name| !others.contains(name))
            .collect();
        if let Kind::Type(of) = variants[index].place.kind
            && let Some(known) = types.list.get(of)
            && matches!(known.form, Form::Enum { .. })
        {
            "Known".clone_into(&mut variants[index].name);
        } else if let (true, Some(title)) =
            (own.is_empty(), branches.get(index).and_then(|branch| branch.text("title")))
        {
            variants[index].name = camel(title);
        } else if own.is_empty() {
            types.note(node, "two alternatives have the same name; a correction with `name` gives a better one");
            variants[index].name = format!(
                "{}{}",
                variants[index].name,
                ["", "Too", "Also", "Else"].get(index).copied().unwrap_or("More")
            );
        } else {
            variants[index].name = camel(&own.join(" "));
        }
    }
    let mut names: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) && types.side == Side::Input {
        return Err(node.error("two alternatives have the same name; a correction with `name` must distinguish them"));
    }
    Ok(())
}
