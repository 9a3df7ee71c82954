//! Code as users would write it.

use serde_json::{Value, json};
use workers_ai::{
    Media, Request,
    catalog::{CATALOG_DATE, Capability, PriceUnit},
    chat::{
        ChatRequest, Content, LegacyResponse, Message, ReasoningEffort, ResponseFormat, Tool, ToolCall, ToolChoice,
        image, text,
    },
    codec::{Body, Encode, FormValue},
    embeddings::{Cls, Contexts, Dimensions, Dyn, Embeddings, Fixed, Mean, PoolingMethod},
    prelude::*,
    shapes::{
        AudioOptions, AudioOptionsFormat, EmbeddedFunction, FunctionChoice, FunctionChoiceKeyword, FunctionDefinition,
        Modality, Prediction, Ranked, StreamOptions, TemplateOptions, WebSearchOptions,
    },
};
use workers_ai_catalog::Catalog;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Flux;
#[workers_ai_model("@cf/black-forest-labs/flux-2-dev")]
struct Flux2;
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
struct Llama;
#[workers_ai_model("@cf/meta/llama-4-scout-17b-16e-instruct")]
struct Scout;
#[workers_ai_model("@cf/meta/llama-guard-3-8b")]
struct Guard;
/// Used for its output only.
#[workers_ai_model("@cf/qwen/qwen3-30b-a3b-fp8")]
pub struct Qwen;
#[workers_ai_model("@cf/zai-org/glm-5.2")]
struct Glm;
#[workers_ai_model("@cf/openai/gpt-oss-120b")]
struct Gpt;
#[workers_ai_model("@cf/baai/bge-m3")]
struct BgeM3;
#[workers_ai_model("@cf/baai/bge-small-en-v1.5")]
struct Bge;
#[workers_ai_model("@cf/openai/whisper")]
struct Whisper;
#[workers_ai_model("@cf/deepgram/nova-3")]
struct Nova;
#[workers_ai_model("@cf/moondream/moondream3.1-9B-A2B")]
struct Moondream;
/// Used for its output only.
#[workers_ai_model("@cf/myshell-ai/melotts")]
pub struct Melo;

fn json<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("JSON")
}

/// Returns the input that `run` would send, with the type of its output.
fn request<M: Model, R: Request<M>>(_: M, request: R) -> (M::Input, std::marker::PhantomData<R::Output>) {
    (request.into_input(), std::marker::PhantomData)
}

fn read<T: Decode>(body: &Value) -> T {
    T::decode(Some("application/json"), body.to_string().as_bytes()).expect("an answer")
}
use workers_ai::codec::Decode;

#[test]
fn a_field_that_was_renamed_is_sent_under_the_services_name() {
    let input = Flux::input().prompt("a lighthouse").num_steps(4).build();
    assert_eq!(json(&input), json!({ "prompt": "a lighthouse", "steps": 4 }));
}

#[test]
fn an_invalid_input_names_field_limit_and_value_in_our_words_and_the_services() {
    let input = Flux::input().prompt("").num_steps(9).build();
    let error = input.validate().expect_err("two broken rules");
    assert_eq!(
        error.to_string(),
        "`prompt` must not be empty; `num_steps` must be between 1 and 8, got 9 (`steps` on the wire) \
         (@cf/black-forest-labs/flux-1-schnell)"
    );
    assert_eq!(error.violations.len(), 2);
    assert_eq!(error.service_message(), "Length of '/prompt' must be >= 1 not met");
    let long = Flux::input().prompt("é".repeat(2049)).num_steps(1).build();
    assert_eq!(
        long.validate().expect_err("too long").violations[0].check,
        workers_ai::catalog::Check::Length { min: 0, max: 2048 }
    );
    // Code points, not bytes.
    assert!(Flux::input().prompt("é".repeat(2048)).num_steps(1).build().validate().is_ok());
}

#[test]
fn literals_are_checked_and_nested_parts_built() {
    let input = inputs!(Flux { prompt: "a lighthouse", num_steps: 4 });
    assert_eq!(json(&input)["steps"], 4);
    let steps = 3;
    let num_steps = steps;
    assert_eq!(json(&inputs!(Flux { prompt: format!("{steps} ships"), num_steps }))["steps"], 3);
    let search = inputs!(Glm {
        messages: [user("hi")],
        temperature: 0.5,
        web_search_options: WebSearchOptions {
            search_context_size: workers_ai::shapes::WebSearchOptionsSearchContextSize::Low
        },
    });
    assert_eq!(json(&search)["web_search_options"], json!({ "search_context_size": "low" }));
}

#[test]
fn values_of_fields_can_be_any_expressions() {
    struct Words {
        count: usize,
    }

    impl From<Words> for String {
        fn from(words: Words) -> Self {
            "word ".repeat(words.count)
        }
    }

    fn both<A: Default + Into<u8>, B: Default + Into<u8>>() -> u8 {
        A::default().into() + B::default().into() + 3
    }

    let input = inputs!(Flux { num_steps: both::<u8, bool>(), prompt: (Words { count: 2 }) });
    assert_eq!(json(&input), json!({ "prompt": "word word ", "steps": 3 }));
    let (low, high) = (1, 2);
    let input = inputs!(Glm { messages: [user("hi")], logprobs: low < high, top_logprobs: high << low });
    assert_eq!((&json(&input)["logprobs"], &json(&input)["top_logprobs"]), (&json!(true), &json!(4)));
}

#[test]
fn optional_values_can_be_set_or_not() {
    let some = Llama::input().prompt("hi").maybe_max_tokens(Some(3)).maybe_seed(None).build();
    assert_eq!(json(&some), json!({ "prompt": "hi", "max_tokens": 3 }));
    let extra = Llama::input().prompt("hi").extra("min_p", json!(0.1)).build();
    assert_eq!(json(&extra)["min_p"], 0.1);
}

#[test]
fn an_extra_field_replaces_the_field_of_the_same_name() {
    let input = Llama::input().prompt("hi").max_tokens(3).extra("max_tokens", 7).extra("stream", true).build();
    assert_eq!(json(&input), json!({ "prompt": "hi", "max_tokens": 7, "stream": true }));
    let text = serde_json::to_string(&input).expect("JSON");
    assert_eq!(text.matches("max_tokens").count(), 1, "{text}");
    let Ok(Body::Json(sent)) = input.encode(&Llama.facts(), false) else { panic!("JSON") };
    assert!(!String::from_utf8_lossy(&sent).contains("stream"));
}

#[test]
fn generic_code_can_call_any_chat_model() {
    for (input, wanted) in [
        (json(&ask_input::<Llama>()), json!(0.5)),
        (json(&ask_input::<Glm>()), json!(0.5)),
        (json(&ask_input::<Gpt>()), json!(0.5)),
    ] {
        assert_eq!(input["messages"][1], json!({ "role": "user", "content": "Why?" }));
        assert_eq!(input["max_tokens"], 300);
        assert_eq!(input["temperature"], wanted);
    }
}

fn ask_input<M: Chat>() -> M::Input {
    ask::<M>("Why?").into_input()
}

fn ask<M: Chat>(question: &str) -> ChatRequest<M> {
    M::chat([system("Be brief."), user(question)]).max_tokens(300).temperature(0.5)
}

/// Asks a model for JSON with a tool at hand, twice with one value.
fn ask_twice<M: Chat + Tools + JsonMode>(_: M, history: &[Message<M::Content>]) -> [Value; 2]
where
    M::Input: serde::Serialize,
{
    let clock = Tool::function("clock", "The time", json!({ "type": "object", "properties": {} }));
    let request = || M::chat(history).top_p(0.9).frequency_penalty(1).presence_penalty(0.5).tools([clock.clone()]);
    let format = ResponseFormat::json_schema("answer", json!({ "type": "object" }));
    [request(), request().response_format(format)].map(|request| json(&request.into_input()))
}

#[test]
fn one_stored_history_serves_models_with_other_content() {
    let history: Vec<Message> = vec![user("When?"), assistant("Noon.")];
    let stored = serde_json::to_string(&history).expect("JSON");
    let history: Vec<Message> = serde_json::from_str(&stored).expect("messages");
    let [plain, formatted] = ask_twice(Llama, &history);
    let [seen, _] = ask_twice(Scout, &workers_ai::chat::widen(&history));
    for input in [&plain, &seen] {
        assert_eq!(input["messages"][1], json!({ "role": "assistant", "content": "Noon." }));
        assert_eq!((&input["top_p"], &input["frequency_penalty"]), (&json!(0.9), &json!(1)));
        assert_eq!(input["tools"][0]["function"]["name"], "clock");
    }
    assert!(plain.get("response_format").is_none());
    assert_eq!(formatted["response_format"]["type"], "json_schema");
}

/// In generic code, too.
#[test]
fn a_chat_request_stops_and_reasons_as_asked() {
    fn stopped<M: Chat>(_: M) -> ChatRequest<M> {
        M::chat([user("Count to five.")]).stop(["4", "5"])
    }
    fn reasoned<M: Chat + Reasoning>(model: M) -> ChatRequest<M> {
        stopped(model).reasoning_effort(ReasoningEffort::High)
    }
    let glm = json(&reasoned(Glm).into_input());
    assert_eq!((&glm["stop"], &glm["reasoning_effort"]), (&json!(["4", "5"]), &json!("high")));
    let low = stopped(Glm).reasoning_effort(ReasoningEffort::Low).into_input();
    let error = low.validate().expect_err("it has high and max only").to_string();
    assert!(error.starts_with("`reasoning_effort` must be one of `max`, `high`, `none`"), "{error}");
    assert_eq!(json(&stopped(Llama).into_input())["stop"], json!(["4", "5"]));
    assert!(json(&Llama::chat([user("hi")]).into_input()).get("stop").is_none());
}

#[test]
fn messages_infer_their_content_type() {
    let picture = *b"\x89PNG\r\n\x1a\n";
    let seen = Scout::input().messages([system("a"), user([text("?"), image(picture)])]).build();
    let parts = json(&seen)["messages"][1]["content"].clone();
    assert_eq!(parts[0], json!({ "type": "text", "text": "?" }));
    assert_eq!(parts[1]["image_url"]["url"], "data:image/png;base64,iVBORw0KGgo=");
    let mut messages = vec![user("hi")];
    messages.push(assistant("hello"));
    messages.push(tool_result("c1", "42"));
    let input = Llama::input().messages(messages).build();
    assert_eq!(json(&input)["messages"][2], json!({ "role": "tool", "content": "42", "tool_call_id": "c1" }));
    let judged = Guard::input().messages([system("Be safe."), user("hi")]).build();
    let error = judged.validate().expect_err("a guard hears the user and the model only");
    assert_eq!(
        error.to_string(),
        "`messages[0].role` must be one of `user`, `assistant`, got \"system\" (@cf/meta/llama-guard-3-8b)"
    );
}

#[test]
fn a_tool_call_goes_back_into_the_conversation_as_the_service_expects_it() {
    let call = ToolCall { id: Some("c1".to_owned()), name: "sky".to_owned(), arguments: json!({ "place": "Rome" }) };
    let message: Message = assistant("").with_tool_calls([call]);
    assert_eq!(
        json(&message),
        json!({ "role": "assistant", "content": "", "tool_calls": [
            { "id": "c1", "type": "function", "function": { "name": "sky", "arguments": "{\"place\":\"Rome\"}" } },
        ] })
    );
}

#[test]
fn every_option_of_the_newer_chat_schema_is_valid_under_it() {
    let input = Glm::input()
        .messages([user("hi")])
        .audio(AudioOptions::builder().voice("alloy").format(AudioOptionsFormat::Mp3).build())
        .prediction(Prediction::builder().content("yes").build())
        .stream_options(StreamOptions::builder().include_usage(true).build())
        .web_search_options(WebSearchOptions::builder().build())
        .function_call(FunctionChoice::Known(FunctionChoiceKeyword::Auto))
        .functions([FunctionDefinition::builder().name("f").build()])
        .modalities([Modality::Text, Modality::Audio])
        .chat_template_kwargs(TemplateOptions::builder().enable_thinking(false).build())
        .response_format(ResponseFormat::json_schema("answer", json!({ "type": "object" })))
        .tools([Tool::function("f", "d", json!({ "type": "object", "properties": {} }))])
        .tool_choice(ToolChoice::function("f"))
        .reasoning_effort(effort::High)
        .stop(["\n", "END"])
        .build();
    assert!(input.validate().is_ok(), "{:?}", input.validate());
    let schema = Catalog::embedded().upstream_schema("@cf/zai-org/glm-5.2", "input").expect("catalog").expect("schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&json(&input)).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(json(&input)["reasoning_effort"], "high");
    let native = Llama::input()
        .messages([user("hi")])
        .functions([EmbeddedFunction::builder().name("f").code("1").build()])
        .response_format(ResponseFormat::json_schema("answer", json!({ "type": "object" })))
        .build();
    assert_eq!(json(&native)["response_format"], json!({ "type": "json_schema", "json_schema": { "type": "object" } }));
}

#[test]
fn a_tool_without_descriptions_of_its_arguments_is_rejected_if_the_schema_requires_them() {
    let bare = Tool::function("f", "d", json!({ "type": "object", "properties": { "a": { "type": "string" } } }));
    let error =
        Llama::input().messages([user("hi")]).tools([bare.clone()]).build().validate().expect_err("no description");
    assert_eq!(
        error.to_string(),
        "`tools[0].function.parameters.properties.a` must have `type` and `description`, got `type` \
         (@cf/meta/llama-3.3-70b-instruct-fp8-fast)"
    );
    assert!(Glm::input().messages([user("hi")]).tools([bare]).build().validate().is_ok());
}

#[test]
fn all_chat_models_are_read_the_same_way() {
    let legacy: LlamaOutput = read(
        &json!({ "response": "Rayleigh.", "usage": { "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5 } }),
    );
    assert_eq!(legacy.text(), "Rayleigh.");
    assert_eq!(legacy.usage().map(|usage| usage.total_tokens), Some(5));
    let object: LlamaOutput = read(&json!({ "response": { "colour": "blue" } }));
    assert_eq!(object.text(), r#"{"colour":"blue"}"#);
    let number: LlamaOutput = read(&json!({ "response": 42 }));
    assert_eq!(number.text(), "42");
    let called: LlamaOutput =
        read(&json!({ "response": null, "tool_calls": [{ "name": "sky", "arguments": { "a": 1 } }] }));
    assert_eq!(called.text(), "");
    assert_eq!(called.tool_calls()[0].arguments["a"], 1);
    let newer = json!({ "choices": [{ "index": 0, "message": { "role": "assistant", "content": "Rayleigh.", "reasoning_content": "hm" }, "finish_reason": "stop" }], "usage": { "prompt_tokens": 3.0, "completion_tokens": 2, "total_tokens": 5, "prompt_tokens_details": { "cached_tokens": 1 } } });
    for (text, reasoning, cached) in
        [said(&read::<GlmOutput>(&newer)), said(&read::<QwenOutput>(&newer)), said(&read::<GptOutput>(&newer))]
    {
        assert_eq!((text.as_str(), reasoning.as_deref(), cached), ("Rayleigh.", Some("hm"), Some(1)));
    }
    let responses: GptOutput = read(&json!({ "output": [
        { "type": "reasoning", "content": [{ "type": "reasoning_text", "text": "hm" }] },
        { "type": "message", "content": [{ "type": "output_text", "text": "Rayleigh." }] },
    ] }));
    assert_eq!((responses.text().as_ref(), responses.reasoning()), ("Rayleigh.", Some("hm")));
    let guard: GuardOutput = read(&json!({ "response": { "safe": false, "categories": ["S1"] } }));
    assert_eq!(guard.response.verdict().map(|verdict| verdict.categories), Some(vec!["S1".to_owned()]));
    let _: &LegacyResponse = &guard.response;
}

fn said(reply: &impl ChatReply) -> (String, Option<String>, Option<u64>) {
    let cached = reply.usage().and_then(|usage| usage.cached_tokens);
    (reply.text().into_owned(), reply.reasoning().map(str::to_owned), cached)
}

#[test]
fn an_output_without_its_main_field_is_an_error_with_the_body() {
    let error = FluxOutput::decode(Some("application/json"), b"{}").expect_err("no image");
    assert!(error.to_string().contains("`image` is missing"), "{error}");
    assert_eq!(error.body, b"{}");
    assert!(FluxOutput::decode(Some("application/json"), br#"{"image":{}}"#).is_err());
    assert!(LlamaOutput::decode(Some("application/json"), br#"{"usage":{}}"#).is_err());
}

#[test]
fn the_three_uses_of_bge_m3_have_answers_of_their_own() {
    let (scored, output) = request(BgeM3, BgeM3::input().query("light").contexts(["a lighthouse", "a ship"]));
    let _: std::marker::PhantomData<BgeM3OutputScores> = output;
    assert_eq!(
        json(&scored),
        json!({ "query": "light", "contexts": [{ "text": "a lighthouse" }, { "text": "a ship" }] })
    );
    let (passages, output) = request(BgeM3, BgeM3::input().passages(vec!["a lighthouse"]));
    let _: std::marker::PhantomData<Embeddings<BgeM3, Fixed>> = output;
    assert_eq!(json(&passages), json!({ "contexts": [{ "text": "a lighthouse" }] }));
    let (_, output) = request(BgeM3, BgeM3::input().text("a lighthouse"));
    let _: std::marker::PhantomData<Embeddings<BgeM3, Fixed>> = output;
    let ranking: BgeM3OutputScores = read(&json!({ "response": [{ "id": 1, "score": 0.5 }] }));
    let _: &Vec<Ranked> = &ranking.response;
    let _: Contexts = ["a"].into();
}

#[test]
fn a_list_that_is_too_long_is_rejected_before_it_is_sent() {
    let texts: Vec<String> = (0..101).map(|number| number.to_string()).collect();
    let error = Bge::input().text(&texts).build().validate().expect_err("101 texts");
    assert_eq!(error.to_string(), "`text` must have at most 100 items, got 101 items (@cf/baai/bge-small-en-v1.5)");
    assert!(Bge::input().text(&texts[1..]).build().validate().is_ok());
    let error = Bge::input().text(["a", ""]).build().validate().expect_err("an empty text");
    assert_eq!(error.to_string(), "`text[1]` must not be empty (@cf/baai/bge-small-en-v1.5)");
}

#[test]
fn the_pooling_is_part_of_the_type_of_embeddings() {
    let (_, output) = request(Bge, Bge::input().text(["a", "b"]));
    let _: std::marker::PhantomData<Embeddings<Bge, Mean>> = output;
    let (input, output) = request(Bge, Bge::input().text("a").pooling(Cls));
    let _: std::marker::PhantomData<Embeddings<Bge, Cls>> = output;
    assert_eq!(json(&input), json!({ "text": "a", "pooling": "cls" }));
    let (_, output) = request(Bge, Bge::input().text("a").pooling(Dyn(PoolingMethod::Cls)));
    let _: std::marker::PhantomData<Embeddings<Bge, Dyn>> = output;
}

#[test]
fn the_dimension_of_embeddings_is_part_of_the_type_if_the_catalog_knows_it() {
    fn sum(vector: &[f32; 384]) -> f32 {
        vector.iter().sum()
    }
    fn second<M: Dimensions<384>, P>(answer: &Embeddings<M, P>) -> Option<&[f32; 384]> {
        answer.array(1)
    }
    let answer: Embeddings<Bge> = read(&json!({ "data": [vec![0.5; 384], vec![0.25; 384]] }));
    assert_eq!(answer.array(0).map(sum), Some(192.0));
    assert_eq!(second(&answer).map(sum), Some(96.0));
    assert!(answer.array(2).is_none());
    // An output with another dimension is still read.
    let answer: Embeddings<Bge> = read(&json!({ "data": [[0.5, 0.5]] }));
    assert_eq!((answer.array(0), answer.get(0)), (None, Some(&[0.5, 0.5][..])));
}

#[test]
fn bodies_are_encoded_as_the_model_requires() {
    let form = Flux2::input().prompt("a").num_steps(25).width(512).input_image_0(*b"\xff\xd8\xff").build();
    let Ok(Body::Form(parts)) = form.encode(&Flux2.facts(), false) else { panic!("a form") };
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["prompt", "steps", "input_image_0", "width"]);
    assert!(matches!(&parts[1].value, FormValue::Text(text) if text == "25"));
    assert!(matches!(&parts[2].value, FormValue::File(file) if file.content_type() == "image/jpeg"));

    let spoken = Whisper::input().audio(*b"RIFF....WAVE").build();
    let whisper = Whisper.facts();
    let Ok(Body::File { bytes, content_type, fields, .. }) = spoken.encode(&whisper, false) else { panic!("a file") };
    assert_eq!(
        (bytes.as_slice(), content_type.as_str(), fields.as_slice()),
        (&b"RIFF....WAVE"[..], "audio/wav", &b"{}"[..])
    );
    let Ok(Body::Json(text)) = spoken.encode_json(&whisper, false) else { panic!("JSON") };
    assert_eq!(serde_json::from_slice::<Value>(&text).expect("JSON")["audio"][0], 82);

    let spoken = Nova::input().audio(Media::new(*b"...").with_content_type("audio/opus")).punctuate(true).build();
    let Ok(Body::File { field, content_type, fields, .. }) = spoken.encode_json(&Nova.facts(), false) else {
        panic!("a file")
    };
    assert_eq!(
        (field, content_type.as_str(), fields.as_slice()),
        ("audio", "audio/opus", &br#"{"punctuate":true}"#[..])
    );
}

#[test]
fn a_model_that_streams_by_default_is_told_not_to() {
    let input = Moondream::input().image(*b"\xff\xd8\xff").build();
    let body = |stream| match input.encode(&Moondream.facts(), stream) {
        Ok(Body::Json(text)) => serde_json::from_slice::<Value>(&text).expect("JSON"),
        other => panic!("{other:?}"),
    };
    assert_eq!(body(false)["stream"], false);
    assert_eq!(body(true)["stream"], true);
    assert!(json(&input).get("stream").is_none());
}

#[test]
fn bytes_alone_and_base64_in_json_are_the_same_answer() {
    let bytes = MeloOutput::decode(Some("audio/mpeg"), b"ID3...").expect("bytes");
    let text: MeloOutput = read(&json!({ "audio": "SUQzLi4u" }));
    assert_eq!(bytes.audio().decode().expect("bytes"), text.audio().decode().expect("base64"));
    assert_eq!(text.audio().content_type(), "audio/mpeg");
}

#[test]
fn the_facts_about_a_model_are_constants() {
    const INFO: workers_ai::catalog::ModelInfo = Flux::INFO;
    assert_eq!(INFO.task, "Text-to-Image");
    assert_eq!((INFO.prices[1].amount, INFO.prices[1].unit), ("0.0001056", PriceUnit::Step));
    assert_eq!(INFO.requests_per_minute, Some(720));
    assert!(Llama::INFO.supports(Capability::Batch) && !Flux::INFO.supports(Capability::Streaming));
    assert_eq!(CATALOG_DATE, Catalog::date());
    assert_eq!(Bge::INFO.max_input_tokens, Some(512));
}

/// A field with a type of the user's own.
#[derive(serde::Serialize)]
struct Steps(u8);

impl workers_ai::checked::WireType for Steps {
    type Kind = <u8 as workers_ai::checked::WireType>::Kind;
    type Inner = Self::Kind;
}

type Text = String;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    prompt: Text,
    num_steps: Steps,
    #[wire(skip)]
    title: &'static str,
}

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
struct Question {
    #[wire(rename = "messages")]
    conversation: Vec<Message>,
    max_tokens: Option<u32>,
    temperature: f32,
}

#[test]
fn a_checked_struct_is_a_model_of_its_own() {
    let poster = Poster { prompt: "a".to_owned(), num_steps: Steps(4), title: "not sent" };
    assert_eq!(json(&poster), json!({ "prompt": "a", "steps": 4 }));
    assert_eq!(Poster::ID, "@cf/black-forest-labs/flux-1-schnell");
    assert!(poster.check(&poster.facts()).is_ok());
    let wrong = Poster { prompt: String::new(), num_steps: Steps(9), title: "" };
    assert_eq!(wrong.check(&wrong.facts()).expect_err("two rules").violations.len(), 2);
    assert_eq!(poster.title, "not sent");
    let answer: PosterOutput = read(&json!({ "image": "/9j/" }));
    assert_eq!(answer.image().content_type(), "image/jpeg");

    let question = Question { conversation: vec![user("hi")], max_tokens: None, temperature: 0.5 };
    assert_eq!(json(&question), json!({ "messages": [{ "role": "user", "content": "hi" }], "temperature": 0.5 }));
}

#[allow(dead_code, reason = "compiling is the test: the content of a message is whatever the model takes")]
fn in_generic_code<C: Content>() -> Message<C> {
    user("hi")
}

#[cfg(feature = "serde-both")]
#[test]
fn an_incomplete_input_cannot_be_read_back() {
    let read = |json| serde_json::from_value::<FluxInput>(json).map_err(|error| error.to_string());
    assert!(read(json!({ "prompt": "a lighthouse", "steps": 4 })).is_ok());
    assert_eq!(read(json!({ "prompt": "a lighthouse" })), Err("`steps` is missing".to_owned()));
    let read = |json| serde_json::from_value::<LlamaInput>(json).map_err(|error| error.to_string());
    assert!(read(json!({ "prompt": "hello" })).is_ok());
    assert_eq!(read(json!({ "max_tokens": 5 })), Err("`prompt` or `messages` is missing".to_owned()));
}

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Counted {
    prompt: String,
    // The name on the wire, which a correction replaced by `num_steps`.
    #[wire(rename = "steps")]
    count: u8,
}

#[workers_ai_model("@cf/deepgram/aura-2-en")]
struct Voice;

#[test]
fn friction_that_users_met_is_gone() {
    let counted = Counted { prompt: "a tree".into(), count: 4 };
    let body = workers_ai::codec::Encode::encode_json(&counted, &counted.facts(), false).expect("JSON");
    let workers_ai::codec::Body::Json(json) = body else { panic!("no JSON") };
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&json).expect("JSON")["steps"], 4);

    let speaker: VoiceInputSpeaker = "apollo".parse().expect("a speaker");
    assert_eq!(speaker.to_string(), "apollo");
    let input = Voice::input().text("hello").speaker(speaker).build();
    assert_eq!(serde_json::to_value(&input).expect("JSON")["speaker"], "apollo");
    let _ = Voice;
    let unknown = "bob".parse::<VoiceInputSpeaker>().expect_err("no speaker").to_string();
    assert!(
        unknown.contains("is not a valid `VoiceInputSpeaker`; expected one of ") && unknown.contains("apollo"),
        "{unknown}"
    );
}
