//! Realtime connections.

use futures_util::StreamExt;
use serde_json::{Value, json};
use worker::{WebSocket, WebsocketEvent, wasm_bindgen::JsValue};
use workers_ai::transport::Binding;

use crate::{Answer, Aura, Turns};

/// Speaks a text. Returns what came: messages, and the sizes of audio.
pub(crate) async fn speak(binding: &impl AsRef<JsValue>) -> Answer {
    let socket = Binding::new(binding).connect(Aura, &json!({ "encoding": "linear16", "sample_rate": 16000 })).await?;
    let messages =
        [json!({ "type": "Speak", "text": "good morning" }), json!({ "type": "Flush" }), json!({ "type": "Close" })];
    converse(&socket, &[], &messages).await
}

/// Sends audio until the speaker's turn has ended.
pub(crate) async fn listen(binding: &impl AsRef<JsValue>) -> Answer {
    let socket = Binding::new(binding).connect(Turns, &json!({ "encoding": "linear16", "sample_rate": 16000 })).await?;
    converse(&socket, &[&[0; 3200], &[1; 3200]], &[json!({ "type": "CloseStream" })]).await
}

/// Asks for a connection in a way that the service refuses.
pub(crate) async fn refused(binding: &impl AsRef<JsValue>) -> Answer {
    let socket = Binding::new(binding).connect(Turns, &json!({ "keyterms": ["a", "list"] })).await?;
    converse(&socket, &[], &[]).await
}

async fn converse(socket: &WebSocket, audio: &[&[u8]], messages: &[Value]) -> Answer {
    let mut events = socket.events()?;
    socket.accept()?;
    for audio in audio {
        socket.send_with_bytes(audio)?;
    }
    for message in messages {
        socket.send_with_str(message.to_string())?;
    }
    let (mut kinds, mut bytes, mut transcript) = (Vec::new(), 0, Value::Null);
    while let Some(event) = events.next().await {
        let WebsocketEvent::Message(message) = event? else { break };
        match message.text() {
            Some(text) => {
                let message: Value = serde_json::from_str(&text)?;
                kinds.push(message.get("event").or(message.get("type")).cloned().unwrap_or_default());
                transcript = message.get("transcript").cloned().unwrap_or(transcript);
            }
            None => bytes += message.bytes().unwrap_or_default().len(),
        }
    }
    Ok(json!({ "kinds": kinds, "bytes": bytes, "transcript": transcript }))
}
