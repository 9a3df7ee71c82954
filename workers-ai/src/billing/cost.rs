//! The cost of calls, in USD and neurons.

use workers_ai_types::{
    catalog::{ModelInfo, PriceUnit},
    chat::Usage,
};

/// The price of a neuron, in USD.
const NEURON: f64 = 0.011 / 1000.0;

/// The neurons that every account has for free each day, from 00:00 UTC.
pub const FREE_NEURONS_PER_DAY: f64 = 10_000.0;

/// A cost.
///
/// ```
/// use workers_ai::billing::Cost;
///
/// let cost = Cost::from_usd(0.011);
/// assert_eq!(cost.neurons().round(), 1000.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Cost {
    usd: f64,
}

impl Cost {
    /// Creates a cost in USD.
    #[must_use]
    pub fn from_usd(usd: f64) -> Self {
        Self { usd }
    }

    /// Returns the cost in USD.
    #[must_use]
    pub fn usd(self) -> f64 {
        self.usd
    }

    /// Returns the cost in neurons, the service's own unit.
    #[must_use]
    pub fn neurons(self) -> f64 {
        self.usd / NEURON
    }
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { usd: self.usd + other.usd }
    }
}

impl std::iter::Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), |sum, cost| sum + cost)
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.6} USD ({:.1} neurons)", self.usd, self.neurons())
    }
}

/// Returns the cost of tokens with a model. `None`: the catalog has no prices for its tokens.
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// use workers_ai::{billing::cost, chat::Usage};
///
/// let usage = Usage { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200, ..Usage::default() };
/// println!("{}", cost(&Llama::INFO, &usage).unwrap());
/// ```
#[must_use]
pub fn cost(info: &ModelInfo, usage: &Usage) -> Option<Cost> {
    let price = |unit: PriceUnit| {
        let mut prices = info.prices.iter().filter(|price| price.unit == unit && price.currency == "USD");
        prices.find(|price| price.is_for(usage.prompt_tokens))?.amount.parse::<f64>().ok()
    };
    let input = price(PriceUnit::MillionInputTokens)?;
    let cached_tokens = usage.cached_tokens.unwrap_or_default().min(usage.prompt_tokens);
    let cached = price(PriceUnit::MillionCachedInputTokens).unwrap_or(input);
    let fresh_tokens = usage.prompt_tokens - cached_tokens;
    // Embedding models have input tokens only.
    let output = price(PriceUnit::MillionOutputTokens).unwrap_or_default();
    let sum =
        millions(fresh_tokens) * input + millions(cached_tokens) * cached + millions(usage.completion_tokens) * output;
    Some(Cost::from_usd(sum))
}

#[allow(clippy::cast_precision_loss, reason = "nobody has 2^53 tokens")]
fn millions(tokens: u64) -> f64 {
    tokens as f64 / 1_000_000.0
}

#[cfg(test)]
mod tests {
    use workers_ai_types::{
        catalog::{ModelInfo, Price, PriceUnit},
        chat::Usage,
    };

    use super::cost;

    #[test]
    fn cached_tokens_have_their_own_price() {
        const fn price(amount: &'static str, unit: PriceUnit) -> Price {
            Price::new(amount, "USD", unit)
        }
        const INFO: ModelInfo = ModelInfo {
            prices: &[
                price("2", PriceUnit::MillionInputTokens),
                price("0.5", PriceUnit::MillionCachedInputTokens),
                price("10", PriceUnit::MillionOutputTokens),
            ],
            ..ModelInfo::UNKNOWN
        };
        let usage = Usage {
            prompt_tokens: 1_000_000,
            completion_tokens: 100_000,
            cached_tokens: Some(500_000),
            ..Usage::default()
        };
        let usd = cost(&INFO, &usage).expect("prices").usd();
        assert!((usd - 2.25).abs() < 1e-9, "{usd}");
        assert_eq!(cost(&ModelInfo::UNKNOWN, &usage), None);
    }

    #[test]
    fn long_requests_have_the_price_of_their_tier() {
        const fn price(amount: &'static str, tokens: (u64, Option<u64>)) -> Price {
            Price { tokens: Some(tokens), ..Price::new(amount, "USD", PriceUnit::MillionInputTokens) }
        }
        const INFO: ModelInfo = ModelInfo {
            prices: &[price("0.3", (0, Some(512_000))), price("1.2", (512_000, None))],
            ..ModelInfo::UNKNOWN
        };
        for (prompt_tokens, usd) in [(512_000, 0.1536), (512_001, 0.614_401_2)] {
            let usage = Usage { prompt_tokens, ..Usage::default() };
            let found = cost(&INFO, &usage).expect("prices").usd();
            assert!((found - usd).abs() < 1e-9, "{found}");
        }
    }
}
