//! The OpenAI-compatible routes, called with `async-openai`.

use async_openai::{
    Client,
    types::{
        chat::{ChatCompletionRequestUserMessageArgs, CreateChatCompletionRequestArgs},
        embeddings::CreateEmbeddingRequestArgs,
    },
};
use futures_util::StreamExt;
use workers_ai::{SingleModel, WorkersAi};
use workers_ai_sim::Sim;

use crate::models::{Bge, Kimi};

#[tokio::test]
async fn the_configuration_is_ready() {
    let sim = Sim::start().await.expect("a free port");
    let builder = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token());
    let builder = builder.header("x-key", "s3cr3t");
    let config = builder.openai_config().expect("a configuration");
    let shown = format!("{config:?}");
    assert!(!shown.contains(sim.token()) && !shown.contains("s3cr3t"), "{shown}");
    let client = Client::with_config(config);

    let message =
        ChatCompletionRequestUserMessageArgs::default().content("Why is the sky blue?").build().expect("a message");
    let mut request = CreateChatCompletionRequestArgs::default();
    let request = request.model(Kimi::ID).messages([message.into()]);
    let reply = client.chat().create(request.build().expect("a request")).await.expect("a reply");
    let text = reply.choices[0].message.content.clone().expect("text");
    assert!(text.contains("Why is the sky blue?"));

    let mut words = client.chat().create_stream(request.build().expect("a request")).await.expect("a stream");
    let mut streamed = String::new();
    while let Some(chunk) = words.next().await {
        let chunk = chunk.expect("a chunk");
        streamed.extend(chunk.choices.first().and_then(|choice| choice.delta.content.clone()));
    }
    assert_eq!(streamed, text);

    let request = CreateEmbeddingRequestArgs::default().model(Bge::ID).input(["a", "b"]).build().expect("a request");
    let vectors = client.embeddings().create(request).await.expect("vectors");
    assert_eq!((vectors.data.len(), vectors.data[0].embedding.len()), (2, 768));
    assert!(sim.requests().iter().all(|request| request.header("x-key") == Some("s3cr3t")));
}
