//! What a program's calls took so far, model by model; and what a call will take, before it is made.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use workers_ai_types::{Body, Encode, FormValue, Model, Usage};

use crate::{
    billing::amounts::BillableUnits,
    billing::cost::{Cost, cost, sum},
    billing::tokens::{Measured, TokenCounter},
    error::Error,
    reply::{CacheStatus, Meta},
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
    sums: Arc<Mutex<BTreeMap<&'static str, ModelUsage>>>,
}

/// What the calls of one model took.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct ModelUsage {
    /// How many calls there were.
    pub calls: u64,
    /// How many of them a gateway's cache answered: those took nothing.
    pub cached: u64,
    /// The tokens, of those calls that said so.
    pub usage: Usage,
    /// What the tokens cost, and what was estimated. `None`: neither has a price.
    pub cost: Option<Cost>,
    /// What of that was estimated: the sum of [`Meter::add_cost`].
    pub estimated: Option<Cost>,
}

impl Meter {
    /// Nothing was taken yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a call of a model. What a gateway's cache answered is counted as a call that took nothing.
    pub fn add<M: Model>(&self, meta: &Meta) {
        if meta.cache == Some(CacheStatus::Hit) {
            self.call::<M>(|taken| taken.cached += 1);
        } else {
            self.add_usage::<M>(meta.usage);
        }
    }

    /// Adds the tokens of several calls as one: of [`EmbeddingSet`](crate::EmbeddingSet) or a [`BatchReply`](crate::BatchReply).
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// # pub struct Bge;
    /// # async fn f(ai: WorkersAi, texts: Vec<String>, meter: workers_ai::Meter) -> Result<(), workers_ai::Error> {
    /// let vectors = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await?;
    /// meter.add_usage::<Bge>(vectors.usage);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_usage<M: Model>(&self, usage: impl Into<Option<Usage>>) {
        let usage = usage.into();
        self.call::<M>(|taken| taken.usage = sum(Some(taken.usage), usage).unwrap_or_default());
    }

    /// Adds a call of a model whose answers do not say what they took: an image, a recording, speech.
    ///
    /// ```
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/leonardo/lucid-origin")]
    /// # pub struct Lucid;
    /// use workers_ai::{Meter, ApproximateCounter, estimate};
    ///
    /// let meter = Meter::new();
    /// let input = Lucid::input().prompt("a lighthouse").width(512).height(512).num_steps(10).build();
    /// meter.add_cost::<Lucid>(estimate::<Lucid>(&input, &ApproximateCounter).unwrap().max_cost);
    /// assert_eq!(format!("{}", meter.cost()), "0.008320 USD (756.4 neurons)");
    /// ```
    pub fn add_cost<M: Model>(&self, cost: impl Into<Option<Cost>>) {
        let cost = cost.into();
        self.call::<M>(|taken| taken.estimated = both(taken.estimated, cost));
    }

    fn call<M: Model>(&self, add: impl FnOnce(&mut ModelUsage)) {
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = sums.entry(M::ID).or_default();
        taken.calls += 1;
        add(taken);
        taken.cost = both(cost(&M::INFO, &taken.usage), taken.estimated);
    }

    /// What was taken, by the models' ids.
    #[must_use]
    pub fn by_model(&self) -> BTreeMap<&'static str, ModelUsage> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What everything cost, as far as prices are known.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.by_model().values().filter_map(|taken| taken.cost).sum()
    }
}

fn both(a: Option<Cost>, b: Option<Cost>) -> Option<Cost> {
    a.map(|a| a + b.unwrap_or_default()).or(b)
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, ModelUsage { calls, cached, usage, cost, .. }) in self.by_model() {
            write!(f, "{id}: {calls} calls")?;
            if cached > 0 {
                write!(f, ", {cached} from the cache")?;
            }
            if usage != Usage::default() {
                write!(f, ", {} tokens in, {} out", usage.prompt_tokens, usage.completion_tokens)?;
            }
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
    pub max_output_tokens: u64,
    /// The most that it costs. `None`: the catalog has no price that a guess can be made with.
    pub max_cost: Option<Cost>,
    /// Whether input and answer fit the model. `None`: its limit is not known.
    pub fits: Option<bool>,
}

/// Guesses what an input will take.
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// use workers_ai::{ApproximateCounter, estimate};
///
/// let input = Llama::input().prompt("Why is the sky blue?").max_tokens(1_000).build();
/// let estimate = estimate::<Llama>(&input, &ApproximateCounter).unwrap();
/// assert_eq!((estimate.input_tokens, estimate.max_output_tokens), (5, 1_000));
/// assert_eq!(estimate.fits, Some(true));
/// println!("at most {}", estimate.max_cost.unwrap());
/// ```
///
/// Prices of images, recordings, characters and requests are known to it as well. The size of an image is what the input says,
/// else the schema's default; the length of a recording is read from a WAV file's header. Where neither helps and you know it,
/// [`BillableUnits`] has the price.
///
/// # Errors
/// When the input cannot be written.
pub fn estimate<M: Model>(input: &M::Input, counter: &(impl TokenCounter + ?Sized)) -> Result<Estimate, Error> {
    let body = input.encode(false)?;
    let json = fields(&body);
    let info = M::INFO;
    let measured = Measured::of(&info, &json, counter);
    Ok(Estimate {
        input_tokens: measured.input_tokens,
        max_output_tokens: measured.max_output_tokens,
        max_cost: BillableUnits::of(&info, &body, &json, &measured).cost(&info),
        fits: measured.fit.map(|fit| fit.is_ok()),
    })
}

/// What a body holds beside bytes. In forms and queries numbers are text.
fn fields(body: &Body) -> Value {
    match body {
        Body::Json(json) => serde_json::from_slice(json).unwrap_or(Value::Null),
        Body::File { fields, .. } => serde_json::from_slice(fields).unwrap_or(Value::Null),
        Body::Form(parts) => {
            let texts = parts.iter().filter_map(|part| match &part.value {
                FormValue::Text(text) => Some((part.name.clone(), text.clone())),
                FormValue::File(_) => None,
            });
            texts.collect()
        }
        _ => Value::Null,
    }
}
