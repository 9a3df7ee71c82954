//! Embeds pieces from the queue, and stores them.

use std::time::Duration;

use worker::{Date, Env, MessageBatch, MessageExt, QueueRetryOptionsBuilder, RawMessage, js_sys::JSON};
use workers_ai::{ErrorClass, RetryPolicy};

use crate::{
    Chunk,
    failure::with_causes,
    models::{Bge, client},
    outbox::Outbox,
    store::{self, Row, Store},
};

/// The longest pause that a queue allows.
const MAX_PAUSE: Duration = Duration::from_hours(12);
/// The longest pause that grows.
const MAX_GROWN: Duration = Duration::from_hours(1);
/// The longest time that a call may take: a consumer has 15 minutes.
const TIMEOUT: Duration = Duration::from_mins(2);
const STORE_ATTEMPTS: u64 = 3;

type Messages = Vec<(RawMessage, Chunk)>;

/// Embeds a batch in one call. Each message is acknowledged once its vector is stored, and comes again if that is not possible now.
pub async fn consume(batch: &MessageBatch<Chunk>, env: &Env) -> worker::Result<()> {
    let (ai, store) = (client(env)?, store::of(env)?);
    let mut messages = Messages::new();
    for message in batch.raw_iter() {
        match read(&message) {
            Ok(chunk) => messages.push((message, chunk)),
            Err(cause) => {
                worker::console_error!("message {} is not a piece of a document: {cause}", message.id());
                // After its last attempt the queue itself moves it to the dead letters.
                message.retry();
            }
        }
    }
    let mut groups = vec![messages];
    while let Some(group) = groups.pop() {
        if group.is_empty() {
            continue;
        }
        let texts: Vec<String> = group.iter().map(|(_, chunk)| chunk.text.clone()).collect();
        // The queue repeats what fails, and waits in between.
        let vectors = ai.run(Bge, Bge::input().text(texts)).retry(RetryPolicy::never()).timeout(TIMEOUT).await;
        match vectors {
            Ok(vectors) if vectors.len() == group.len() => {
                let vectors: Vec<Vec<f32>> = vectors.iter().map(<[f32]>::to_vec).collect();
                keep(store.as_ref(), &group, vectors).await;
            }
            Ok(vectors) => bury(env, &group, &format!("{} vectors for {} texts", vectors.len(), group.len())).await,
            Err(error) => match error.retry_in() {
                Some(pause) => again(&group, pause, &with_causes(&error)),
                // One text that is refused must not take the others with it.
                None if group.len() > 1 && is_about_the_input(&error) => groups.extend(halves(group)),
                None => bury(env, &group, &with_causes(&error)).await,
            },
        }
    }
    Ok(())
}

fn read(message: &RawMessage) -> Result<Chunk, String> {
    let json = JSON::stringify(&message.body()).ok().and_then(|json| json.as_string());
    serde_json::from_str(&json.ok_or("it is no JSON")?).map_err(|error| error.to_string())
}

/// Stores vectors, and acknowledges their messages. The vectors are paid for: storing them is tried more than once.
async fn keep(store: &dyn Store, group: &Messages, vectors: Vec<Vec<f32>>) {
    let rows: Vec<Row> =
        group.iter().zip(vectors).map(|((_, chunk), vector)| Row { chunk: chunk.clone(), vector }).collect();
    let mut attempt = 1;
    loop {
        match store.upsert(&rows).await {
            Ok(()) => return acknowledge(group),
            Err(error) if attempt == STORE_ATTEMPTS => return again(group, Duration::ZERO, &error.to_string()),
            Err(_) => worker::Delay::from(Duration::from_millis(200 * attempt)).await,
        }
        attempt += 1;
    }
}

fn acknowledge(group: &Messages) {
    for (message, _) in group {
        message.ack();
    }
}

/// Lets messages come again after a pause: that of the error, or as long as they have waited already, so that it doubles each time.
fn again(group: &Messages, pause: Duration, cause: &str) {
    worker::console_log!("{} pieces come again: {cause}", group.len());
    for (message, _) in group {
        let age = Date::now().as_millis().saturating_sub(message.timestamp().as_millis());
        let grown = Duration::from_millis(age).min(MAX_GROWN);
        let seconds = (pause.max(grown).as_secs() + 1).min(MAX_PAUSE.as_secs());
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        message.retry_with_options(&QueueRetryOptionsBuilder::new().with_delay_seconds(seconds).build());
    }
}

/// Moves messages that can never succeed to the queue of dead letters, where somebody can look at them.
async fn bury(env: &Env, group: &Messages, cause: &str) {
    let ids: Vec<&str> = group.iter().map(|(_, chunk)| chunk.id.as_str()).collect();
    worker::console_error!("given up: {cause} ({})", ids.join(", "));
    match send_away(env, group).await {
        Ok(()) => acknowledge(group),
        Err(error) => again(group, Duration::ZERO, &error.to_string()),
    }
}

async fn send_away(env: &Env, group: &Messages) -> worker::Result<()> {
    let mut outbox = Outbox::new(env.queue("DEAD_LETTERS")?);
    for (_, chunk) in group {
        outbox.add(chunk.clone()).await?;
    }
    outbox.flush().await
}

fn is_about_the_input(error: &workers_ai::Error) -> bool {
    matches!(error.class(), Some(ErrorClass::InvalidInput | ErrorClass::ContextExceeded | ErrorClass::ContentFlagged))
}

fn halves(mut group: Messages) -> [Messages; 2] {
    let second = group.split_off(group.len() / 2);
    [group, second]
}
