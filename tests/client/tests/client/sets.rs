//! Models chosen at run time: everything that a client does with one model, it does with a set.

use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use workers_ai::{
    Error, WorkersAi,
    batch::BatchJob,
    billing::{ApproximateCounter, Meter, estimate},
    chat::ToolBox,
    fallback::Step,
    gateway::Gateway,
    prelude::*,
    transport::MockTransport,
};

use crate::setup::start;

#[workers_ai_model]
enum Assistant {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
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
    #[model("@cf/qwen/qwen3-embedding-0.6b")]
    Qwen,
}

#[workers_ai_model]
enum Queued {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    #[model("@cf/google/gemma-4-26b-a4b-it")]
    Gemma,
}

#[workers_ai_model]
enum Listener {
    #[model("@cf/openai/whisper")]
    Whisper,
    #[model("@cf/openai/whisper-large-v3-turbo")]
    Turbo,
}

#[tokio::test]
async fn every_model_of_a_set_answers() {
    let (sim, ai) = start().await;
    for assistant in Assistant::ALL {
        let reply = ai.run(*assistant, Assistant::chat([user("hi")]).max_tokens(300)).await.expect("an answer");
        assert!(reply.text().contains("You asked: hi"), "{}", reply.text());
        assert!(reply.usage().is_some() && reply.finish_reason().is_none_or(|reason| reason.as_str() == "stop"));
        assert_eq!(reply.meta.model, assistant.id());
        let input = Assistant::input().messages([user("hi")]);
        let streamed = ai.stream(*assistant, input).await.expect("a stream").collect().await.expect("a text");
        assert_eq!(streamed.text, reply.text());
    }
    for painter in Painter::ALL {
        let picture = ai.run(*painter, Painter::input().prompt("a lighthouse").num_steps(4)).await.expect("a picture");
        assert!(!picture.image.decode().expect("an image").is_empty(), "{painter}");
    }
    for embedder in Embedder::ALL {
        let vectors = ai.run(*embedder, Embedder::input().text(["a", "b"])).await.expect("vectors");
        assert_eq!(vectors.len(), 2);
    }
    let models: Vec<String> = sim.requests().iter().map(|request| request.uri.path().to_owned()).collect();
    assert!(Painter::ALL.iter().all(|painter| models.iter().any(|path| path.ends_with(painter.id()))), "{models:?}");
}

#[tokio::test]
async fn tools_are_called_by_every_model() {
    let (_sim, ai) = start().await;
    let parameters =
        json!({ "type": "object", "properties": { "place": { "type": "string", "description": "a town" } } });
    let tools = ToolBox::new().raw("weather", "The weather at a place", parameters, |_: Value| async move {
        Ok::<_, String>(json!("21 degrees"))
    });
    for assistant in Assistant::ALL {
        let request = Assistant::chat([user("How is the weather in Lisbon?")]);
        let reply = ai.with_tools(*assistant, request, &tools).await.expect("a reply");
        assert_eq!(reply.text(), "The tool returned: 21 degrees");
    }
}

#[tokio::test]
async fn structured_output_has_the_envelope_of_the_model() {
    #[derive(Deserialize)]
    struct Answer {
        minutes: u32,
    }
    let (sim, ai) = start().await;
    let schema =
        json!({ "type": "object", "properties": { "minutes": { "type": "integer" } }, "required": ["minutes"] });
    for assistant in Assistant::ALL {
        let call = ai.run(*assistant, Assistant::chat([user("tomato soup")]));
        let answer: Answer = call.json_with::<Answer>("answer", schema.clone()).await.expect("an answer").output;
        assert!(answer.minutes < u32::MAX);
    }
    let formats: Vec<Value> =
        sim.requests().iter().map(|request| request.json()["response_format"]["json_schema"].clone()).collect();
    assert_eq!(formats[0], schema);
    assert_eq!((&formats[1]["name"], &formats[1]["schema"]), (&json!("answer"), &schema));
}

#[tokio::test]
async fn costs_limits_and_estimates_are_those_of_the_model() {
    let (_sim, ai) = start().await;
    let meter = Meter::new();
    let input = || Assistant::input().messages([user("hi")]).max_tokens(1_000);
    for assistant in Assistant::ALL {
        let reply = ai.run(*assistant, input()).await.expect("an answer");
        meter.add(*assistant, &reply.meta);
    }
    let [llama, glm] =
        [Assistant::Llama, Assistant::Glm].map(|model| meter.by_model()[model.id()].cost.expect("a cost"));
    assert!(llama < glm, "{llama} {glm}");
    let most = |model| estimate(model, &input().build(), &ApproximateCounter).expect("an estimate").max_cost;
    assert!(most(Assistant::Llama) < most(Assistant::Glm));

    let long = "word ".repeat(60_000);
    let ai = ai.with_context_check(ApproximateCounter);
    let asked = |model| ai.run(model, Assistant::chat([user(&long)]).max_tokens(10));
    let error = asked(Assistant::Llama).await.expect_err("too long for this one");
    assert!(matches!(&error, Error::ContextExceeded { model, .. } if model == Assistant::Llama.id()), "{error:?}");
    asked(Assistant::Glm).await.expect("not too long for that one");
}

#[tokio::test]
async fn a_batch_is_stored_and_finished_by_the_model_that_began_it() {
    let (_sim, ai) = start().await;
    for model in Queued::ALL {
        let items = ["a", "b"].map(|prompt| Queued::batch_item().prompt(prompt));
        let job = ai.queue(*model, items).await.expect("a job");
        let stored = serde_json::to_string(&job).expect("JSON");
        let job: BatchJob<Queued> = serde_json::from_str(&stored).expect("a job");
        let reply = job.wait(&ai).await.expect("results");
        let texts: Vec<String> =
            reply.results.iter().map(|result| result.as_ref().expect("a text").text().into_owned()).collect();
        assert!(texts[1].contains("You asked: b"), "{texts:?}");
        let error = serde_json::from_str::<BatchJob<Embedder>>(&stored).expect_err("another set").to_string();
        assert!(error.contains(model.id()) && error.contains(" or @cf/qwen/"), "{error}");
    }
}

#[tokio::test]
async fn embeddings_uploads_and_fallbacks_take_a_set() {
    let (sim, ai) = start().await;
    let texts: Vec<String> = (0..150).map(|number| format!("text {number}")).collect();
    let all = ai.embed_all(Embedder::Qwen, &texts, |texts| Embedder::input().text(texts)).await.expect("vectors");
    // This one takes 32 texts in a call.
    assert_eq!((all.len(), sim.request_count()), (150, 5));

    for listener in [Listener::Whisper, Listener::Turbo] {
        let chunks = stream::iter([Ok::<_, std::io::Error>(b"RIFF....".to_vec()), Ok(b"WAVEfmt ".to_vec())]);
        let text = ai.upload(listener, "audio/wav", chunks, |audio| Listener::input().audio(audio)).await;
        assert!(!text.expect("a transcript").text().is_empty());
    }

    let call = |model| ai.run(model, Assistant::chat([user("hi")]));
    let fallback = ai.fallback(Gateway::new("shop"), call(Assistant::Glm)).or(call(Assistant::Llama));
    let reply = fallback.await.expect("an answer");
    let Step::This(answer) = &reply.output else { panic!("{:?}", reply.output) };
    assert!(answer.text().contains("You asked: hi"));
    assert_eq!(reply.meta.model, Assistant::Glm.id());
}

/// A value beyond the narrowest bound is refused before it is sent to any of the models.
#[tokio::test]
async fn an_input_is_refused_for_every_model_alike() {
    let mock = MockTransport::new();
    let ai = WorkersAi::with_transport(mock.clone());
    for assistant in Assistant::ALL {
        let hot = Assistant::chat([user("hi")]).temperature(4.0);
        let error = ai.run(*assistant, hot).await.expect_err("Glm takes at most 2");
        assert_eq!(error.to_string(), format!("`temperature` must be between 0 and 2, got 4 ({assistant})"));
    }
    assert!(mock.requests().is_empty());
}
