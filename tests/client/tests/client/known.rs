//! Models that are called by their ID alone, and that the catalog knows.

use serde_json::{Value, json};
use workers_ai::{
    Error, WorkersAi, billing::ApproximateCounter, chat::ToolBox, error::ConfigError, prelude::*,
    transport::MockTransport,
};

use crate::setup::start;

/// Returns the error of an input that is refused before it is sent.
async fn refusal(id: &str, input: Value) -> String {
    let mock = MockTransport::new().json("{}");
    let error = WorkersAi::with_transport(mock.clone()).model(id).run(input).await.expect_err("a refusal");
    assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    assert!(mock.requests().is_empty());
    error.to_string()
}

#[tokio::test]
async fn what_the_compiler_refuses_in_a_typed_input_is_refused_before_it_is_sent() {
    let (flux, llama, glm) =
        ("@cf/black-forest-labs/flux-1-schnell", "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/zai-org/glm-5.2");
    let gemma = "@cf/google/gemma-2b-it-lora";
    for (id, input, says) in [
        (flux, json!({ "prompt": "a" }), "`steps` is required"),
        (flux, json!({ "prompt": "a", "steps": 9 }), "`steps` must be between 1 and 8, got 9"),
        (flux, json!({ "prompt": "a", "steps": "4" }), "`steps` must be an integer, got \"4\""),
        (flux, json!({ "prompt": "a", "num_steps": 4, "steps": 4 }), "`num_steps` is called `steps` in JSON"),
        (flux, json!({ "promt": "a", "steps": 4 }), "`promt` is not a field of the input; did you mean `prompt`?"),
        (
            flux,
            json!({ "messages": [{ "role": "user", "content": "a" }], "prompt": "a", "steps": 4 }),
            "`messages` is not a field of the input: the model is for Text-to-Image, not for chats",
        ),
        (flux, json!("a"), "`input` must be a JSON object, got \"a\""),
        (llama, json!({ "max_tokens": 3 }), "`messages` or `prompt` is required"),
        (
            llama,
            json!({ "prompt": "a", "messages": [{ "role": "user", "content": "a" }] }),
            "`prompt` cannot be set here: an input takes either `messages` or `prompt`",
        ),
        (llama, json!({ "messages": "hello" }), "`messages` must be a list of messages, got \"hello\""),
        (llama, json!({ "messages": [{ "content": "a" }] }), "`messages[0].role` is required"),
        (llama, json!({ "prompt": "" }), "`prompt` must not be empty"),
        (
            glm,
            json!({ "messages": [{ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": "data:," } }] }] }),
            "`messages[0].content` contains images, which this model does not take",
        ),
        (
            gemma,
            json!({ "messages": [{ "role": "user", "content": "a" }], "tools": [{}] }),
            "`tools` cannot be set: @cf/google/gemma-2b-it-lora does not support tools",
        ),
        (
            "@cf/deepgram/aura-2-en",
            json!({ "text": "a", "container": "avi" }),
            "`container` must be one of `none`, `wav`, `ogg`, got \"avi\"",
        ),
    ] {
        assert_eq!(refusal(id, input).await, format!("{says} ({id})"));
    }
}

#[tokio::test]
async fn capabilities_are_those_of_the_catalog() {
    let mock = MockTransport::new();
    let ai = WorkersAi::with_transport(mock.clone());
    let unsupported = |error: &Error| match error {
        Error::Configuration(ConfigError::Unsupported { model, capability }) => format!("{model}: {capability}"),
        other => panic!("{other:?}"),
    };
    let flux = ai.model("@cf/black-forest-labs/flux-1-schnell");
    let error = flux.stream(json!({ "prompt": "a", "steps": 4 })).await.expect_err("no stream");
    assert_eq!(unsupported(&error), "@cf/black-forest-labs/flux-1-schnell: streaming");
    assert_eq!(error.to_string(), "@cf/black-forest-labs/flux-1-schnell does not support streaming");
    let gemma = ai.model("@cf/google/gemma-2b-it-lora");
    let error = gemma.ask([user("hi")]).tools(&ToolBox::new()).await.expect_err("no tools").into();
    assert_eq!(unsupported(&error), "@cf/google/gemma-2b-it-lora: tools");
    let error = gemma.ask([user("hi")]).json_with::<Value>("answer", json!({})).await.expect_err("no JSON mode");
    assert_eq!(unsupported(&error), "@cf/google/gemma-2b-it-lora: JSON mode");
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn facts_apply_and_the_check_can_be_left_out() {
    let (sim, ai) = start().await;
    let id = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
    let reply = ai.model(id).ask([user("hi")]).set("max_tokens", 30).await.expect("an answer");
    assert!(reply.text().contains("You asked: hi"));
    let long = ai.with_context_check(ApproximateCounter).model(id).ask([user("word ".repeat(30_000))]).await;
    assert!(matches!(long, Err(Error::ContextExceeded { .. })), "{long:?}");

    let before = sim.request_count();
    let newer = json!({ "prompt": "hi", "from_next_year": true });
    assert!(ai.model(id).run(newer.clone()).await.is_err());
    assert_eq!(sim.request_count(), before);
    // What upstream's schema has and no type needs is sent, and so is what is nested too deeply to be checked.
    let same = json!({ "model": "@cf/zai-org/glm-5.2", "messages": [{ "role": "user", "content": "hi" }] });
    ai.model("@cf/zai-org/glm-5.2").run(same).await.expect("the same model");
    let deep = (0..130).fold(json!(1), |inner, _| json!([inner]));
    let parameters = json!({ "type": "object", "properties": { "a": { "type": "string", "x": deep } } });
    let tool = json!({ "type": "function", "function": { "name": "f", "parameters": parameters } });
    let mock = MockTransport::new().json(r#"{"response":"hi"}"#);
    let deep = json!({ "messages": [{ "role": "user", "content": "hi" }], "tools": [tool] });
    WorkersAi::with_transport(mock.clone()).model("@cf/zai-org/glm-5.2").run(deep).await.expect("sent");
    assert_eq!(mock.requests().len(), 1);
    let error = ai.model(id).run(json!({ "prompt": "a", "stream": true })).await.expect_err("a stream");
    assert!(error.to_string().starts_with("`stream` is set by the call"), "{error}");
    ai.model(id).unchecked().run(newer).await.expect("the service ignores it");
    // Partner models and routes of other schemas are not in the catalog.
    let mock = MockTransport::new().json("{}").json("{}");
    let ai = WorkersAi::with_transport(mock.clone());
    ai.model("openai/gpt-5.4").run(json!({ "anything": 1 })).await.expect("sent as it is");
    ai.model(id).chat(json!({ "anything": 1 })).await.expect("another schema");
    assert_eq!(mock.requests().len(), 2);
}

#[tokio::test]
async fn texts_are_split_as_the_model_takes_them() {
    let (sim, ai) = start().await;
    let texts: Vec<String> = (0..70).map(|number| format!("text {number}")).collect();
    let all = ai.model("@cf/qwen/qwen3-embedding-0.6b").embed_all(&texts).await.expect("vectors");
    assert_eq!((all.len(), sim.request_count()), (70, 3));
    let alone = ai.model("@cf/qwen/qwen3-embedding-0.6b").embed_all([&texts[69]]).await.expect("a vector");
    assert_eq!(all.get(69), alone.get(0));
}
