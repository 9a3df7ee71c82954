//! Sets of models, of which one is chosen at run time.

use std::collections::HashSet;

use serde_json::{Value, json};
use workers_ai::{
    InvalidInput,
    catalog::Capability,
    chat::ResponseFormat,
    codec::{Body, Decode, Encode, FormValue},
    prelude::*,
};

#[workers_ai_model]
enum Assistant {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/google/gemma-4-26b-a4b-it")]
    Gemma,
}

#[workers_ai_model]
#[derive(PartialOrd, Ord)]
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
}

#[workers_ai_model]
enum Listener {
    #[model("@cf/openai/whisper")]
    Whisper,
    #[model("@cf/openai/whisper-large-v3-turbo")]
    Turbo,
}

#[workers_ai_model]
enum Judge {
    #[model("@cf/cloudflare/clef")]
    Clef,
    #[model("@cf/cloudflare/clef-flash")]
    Flash,
}

/// Returns the body that a model is sent.
fn body<M: Model>(model: &M, request: impl Request<M>) -> Body {
    request.into_input().encode(&model.facts(), false).expect("an input that can be written")
}

fn sent<M: Model + Copy>(model: M, request: impl Request<M>) -> Value {
    match body(&model, request) {
        Body::Json(json) => serde_json::from_slice(&json).expect("JSON"),
        other => panic!("no JSON: {other:?}"),
    }
}

#[test]
fn an_input_is_sent_to_each_model_under_its_own_names_and_in_its_own_form() {
    let picture = || Painter::input().prompt("a lighthouse").num_steps(4);
    assert_eq!(sent(Painter::Flux, picture()), json!({ "prompt": "a lighthouse", "steps": 4 }));
    assert_eq!(sent(Painter::Phoenix, picture()), json!({ "prompt": "a lighthouse", "num_steps": 4 }));
    let Body::Form(parts) = body(&Painter::Flux2, picture()) else { panic!("no form") };
    let text = |name: &str| parts.iter().find(|part| part.name == name).map(|part| part.value.clone());
    assert_eq!(text("steps"), Some(FormValue::Text("4".to_owned())));

    let spoken = || Listener::input().audio(*b"RIFF....WAVE");
    let Body::File { field, bytes, .. } = body(&Listener::Whisper, spoken()) else { panic!("no file") };
    assert_eq!((field, bytes.as_slice()), ("audio", &b"RIFF....WAVE"[..]));
    assert_eq!(sent(Listener::Turbo, spoken()), json!({ "audio": "UklGRi4uLi5XQVZF" }));
}

#[test]
fn what_only_one_model_is_always_sent_is_sent_to_that_model() {
    let asked = || {
        let question = JudgeInputNoul::builder().instructions("Is it about the sea?").build();
        Judge::input().state("a lighthouse").questions([("sea", question)])
    };
    assert_eq!(sent(Judge::Clef, asked())["model"], "clef");
    assert_eq!(sent(Judge::Flash, asked())["model"], "clef-flash");
    assert_eq!(sent(Judge::Flash, asked().extra("model", "mine"))["model"], "mine");
}

#[test]
fn a_response_format_is_sent_in_the_envelope_of_the_model() {
    let schema = json!({ "type": "object", "properties": { "schema": { "type": "string" } } });
    let asked = || {
        let format = ResponseFormat::json_schema("answer", schema.clone());
        Assistant::chat([user("hi")]).response_format(format)
    };
    let native = &sent(Assistant::Llama, asked())["response_format"];
    assert_eq!(*native, json!({ "type": "json_schema", "json_schema": schema }));
    let named = &sent(Assistant::Glm, asked())["response_format"];
    assert_eq!(
        *named,
        json!({ "type": "json_schema", "json_schema": { "name": "answer", "schema": schema, "strict": true } })
    );
    let any = Assistant::chat([user("hi")]).response_format(ResponseFormat::JsonObject);
    assert_eq!(sent(Assistant::Llama, any)["response_format"], json!({ "type": "json_object" }));
}

#[test]
fn the_narrowest_bounds_hold_for_every_model() {
    let warm = Assistant::input().messages([user("hi")]).temperature(4.0).build();
    let error: InvalidInput = warm.validate().expect_err("Glm takes at most 2");
    assert_eq!(error.to_string(), "`temperature` must be between 0 and 2, got 4 (Assistant)");
    for assistant in Assistant::ALL {
        let error = warm.check(&assistant.facts()).expect_err("the bound is that of the set");
        assert_eq!(error.model, assistant.id());
    }
}

#[test]
fn both_forms_of_an_answer_are_read() {
    for answer in [
        json!({ "response": "hello", "usage": { "prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3 } }),
        json!({ "choices": [{ "message": { "role": "assistant", "content": "hello" }, "finish_reason": "stop" }],
                "usage": { "prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3 } }),
    ] {
        let read = AssistantOutput::decode(Some("application/json"), answer.to_string().as_bytes()).expect("an answer");
        assert_eq!((read.text().as_ref(), read.usage().map(|usage| usage.total_tokens)), ("hello", Some(3)));
    }
    for (content_type, answer) in
        [("application/json", br#"{"image":"/9j/"}"#.to_vec()), ("image/jpeg", b"\xff\xd8\xff".to_vec())]
    {
        let read = PainterOutput::decode(Some(content_type), &answer).expect("a picture");
        assert_eq!(read.image().decode().expect("base64"), b"\xff\xd8\xff");
    }
}

#[test]
fn a_model_is_read_from_its_id_or_name_and_written_as_its_id() {
    for (text, model) in
        [("@cf/zai-org/glm-5.2", Assistant::Glm), ("Glm", Assistant::Glm), (" gemma\n", Assistant::Gemma)]
    {
        assert_eq!(text.parse(), Ok(model));
        assert_eq!(serde_json::from_value::<Assistant>(json!(text)).expect("a model"), model);
    }
    assert_eq!(serde_json::to_value(Assistant::Glm).expect("JSON"), "@cf/zai-org/glm-5.2");
    assert_eq!(
        format!("{} {:?} {}", Assistant::Glm, Assistant::Glm, Assistant::Glm.name()),
        "@cf/zai-org/glm-5.2 Glm Glm"
    );
    let expected = "\"gpt\" is not one of the models: expected `Llama` (@cf/meta/llama-3.3-70b-instruct-fp8-fast), \
                    `Glm` (@cf/zai-org/glm-5.2) or `Gemma` (@cf/google/gemma-4-26b-a4b-it)";
    assert_eq!("gpt".parse::<Assistant>().expect_err("no model").to_string(), expected);
    assert_eq!(format!("{:?}", "gpt".parse::<Assistant>().expect_err("no model")), expected);
    let error = serde_json::from_value::<Assistant>(json!("gpt")).expect_err("no model").to_string();
    assert_eq!(error, expected);
    assert_eq!(Painter::ALL.iter().collect::<HashSet<_>>().len(), 3);
    assert!(Painter::Flux < Painter::Phoenix);
}

/// The names of variants may be those of generated items, and differ in case alone.
#[test]
fn variants_have_any_name() {
    #[workers_ai_model]
    #[allow(clippy::upper_case_acronyms, reason = "it differs from another in case alone")]
    enum Odd {
        #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
        Input,
        #[model("@cf/zai-org/glm-5.2")]
        Output,
        #[model("@cf/zai-org/glm-5.3")]
        OUTPUT,
    }
    assert_eq!(("Output".parse(), "OUTPUT".parse()), (Ok(Odd::Output), Ok(Odd::OUTPUT)));
    assert_eq!("output".parse(), Ok(Odd::Output));
    let _ = Odd::chat([user("hi")]).max_tokens(3);
    assert_eq!(Odd::Input.position(), 0);
}

#[test]
fn models_are_found_by_price_context_and_capability() {
    let names = |models: Vec<Assistant>| models.into_iter().map(ModelSet::name).collect::<Vec<_>>();
    assert_eq!(names(Assistant::by_price()), ["Gemma", "Llama", "Glm"]);
    assert_eq!(Assistant::cheapest(), Some(Assistant::Gemma));
    assert_eq!(Assistant::cheapest_with(|info| !info.supports(Capability::Vision)), Some(Assistant::Llama));
    assert_eq!(Assistant::cheapest_with(|info| info.holds(10_000_000)), None);
    // Their prices are not per token.
    assert_eq!((Painter::cheapest(), Painter::by_price().len()), (None, 3));
    let infos: Vec<_> = Embedder::ALL.iter().map(|model| model.info().output_dimensions).collect();
    assert_eq!(infos, [Some(1024), None]);
    assert_eq!((Embedder::Bge.position(), Embedder::M3.position()), (0, 1));
}

/// A generic function calls every model of a set without code for each of them.
#[test]
fn generic_functions_take_a_set_as_a_model() {
    fn ask<M: Chat + Streaming + JsonMode>(model: M, question: &str) -> [Value; 2] {
        let request = M::chat([system("Be brief."), user(question)]).max_tokens(30);
        [request.clone(), request.temperature(0.1)].map(|request| sent(model, request))
    }
    for assistant in Assistant::ALL {
        let [plain, warm] = ask(*assistant, "Why?");
        assert_eq!((&plain["max_tokens"], &warm["temperature"]), (&json!(30), &json!(0.1)));
    }
    let ids: Vec<&str> = Assistant::MODELS.iter().map(|model| model.id).collect();
    assert_eq!(ids, Assistant::ALL.iter().map(Model::id).collect::<Vec<_>>());
}
