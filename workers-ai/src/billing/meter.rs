//! Adds up the usage and the cost of calls, by model.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use workers_ai_types::{Model, chat::Usage};

use super::{
    cost::{Cost, cost},
    usage::sum,
};
use crate::reply::Meta;

/// Adds up the usage and the cost of calls, by model. Clones share the sums.
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
/// let meter = workers_ai::billing::Meter::new();
/// let reply = ai.run(Llama, Llama::input().prompt("hello")).await?;
/// meter.add(Llama, &reply.meta);
/// println!("{meter}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Meter {
    sums: Arc<Mutex<BTreeMap<&'static str, ModelUsage>>>,
}

/// The usage of one model.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct ModelUsage {
    /// The number of calls.
    pub calls: u64,
    /// The number of calls answered from a gateway's cache: they are free.
    pub cached: u64,
    /// The tokens of the calls that reported them.
    pub usage: Usage,
    /// The cost of the tokens, and what was estimated. `None`: neither has a price.
    pub cost: Option<Cost>,
    /// The estimated part of the cost: the sum of [`Meter::add_cost`].
    pub estimated: Option<Cost>,
}

impl Meter {
    /// Creates a meter without any calls.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a call of a model. One answered from a gateway's cache counts as a free call.
    pub fn add<M: Model>(&self, model: M, meta: &Meta) {
        if meta.is_cached() {
            self.call(&model, |sum| sum.cached += 1);
        } else {
            self.add_usage(model, meta.usage);
        }
    }

    /// Adds the tokens of several calls as one: of an [`EmbeddingSet`](crate::embeddings::EmbeddingSet) or a
    /// [`BatchReply`](crate::batch::BatchReply).
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// # pub struct Bge;
    /// # async fn f(ai: WorkersAi, texts: Vec<String>, meter: workers_ai::billing::Meter) -> Result<(), workers_ai::Error> {
    /// let vectors = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await?;
    /// meter.add_usage(Bge, vectors.usage);
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value")]
    pub fn add_usage<M: Model>(&self, model: M, usage: impl Into<Option<Usage>>) {
        let usage = usage.into();
        self.call(&model, |total| total.usage = sum(Some(total.usage), usage).unwrap_or_default());
    }

    /// Adds a call of a model whose responses do not report their usage: images, recordings, speech.
    ///
    /// ```
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/leonardo/lucid-origin")]
    /// # pub struct Lucid;
    /// use workers_ai::billing::{ApproximateCounter, Meter, estimate};
    ///
    /// let meter = Meter::new();
    /// let input = Lucid::input().prompt("a lighthouse").width(512).height(512).num_steps(10).build();
    /// meter.add_cost(Lucid, estimate(Lucid, &input, &ApproximateCounter).unwrap().max_cost);
    /// assert_eq!(format!("{}", meter.cost()), "0.008320 USD (756.4 neurons)");
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value")]
    pub fn add_cost<M: Model>(&self, model: M, cost: impl Into<Option<Cost>>) {
        let cost = cost.into();
        self.call(&model, |sum| sum.estimated = add(sum.estimated, cost));
    }

    fn call<M: Model>(&self, model: &M, change: impl FnOnce(&mut ModelUsage)) {
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = sums.entry(model.id()).or_default();
        sum.calls += 1;
        change(sum);
        sum.cost = add(cost(model.info(), &sum.usage), sum.estimated);
    }

    /// Returns the usage of each model, by ID.
    #[must_use]
    pub fn by_model(&self) -> BTreeMap<&'static str, ModelUsage> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the cost of all calls, as far as prices are known.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.by_model().values().filter_map(|model| model.cost).sum()
    }
}

fn add(a: Option<Cost>, b: Option<Cost>) -> Option<Cost> {
    a.map(|a| a + b.unwrap_or_default()).or(b)
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, ModelUsage { calls, cached, usage, cost, .. }) in self.by_model() {
            write!(f, "{id}: {calls} {}", if calls == 1 { "call" } else { "calls" })?;
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
        write!(f, "total {}", self.cost())
    }
}
