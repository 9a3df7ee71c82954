//! The tokens used by a call.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap};
use serde_json::{Map, Value};

use crate::whole::MAX_EXACT_INTEGER;

/// The tokens used by a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Input tokens.
    pub prompt_tokens: u64,
    /// Output tokens, reasoning included.
    pub completion_tokens: u64,
    /// Input and output tokens.
    pub total_tokens: u64,
    /// Input tokens read from the cache. `None`: not reported.
    pub cached_tokens: Option<u64>,
    /// Output tokens used for reasoning. `None`: not reported.
    pub reasoning_tokens: Option<u64>,
    /// Audio input tokens. `None`: not reported.
    pub prompt_audio_tokens: Option<u64>,
    /// Audio output tokens. `None`: not reported.
    pub completion_audio_tokens: Option<u64>,
    /// Tokens of a prediction that occur in the output. `None`: not reported.
    pub accepted_prediction_tokens: Option<u64>,
    /// Tokens of a prediction that do not occur in the output. `None`: not reported.
    pub rejected_prediction_tokens: Option<u64>,
}

/// Usage, if what is in its place can be read as usage. It must not cost the answer around it, and is never taken for zero.
pub struct MaybeUsage(pub Option<Usage>);

impl From<&Value> for MaybeUsage {
    fn from(json: &Value) -> Self {
        Self(json.as_object().and_then(usage))
    }
}

impl<'de> Deserialize<'de> for MaybeUsage {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::deserialize(from).map(|json| Self::from(&json))
    }
}

/// Reads usage, if at least one number is there and none is invalid.
fn usage(members: &Map<String, Value>) -> Option<Usage> {
    let of = |name: &str, older: &str| members.get(name).or_else(|| members.get(older));
    let counts =
        [of("prompt_tokens", "input_tokens"), of("completion_tokens", "output_tokens"), members.get("total_tokens")];
    if counts.iter().all(Option::is_none) {
        return None;
    }
    let mut numbers = [0; 3];
    for (number, count) in numbers.iter_mut().zip(counts) {
        if let Some(count) = count.filter(|count| !count.is_null()) {
            *number = tokens(count)?;
        }
    }
    let [prompt_tokens, completion_tokens, total] = numbers;
    let detail = |details: &str, name: &str| members.get(details)?.get(name).and_then(tokens);
    let (prompt, completion) = ("prompt_tokens_details", "completion_tokens_details");
    Some(Usage {
        prompt_tokens,
        completion_tokens,
        total_tokens: if total == 0 { prompt_tokens + completion_tokens } else { total },
        cached_tokens: detail(prompt, "cached_tokens"),
        reasoning_tokens: detail(completion, "reasoning_tokens"),
        prompt_audio_tokens: detail(prompt, "audio_tokens"),
        completion_audio_tokens: detail(completion, "audio_tokens"),
        accepted_prediction_tokens: detail(completion, "accepted_prediction_tokens"),
        rejected_prediction_tokens: detail(completion, "rejected_prediction_tokens"),
    })
}

/// Reads a number of tokens. One above 2^53 is a mistake, and would be lost in the sum.
fn tokens(count: &Value) -> Option<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, and counts are whole")]
    count.as_f64().filter(|number| (0.0..MAX_EXACT_INTEGER).contains(number)).map(|number| number as u64)
}

impl<'de> Deserialize<'de> for Usage {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        usage(&Map::deserialize(from)?).ok_or_else(|| D::Error::custom("there is no valid number of tokens"))
    }
}

impl Serialize for Usage {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("prompt_tokens", &self.prompt_tokens)?;
        map.serialize_entry("completion_tokens", &self.completion_tokens)?;
        map.serialize_entry("total_tokens", &self.total_tokens)?;
        let prompt = [("cached_tokens", self.cached_tokens), ("audio_tokens", self.prompt_audio_tokens)];
        let completion = [
            ("reasoning_tokens", self.reasoning_tokens),
            ("audio_tokens", self.completion_audio_tokens),
            ("accepted_prediction_tokens", self.accepted_prediction_tokens),
            ("rejected_prediction_tokens", self.rejected_prediction_tokens),
        ];
        for (name, counts) in
            [("prompt_tokens_details", prompt.as_slice()), ("completion_tokens_details", completion.as_slice())]
        {
            let said: BTreeMap<&str, u64> =
                counts.iter().filter_map(|(name, count)| Some((*name, (*count)?))).collect();
            if !said.is_empty() {
                map.serialize_entry(name, &said)?;
            }
        }
        map.end()
    }
}

impl crate::wire::Wire for Usage {}
