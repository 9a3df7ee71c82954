//! The state that all requests share.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::{HeaderMap, header};
use serde_json::Value;

use crate::{
    Fault,
    answer::Answers,
    error::ApiError,
    gateway::Gateways,
    model::{self, Input, ModelSpec, Output, similarity::hash},
    models::Models,
    queue::Queue,
    record::Log,
};

#[derive(Debug)]
pub(crate) struct SimState {
    pub(crate) account: String,
    pub(crate) token: String,
    pub(crate) gateway_token: Option<String>,
    pub(crate) models: Models,
    pub(crate) answers: Answers,
    scripted_faults: Mutex<VecDeque<Fault>>,
    random_fault: Option<(f64, Fault)>,
    rolls: AtomicU64,
    requests: Mutex<Log>,
    pub(crate) queue: Queue,
    pub(crate) gateways: Gateways,
    pub(crate) finetunes: Mutex<Vec<Value>>,
}

impl SimState {
    pub(crate) fn new(
        account: String,
        token: String,
        gateway_token: Option<String>,
        random_fault: Option<(f64, Fault)>,
        models: Models,
    ) -> Self {
        Self {
            account,
            token,
            gateway_token,
            models,
            answers: Answers::default(),
            scripted_faults: Mutex::default(),
            random_fault,
            rolls: AtomicU64::default(),
            requests: Mutex::default(),
            queue: Queue::default(),
            gateways: Gateways::default(),
            finetunes: Mutex::default(),
        }
    }

    pub(crate) fn fail_next(&self, fault: Fault) {
        self.scripted_faults.lock().unwrap_or_else(PoisonError::into_inner).push_back(fault);
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks the API token.
    pub(crate) fn authorize(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        match authorization.and_then(|authorization| authorization.strip_prefix("Bearer ")) {
            Some(token) if token == self.token => Ok(()),
            _ => Err(ApiError::new(10000, "Authentication error")),
        }
    }

    /// Checks the account ID of a path.
    pub(crate) fn check_account(&self, account: Option<&str>) -> Result<(), ApiError> {
        match account {
            Some(account) if account == self.account => Ok(()),
            _ => Err(ApiError::new(7003, "Could not route: no such account")),
        }
    }

    /// Returns a model's output: the scripted one, else one that is made up.
    pub(crate) fn run(&self, spec: &ModelSpec, input: &Input) -> Output {
        match self.answers.take(&spec.id) {
            Some(answer) => answer.output(spec, &input.value),
            None => model::run(spec, input),
        }
    }

    /// Returns the fault for an attempt: that of the request's header, else the next scripted one, else a random one.
    pub(crate) fn fault(&self, headers: &HeaderMap) -> Fault {
        if let Some(requested) = headers.get("x-sim-fault").and_then(|value| value.to_str().ok()) {
            // One that cannot be read has been refused before.
            return Fault::from_header(requested).unwrap_or_default();
        }
        if let Some(next) = self.scripted_faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            return next;
        }
        let Some((probability, fault)) = &self.random_fault else { return Fault::default() };
        let count = self.rolls.fetch_add(1, Ordering::Relaxed);
        #[allow(clippy::cast_precision_loss, reason = "a probability need not be exact")]
        let roll = hash("chance", &count.to_string()) as f64 / u64::MAX as f64;
        if roll < *probability { fault.clone() } else { Fault::default() }
    }
}
