//! Sets of models: an enum whose value is the model, chosen at run time.

use std::fmt;

use serde::{Deserialize, Deserializer, de::Error};

use crate::{
    info::{ModelInfo, PriceUnit},
    model::Model,
};

/// A set of models that are called in the same way. `#[workers_ai_model]` on an enum implements it.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::{ModelSet, catalog::Capability};
///
/// /// The cheapest model that takes a text of this many tokens and can call tools.
/// fn route<S: ModelSet>(tokens: u64) -> Option<S> {
///     S::cheapest_with(|info| info.holds(tokens) && info.supports(Capability::Tools))
/// }
/// ```
pub trait ModelSet: Model + Copy {
    /// Every model, in the order of the enum.
    const ALL: &'static [Self];
    /// The names of their variants, in the same order.
    const NAMES: &'static [&'static str];

    /// Returns the position of the model in [`Self::ALL`].
    fn position(self) -> usize;

    /// Returns the name of the variant.
    fn name(self) -> &'static str {
        Self::NAMES.get(self.position()).copied().unwrap_or_default()
    }

    /// Returns all models, the cheapest first: by the price of a million input and a million output tokens together. Models
    /// without a price per token come last.
    #[must_use]
    fn by_price() -> Vec<Self> {
        let mut models = Self::ALL.to_vec();
        models.sort_by_key(|model| token_price(model.info()).unwrap_or(u128::MAX));
        models
    }

    /// Returns the cheapest model, by its price per token. `None`: none of them has one, as models that make images.
    #[must_use]
    fn cheapest() -> Option<Self> {
        Self::cheapest_with(|_| true)
    }

    /// Returns the cheapest model among those whose facts satisfy a condition.
    fn cheapest_with(condition: impl Fn(&ModelInfo) -> bool) -> Option<Self> {
        let priced = Self::by_price().into_iter().filter(|model| token_price(model.info()).is_some());
        priced.into_iter().find(|model| condition(model.info()))
    }
}

/// Returns the price of a million input and a million output tokens together, in 10⁻¹² of a dollar.
fn token_price(info: &ModelInfo) -> Option<u128> {
    let per_token = |unit: PriceUnit| {
        let mut prices = info.prices.iter().filter(|price| price.unit == unit && price.currency == "USD");
        prices.find(|price| price.is_for(1)).and_then(|price| scaled(price.amount))
    };
    let input = per_token(PriceUnit::MillionInputTokens)?;
    Some(input + per_token(PriceUnit::MillionOutputTokens).unwrap_or_default())
}

/// Returns a decimal number times 10¹², without floating-point numbers.
fn scaled(amount: &str) -> Option<u128> {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    format!("{whole}{fraction:0<12.12}").parse().ok()
}

/// Returns the model with an ID or a variant's name.
///
/// # Errors
/// Fails if there is none. The error lists all of them.
pub fn find_model<S: ModelSet>(text: &str) -> Result<S, UnknownModel> {
    let wanted = text.trim();
    let exact = |model: &S| model.id() == wanted || model.name() == wanted;
    let alike = |model: &S| model.name().eq_ignore_ascii_case(wanted);
    let mut all = S::ALL.iter().copied();
    let found = all.clone().find(exact).or_else(|| all.find(alike));
    found.ok_or_else(|| UnknownModel {
        text: text.to_owned(),
        known: S::ALL.iter().map(|model| (model.name(), model.id())).collect(),
    })
}

/// Reads a model from its ID or its variant's name.
///
/// # Errors
/// Fails if it is not one of the set.
pub fn read_model<'de, S: ModelSet, D: Deserializer<'de>>(from: D) -> Result<S, D::Error> {
    find_model(&String::deserialize(from)?).map_err(D::Error::custom)
}

/// A text that is neither the ID nor the name of a model of a set.
///
/// `Debug` prints the same as `Display`: it is what a `main` that returns the error prints.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownModel {
    /// The text.
    pub text: String,
    /// The name and the ID of each model of the set.
    pub known: Vec<(&'static str, &'static str)>,
}

impl fmt::Display for UnknownModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not one of the models: expected ", crate::invalid::short(&self.text))?;
        for (position, (name, id)) in self.known.iter().enumerate() {
            let between = match position {
                0 => "",
                last if last + 1 == self.known.len() => " or ",
                _ => ", ",
            };
            write!(f, "{between}`{name}` ({id})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for UnknownModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for UnknownModel {}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn amounts_are_compared_exactly() {
        assert_eq!(scaled("0.293"), Some(293_000_000_000));
        assert_eq!(scaled("12"), Some(12_000_000_000_000));
        assert_eq!(scaled("0.0000000000019"), Some(1));
        assert_eq!(scaled("a lot"), None);
        assert!(scaled("0.1") < scaled("0.11"));
    }
}
