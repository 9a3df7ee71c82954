//! Converts text to speech with one model, and back with another.
//!
//! `cargo run --example speech -p workers-ai`

use workers_ai::prelude::*;

/// A text-to-speech model.
#[workers_ai_model("@cf/deepgram/aura-2-en")]
pub struct Aura;

/// A speech recognition model.
#[workers_ai_model("@cf/openai/whisper-large-v3-turbo")]
pub struct Whisper;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let spoken = ai.run(Aura, Aura::input().text("The tide comes in at six.")).await?;
    let recording = spoken.audio.to_media()?;
    println!("{} bytes of {}", recording.bytes().len(), recording.content_type());

    let heard = ai.run(Whisper, Whisper::input().audio(recording)).await?;
    println!("{}", heard.text);
    Ok(())
}
