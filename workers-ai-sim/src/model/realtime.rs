//! Realtime connections: what models say to what they are sent.

use serde_json::{Value, json};

use super::{
    ModelSpec,
    media::{embedded_text, wav},
    number_of, text_of,
};

/// A message to the caller.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    Text(Value),
    Bytes(Vec<u8>),
    Close,
}

/// The audio that is kept, and the text that waits to be spoken.
const MAX_BYTES: usize = 1 << 20;

const REQUEST: &str = "00000000-0000-4000-8000-000000000002";

/// A connection to a model.
pub(crate) struct Conversation {
    kind: Kind,
    audio: Vec<u8>,
    text: String,
    sample_rate: u32,
    /// The number of turns, or of texts that were spoken.
    turns: u64,
    sequence: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Recognizes speech, and says when a speaker has ended.
    Turns,
    /// Recognizes speech.
    Listens,
    Speaks,
}

impl Conversation {
    /// Begins a conversation with a model that has a realtime connection.
    pub(crate) fn new(spec: &ModelSpec, input: &Value) -> Self {
        let kind = match spec.task.as_str() {
            "Text-to-Speech" => Kind::Speaks,
            // What cannot be run is there for turns only.
            _ if !spec.supports(workers_ai_catalog::Capability::Run) => Kind::Turns,
            _ => Kind::Listens,
        };
        let sample_rate = number_of(input, "sample_rate").and_then(|rate| u32::try_from(rate).ok()).unwrap_or(16_000);
        Self { kind, audio: Vec::new(), text: String::new(), sample_rate, turns: 0, sequence: 0 }
    }

    /// Returns what the model says first.
    pub(crate) fn greeting(&mut self) -> Vec<Said> {
        match self.kind {
            Kind::Turns => vec![self.numbered(json!({ "type": "Connected", "request_id": REQUEST }))],
            Kind::Listens => Vec::new(),
            Kind::Speaks => {
                vec![Said::Text(json!({ "type": "Metadata", "request_id": REQUEST, "model_name": "simulated" }))]
            }
        }
    }

    /// Answers audio.
    pub(crate) fn audio(&mut self, bytes: &[u8]) -> Vec<Said> {
        let room = MAX_BYTES.saturating_sub(self.audio.len());
        let is_first = self.audio.is_empty();
        self.audio.extend_from_slice(&bytes[..bytes.len().min(room)]);
        match self.kind {
            Kind::Turns if is_first => vec![self.turn("StartOfTurn"), self.turn("Update")],
            Kind::Turns => vec![self.turn("Update"), self.end_of_turn()],
            Kind::Listens => vec![self.results(false)],
            Kind::Speaks => {
                vec![Said::Text(json!({ "type": "Warning", "code": "BINARY", "description": "audio is not expected" }))]
            }
        }
    }

    /// Answers a message.
    pub(crate) fn message(&mut self, text: &str) -> Vec<Said> {
        let message: Value = serde_json::from_str(text).unwrap_or_default();
        match (self.kind, text_of(&message, &["type"])) {
            (Kind::Turns, "CloseStream") | (Kind::Speaks, "Close") => vec![Said::Close],
            (Kind::Turns, "ForceEndTurn") => vec![self.end_of_turn()],
            (Kind::Turns, "Configure") => vec![Said::Text(json!({ "type": "ConfigureSuccess" }))],
            (Kind::Listens, "KeepAlive") => Vec::new(),
            (Kind::Listens, "Finalize") => vec![self.results(true)],
            (Kind::Listens, "CloseStream") => {
                let end =
                    json!({ "type": "Metadata", "request_id": REQUEST, "duration": self.seconds(), "channels": 1 });
                vec![Said::Text(end), Said::Close]
            }
            (Kind::Speaks, "Speak") => {
                if self.text.len() < MAX_BYTES {
                    self.text.push_str(text_of(&message, &["text"]));
                }
                Vec::new()
            }
            (Kind::Speaks, "Flush") => {
                let spoken = wav(&std::mem::take(&mut self.text), self.sample_rate);
                vec![Said::Bytes(spoken), self.acknowledged("Flushed")]
            }
            (Kind::Speaks, "Clear") => {
                self.text.clear();
                vec![self.acknowledged("Cleared")]
            }
            (Kind::Speaks, other) => {
                vec![Said::Text(
                    json!({ "type": "Warning", "code": "UNKNOWN", "description": format!("unknown message `{other}`") }),
                )]
            }
            (_, other) => {
                let description = format!("unknown message `{other}`");
                vec![self.numbered(
                    json!({ "type": "Error", "code": "UNPARSABLE_CLIENT_MESSAGE", "description": description }),
                )]
            }
        }
    }

    fn transcript(&self) -> String {
        embedded_text(&self.audio).unwrap_or_else(|| format!("A recording of {} bytes.", self.audio.len()))
    }

    /// Returns the length of the audio, at two bytes for each sample.
    #[allow(clippy::cast_precision_loss, reason = "recordings are short")]
    fn seconds(&self) -> f64 {
        self.audio.len() as f64 / 2.0 / f64::from(self.sample_rate)
    }

    fn turn(&mut self, event: &str) -> Said {
        let transcript = if event == "StartOfTurn" { String::new() } else { self.transcript() };
        let words: Vec<Value> =
            transcript.split_whitespace().map(|word| json!({ "word": word, "confidence": 0.99 })).collect();
        let confidence = if event == "EndOfTurn" { 0.95 } else { 0.1 };
        self.numbered(json!({
            "type": "TurnInfo", "request_id": REQUEST, "event": event, "turn_index": self.turns,
            "audio_window_start": 0.0, "audio_window_end": self.seconds(), "transcript": transcript, "words": words,
            "end_of_turn_confidence": confidence,
        }))
    }

    fn end_of_turn(&mut self) -> Said {
        let said = self.turn("EndOfTurn");
        self.turns += 1;
        self.audio.clear();
        said
    }

    fn results(&self, is_final: bool) -> Said {
        let alternative = json!({ "transcript": self.transcript(), "confidence": 0.99, "words": [] });
        Said::Text(json!({
            "type": "Results", "channel_index": [0, 1], "duration": self.seconds(), "start": 0.0, "is_final": is_final,
            "speech_final": is_final, "from_finalize": is_final, "channel": { "alternatives": [alternative] },
        }))
    }

    fn acknowledged(&mut self, kind: &str) -> Said {
        self.turns += 1;
        Said::Text(json!({ "type": kind, "sequence_id": self.turns - 1 }))
    }

    fn numbered(&mut self, mut message: Value) -> Said {
        message["sequence_id"] = self.sequence.into();
        self.sequence += 1;
        Said::Text(message)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Conversation, Said};
    use crate::model::{
        ModelSpec,
        media::{embedded_text, wav},
    };

    fn with(model: &str) -> Conversation {
        Conversation::new(
            &ModelSpec::read(&workers_ai_catalog::Catalog::embedded(), model).expect("a model"),
            &json!({ "sample_rate": "16000" }),
        )
    }

    fn texts(said: &[Said]) -> Vec<&Value> {
        said.iter().filter_map(|said| if let Said::Text(text) = said { Some(text) } else { None }).collect()
    }

    #[test]
    fn a_turn_begins_and_ends() {
        let mut flux = with("@cf/deepgram/flux");
        assert_eq!(texts(&flux.greeting())[0]["type"], "Connected");
        let sound = wav("hello there", 16_000);
        assert_eq!(texts(&flux.audio(&sound[..100]))[0]["event"], "StartOfTurn");
        let said = flux.audio(&sound[100..]);
        let end = texts(&said)[1];
        assert_eq!((&end["event"], &end["transcript"]), (&json!("EndOfTurn"), &json!("hello there")));
        assert_eq!(flux.message(r#"{"type":"CloseStream"}"#), [Said::Close]);
        assert_eq!(texts(&flux.message("nonsense"))[0]["type"], "Error");
    }

    #[test]
    fn what_is_spoken_can_be_heard() {
        let mut aura = with("@cf/deepgram/aura-2-en");
        aura.greeting();
        assert!(aura.message(r#"{"type":"Speak","text":"good morning"}"#).is_empty());
        let said = aura.message(r#"{"type":"Flush"}"#);
        let [Said::Bytes(sound), Said::Text(flushed)] = &said[..] else { panic!("{said:?}") };
        assert_eq!((embedded_text(sound).as_deref(), &flushed["type"]), (Some("good morning"), &json!("Flushed")));
        let mut nova = with("@cf/deepgram/nova-3");
        nova.audio(sound);
        let heard = nova.message(r#"{"type":"Finalize"}"#);
        assert_eq!(texts(&heard)[0]["channel"]["alternatives"][0]["transcript"], "good morning");
        assert_eq!(nova.message(r#"{"type":"CloseStream"}"#).last(), Some(&Said::Close));
    }
}
