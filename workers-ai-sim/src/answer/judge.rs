//! Models that judge a state: one answer for each question, by how alike the words are.

use serde_json::{Map, Value, json};

use super::text_of;
use crate::{answer::chat::tokens, embed::likeness};

pub(super) fn judge(input: &Value) -> Value {
    let state = input.get("state").map(plain).unwrap_or_default();
    let questions = input.get("questions").and_then(Value::as_object);
    let answers: Map<String, Value> =
        questions.into_iter().flatten().map(|(name, question)| (name.clone(), answer(&state, question))).collect();
    let model = text_of(input, &["model"]).trim();
    let read = tokens(&state);
    json!({ "model": model, "usage": { "input_tokens": read, "output_tokens": answers.len() }, "answers": answers })
}

fn answer(state: &str, question: &Value) -> Value {
    let instructions = question.get("instructions").map(plain).unwrap_or_default();
    match text_of(question, &["type"]) {
        "choice" => {
            let criteria = question.get("criteria").and_then(Value::as_object);
            let options = criteria.into_iter().flatten().map(|(name, what)| (name.clone(), plain(what)));
            let (best, probabilities) = weigh(state, options);
            let confidence = probabilities.get(&best).cloned();
            json!({ "type": "choice", "choice": best, "probabilities": probabilities, "confidence": confidence })
        }
        "score" => {
            let steps: Vec<String> =
                question.get("criteria").and_then(Value::as_array).into_iter().flatten().map(plain).collect();
            let options = steps.iter().enumerate().map(|(at, what)| (at.to_string(), what.clone()));
            let (best, probabilities) = weigh(state, options);
            let legend: Map<String, Value> =
                steps.iter().enumerate().map(|(at, what)| (at.to_string(), json!(what))).collect();
            let score = best.parse::<u32>().unwrap_or_default();
            let confidence = probabilities.get(&best).cloned();
            json!({
                "type": "score", "score": score, "legend": legend,
                "probabilities": probabilities, "confidence": confidence,
            })
        }
        _ => json!({ "type": "noul", "noul": likeness(state, &instructions) }),
    }
}

/// The option that fits best, and how well each of them fits; together they make 1.
fn weigh(state: &str, options: impl Iterator<Item = (String, String)>) -> (String, Map<String, Value>) {
    let weights: Vec<(String, f64)> = options
        .map(|(name, what)| {
            let weight = f64::from(likeness(state, &format!("{name} {what}"))) + 0.05;
            (name, weight)
        })
        .collect();
    let whole: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let best = weights.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(name, _)| name.clone()).unwrap_or_default();
    (best, weights.into_iter().map(|(name, weight)| (name, json!(weight / whole))).collect())
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
