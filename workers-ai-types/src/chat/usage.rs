//! The tokens used by a call.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

use crate::{
    read::{ReadObject, Reader, deserialize},
    whole::MAX_EXACT_INTEGER,
};

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

fn count<'de, R: Reader<'de>>(from: &mut R) -> Result<Option<u64>, R::Error> {
    let mut number = None;
    from.number(&mut number)?;
    match number {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, and counts are whole")]
        Some(number) if (0.0..MAX_EXACT_INTEGER).contains(&number) => Ok(Some(number as u64)),
        Some(_) => Err(from.invalid("a number of tokens is out of range")),
        None => Ok(None),
    }
}

fn details<'de, R: Reader<'de>>(from: &mut R) -> Result<Details, R::Error> {
    let mut details = None;
    from.value(&mut details)?;
    Ok(details.unwrap_or_default())
}

impl<'de> ReadObject<'de> for Usage {
    const MEMBERS: &'static [&'static str] = &[
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "prompt_tokens_details",
        "completion_tokens_details",
        "input_tokens",
        "output_tokens",
    ];

    fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error> {
        let mut usage = Self::default();
        let mut known = false;
        while let Some(member) = from.next(Self::MEMBERS)? {
            known |= member < Self::MEMBERS.len();
            match member {
                0 | 5 => usage.prompt_tokens = count(from)?.unwrap_or_default(),
                1 | 6 => usage.completion_tokens = count(from)?.unwrap_or_default(),
                2 => usage.total_tokens = count(from)?.unwrap_or_default(),
                3 => {
                    let details = details(from)?;
                    usage.cached_tokens = details.0[CACHED];
                    usage.prompt_audio_tokens = details.0[AUDIO];
                }
                4 => {
                    let details = details(from)?;
                    usage.reasoning_tokens = details.0[REASONING];
                    usage.completion_audio_tokens = details.0[AUDIO];
                    usage.accepted_prediction_tokens = details.0[ACCEPTED];
                    usage.rejected_prediction_tokens = details.0[REJECTED];
                }
                _ => from.skip()?,
            }
        }
        if !known {
            return Err(from.invalid("there is no number of tokens"));
        }
        if usage.total_tokens == 0 {
            usage.total_tokens = usage.prompt_tokens.saturating_add(usage.completion_tokens);
        }
        Ok(usage)
    }
}

/// The counts of either kind of details, by their index in [`Details::MEMBERS`].
#[derive(Default)]
struct Details([Option<u64>; 5]);

const CACHED: usize = 0;
const REASONING: usize = 1;
const AUDIO: usize = 2;
const ACCEPTED: usize = 3;
const REJECTED: usize = 4;

impl<'de> ReadObject<'de> for Details {
    const MEMBERS: &'static [&'static str] = &[
        "cached_tokens",
        "reasoning_tokens",
        "audio_tokens",
        "accepted_prediction_tokens",
        "rejected_prediction_tokens",
    ];

    fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error> {
        let mut details = Self::default();
        while let Some(member) = from.next(Self::MEMBERS)? {
            match details.0.get_mut(member) {
                Some(tokens) => *tokens = count(from)?,
                None => from.skip()?,
            }
        }
        Ok(details)
    }
}

impl<'de> Deserialize<'de> for Details {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize(from)
    }
}

impl<'de> Deserialize<'de> for Usage {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize(from)
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
