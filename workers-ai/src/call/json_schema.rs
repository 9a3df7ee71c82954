//! JSON Schemas of types, in the form that models take.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

/// Returns the schema of a type with all definitions inlined: models do not follow references.
pub(crate) fn output_schema<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.meta_schema = None;
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    // Inlined types have no title unless their docs set one; the root has the name of its type.
    if schema.get("title").is_some_and(|title| *title == *T::schema_name()) {
        schema.as_object_mut().and_then(|members| members.remove("title"));
    }
    tidy(&mut schema);
    schema
}

/// Removes null from what a member can be that need not be there. Models leave out what is not required, and some cannot follow a
/// schema in which a value has several types.
fn without_null(members: &mut Map<String, Value>) {
    let is_null = |schema: &Value| schema.get("type").is_some_and(|of| of == "null");
    if let Some(Value::Array(types)) = members.get_mut("type") {
        types.retain(|of| of != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            members.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(values)) = members.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if members.get("default").is_some_and(Value::is_null) {
        members.remove("default");
    }
    for union in ["anyOf", "oneOf"] {
        let Some(Value::Array(alternatives)) = members.get_mut(union) else { continue };
        alternatives.retain(|alternative| !is_null(alternative));
        if let [Value::Object(one)] = alternatives.as_slice() {
            let one = one.clone();
            members.remove(union);
            // What stands beside the union describes the member.
            for (name, value) in one {
                members.entry(name).or_insert(value);
            }
        }
    }
}

/// Returns the schema of a tool's arguments: every property has one type and a description, which many models need.
pub(crate) fn arguments_schema<T: JsonSchema>() -> Value {
    let mut schema = output_schema::<T>();
    let Some(members) = schema.as_object_mut() else { return schema };
    members.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    let properties = members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten();
    for (name, property) in properties {
        // `true` is the schema of anything.
        if property.is_boolean() {
            *property = Value::Object(Map::new());
        }
        let Some(property) = property.as_object_mut() else { continue };
        property.entry("description").or_insert_with(|| Value::String(name.replace('_', " ")));
        let of = type_of(property).unwrap_or("object").to_owned();
        property.insert("type".to_owned(), Value::String(of));
    }
    schema
}

/// Returns the first type that a schema allows beside null, or its alternatives allow.
fn type_of(schema: &Map<String, Value>) -> Option<&str> {
    match schema.get("type") {
        Some(Value::String(of)) => Some(of).filter(|of| *of != "null").map(String::as_str),
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).find(|of| *of != "null"),
        _ => {
            let alternatives = ["anyOf", "oneOf", "allOf"].iter().filter_map(|name| schema.get(*name)?.as_array());
            alternatives.flatten().find_map(|schema| type_of(schema.as_object()?))
        }
    }
}

/// Removes formats that only Rust knows, and null where a member can be left out instead.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            const RUST_FORMATS: [&str; 12] = [
                "uint8", "uint16", "uint32", "uint64", "uint", "int8", "int16", "int32", "int64", "int", "float",
                "double",
            ];
            if members.get("format").and_then(Value::as_str).is_some_and(|format| RUST_FORMATS.contains(&format)) {
                members.remove("format");
            }
            members.values_mut().for_each(tidy);
            let required: Vec<Value> = members.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
            let properties = members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten();
            for (name, property) in properties {
                if let Value::Object(property) = property
                    && !required.iter().any(|required| required == name.as_str())
                {
                    without_null(property);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde_json::json;

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is looked at")]
    struct Place {
        /// A town.
        town: String,
        days: Option<u8>,
        scale: Option<Scale>,
    }

    /// A scale of degrees.
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is looked at")]
    enum Scale {
        /// Water freezes at 0.
        Celsius,
        /// Water freezes at 32.
        Fahrenheit,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is looked at")]
    struct Book {
        title: String,
        pages: u32,
    }

    #[derive(JsonSchema)]
    #[schemars(title = "A title of its own")]
    #[allow(dead_code, reason = "only its schema is looked at")]
    struct Titled {
        book: Book,
    }

    #[test]
    fn types_names_are_no_titles() {
        assert_eq!(super::output_schema::<std::collections::BTreeMap<String, u32>>().get("title"), None);
        let book = super::output_schema::<Book>();
        assert_eq!(book.get("title"), None);
        assert_eq!(book["properties"]["title"]["type"], "string");
        let titled = super::output_schema::<Titled>();
        assert_eq!(titled["title"], "A title of its own");
        assert_eq!(titled["properties"]["book"].get("title"), None);
    }

    #[test]
    fn a_member_that_can_be_left_out_is_never_null() {
        #[derive(JsonSchema)]
        #[allow(dead_code, reason = "only its schema is looked at")]
        struct Trip {
            /// Where it goes.
            to: Option<Place>,
            stops: Vec<Option<u32>>,
        }
        let schema = super::output_schema::<Trip>();
        assert_eq!(schema["required"], json!(["stops"]));
        let to = &schema["properties"]["to"];
        assert_eq!((&to["type"], &to["description"]), (&json!("object"), &json!("Where it goes.")));
        assert_eq!(to["properties"]["days"]["type"], "integer");
        assert_eq!(to["required"], json!(["town"]));
        assert!(!to.to_string().contains("null"), "{to}");
        assert_eq!(schema["properties"]["stops"]["items"]["type"], json!(["integer", "null"]), "null is an item");
    }

    #[test]
    fn arguments_have_one_type_and_a_description_each() {
        let schema = super::arguments_schema::<Place>();
        assert_eq!(schema["properties"]["town"], json!({ "type": "string", "description": "A town." }));
        assert_eq!(schema["properties"]["days"]["type"], "integer");
        assert_eq!(schema["properties"]["days"]["description"], "days");
        assert_eq!(schema["properties"]["scale"]["type"], "string");
        assert_eq!(schema["required"], json!(["town"]));
    }
}
