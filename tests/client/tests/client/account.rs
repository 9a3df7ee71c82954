//! The account's other routes: models, files, adapters.

use workers_ai::{Error, ErrorCode, Media, RetryPolicy};
use workers_ai_sim::Fault;

use crate::setup::start;

#[tokio::test]
async fn models_are_listed_page_by_page() {
    let (sim, ai) = start().await;
    let all = ai.models().include_deprecated().await.expect("models");
    assert!(all.len() > 100, "{}", all.len());
    // Two full pages, and one that is empty.
    assert_eq!(sim.request_count(), 3);
    let vectors = ai.models().task("Text Embeddings").search("bge").await.expect("models");
    assert!(vectors.iter().all(|model| model.task == "Text Embeddings" && model.id.contains("bge")));
    assert!(vectors.iter().any(|model| model.supports("async_queue")));
}

#[tokio::test]
async fn schemas_are_as_the_service_has_them() {
    let (_sim, ai) = start().await;
    let schema = ai.model_schema("@cf/black-forest-labs/flux-1-schnell").await.expect("a schema");
    assert_eq!(schema.input["properties"]["steps"]["maximum"], 8);
    let error = ai.model_schema("@cf/nobody/nothing").await.expect_err("none");
    assert_eq!(error.code(), Some(ErrorCode::NoSuchModel));
}

#[tokio::test]
async fn files_become_markdown_or_say_why_not() {
    let (sim, ai) = start().await;
    let text = Media::new("hello".as_bytes()).with_content_type("text/plain");
    let picture = Media::new(*b"\xff\xd8\xff\xe0");
    let files = ai.to_markdown([("note \"one\".txt", text), ("picture.jpg", picture)]).await.expect("files");
    assert!(files[0].markdown.as_ref().expect("Markdown").ends_with("hello"));
    assert!(files[0].tokens.is_some_and(|tokens| tokens > 0));
    assert!(files[1].markdown.is_err());
    let options = serde_json::json!({ "image": { "descriptionLanguage": "de" } });
    let text = Media::new("hello".as_bytes()).with_content_type("text/plain");
    ai.to_markdown_with([("note.txt", text)], &options).await.expect("files");
    let sent = sim.requests()[1].body.clone();
    assert!(String::from_utf8_lossy(&sent).contains("name=\"conversionOptions\"\r\n\r\n{\"image\""));
    let formats = ai.markdown_formats().await.expect("formats");
    assert!(formats.iter().any(|format| format.extension == ".txt" && format.mime_type == "text/plain"));
    assert_eq!((files[1].name.as_str(), files[1].mime_type.as_str()), ("picture.jpg", "image/jpeg"));
}

#[tokio::test]
async fn adapters_are_checked_made_and_listed() {
    let (sim, ai) = start().await;
    let make = |config: &str| {
        let (config, ai) = (config.as_bytes().to_vec(), ai.clone());
        async move { ai.create_finetune("@cf/meta/llama-3.2-3b-instruct", "support", "", config, vec![1]).await }
    };
    for config in ["no JSON", "{}", "{\"r\":33}"] {
        let error = make(config).await.expect_err("not an adapter");
        assert!(matches!(error, Error::Configuration(_)), "{error}");
    }
    assert!(sim.requests().is_empty());
    let adapter = make("{\"r\":8}").await.expect("an adapter");
    assert_eq!(sim.request_count(), 3);
    assert_eq!(ai.finetunes().await.expect("adapters"), [adapter]);
    assert!(!ai.public_finetunes().await.expect("adapters").is_empty());
}

#[tokio::test]
async fn an_adapter_whose_files_were_not_uploaded_is_not_lost_nor_made_twice() {
    let (sim, ai) = start().await;
    let config = || b"{\"r\":8}".to_vec();
    for fault in [Fault::default(), Fault::code(5004)] {
        sim.fail_next(fault);
    }
    let made = ai.create_finetune("@cf/meta/llama-3.2-3b-instruct", "support", "", config(), vec![1]).await;
    let Err(Error::PartiallyMade { id, source }) = made else { panic!("{made:?}") };
    assert_eq!(source.code(), Some(ErrorCode::InvalidData));
    ai.upload_finetune(&id, config(), vec![1]).await.expect("files");

    // If the response is lost, it is unknown whether the adapter was created: the request is not repeated.
    let before = sim.request_count();
    sim.fail_next(Fault::reset());
    let ai = ai.with_retry(RetryPolicy::default().retry_interrupted(true));
    let lost = ai.create_finetune("@cf/meta/llama-3.2-3b-instruct", "other", "", config(), vec![1]);
    assert!(matches!(lost.await, Err(Error::Transport(_))));
    assert_eq!(sim.request_count() - before, 1);
}
