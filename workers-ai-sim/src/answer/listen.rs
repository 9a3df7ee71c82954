//! Models that listen: they hear what recordings of this server carry.

use serde_json::{Value, json};

use crate::{known::Known, media::carried, request::Input};

const SECONDS_A_WORD: f64 = 0.4;

#[allow(clippy::cast_precision_loss, reason = "texts have few words")]
pub(super) fn transcript(known: &Known, input: &Input) -> Value {
    let text = match &input.bytes {
        Some(bytes) => carried(bytes).unwrap_or_else(|| format!("This recording takes {} bytes.", bytes.len())),
        None => "Nothing was said.".to_owned(),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = |index: usize| (index as f64 * SECONDS_A_WORD * 100.0).round() / 100.0;
    let duration = at(words.len());
    let timed = || words.iter().enumerate().map(|(index, word)| (word, at(index), at(index + 1)));
    if known.answer_with("results").is_some() {
        let words: Vec<Value> = timed()
            .map(|(word, start, end)| json!({ "word": word, "start": start, "end": end, "confidence": 0.99 }))
            .collect();
        let alternative = json!({ "transcript": text, "confidence": 0.99, "words": words });
        return json!({ "results": { "channels": [{ "alternatives": [alternative] }] } });
    }
    if known.answer_with("duration").is_some() {
        return json!({ "text": text, "duration": duration });
    }
    let timed: Vec<Value> =
        timed().map(|(word, start, end)| json!({ "word": word, "start": start, "end": end })).collect();
    let vtt = format!("WEBVTT\n\n{} --> {}\n{text}\n", clock(0.0), clock(duration));
    let mut answer = json!({ "text": text, "word_count": words.len(), "vtt": vtt });
    let more = if known.answer_with("segments").is_some() {
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
