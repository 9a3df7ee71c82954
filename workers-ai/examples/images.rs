//! Makes an image with FLUX.1, and another from it with FLUX.2.
//!
//! `cargo run --example images -p workers-ai`

use std::fs;

use workers_ai::prelude::*;

/// A fast image model.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

/// An image model that takes images.
#[workers_ai_model("@cf/black-forest-labs/flux-2-dev")]
pub struct Flux2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let folder = std::env::temp_dir();

    let first = ai.run(Flux, Flux::input().prompt("a lighthouse at dusk, oil on canvas").num_steps(4)).await?;
    fs::write(folder.join("dusk.jpg"), first.image.decode()?)?;

    let input = Flux2::input()
        .prompt("the same lighthouse at dawn")
        .num_steps(25)
        .input_image_0(first.image.to_media()?)
        .width(512)
        .height(512);
    let second = ai.run(Flux2, input).await?;
    fs::write(folder.join("dawn.jpg"), second.image.decode()?)?;
    println!("{} and {}", folder.join("dusk.jpg").display(), folder.join("dawn.jpg").display());
    Ok(())
}
