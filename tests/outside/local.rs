//! The program's model against a local Workers AI.

use serde_json::json;
use workers_ai::prelude::*;
use workers_ai_sim::Fault;

#[workers_ai_model("@cf/acme/parrot-2")]
pub struct Parrot;

#[tokio::test]
async fn the_model_answers_what_it_is_told_to() -> Result<(), Box<dyn std::error::Error>> {
    let sim = workers_ai_sim::start().await?;
    let ai = WorkersAi::local(sim.url())?;
    sim.answer("@cf/acme/parrot-2", json!({ "response": "Polly" }))?;
    let input = || Parrot::input().messages([user("Who are you?")]).volume(11);
    assert_eq!(ai.run(Parrot, input()).await?.text(), "Polly");
    sim.fail_next(Fault::code(3036));
    let error = ai.run(Parrot, input()).await.expect_err("the day's quota");
    assert!(error.to_string().contains("@cf/acme/parrot-2"), "{error}");
    assert_eq!(sim.requests().last().map(|request| request.json()["volume"].clone()), Some(json!(11)));
    Ok(())
}
