//! The tokens used by a call.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
    ser::SerializeMap,
};

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

/// A number of tokens. Anything else is invalid, but no error: it must not cost the answer around it.
#[derive(Clone, Copy)]
enum Count {
    Tokens(u64),
    Invalid,
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(CountVisitor)
    }
}

struct CountVisitor;

impl<'de> Visitor<'de> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of tokens")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Count, E> {
        // More are a mistake, and would be lost in the sum.
        Ok(if number < 1 << 53 { Count::Tokens(number) } else { Count::Invalid })
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Count, E> {
        u64::try_from(number).map_or(Ok(Count::Invalid), |number| self.visit_u64(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Count, E> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, and counts are whole")]
        let tokens = || Count::Tokens(number as u64);
        Ok(if (0.0..MAX_EXACT_INTEGER).contains(&number) { tokens() } else { Count::Invalid })
    }

    fn visit_bool<E>(self, _: bool) -> Result<Count, E> {
        Ok(Count::Invalid)
    }

    fn visit_str<E>(self, _: &str) -> Result<Count, E> {
        Ok(Count::Invalid)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Count, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Count::Invalid)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Count, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Count::Invalid)
    }
}

/// Usage, if what is in its place can be read as usage. It must not cost the answer around it, and is never taken for zero.
pub struct MaybeUsage(pub Option<Usage>);

impl<'de> Deserialize<'de> for MaybeUsage {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(MaybeVisitor)
    }
}

struct MaybeVisitor;

impl<'de> Visitor<'de> for MaybeVisitor {
    type Value = MaybeUsage;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of tokens")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<MaybeUsage, A::Error> {
        deserialize::<Counts, _>(MapAccessDeserializer::new(entries)).map(|counts| MaybeUsage(counts.usage()))
    }

    fn visit_unit<E>(self) -> Result<MaybeUsage, E> {
        Ok(MaybeUsage(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<MaybeUsage, E> {
        Ok(MaybeUsage(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<MaybeUsage, E> {
        Ok(MaybeUsage(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<MaybeUsage, E> {
        Ok(MaybeUsage(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<MaybeUsage, E> {
        Ok(MaybeUsage(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<MaybeUsage, E> {
        Ok(MaybeUsage(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<MaybeUsage, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(MaybeUsage(None))
    }
}

/// Usage as it is read.
#[derive(Default)]
struct Counts {
    usage: Usage,
    known: bool,
    invalid: bool,
}

impl Counts {
    /// Returns the usage, if at least one number was read and none was invalid.
    fn usage(self) -> Option<Usage> {
        let Self { mut usage, known, invalid } = self;
        if usage.total_tokens == 0 {
            usage.total_tokens = usage.prompt_tokens + usage.completion_tokens;
        }
        (known && !invalid).then_some(usage)
    }

    fn count(&mut self, count: Option<Count>) -> Option<u64> {
        self.known = true;
        match count? {
            Count::Tokens(tokens) => Some(tokens),
            Count::Invalid => {
                self.invalid = true;
                None
            }
        }
    }
}

impl<'de> ReadObject<'de> for Counts {
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
        let mut counts = Self::default();
        while let Some(member) = from.next(Self::MEMBERS)? {
            let (mut count, mut details): (Option<Count>, Option<Details>) = (None, None);
            match member {
                0 | 1 | 2 | 5 | 6 => from.value(&mut count),
                3 | 4 => from.value(&mut details),
                _ => from.skip(),
            }?;
            match (member, details.unwrap_or_default()) {
                (0 | 5, _) => counts.usage.prompt_tokens = counts.count(count).unwrap_or_default(),
                (1 | 6, _) => counts.usage.completion_tokens = counts.count(count).unwrap_or_default(),
                (2, _) => counts.usage.total_tokens = counts.count(count).unwrap_or_default(),
                (3, details) => {
                    counts.usage.cached_tokens = details.0[CACHED];
                    counts.usage.prompt_audio_tokens = details.0[AUDIO];
                }
                (4, details) => {
                    counts.usage.reasoning_tokens = details.0[REASONING];
                    counts.usage.completion_audio_tokens = details.0[AUDIO];
                    counts.usage.accepted_prediction_tokens = details.0[ACCEPTED];
                    counts.usage.rejected_prediction_tokens = details.0[REJECTED];
                }
                _ => {}
            }
        }
        Ok(counts)
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
                Some(tokens) => {
                    let mut count = None;
                    from.value(&mut count)?;
                    *tokens = match count {
                        Some(Count::Tokens(tokens)) => Some(tokens),
                        Some(Count::Invalid) | None => None,
                    };
                }
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
        deserialize::<Counts, D>(from)?.usage().ok_or_else(|| D::Error::custom("there is no valid number of tokens"))
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
