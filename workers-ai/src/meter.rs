//! What a program's calls took so far, model by model; and what a call will take, before it is made.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use workers_ai_types::{Body, Encode, Model, PriceUnit, Route, Usage};

use crate::{
    cost::{Cost, cost, sum},
    error::Error,
    reply::Meta,
    tokens::{Measured, TokenCounter, texts},
};

/// Sums what calls took. Clones share the sums.
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
/// let meter = workers_ai::Meter::new();
/// let reply = ai.run(Llama, Llama::input().prompt("hello")).await?;
/// meter.add::<Llama>(&reply.meta);
/// println!("{meter}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Meter {
    sums: Arc<Mutex<BTreeMap<&'static str, Taken>>>,
}

/// What the calls of one model took.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Taken {
    /// How many calls there were.
    pub calls: u64,
    /// The tokens, of those calls that said so.
    pub usage: Usage,
    /// What the tokens cost. `None`: the catalog has no prices for them.
    pub cost: Option<Cost>,
}

impl Meter {
    /// Nothing was taken yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a call of a model.
    pub fn add<M: Model>(&self, meta: &Meta) {
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = sums.entry(M::ID).or_default();
        taken.calls += 1;
        if let Some(usage) = sum(Some(taken.usage), meta.usage) {
            taken.usage = usage;
        }
        taken.cost = cost(&M::INFO, &taken.usage);
    }

    /// What was taken, by the models' ids.
    #[must_use]
    pub fn taken(&self) -> BTreeMap<&'static str, Taken> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What everything cost, as far as prices are known.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.taken().values().filter_map(|taken| taken.cost).sum()
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, Taken { calls, usage, cost }) in self.taken() {
            write!(f, "{id}: {calls} calls, {} tokens in, {} out", usage.prompt_tokens, usage.completion_tokens)?;
            match cost {
                Some(cost) => writeln!(f, ", {cost}")?,
                None => writeln!(f, ", no price known")?,
            }
        }
        write!(f, "together {}", self.cost())
    }
}

/// What an input will take, guessed before it is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// Tokens of the input.
    pub input_tokens: u64,
    /// The most tokens of the answer: what the input allows, else what the service does.
    pub most_output_tokens: u64,
    /// The most that it costs. `None`: the catalog has no price that a guess can be made with.
    pub most_cost: Option<Cost>,
    /// Whether input and answer fit the model. `None`: its limit is not known.
    pub fits: Option<bool>,
}

/// Guesses what an input will take.
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// use workers_ai::{RoughCounter, estimate};
///
/// let input = Llama::input().prompt("Why is the sky blue?").max_tokens(1_000).build();
/// let estimate = estimate::<Llama>(&input, &RoughCounter).unwrap();
/// assert_eq!((estimate.input_tokens, estimate.most_output_tokens), (5, 1_000));
/// assert_eq!(estimate.fits, Some(true));
/// println!("at most {}", estimate.most_cost.unwrap());
/// ```
///
/// # Errors
/// When the input cannot be written.
pub fn estimate<M: Model>(input: &M::Input, counter: &(impl TokenCounter + ?Sized)) -> Result<Estimate, Error> {
    let json = match input.encode(Route::Binding, false)? {
        Body::Json(json) => serde_json::from_slice(&json).unwrap_or(Value::Null),
        _ => Value::Null,
    };
    let info = M::INFO;
    let measured = Measured::of(&info, &json, counter);
    let usage = Usage {
        prompt_tokens: measured.input_tokens,
        completion_tokens: measured.most_output_tokens,
        ..Usage::default()
    };
    let by_characters = || {
        let price = info.prices.iter().find(|price| price.unit == PriceUnit::ThousandCharacters)?;
        let characters: usize = texts(&json).map(|text| text.chars().count()).sum();
        #[allow(clippy::cast_precision_loss, reason = "nobody has 2^53 characters")]
        Some(Cost::from_usd(price.amount.parse::<f64>().ok()? * characters as f64 / 1_000.0))
    };
    Ok(Estimate {
        input_tokens: measured.input_tokens,
        most_output_tokens: measured.most_output_tokens,
        most_cost: cost(&info, &usage).or_else(by_characters),
        fits: measured.fit.map(|fit| fit.is_ok()),
    })
}
