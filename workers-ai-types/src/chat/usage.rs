//! The tokens that a call took.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

use crate::read::{ReadObject, Reader, deserialize};

/// The tokens that a call took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens of the input.
    pub prompt_tokens: u64,
    /// Tokens of the answer, reasoning included.
    pub completion_tokens: u64,
    /// Both.
    pub total_tokens: u64,
    /// Tokens of the input that were cached. `None`: not said.
    pub cached_tokens: Option<u64>,
    /// Tokens of the answer that were reasoning. `None`: not said.
    pub reasoning_tokens: Option<u64>,
}

fn count(number: Option<f64>) -> Option<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, and counts are whole")]
    number.map(|number| number as u64)
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
        while let Some(member) = from.next(Self::MEMBERS)? {
            match member {
                0 | 5 => usage.prompt_tokens = count(from.number()?).unwrap_or_default(),
                1 | 6 => usage.completion_tokens = count(from.number()?).unwrap_or_default(),
                2 => usage.total_tokens = count(from.number()?).unwrap_or_default(),
                3 => usage.cached_tokens = from.value::<Details>()?.and_then(|details| details.0),
                4 => usage.reasoning_tokens = from.value::<Details>()?.and_then(|details| details.0),
                _ => from.skip()?,
            }
        }
        if usage.total_tokens == 0 {
            usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;
        }
        Ok(usage)
    }
}

struct Details(Option<u64>);

impl<'de> ReadObject<'de> for Details {
    const MEMBERS: &'static [&'static str] = &["cached_tokens", "reasoning_tokens"];

    fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error> {
        let mut tokens = None;
        while let Some(member) = from.next(Self::MEMBERS)? {
            if member < Self::MEMBERS.len() { tokens = count(from.number()?) } else { from.skip()? }
        }
        Ok(Self(tokens))
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
        if let Some(cached) = self.cached_tokens {
            map.serialize_entry("prompt_tokens_details", &serde_json::json!({ "cached_tokens": cached }))?;
        }
        if let Some(reasoning) = self.reasoning_tokens {
            map.serialize_entry("completion_tokens_details", &serde_json::json!({ "reasoning_tokens": reasoning }))?;
        }
        map.end()
    }
}

impl crate::object::Wire for Usage {}
