//! Models that are called by their ID alone.

use serde_json::{Value, json};
use workers_ai::{
    WorkersAi,
    prelude::*,
    transport::{Endpoint, Input, MockTransport},
};

use crate::setup::start;

#[tokio::test]
async fn structured_output_is_asked_for_in_the_form_that_the_model_takes() {
    let mock = MockTransport::new();
    let ids = ["@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/zai-org/glm-5.2", "@cf/of/next-year", "openai/gpt-5.4"];
    let mock = ids.iter().fold(mock, |mock, _| mock.json(r#"{"choices":[{"message":{"content":"{\"minutes\":7}"}}]}"#));
    let ai = WorkersAi::with_transport(mock.clone());
    let schema = json!({ "type": "object", "properties": { "minutes": { "type": "integer" } } });
    for id in ids {
        let call = ai.model(id).ask([system("Be brief."), user("tomato soup")]);
        let answer = call.json_with::<Value>("recipe", schema.clone()).await.expect("an answer");
        assert_eq!(answer["minutes"], 7);
    }
    let formats: Vec<Value> = mock
        .requests()
        .iter()
        .map(|request| json_of(&request.input)["response_format"]["json_schema"].clone())
        .collect();
    assert_eq!(formats[0], schema);
    for format in &formats[1..] {
        assert_eq!((&format["name"], &format["schema"]), (&json!("recipe"), &schema));
    }
}

fn json_of(input: &Input) -> Value {
    serde_json::from_slice(input.json().expect("JSON")).expect("JSON")
}

#[tokio::test]
async fn texts_are_embedded_by_any_model() {
    let (_sim, ai) = start().await;
    let all = ai.model("@cf/baai/bge-m3").embed_all(["a", "b", "a"]).await.expect("vectors");
    assert_eq!((all.len(), all.get(0)), (3, all.get(2)));

    let mock = MockTransport::new().json(r#"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[0,1]}]}"#);
    let ai = WorkersAi::with_transport(mock.clone());
    let all = ai.model("openai/text-embedding-3-small").embed_all(["a", "b"]).await.expect("vectors");
    assert_eq!((all.get(0), all.get(1)), (Some(&[1.0, 0.0][..]), Some(&[0.0, 1.0][..])));
    let [request] = mock.requests().try_into().expect("one request");
    assert!(matches!(request.endpoint, Endpoint::OpenAi { route: "embeddings", .. }));
    assert_eq!(json_of(&request.input), json!({ "model": "openai/text-embedding-3-small", "input": ["a", "b"] }));
}
