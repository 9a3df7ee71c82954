//! Embeddings, reranking and sentiment, all by text similarity.

use serde_json::{Value, json};

use super::{
    ModelSpec, number_of,
    similarity::{similarity, vector, words},
    text_of,
};

/// Returns texts that are given as one or as a list.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Returns the texts of a list of objects.
fn contexts(input: &Value) -> Vec<&str> {
    let list = input.get("contexts").and_then(Value::as_array).into_iter().flatten();
    list.map(|context| text_of(context, &["text"])).collect()
}

pub(super) fn embed(spec: &ModelSpec, input: &Value) -> Value {
    if let (Some(query), true) = (input.get("query").and_then(Value::as_str), input.get("contexts").is_some()) {
        return json!({ "response": scores(query, &contexts(input)) });
    }
    let pooling = text_of(input, &["pooling"]);
    let pooling = if pooling.is_empty() { "mean" } else { pooling };
    let given = ["text", "queries", "documents"].iter().find_map(|name| input.get(name));
    let dimensions = spec.vector_length();
    let only_contexts = given.is_none() && input.get("contexts").is_some();
    let texts = if only_contexts { contexts(input) } else { texts(given) };
    let vectors: Vec<Vec<f32>> = texts.iter().map(|text| vector(text, dimensions, pooling)).collect();
    let shape = [vectors.len(), dimensions];
    if only_contexts {
        return json!({ "response": vectors, "shape": shape, "pooling": pooling });
    }
    let mut answer = json!({ "shape": shape, "data": vectors });
    if spec.output_with("pooling").is_some()
        && let Some(members) = answer.as_object_mut()
    {
        members.insert("pooling".to_owned(), pooling.into());
    }
    answer
}

/// Returns the contexts' IDs and scores, best first.
fn scores(query: &str, contexts: &[&str]) -> Vec<Value> {
    let mut scores: Vec<(usize, f32)> =
        contexts.iter().enumerate().map(|(id, context)| (id, similarity(query, context))).collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    scores.into_iter().map(|(id, score)| json!({ "id": id, "score": score })).collect()
}

/// Words that make the sentiment of a text negative.
const NEGATIVE_WORDS: [&str; 12] =
    ["bad", "terrible", "awful", "hate", "worst", "poor", "sad", "boring", "broken", "slow", "not", "never"];

pub(super) fn classify(spec: &ModelSpec, input: &Value) -> Value {
    if spec.output_with("response").is_some() {
        let mut scores = scores(text_of(input, &["query"]), &contexts(input));
        if let Some(top) = number_of(input, "top_k").and_then(|top| usize::try_from(top).ok()) {
            scores.truncate(top);
        }
        return json!({ "response": scores });
    }
    let negative = words(text_of(input, &["text"])).filter(|word| NEGATIVE_WORDS.contains(&word.as_str())).count();
    let positive = if negative == 0 { 0.98 } else { 0.02 };
    json!([{ "label": "NEGATIVE", "score": 1.0 - positive }, { "label": "POSITIVE", "score": positive }])
}
