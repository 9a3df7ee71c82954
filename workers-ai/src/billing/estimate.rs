//! The tokens and the cost of an input, estimated before it is sent.

use serde_json::Value;
use workers_ai_types::{
    Model,
    catalog::ModelInfo,
    codec::{Body, Encode, FormValue},
};

use super::{amounts::BillableUnits, context::Measured, cost::Cost, tokens::TokenCounter};
use crate::{DynModel, Error};

/// The tokens and the cost of an input, estimated before it is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// The input tokens.
    pub input_tokens: u64,
    /// The maximum number of output tokens: the limit that the input sets, or the service's default.
    pub max_output_tokens: u64,
    /// The maximum cost. `None`: the catalog has no price that can be estimated.
    pub max_cost: Option<Cost>,
    /// Whether input and output fit the model's context. `None`: its limit is not known.
    pub fits: Option<bool>,
}

/// Estimates the tokens and the cost of an input.
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// use workers_ai::billing::{ApproximateCounter, estimate};
///
/// let input = Llama::input().prompt("Why is the sky blue?").max_tokens(1_000).build();
/// let estimate = estimate(Llama, &input, &ApproximateCounter).unwrap();
/// assert_eq!((estimate.input_tokens, estimate.max_output_tokens), (5, 1_000));
/// assert_eq!(estimate.fits, Some(true));
/// println!("at most {}", estimate.max_cost.unwrap());
/// ```
///
/// It also knows the prices of images, recordings, characters and requests. The size of an image is what the input says, or the
/// schema's default; the length of a recording is read from the header of a WAV file. If you know better,
/// [`BillableUnits`] computes the cost.
///
/// # Errors
/// Fails if the input cannot be encoded.
#[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value: `estimate(Llama, …)`")]
pub fn estimate<M: Model>(
    model: M,
    input: &M::Input,
    counter: &(impl TokenCounter + ?Sized),
) -> Result<Estimate, Error> {
    let body = input.encode(&model.facts(), false)?;
    Ok(Estimate::new(model.info(), &body, &fields(&body), counter))
}

impl DynModel {
    /// Estimates the tokens and the cost of an input, like [`estimate`]. The facts about the model come from the feature `catalog`, or
    /// [from you](DynModel::with_info).
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// use workers_ai::billing::ApproximateCounter;
    ///
    /// let input = serde_json::json!({ "prompt": "Why is the sky blue?", "max_tokens": 300 });
    /// let estimate = ai.model("@cf/meta/llama-3.3-70b-instruct-fp8-fast").estimate(&input, &ApproximateCounter);
    /// println!("{} input tokens, at most {:?}", estimate.input_tokens, estimate.max_cost);
    /// # }
    /// ```
    #[must_use]
    pub fn estimate(&self, input: &Value, counter: &(impl TokenCounter + ?Sized)) -> Estimate {
        Estimate::new(self.info(), &Body::Json(input.to_string().into_bytes()), input, counter)
    }
}

impl Estimate {
    fn new(info: &ModelInfo, body: &Body, json: &Value, counter: &(impl TokenCounter + ?Sized)) -> Self {
        let measured = Measured::new(info, json, counter);
        Self {
            input_tokens: measured.input_tokens,
            max_output_tokens: measured.max_output_tokens,
            max_cost: BillableUnits::from_input(info, body, json, &measured).cost(info),
            fits: measured.fit.map(|fit| fit.is_ok()),
        }
    }
}

/// Returns the fields of a body other than files. The numbers in forms are text.
fn fields(body: &Body) -> Value {
    match body {
        Body::Json(json) | Body::File { fields: json, .. } => serde_json::from_slice(json).unwrap_or(Value::Null),
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
