//! A chat in the terminal: streams each answer and prints its cost. Questions are lines of standard input, or one argument.
//!
//! `cargo run --example chat -p workers-ai`
//! `cargo run --example chat -p workers-ai -- "Why is the sky blue?"`

use std::io::{self, BufRead, IsTerminal, Write};

use workers_ai::{
    WorkersAi,
    billing::cost,
    chat::{FinishReason, Message},
    prelude::*,
};

/// A chat model that reasons.
#[workers_ai_model("@cf/zai-org/glm-4.7-flash")]
pub struct Glm;

/// The maximum number of tokens of each answer, reasoning included.
const MOST_TOKENS: u32 = 1_000;

type Said = Message<<Glm as Chat>::Content>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let mut history = vec![system("Answer briefly.")];
    if let Some(question) = std::env::args().nth(1) {
        return ask(&ai, &mut history, &question).await;
    }
    let mut asked = false;
    loop {
        print!("\n> ");
        io::stdout().flush()?;
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            break;
        }
        let question = line.trim();
        if !io::stdin().is_terminal() {
            println!("{question}");
        }
        if !question.is_empty() {
            asked = true;
            ask(&ai, &mut history, question).await?;
        }
    }
    if asked || io::stdin().is_terminal() {
        println!();
        return Ok(());
    }
    // Standard input was empty.
    let question = "Why is the sky blue?";
    println!("{question}");
    ask(&ai, &mut history, question).await
}

/// Prints the answer as it arrives, the reason if it was cut, and its cost. Keeps question and answer.
async fn ask(ai: &WorkersAi, history: &mut Vec<Said>, question: &str) -> Result<(), Box<dyn std::error::Error>> {
    history.push(user(question));
    let mut words = ai.stream(Glm, Glm::input().messages(history.clone()).max_tokens(MOST_TOKENS)).await?;
    let (mut answer, mut thinks, mut finish) = (String::new(), false, None);
    while let Some(event) = words.next().await {
        match event? {
            Event::Reasoning(text) => {
                print!("{}{}", if thinks { "" } else { "(thinks) " }, dim(&text));
                thinks = true;
            }
            Event::Text(text) => {
                print!("{}{text}", if thinks { "\n\n" } else { "" });
                thinks = false;
                answer += &text;
            }
            Event::Finish(reason) => finish = Some(reason),
            _ => {}
        }
        io::stdout().flush()?;
    }
    println!();
    match finish {
        Some(FinishReason::Stop) | None => {}
        Some(FinishReason::Length) => println!("[cut at the limit of {MOST_TOKENS} tokens]"),
        Some(reason) => println!("[ended: {}]", reason.as_str()),
    }
    if let Some(usage) = words.meta().usage {
        let cost = cost(&Glm::INFO, &usage).map_or_else(|| "no price known".to_owned(), |cost| cost.to_string());
        println!("[{} tokens in, {} out: {cost}]", usage.prompt_tokens, usage.completion_tokens);
    }
    // A question answered with nothing but reasoning is not part of the conversation.
    if answer.is_empty() {
        history.pop();
    } else {
        history.push(assistant(answer));
    }
    Ok(())
}

/// Dims text in a terminal.
fn dim(text: &str) -> String {
    if io::stdout().is_terminal() { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
}
