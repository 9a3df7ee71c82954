//! Checks the JSON of an input that no type has checked: its members, their types, and the choice among alternatives. The bounds
//! of values are [rules](Model::rules).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{BatchItem, Body, Capability, Field, Form, Kind, Model, Place, Presence, Side, suggest};

/// A mistake in the JSON of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The path on the wire: `messages[0].content`.
    pub path: String,
    /// The mistake, as a sentence that starts with the path in backticks.
    pub text: String,
    /// The value, if one is there.
    pub value: Option<Value>,
}

impl Model {
    /// Finds the mistakes in the JSON of an input: unknown and missing members, values of other types, alternatives that exclude each
    /// other, and members for which the model lacks a capability. `known` says of a name whether upstream's schema has it.
    #[must_use]
    pub fn mistakes(&self, input: &Value, known: impl Fn(&str) -> bool) -> Vec<Mistake> {
        let mut check = Check { model: self, known: &known, found: Vec::new() };
        match input.as_object() {
            Some(_) if self.input.body == Body::Form => {
                check.add("input", "must be a form, which JSON cannot be: call the model with its type", None);
            }
            Some(members) => check.input(members),
            None => check.add("input", "must be a JSON object", Some(input)),
        }
        check.found
    }
}

struct Check<'m> {
    model: &'m Model,
    known: &'m dyn Fn(&str) -> bool,
    found: Vec<Mistake>,
}

impl Check<'_> {
    fn add(&mut self, path: &str, must: &str, value: Option<&Value>) {
        self.found.push(Mistake { path: path.to_owned(), text: format!("`{path}` {must}"), value: value.cloned() });
    }

    fn input(&mut self, members: &Map<String, Value>) {
        let input = &self.model.input;
        if let (Some(requests), Some(batch)) = (members.get("requests"), &input.batch) {
            return self.batch(requests, &batch.item);
        }
        let meant = self.unknown(members, &input.fields);
        let ways = self.ways(members);
        for (name, value) in members {
            // Of two alternatives with the same member, the one that was chosen has its type.
            let same = || input.fields.iter().filter(|field| field.wire == *name);
            let chosen = same().find(|field| ways.iter().any(|way| field.alternatives.contains(way)));
            let Some(field) = chosen.or_else(|| same().next()) else { continue };
            match lacks(self.model, name) {
                Some(words) if !is_empty(value) => {
                    self.add(name, &format!("cannot be set: {} does not support {words}", self.model.id), None);
                }
                _ => self.place(&field.place, value, name),
            }
        }
        for field in &input.fields {
            let applies = field.alternatives.is_empty()
                || (!ways.is_empty() && ways.iter().all(|way| field.alternatives.contains(way)));
            let is_given = members.contains_key(&field.wire) || meant.contains(&field.wire.as_str());
            if applies && field.presence != Presence::Optional && !is_given {
                self.missing(&field.wire, &field.place);
            }
        }
    }

    fn batch(&mut self, requests: &Value, item: &BatchItem) {
        let Some(requests) = requests.as_array() else {
            return self.add("requests", "must be a list of inputs", Some(requests));
        };
        for (at, request) in requests.iter().enumerate() {
            let path = format!("requests[{at}]");
            match (item, request.as_object()) {
                // It is found by this afterwards.
                (_, Some(members)) if members.contains_key("external_reference") => {
                    let mut members = members.clone();
                    members.remove("external_reference");
                    self.item(item, &members, &path);
                }
                (_, Some(members)) => self.item(item, members, &path),
                _ => self.add(&path, "must be an object", Some(request)),
            }
        }
    }

    fn item(&mut self, item: &BatchItem, members: &Map<String, Value>, path: &str) {
        match item {
            BatchItem::Input => {
                let mut inner = Check { found: Vec::new(), ..*self };
                inner.input(members);
                self.found.extend(inner.found.into_iter().map(|mistake| Mistake {
                    path: format!("{path}.{}", mistake.path),
                    text: mistake.text.replacen('`', &format!("`{path}."), 1),
                    ..mistake
                }));
            }
            BatchItem::Type(index) => self.named(*index, &Value::Object(members.clone()), path),
        }
    }

    /// Returns the alternatives that the members leave, and finds members that exclude each other.
    fn ways(&mut self, members: &Map<String, Value>) -> Vec<usize> {
        let input = &self.model.input;
        if input.alternatives.is_empty() {
            return Vec::new();
        }
        let key = |way: usize| {
            let name = &input.alternatives[way].key;
            input.fields.iter().find(|field| field.name == *name).map_or(name.as_str(), |field| field.wire.as_str())
        };
        let all: Vec<usize> = (0..input.alternatives.len()).collect();
        let keys: BTreeSet<&str> = all.iter().map(|way| key(*way)).collect();
        let mut left = all.clone();
        for name in members.keys() {
            let of: Vec<usize> = input
                .fields
                .iter()
                .filter(|field| field.wire == *name)
                .flat_map(|field| if field.alternatives.is_empty() { all.clone() } else { field.alternatives.clone() })
                .collect();
            if of.is_empty() {
                continue;
            }
            let next: Vec<usize> = left.iter().copied().filter(|way| of.contains(way)).collect();
            if next.is_empty() {
                let all: Vec<&str> = keys.iter().copied().collect();
                let must = match all.as_slice() {
                    _ if !keys.contains(name.as_str()) => {
                        let with: Vec<&str> = of.iter().map(|way| key(*way)).collect();
                        format!("goes with `{}` only", with.join("` or `"))
                    }
                    [a, b] => format!("cannot be set here: an input takes either `{a}` or `{b}`"),
                    all => format!("cannot be set here: an input takes only one of `{}`", all.join("`, `")),
                };
                self.add(name, &must, None);
            } else {
                left = next;
            }
        }
        left.retain(|way| members.contains_key(key(*way)));
        if left.is_empty() && self.found.is_empty() {
            let first = keys.first().copied().unwrap_or_default();
            let others: Vec<&str> = keys.iter().skip(1).copied().collect();
            self.add(first, &format!("or `{}` is required", others.join("` or `")), None);
        }
        left
    }

    /// Finds members that the input does not have, and returns the fields that were probably meant.
    fn unknown<'f>(&mut self, members: &Map<String, Value>, fields: &'f [Field]) -> Vec<&'f str> {
        let mut all_meant = Vec::new();
        for (name, value) in members {
            if fields.iter().any(|field| field.wire == *name) {
                continue;
            }
            match (name.as_str(), value) {
                ("stream", Value::Bool(_)) if self.model.can(Capability::Streaming) => continue,
                ("stream", Value::Bool(false)) => continue,
                ("stream", value) if self.model.can(Capability::Streaming) => {
                    self.add(name, "must be a boolean", Some(value));
                    continue;
                }
                ("stream", _) => {
                    self.add(name, &format!("cannot be set: {} does not support streaming", self.model.id), None);
                    continue;
                }
                ("messages", _) => {
                    let task = &self.model.info.task;
                    self.add(
                        name,
                        &format!("is not a field of the input: the model is for {task}, not for chats"),
                        None,
                    );
                    continue;
                }
                // Clients of OpenAI's API name the model in the input as well.
                ("model", Value::String(id)) if *id == self.model.id => continue,
                ("model", value) if (self.known)(name) => {
                    self.add(name, &format!("must be {}, or left out", self.model.id), Some(value));
                    continue;
                }
                // Corrections leave out what upstream's schema has, and no type needs.
                _ if (self.known)(name) => continue,
                _ => {}
            }
            // Users know the field by the name that a correction gave it.
            if let Some(field) = fields.iter().find(|field| field.name == *name) {
                self.add(name, &format!("is called `{}` in JSON", field.wire), None);
                all_meant.push(field.wire.as_str());
                continue;
            }
            let free = fields.iter().map(|field| field.wire.as_str()).filter(|wire| !members.contains_key(*wire));
            let meant = suggest(name, free, 1).first().copied();
            let must = match meant {
                Some(meant) => format!("is not a field of the input; did you mean `{meant}`?"),
                None => "is not a field of the input".to_owned(),
            };
            self.add(name, &must, None);
            all_meant.extend(meant);
        }
        all_meant
    }

    fn missing(&mut self, path: &str, place: &Place) {
        match &place.kind {
            Kind::Constant(value) => self.add(path, &format!("is required: it must be {value}"), None),
            _ => self.add(path, "is required", None),
        }
    }

    fn place(&mut self, place: &Place, value: &Value, path: &str) {
        if value.is_null() && (place.nullable || matches!(place.kind, Kind::Json)) {
            return;
        }
        match (&place.kind, value) {
            (Kind::List(item) | Kind::OneOrMany(item), Value::Array(items)) => self.items(item, items, path),
            (Kind::OneOrMany(item), value) => self.place(item, value, path),
            (Kind::Map(of), Value::Object(members)) => {
                for (name, value) in members {
                    self.place(of, value, &format!("{path}.{name}"));
                }
            }
            (Kind::Constant(constant), value) if constant != value => {
                self.add(path, &format!("must be {constant}"), Some(value));
            }
            (Kind::Type(index), value) => self.named(*index, value, path),
            (Kind::Shape(name), value) => self.shape(name, value, path),
            (kind, value) => {
                if let Some(words) = wanted(kind).filter(|_| !is_of(kind, value)) {
                    self.add(path, &format!("must be {words}"), Some(value));
                }
            }
        }
    }

    fn items(&mut self, item: &Place, items: &[Value], path: &str) {
        for (at, value) in items.iter().enumerate() {
            self.place(item, value, &format!("{path}[{at}]"));
        }
    }

    fn named(&mut self, index: usize, value: &Value, path: &str) {
        let model = self.model;
        match model.types.get(index).filter(|known| known.side == Side::Input).map(|known| &known.form) {
            Some(Form::Object { fields, closed, .. }) => match value.as_object() {
                Some(members) => {
                    for field in fields {
                        let path = format!("{path}.{}", field.wire);
                        match members.get(&field.wire) {
                            Some(value) => self.place(&field.place, value, &path),
                            None if field.presence == Presence::Required => self.missing(&path, &field.place),
                            None => {}
                        }
                    }
                    for name in members.keys().filter(|_| *closed) {
                        if !fields.iter().any(|field| field.wire == *name) {
                            self.add(&format!("{path}.{name}"), "is not a field of the input", None);
                        }
                    }
                }
                None => self.add(path, "must be an object", Some(value)),
            },
            Some(Form::Enum { values }) if !values.iter().any(|known| value.as_str() == Some(known)) => {
                self.add(path, &format!("must be one of `{}`", values.join("`, `")), Some(value));
            }
            Some(Form::Union { variants }) => {
                // Of the types that it could be, the one that it is most like.
                let tagged = variants.iter().find(|variant| {
                    variant.tag.as_ref().is_some_and(|(member, tag)| value[member].as_str() == Some(tag))
                });
                if let Some(variant) = tagged {
                    return self.place(&variant.place, value, path);
                }
                let tags: Vec<&(String, String)> = variants.iter().filter_map(|variant| variant.tag.as_ref()).collect();
                if let Some((member, _)) = tags.first().filter(|_| tags.len() == variants.len() && value.is_object()) {
                    let tags: Vec<&str> = tags.iter().map(|(_, tag)| tag.as_str()).collect();
                    let must = format!("must be one of `{}`", tags.join("`, `"));
                    return self.add(&format!("{path}.{member}"), &must, value.get(member));
                }
                let mistakes = variants.iter().map(|variant| {
                    let mut inner = Check { found: Vec::new(), ..*self };
                    inner.place(&variant.place, value, path);
                    inner.found
                });
                let mistakes = mistakes.min_by_key(Vec::len).unwrap_or_default();
                self.found.extend(mistakes);
            }
            Some(Form::Enum { .. }) | None => {}
        }
    }

    fn shape(&mut self, name: &str, value: &Value, path: &str) {
        let inside = |start: &str| name.strip_prefix(start).and_then(|rest| rest.strip_suffix('>'));
        if let Some(content) = inside("Messages<") {
            match value.as_array() {
                Some(messages) => self.messages(content, messages, path),
                None => self.add(path, "must be a list of messages", Some(value)),
            }
        } else if let Some(item) = inside("Vec<") {
            match value.as_array() {
                Some(items) => {
                    for (at, value) in items.iter().enumerate() {
                        self.shape(item, value, &format!("{path}[{at}]"));
                    }
                }
                None => self.add(path, "must be a list", Some(value)),
            }
        } else if name.ends_with("Format") {
            self.format(name, value, path);
        } else if let Some(must) = written_by_hand(name) {
            let good = match name {
                "Contexts" => value.as_array().is_some_and(|all| all.iter().all(|one| one["text"].is_string())),
                "ByteArray" => value.as_array().is_some_and(|all| all.iter().all(is_byte)),
                "ToolChoice" => value.is_string() || value.is_object(),
                "Pooling" => matches!(value.as_str(), Some("mean" | "cls")),
                name if name.starts_with("Tools") => {
                    value.as_array().is_some_and(|all| all.iter().all(Value::is_object))
                }
                _ => value.is_string(),
            };
            if !good {
                self.add(path, must, Some(value));
            }
        } else if let Ok((shape, root)) = crate::shape(name) {
            let mut inner = Check { model: &shape, known: self.known, found: Vec::new() };
            inner.named(root, value, path);
            let found = inner.found;
            self.found.extend(found);
        }
    }

    /// Checks a response format, whose schema some models take as it is, and others with a name around it.
    fn format(&mut self, name: &str, value: &Value, path: &str) {
        let schema = &value["json_schema"];
        let has_name = schema["name"].is_string() && schema["schema"].is_object();
        let must = match value["type"].as_str() {
            Some("json_schema") if !schema.is_object() => "must have the schema in `json_schema`",
            Some("json_schema") if name == "NativeFormat" && has_name => {
                "must have the schema itself in `json_schema`: the model takes no name around it"
            }
            Some("json_schema") if name == "OpenAiFormat" && !has_name => {
                "must have `name` and `schema` in `json_schema`"
            }
            Some("json_object" | "json_schema" | "text") => return,
            _ => "must be a response format, such as `{\"type\": \"json_object\"}`",
        };
        self.add(path, must, Some(value));
    }

    fn messages(&mut self, content: &str, messages: &[Value], path: &str) {
        for (at, message) in messages.iter().enumerate() {
            let path = format!("{path}[{at}]");
            if !message.is_object() {
                self.add(&path, "must be a message: an object with `role` and `content`", Some(message));
                continue;
            }
            if !message["role"].is_string() {
                self.add(&format!("{path}.role"), "is required", None);
            }
            let content_path = format!("{path}.content");
            match &message["content"] {
                Value::String(_) => {}
                Value::Array(parts) if parts.iter().all(Value::is_object) => {}
                // What a model said is null beside its calls.
                Value::Null if message["role"] == "assistant" || message.get("tool_calls").is_some() => {}
                Value::Null if message.get("content").is_none() => self.add(&content_path, "is required", None),
                other => self.add(&content_path, "must be a string, or a list of parts", Some(other)),
            }
            let parts = message["content"].as_array().into_iter().flatten();
            let taken = taken(content);
            for kind in parts.filter_map(|part| part["type"].as_str()) {
                if let Some(words) = PARTS.iter().find(|(part, _)| *part == kind).map(|(_, words)| words)
                    && !taken.contains(&kind)
                {
                    self.add(
                        &format!("{path}.content"),
                        &format!("contains {words}, which this model does not take"),
                        None,
                    );
                }
            }
        }
    }
}

/// Says what a shared type must be that no schema of ours describes.
fn written_by_hand(shape: &str) -> Option<&'static str> {
    Some(match shape {
        "Tools" | "Tools<Described>" => "must be a list of tools",
        "ToolChoice" => "must be `auto`, `none`, `required`, or a function",
        "Effort" | "String" => "must be a string",
        "Pooling" => "must be one of `mean`, `cls`",
        "Contexts" => "must be a list of objects with `text`",
        "Base64Data" | "FormFile" | "RawBody" => "must be a string with base64",
        "DataUri" => "must be a string with a data URI",
        "ByteArray" => "must be a list of bytes, which are integers from 0 to 255",
        _ => return None,
    })
}

fn is_byte(value: &Value) -> bool {
    value.as_u64().is_some_and(|byte| byte <= 255)
}

/// The kinds of parts of a message that some models do not take.
const PARTS: [(&str, &str); 4] =
    [("image_url", "images"), ("input_audio", "audio"), ("video_url", "video"), ("file", "files")];

/// Returns the kinds of parts that messages with this content may have.
fn taken(content: &str) -> &'static [&'static str] {
    match content {
        "Text" => &[],
        "VisionContent" => &["image_url"],
        "MediaNoVideo" => &["image_url", "input_audio", "file"],
        _ => &["image_url", "input_audio", "video_url", "file"],
    }
}

/// Returns the capability that a member needs and the model lacks.
fn lacks(model: &Model, member: &str) -> Option<&'static str> {
    let (capability, words) = match member {
        "tools" => (Capability::Tools, "tools"),
        "lora" => (Capability::Lora, "LoRA"),
        _ => return None,
    };
    (!model.can(capability)).then_some(words)
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// Says what a value must be.
fn wanted(kind: &Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Boolean => "a boolean",
        Kind::Integer => "an integer",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::List(_) => "a list",
        Kind::Object | Kind::Map(_) => "an object",
        Kind::Json | Kind::Constant(_) | Kind::OneOrMany(_) | Kind::Type(_) | Kind::Shape(_) => return None,
    })
}

fn is_of(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::Boolean => value.is_boolean(),
        Kind::Integer => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Kind::Number => value.is_number(),
        Kind::String => value.is_string(),
        Kind::List(_) => value.is_array(),
        Kind::Object | Kind::Map(_) => value.is_object(),
        _ => true,
    }
}
