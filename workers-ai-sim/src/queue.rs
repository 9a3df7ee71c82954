//! Batches: accepted immediately, finished when polled for the third time.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde_json::{Value, json};
use workers_ai_catalog::Capability;

use crate::{
    error::ApiError,
    model::{Input, ModelSpec, Output, policy},
};

/// The accepted batches.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    batches: Mutex<HashMap<String, Batch>>,
}

#[derive(Debug)]
struct Batch {
    model: String,
    responses: Vec<Value>,
    polls: u8,
}

impl Queue {
    /// Accepts a batch, whose items are run with `run`, or returns the status of one.
    pub(crate) fn submit_or_poll(
        &self,
        spec: &ModelSpec,
        body: &Value,
        run: impl Fn(&Input) -> Output,
    ) -> Result<Value, ApiError> {
        if !spec.supports(Capability::Batch) {
            return Err(ApiError::invalid_input(&format!("{} does not support batches", spec.id)));
        }
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = body.get("request_id").and_then(Value::as_str) {
            let batch = batches
                .get_mut(id)
                .filter(|batch| batch.model == spec.id)
                .ok_or_else(|| ApiError::new(5004, "AiError: No such request"))?;
            batch.polls += 1;
            return Ok(match batch.polls {
                1 => json!({ "status": "queued", "request_id": id, "model": spec.id }),
                2 => json!({ "status": "running", "request_id": id, "model": spec.id }),
                _ => {
                    batch.polls = 2;
                    json!({ "responses": batch.responses, "usage": usage(&batch.responses) })
                }
            });
        }
        let Some(requests) = body.get("requests").and_then(Value::as_array).filter(|list| !list.is_empty()) else {
            return Err(ApiError::invalid_input("required properties at '/' are 'requests'"));
        };
        let responses = requests.iter().enumerate().map(|(id, request)| respond(spec, id, request, &run)).collect();
        let id = format!("00000000-0000-4000-8000-{:012}", batches.len() + 1);
        batches.insert(id.clone(), Batch { model: spec.id.clone(), responses, polls: 0 });
        Ok(json!({ "status": "queued", "request_id": id, "model": spec.id }))
    }
}

fn respond(spec: &ModelSpec, id: usize, request: &Value, run: impl Fn(&Input) -> Output) -> Value {
    let mut input = request.clone();
    let reference = input.as_object_mut().and_then(|members| members.remove("external_reference"));
    let mut response = match policy::check(spec, &input).and_then(|()| Input::from_json(input)) {
        Ok(input) => json!({ "id": id, "success": true, "result": run(&input).to_json() }),
        Err(error) => {
            let error = json!({ "code": error.code, "message": error.message });
            json!({ "id": id, "success": false, "result": null, "errors": [error] })
        }
    };
    if let (Some(reference), Some(members)) = (reference, response.as_object_mut()) {
        members.insert("external_reference".to_owned(), reference);
    }
    response
}

fn usage(responses: &[Value]) -> Value {
    let sum = |name: &str| -> u64 {
        let count = |response: &Value| response.pointer(&format!("/result/usage/{name}"))?.as_u64();
        responses.iter().filter_map(count).sum()
    };
    let names = ["prompt_tokens", "completion_tokens", "total_tokens"];
    Value::Object(names.map(|name| (name.to_owned(), json!(sum(name)))).into_iter().collect())
}
