//! Lowers the catalog's intermediate form to the plan: decides every Rust name and type.

use workers_ai_catalog::{BatchItem, Bounds, Capability, Field, Form, Kind, Limit, Model, Place, Presence, Set, Side};

use crate::{
    SetVariant,
    names::{self, Names},
    plan::{
        Alternative, Answer, Builder, Constant, Local, LocalForm, Media, Member, MissingCapability, Object, Output,
        Plan, SetPlan, Shape, Ty, Variant,
    },
};

/// Fields that count things, which are unsigned even without bounds.
const COUNTS: [&str; 14] = [
    "max_tokens",
    "max_completion_tokens",
    "num_steps",
    "steps",
    "width",
    "height",
    "max_length",
    "top_k",
    "n",
    "top_logprobs",
    "max_objects",
    "word_count",
    "bit_rate",
    "seconds",
];

/// Returns the plan of a model.
pub(crate) fn plan<'m>(model: &'m Model, name: &str) -> Plan<'m> {
    let lowering = Lowering { model, name, shape: None };
    let input = lowering.input();
    let types = lowering.types(&input);
    let output = lowering.output();
    let batch_item = model.input.batch.as_ref().and_then(|batch| match batch.item {
        BatchItem::Type(index) => Some(index),
        BatchItem::Input => None,
    });
    let chat = messages(model, &input).filter(|_| is_chat_reply(&output));
    let mut plan = Plan { model, name: name.to_owned(), input, output, types, batch_item, chat, set: None };
    drop_unused(&mut plan);
    plan
}

/// Returns the plan of a shared type that a model spells out.
pub(crate) fn shape<'m>(model: &'m Model, root: usize, name: &str) -> Plan<'m> {
    let lowering = Lowering { model, name, shape: Some(root) };
    let input = Builder {
        name: String::new(),
        members: Vec::new(),
        constants: Vec::new(),
        alternatives: Vec::new(),
        open: false,
        closed: false,
    };
    let output = Output::Single(Ty::Local(root));
    let types = lowering.types(&input);
    let mut plan = Plan { model, name: name.to_owned(), input, output, types, batch_item: None, chat: None, set: None };
    drop_unused(&mut plan);
    plan
}

/// Returns what is known of the models of a set.
pub(crate) fn set(set: &Set, variants: &[SetVariant<'_>], name: &str) -> SetPlan {
    let model = |at: &usize| {
        let variant = variants.get(*at)?;
        Some(format!("`{name}::{}` ({})", variant.name, variant.model.id))
    };
    let lacking =
        set.lacking.iter().map(|(capability, without)| (*capability, without.iter().filter_map(model).collect()));
    SetPlan {
        lacking: lacking.collect(),
        formats_differ: set.variations.iter().any(|variation| variation.native_format),
    }
}

/// Returns the Rust names of an object's fields, except constants.
pub(crate) fn field_names(fields: &[Field]) -> Vec<String> {
    let mut names = Names::default();
    fields
        .iter()
        .filter(|field| !matches!(field.place.kind, Kind::Constant(_)))
        .map(|field| names.field(&field.name))
        .collect()
}

/// Returns the position of the messages, if they alone make an input that can be run.
fn messages(model: &Model, input: &Builder) -> Option<usize> {
    let at = input.members.iter().position(|member| matches!(member.ty, Ty::Shape(Shape::Messages(_))))?;
    let messages = input.members.get(at)?;
    let others = input.members.iter().enumerate().filter(|(index, _)| *index != at);
    let needs_more = others
        .filter(|(_, member)| messages.goes_with(member))
        .any(|(_, member)| member.presence == Presence::Required);
    (model.can(Capability::Run) && !needs_more).then_some(at)
}

/// Returns whether an output is read like that of every chat model.
fn is_chat_reply(output: &Output) -> bool {
    let is = |ty: &Ty, name: &str| matches!(ty, Ty::Shape(Shape::Named(named)) if named == name);
    match output {
        Output::Object(object) | Output::Either(object, _) => {
            object.members.iter().any(|member| is(&member.ty, "LegacyResponse") || is(&member.ty, "Vec<Choice>"))
        }
        Output::Single(single) => is(single, "ChatCompletion"),
        Output::Several(_) | Output::Media(_) => false,
    }
}

struct Lowering<'m, 'n> {
    model: &'m Model,
    name: &'n str,
    /// The type to generate as a shared type, if this is not for a model.
    shape: Option<usize>,
}

impl Lowering<'_, '_> {
    /// Lowers the types, whose names are none of those of the input and its traits.
    fn types(&self, input: &Builder) -> Vec<Local> {
        let answers: Vec<usize> = self
            .model
            .output
            .json
            .iter()
            .filter_map(|answer| match answer.place.kind {
                Kind::Type(index) => Some(index),
                _ => None,
            })
            .collect();
        let mut names = Names::default();
        names.take(self.reserved(input));
        self.model
            .types
            .iter()
            .enumerate()
            .map(|(index, known)| {
                let side = match known.side {
                    Side::Input => "Input",
                    Side::Output => "Output",
                };
                let name = match self.shape {
                    Some(root) if root == index => self.name.to_owned(),
                    Some(_) => format!("{}{}", self.name, known.name.strip_prefix(self.name).unwrap_or(&known.name)),
                    None => format!("{}{side}{}", self.name, known.name),
                };
                let stem = names::type_name(&name);
                let numbered = (2..).map(|number| format!("{stem}{number}"));
                std::iter::once(stem.clone())
                    .chain(numbered)
                    .map(|name| {
                        let form = self.local(index, &name, &answers);
                        Local { name, form }
                    })
                    .find(|local| names.take(local.names()))
                    .unwrap_or(Local { name: stem, form: LocalForm::Unused })
            })
            .collect()
    }

    fn local(&self, index: usize, name: &str, answers: &[usize]) -> LocalForm {
        let Some(known) = self.model.types.get(index) else { return LocalForm::Unused };
        let input = known.side == Side::Input;
        match &known.form {
            Form::Object { .. } if answers.contains(&index) => LocalForm::Unused,
            Form::Object { fields, open, closed } if input => {
                let mut builder = self.builder(name, fields, &[], *open);
                builder.closed = *closed;
                LocalForm::Built(builder)
            }
            Form::Object { fields, open, .. } => LocalForm::Read(self.object(name, fields, *open)),
            Form::Enum { values } => LocalForm::Choice { values: choices(values), open: !input },
            Form::Union { variants } => LocalForm::Union { variants: self.variants(variants), input },
        }
    }

    /// Returns the names that no type may have: the input's, the output's and those of several answers.
    fn reserved(&self, input: &Builder) -> Vec<String> {
        if self.shape.is_some() {
            return Vec::new();
        }
        let output = format!("{}Output", self.name);
        let mut variants = Names::default();
        let answers = self.model.output.json.iter().filter(|_| self.model.output.json.len() > 1);
        let answers = answers.map(|answer| format!("{output}{}", variants.variant(&answer.name)));
        input.names().into_iter().chain(answers).chain([output.clone()]).collect()
    }

    fn variants(&self, variants: &[workers_ai_catalog::Variant]) -> Vec<Variant> {
        let mut names = Names::default();
        variants
            .iter()
            .map(|variant| {
                let name = names.variant(&variant.name);
                let ty = match self.ty(&variant.place, "") {
                    // Every integer converts to it but `u64`, and literals need no suffix.
                    Ty::Int(of) if of != "u64" || !is_large(&variant.place.bounds) => Ty::Int("i64"),
                    other => other,
                };
                Variant { name, ty, tag: variant.tag.clone() }
            })
            .collect()
    }

    fn input(&self) -> Builder {
        let input = &self.model.input;
        let mut builder = self.builder(&format!("{}Input", self.name), &input.fields, &input.alternatives, true);
        self.add_missing(&mut builder);
        builder
    }

    /// Adds setters for tools and LoRA to chat models that lack the capability: their messages say so.
    fn add_missing(&self, builder: &mut Builder) {
        let Some(messages) = builder.members.iter().position(|member| member.wire == "messages") else { return };
        let alternatives = builder.members[messages].alternatives;
        for (wire, capability, missing, ty) in [
            ("tools", Capability::Tools, MissingCapability::Tools, Ty::Shape(Shape::Tools { described: false })),
            ("lora", Capability::Lora, MissingCapability::Lora, Ty::String),
        ] {
            if self.model.can(capability) {
                continue;
            }
            match builder.members.iter_mut().find(|member| member.wire == wire) {
                Some(member) => member.missing = Some(missing),
                None => builder.members.push(Member {
                    name: wire.to_owned(),
                    wire: wire.to_owned(),
                    ty,
                    presence: Presence::Optional,
                    keeps_null: false,
                    why: None,
                    doc: None,
                    unchecked: Vec::new(),
                    default: None,
                    bounds: Bounds::default(),
                    alternatives: if wire == "tools" { alternatives } else { 0 },
                    missing: Some(missing),
                }),
            }
        }
    }

    fn builder(
        &self,
        name: &str,
        fields: &[Field],
        alternatives: &[workers_ai_catalog::Alternative],
        open: bool,
    ) -> Builder {
        let mut names = Names::default();
        let mut members: Vec<Member> = Vec::new();
        let mut constants = Vec::new();
        for field in fields {
            if let Kind::Constant(value) = &field.place.kind {
                let alternatives = alternatives_of(field);
                let required = field.presence != Presence::Optional;
                constants.push(Constant { wire: field.wire.clone(), value: value.clone(), required, alternatives });
                continue;
            }
            let member = self.member(field, &mut names, true);
            members.push(member);
        }
        let alternatives = alternatives
            .iter()
            .filter_map(|alternative| {
                let field = fields.iter().find(|field| field.name == alternative.key)?;
                let key = members
                    .iter()
                    .position(|member| member.wire == field.wire && member.alternatives == alternatives_of(field))?;
                Some(Alternative { key, output: alternative.output })
            })
            .collect();
        Builder { name: name.to_owned(), members, constants, alternatives, open, closed: false }
    }

    fn object(&self, name: &str, fields: &[Field], open: bool) -> Object {
        let mut names = Names::default();
        let mut members: Vec<Member> = Vec::new();
        for field in fields {
            let member = self.member(field, &mut names, false);
            members.push(member);
        }
        Object { name: name.to_owned(), members, open }
    }

    fn member(&self, field: &Field, names: &mut Names, input: bool) -> Member {
        let ty = self.ty(&field.place, &field.wire);
        // Usage that cannot be read must not cost a good answer.
        let may_lack = field.place.nullable || ty == Ty::Shape(Shape::Named("Usage".to_owned()));
        let presence = if !input && may_lack { Presence::Optional } else { field.presence };
        Member {
            name: names.field(&field.name),
            wire: field.wire.clone(),
            ty,
            presence,
            keeps_null: field.keeps_null,
            why: field.why.clone(),
            doc: field.doc.clone(),
            unchecked: field.place.unchecked.clone(),
            default: field.default.clone(),
            bounds: field.place.bounds.clone(),
            alternatives: alternatives_of(field),
            missing: None,
        }
    }

    fn ty(&self, place: &Place, wire: &str) -> Ty {
        match &place.kind {
            Kind::Boolean | Kind::Constant(serde_json::Value::Bool(_)) => Ty::Bool,
            Kind::Integer => Ty::Int(integer(&place.bounds, wire)),
            Kind::Number => Ty::Number,
            Kind::Constant(serde_json::Value::Number(_)) => Ty::Int("i64"),
            Kind::String | Kind::Constant(_) => Ty::String,
            Kind::Json => Ty::Json,
            Kind::Object => Ty::Object,
            Kind::List(item) => Ty::List(Box::new(self.item(item))),
            Kind::Map(value) => Ty::Map(Box::new(self.item(value))),
            Kind::OneOrMany(item) => Ty::OneOrMany(Box::new(self.ty(item, ""))),
            Kind::Type(index) if self.is_recursive(*index) => Ty::Boxed(Box::new(Ty::Local(*index))),
            Kind::Type(index) => Ty::Local(*index),
            Kind::Shape(name) => Ty::Shape(match name.as_str() {
                "Tools" => Shape::Tools { described: false },
                "Tools<Described>" => Shape::Tools { described: true },
                "Effort" => Shape::Effort(place.bounds.values.clone()),
                "Pooling" => Shape::Pooling,
                name => match name.strip_prefix("Messages<").and_then(|rest| rest.strip_suffix('>')) {
                    Some(content) => Shape::Messages(content.to_owned()),
                    None => Shape::Named(name.to_owned()),
                },
            }),
        }
    }

    /// Returns the type of an item of a list, or of a value of a map.
    fn item(&self, place: &Place) -> Ty {
        let ty = self.ty(place, "");
        // JSON has a null of its own.
        if place.nullable && !matches!(ty, Ty::Json) { Ty::Nullable(Box::new(ty)) } else { ty }
    }

    /// Returns whether a type contains itself without a list or map in between.
    fn is_recursive(&self, index: usize) -> bool {
        let direct = |place: &Place| match place.kind {
            Kind::Type(next) => Some(next),
            _ => None,
        };
        let mut seen = vec![false; self.model.types.len()];
        let mut open = vec![index];
        while let Some(from) = open.pop() {
            let next: Vec<usize> = match self.model.types.get(from).map(|known| &known.form) {
                Some(Form::Object { fields, .. }) => fields.iter().filter_map(|field| direct(&field.place)).collect(),
                Some(Form::Union { variants }) => {
                    variants.iter().filter_map(|variant| direct(&variant.place)).collect()
                }
                _ => Vec::new(),
            };
            for next in next {
                if next == index {
                    return true;
                }
                if seen.get_mut(next).is_some_and(|seen| !std::mem::replace(seen, true)) {
                    open.push(next);
                }
            }
        }
        false
    }

    fn output(&self) -> Output {
        let output = &self.model.output;
        let name = format!("{}Output", self.name);
        let media = output.binary.as_deref().map(media_of);
        match (output.json.as_slice(), media) {
            ([], Some(media)) => Output::Media(media),
            ([], None) => Output::Single(Ty::Json),
            ([answer], media) => match (self.answer(&name, &answer.place), media) {
                (Answer::Object(object), Some(media)) if is_made_of(&object, media) => Output::Either(object, media),
                (Answer::Object(object), _) => Output::Object(object),
                (Answer::Type(ty), _) => Output::Single(ty),
            },
            (several, _) => {
                let mut names = Names::default();
                Output::Several(
                    several
                        .iter()
                        .map(|answer| {
                            let variant = names.variant(&answer.name);
                            let answer = self.answer(&format!("{name}{variant}"), &answer.place);
                            (variant, answer)
                        })
                        .collect(),
                )
            }
        }
    }

    fn answer(&self, name: &str, place: &Place) -> Answer {
        if let Kind::Type(index) = place.kind
            && let Some(known) = self.model.types.get(index)
            && let Form::Object { fields, open, .. } = &known.form
        {
            return Answer::Object(self.object(name, fields, *open));
        }
        Answer::Type(self.ty(place, ""))
    }
}

/// Returns the alternatives that have a field, as a bit set.
fn alternatives_of(field: &Field) -> u32 {
    field.alternatives.iter().filter(|index| **index < 32).fold(0, |set, index| set | 1 << index)
}

/// Returns whether bytes alone make a whole object: one of its members holds them, and no other is required.
fn is_made_of(object: &Object, media: Media) -> bool {
    let holds = |member: &Member| matches!(&member.ty, Ty::Shape(Shape::Named(name)) if name == media.shape());
    object.members.iter().any(holds)
        && object.members.iter().all(|member| holds(member) || member.presence != Presence::Required)
}

fn media_of(content_type: &str) -> Media {
    match content_type.split('/').next() {
        Some("image") => Media::Image,
        Some("audio") => Media::Audio,
        _ => Media::File,
    }
}

fn choices(values: &[String]) -> Vec<(String, String)> {
    let mut names = Names::default();
    values.iter().map(|value| (names.variant(value), value.clone())).collect()
}

/// Returns the smallest unsigned type that holds both bounds. Without bounds, counts are `u32` and others `i64`.
fn integer(bounds: &Bounds, wire: &str) -> &'static str {
    let unsigned = bounds.minimum.is_some_and(|minimum| minimum.ceil() >= 0)
        || (bounds.minimum.is_none() && bounds.maximum.is_some() && COUNTS.contains(&wire));
    match bounds.maximum.map(Limit::floor) {
        Some(most) if unsigned => match most {
            most if most <= u8::MAX.into() => "u8",
            most if most <= u16::MAX.into() => "u16",
            most if most <= u32::MAX.into() => "u32",
            _ => "u64",
        },
        None if COUNTS.contains(&wire) => "u32",
        None if unsigned => "u64",
        _ => "i64",
    }
}

/// Returns whether an `i64` cannot hold all integers within bounds.
fn is_large(bounds: &Bounds) -> bool {
    bounds.maximum.is_some_and(|most| most.floor() > i64::MAX.into())
}

/// Drops the types that shared types or the outputs themselves replace.
fn drop_unused(plan: &mut Plan<'_>) {
    fn mark(ty: &Ty, used: &mut Vec<usize>) {
        match ty {
            Ty::List(inner) | Ty::Map(inner) | Ty::OneOrMany(inner) | Ty::Boxed(inner) | Ty::Nullable(inner) => {
                mark(inner, used);
            }
            Ty::Local(index) if !used.contains(index) => used.push(*index),
            _ => {}
        }
    }
    let mut used: Vec<usize> = plan.batch_item.into_iter().collect();
    plan.input.members.iter().for_each(|member| mark(&member.ty, &mut used));
    let of_object =
        |object: &Object, used: &mut Vec<usize>| object.members.iter().for_each(|member| mark(&member.ty, used));
    match &plan.output {
        Output::Object(object) | Output::Either(object, _) => of_object(object, &mut used),
        Output::Single(ty) => mark(ty, &mut used),
        Output::Media(_) => {}
        Output::Several(answers) => answers.iter().for_each(|(_, answer)| match answer {
            Answer::Object(object) => of_object(object, &mut used),
            Answer::Type(ty) => mark(ty, &mut used),
        }),
    }
    let mut at = 0;
    while let Some(index) = used.get(at).copied() {
        at += 1;
        match plan.types.get(index).map(|local| &local.form) {
            Some(LocalForm::Built(builder)) => builder.members.iter().for_each(|member| mark(&member.ty, &mut used)),
            Some(LocalForm::Read(object)) => of_object(object, &mut used),
            Some(LocalForm::Union { variants, .. }) => variants.iter().for_each(|variant| mark(&variant.ty, &mut used)),
            _ => {}
        }
    }
    for (index, local) in plan.types.iter_mut().enumerate() {
        if !used.contains(&index) {
            local.form = LocalForm::Unused;
        }
    }
}
