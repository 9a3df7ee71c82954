//! Batches: taken at once, answered after the caller has asked twice.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use serde_json::{Value, json};
use workers_ai_catalog::Capability;

use crate::{
    answer,
    envelope::Refusal,
    known::Known,
    request::{self, Input},
};

const LARGEST_BATCH: usize = 10_000_000;

/// The batches that were taken.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    batches: Mutex<HashMap<String, Batch>>,
}

#[derive(Debug)]
struct Batch {
    model: String,
    responses: Vec<Value>,
    asked: u8,
}

impl Queue {
    /// Takes a batch, or says how far one is.
    pub(crate) fn answer(&self, known: &Known, body: &Bytes) -> Result<Value, Refusal> {
        if !known.can(Capability::Batch) {
            return Err(Refusal::invalid(&format!("{} takes no batches", known.id)));
        }
        if body.len() > LARGEST_BATCH {
            return Err(Refusal::of_code(3006));
        }
        let body = request::json(body)?;
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = body.get("request_id").and_then(Value::as_str) {
            let batch = batches
                .get_mut(id)
                .filter(|batch| batch.model == known.id)
                .ok_or_else(|| Refusal::new(5004, "AiError: No such request"))?;
            batch.asked += 1;
            return Ok(match batch.asked {
                1 => json!({ "status": "queued", "request_id": id, "model": known.id }),
                2 => json!({ "status": "running", "request_id": id, "model": known.id }),
                _ => {
                    batch.asked = 2;
                    json!({ "responses": batch.responses, "usage": usage(&batch.responses) })
                }
            });
        }
        let Some(requests) = body.get("requests").and_then(Value::as_array).filter(|list| !list.is_empty()) else {
            return Err(Refusal::invalid("required properties at '/' are 'requests'"));
        };
        let responses = requests.iter().enumerate().map(|(id, request)| respond(known, id, request)).collect();
        let id = format!("00000000-0000-4000-8000-{:012}", batches.len() + 1);
        batches.insert(id.clone(), Batch { model: known.id.clone(), responses, asked: 0 });
        Ok(json!({ "status": "queued", "request_id": id, "model": known.id }))
    }
}

fn respond(known: &Known, id: usize, wanted: &Value) -> Value {
    let mut input = wanted.clone();
    let reference = input.as_object_mut().and_then(|members| members.remove("external_reference"));
    let mut response = match known.check(&input).and_then(|()| request::file_of(&input)) {
        Ok(bytes) => {
            let result = answer::make(known, &Input { value: input, bytes }).to_json();
            json!({ "id": id, "success": true, "result": result })
        }
        Err(refusal) => {
            let error = json!({ "code": refusal.code, "message": refusal.message });
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
