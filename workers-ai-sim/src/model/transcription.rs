//! Speech recognition: transcribes recordings that the simulator made.

use serde_json::{Value, json};

use super::{Input, ModelSpec, media::embedded_text};

const SECONDS_PER_WORD: f64 = 0.4;

#[allow(clippy::cast_precision_loss, reason = "texts have few words")]
pub(super) fn transcribe(spec: &ModelSpec, input: &Input) -> Value {
    let text = match &input.file {
        Some(bytes) => embedded_text(bytes).unwrap_or_else(|| format!("A recording of {} bytes.", bytes.len())),
        None => "Silence.".to_owned(),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = |index: usize| (index as f64 * SECONDS_PER_WORD * 100.0).round() / 100.0;
    let duration = at(words.len());
    let timed = || words.iter().enumerate().map(|(index, word)| (word, at(index), at(index + 1)));
    if spec.output_with("results").is_some() {
        let words: Vec<Value> = timed()
            .map(|(word, start, end)| json!({ "word": word, "start": start, "end": end, "confidence": 0.99 }))
            .collect();
        let alternative = json!({ "transcript": text, "confidence": 0.99, "words": words });
        return json!({ "results": { "channels": [{ "alternatives": [alternative] }] } });
    }
    if spec.output_with("duration").is_some() {
        return json!({ "text": text, "duration": duration });
    }
    let timed: Vec<Value> =
        timed().map(|(word, start, end)| json!({ "word": word, "start": start, "end": end })).collect();
    let vtt = format!("WEBVTT\n\n{} --> {}\n{text}\n", clock(0.0), clock(duration));
    let mut answer = json!({ "text": text, "word_count": words.len(), "vtt": vtt });
    let more = if spec.output_with("segments").is_some() {
        let segment = json!({
            "start": 0.0, "end": duration, "text": text, "temperature": 0.0, "avg_logprob": -0.1,
            "compression_ratio": 1.0, "no_speech_prob": 0.01, "words": timed,
        });
        let info = json!({ "language": "en", "language_probability": 1.0, "duration": duration, "duration_after_vad": duration });
        json!({ "segments": [segment], "transcription_info": info })
    } else {
        json!({ "words": timed })
    };
    if let (Some(answer), Value::Object(more)) = (answer.as_object_mut(), more) {
        answer.extend(more);
    }
    answer
}

fn clock(seconds: f64) -> String {
    let minutes = (seconds / 60.0).floor();
    format!("{minutes:02}:{:06.3}", seconds - minutes * 60.0)
}
