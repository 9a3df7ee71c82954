//! Sets of models, of which one is chosen at run time.

use serde_json::{Value, json};
use workers_ai::{codec::Encode, prelude::*};

/// The models that a program may be configured with.
#[workers_ai_model]
#[derive(PartialOrd, Ord)]
pub enum Assistant {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/google/gemma-4-26b-a4b-it")]
    Gemma,
}

#[workers_ai_model]
enum Painter {
    #[model("@cf/black-forest-labs/flux-1-schnell")]
    Flux,
    #[model("@cf/black-forest-labs/flux-2-dev")]
    Flux2,
    #[model("@cf/leonardo/phoenix-1.0")]
    Phoenix,
}

#[workers_ai_model]
enum Embedder {
    #[model("@cf/baai/bge-large-en-v1.5")]
    Bge,
    #[model("@cf/baai/bge-m3")]
    M3,
    #[model("@cf/qwen/qwen3-embedding-0.6b")]
    Qwen,
}

fn sent<M: Model, R: Request<M>>(model: M, request: R) -> Value {
    let input = request.into_input();
    match input.encode(&model.facts(), false).expect("an input that can be written") {
        workers_ai::codec::Body::Json(json) => serde_json::from_slice(&json).expect("JSON"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_set_has_what_all_of_its_models_take() {
    for assistant in Assistant::ALL {
        let input = Assistant::input().messages([user("hi")]).max_tokens(300).temperature(0.5);
        let json = sent(*assistant, input);
        assert_eq!(json["messages"][0]["content"], "hi", "{assistant}");
    }
    let _ = Painter::input().prompt("a").num_steps(4);
    let _ = Embedder::input().text("a");
    let parsed: Assistant = "glm".parse().expect("a model");
    assert_eq!(parsed, Assistant::Glm);
    let error = "gpt".parse::<Assistant>().expect_err("none").to_string();
    println!("{error}");
    let _ = json!({});
}
