//! Models that score a state: one answer for each question, by text similarity.

use serde_json::{Map, Value, json};

use super::{chat::count_tokens, similarity::similarity, text_of};

pub(super) fn score(input: &Value) -> Value {
    let state = input.get("state").map(plain).unwrap_or_default();
    let questions = input.get("questions").and_then(Value::as_object);
    let answers: Map<String, Value> =
        questions.into_iter().flatten().map(|(name, question)| (name.clone(), answer(&state, question))).collect();
    let model = text_of(input, &["model"]).trim();
    let tokens = count_tokens(&state);
    json!({ "model": model, "usage": { "input_tokens": tokens, "output_tokens": answers.len() }, "answers": answers })
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
        _ => json!({ "type": "noul", "noul": similarity(state, &instructions) }),
    }
}

/// Returns the best option, and the probability of each.
fn weigh(state: &str, options: impl Iterator<Item = (String, String)>) -> (String, Map<String, Value>) {
    let weights: Vec<(String, f64)> = options
        .map(|(name, what)| {
            let weight = f64::from(similarity(state, &format!("{name} {what}"))) + 0.05;
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
