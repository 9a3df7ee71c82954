//! A program that calls a model which is newer than the published crates.

use workers_ai::prelude::*;

#[workers_ai_model("@cf/acme/parrot-2")]
pub struct Parrot;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ai = WorkersAi::from_env()?;
    let reply = ai.run(Parrot, Parrot::input().messages([user("Who are you?")]).volume(11)).await?;
    println!("{}", reply.text());
    Ok(())
}
