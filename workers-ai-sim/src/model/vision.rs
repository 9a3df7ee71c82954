//! Image understanding: recognizes images that the simulator made.

use serde_json::{Value, json};

use super::{Input, ModelSpec, example, media::embedded_text, similarity::hash, text_of};

fn subject(input: &Input) -> String {
    match &input.file {
        Some(bytes) => embedded_text(bytes).unwrap_or_else(|| format!("something of {} bytes", bytes.len())),
        None => "nothing".to_owned(),
    }
}

pub(super) fn describe(spec: &ModelSpec, input: &Input) -> Value {
    let description = format!("The image shows {}.", subject(input));
    if spec.output_with("description").is_some() {
        return json!({ "description": description });
    }
    let mut answer = spec.outputs.first().map_or(Value::Null, |schema| example::from_schema(schema, &description));
    if text_of(&input.value, &["task"]) != "caption"
        && let Some(members) = answer.as_object_mut()
    {
        members.remove("caption");
    }
    answer
}

pub(super) fn classify(input: &Input) -> Value {
    const LABELS: [&str; 8] =
        ["LIGHTHOUSE", "TABBY CAT", "SPORTS CAR", "ESPRESSO", "CASTLE", "SEASHORE", "UMBRELLA", "BICYCLE"];
    let subject = subject(input);
    let named = LABELS.iter().position(|label| subject.to_uppercase().contains(label));
    #[allow(clippy::cast_possible_truncation, reason = "a remainder fits")]
    let first = named.unwrap_or_else(|| (hash("label", &subject) % LABELS.len() as u64) as usize);
    let scores = [0.81, 0.1, 0.05, 0.03, 0.01];
    let label =
        |(rank, score): (usize, &f64)| json!({ "label": LABELS[(first + rank) % LABELS.len()], "score": score });
    scores.iter().enumerate().map(label).collect()
}

pub(super) fn detect(input: &Input) -> Value {
    let labels = ["person", "boat", "bird"];
    let subject = subject(input);
    let found = labels.iter().zip([0.97, 0.84, 0.61]).enumerate();
    found
        .map(|(at, (label, score))| {
            let left = hash(label, &subject) % 200 + 100 * u64::try_from(at).unwrap_or_default();
            let area = json!({ "xmin": left, "ymin": 40, "xmax": left + 80, "ymax": 160 });
            json!({ "label": label, "score": score, "box": area })
        })
        .collect()
}
