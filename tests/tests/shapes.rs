//! Checks that the shared types send what the catalog's descriptions of them say, since the reader trusts those.

use serde_json::{Value, json};
use workers_ai::{
    chat::{
        Content, MediaContent, MediaNoVideo, Message, NativeFormat, OpenAiFormat, ResponseFormat, Text, Tool, ToolCall,
        ToolChoice, VisionContent, assistant, audio, developer, file, image, image_url, system, text, tool_result,
        user, video,
    },
    embeddings::Contexts,
    media::{Base64Data, ByteArray, DataUri},
};
use workers_ai_catalog::{shape_inside, shape_schema};

/// Checks that values are valid under the schema of all that a shape sends.
#[track_caller]
fn sends(shape: &str, values: impl IntoIterator<Item = Value>) {
    let schema = closed(shape_schema(shape).expect("the shape is described"));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for value in values {
        if let Err(error) = validator.validate(&value) {
            panic!("`{shape}` does not say that it sends {value}: {error}");
        }
    }
}

/// Refuses members that a description does not name, unless it says that there may be others.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            members.values_mut().for_each(|member| *member = closed(member.take()));
            if members.get("properties").is_some_and(Value::is_object) && members.get("type") == Some(&json!("object"))
            {
                members.entry("additionalProperties").or_insert_with(|| json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = closed(item.take())),
        _ => {}
    }
    schema
}

fn json_of(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("JSON")
}

/// A message of every role, the one of the user with these contents.
fn conversation<C: Content>(user_messages: Vec<Message<C>>) -> Vec<Message<C>> {
    let call = ToolCall { id: Some("1".to_owned()), name: "sky".to_owned(), arguments: json!({ "place": "here" }) };
    let mut messages = vec![
        system("Be brief."),
        developer("Be polite."),
        user("Why is the sky blue?"),
        user(""),
        user([text("one"), text("two")]),
        assistant("Scattering."),
        assistant("").with_tool_calls([call]),
        tool_result("1", "blue"),
    ];
    messages.extend(user_messages);
    messages
}

#[test]
fn messages_are_sent_as_described() {
    const FILE: &[u8] = b"not really";
    sends("Messages<Text>", [json_of(conversation::<Text>(Vec::new()))]);
    sends("Messages<VisionContent>", [json_of(conversation::<VisionContent>(vec![user([text("?"), image(FILE)])]))]);
    let no_video =
        || user([text("?"), image(FILE), image_url("https://example.com"), audio(FILE), file("a.pdf", FILE)]);
    sends("Messages<MediaNoVideo>", [json_of(conversation::<MediaNoVideo>(vec![no_video()]))]);
    let media =
        user([text("?"), image(FILE), image_url("https://example.com"), audio(FILE), file("a", FILE), video(FILE)]);
    sends("Messages<MediaContent>", [json_of(conversation::<MediaContent>(vec![media]))]);
}

#[test]
fn tools_choices_and_formats_are_sent_as_described() {
    let parameters = json!({ "type": "object", "required": ["place"], "properties": { "place": { "type": "string", "description": "a town" } } });
    let tools = json_of([Tool::function("sky", "The colour of the sky", parameters)]);
    sends("Tools", [tools.clone()]);
    sends("Tools<Described>", [tools]);
    sends(
        "ToolChoice",
        [ToolChoice::Auto, ToolChoice::None, ToolChoice::Required, ToolChoice::function("sky")].map(json_of),
    );
    let formats = || [ResponseFormat::JsonObject, ResponseFormat::json_schema("recipe", json!({ "type": "object" }))];
    sends("NativeFormat", formats().map(|format| json_of(NativeFormat(format))));
    sends("OpenAiFormat", formats().map(|format| json_of(OpenAiFormat(format))));
}

#[test]
fn media_and_contexts_are_sent_as_described() {
    sends("ByteArray", [json_of(ByteArray::from(vec![0_u8, 255]))]);
    sends("Base64Data", [json_of(Base64Data::from(vec![0_u8, 255]))]);
    sends("DataUri", [json_of(DataUri::from(vec![0_u8, 255]))]);
    sends("Contexts", [json_of(Contexts::from(["a lighthouse", "a ship"]))]);
}

#[test]
fn a_description_says_no_more_than_the_type_sends() {
    // Every member that is described is sent by one of the values above.
    let inside = shape_inside("Messages<MediaContent>").expect("the shape is described");
    for member in ["[].role", "[].content[].video_url.url", "[].tool_calls[].function.arguments", "[].tool_call_id"] {
        assert!(inside.members.contains(member), "{member}: {:?}", inside.members);
    }
    assert!(!shape_inside("Messages<Text>").expect("described").members.contains("[].content[].image_url"));
    assert!(shape_schema("Messages<Nothing>").is_err());
}
