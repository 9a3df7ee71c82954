//! Aborts what nobody waits for.

use worker::{AbortController, wasm_bindgen::JsValue, worker_sys::web_sys::AbortSignal};

/// Aborts a request that is dropped before its response begins. Later, dropping the body cancels it.
pub(super) struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    pub(super) fn new() -> Self {
        Self(Some(AbortController::default()))
    }

    /// Returns the signal that the request listens to.
    pub(super) fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(|controller| (*controller.signal()).clone())
    }

    /// Returns the signal as a value, for an object of options.
    pub(super) fn value(&self) -> JsValue {
        self.signal().map_or(JsValue::UNDEFINED, JsValue::from)
    }

    /// Leaves the request alone: its response has begun.
    pub(super) fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = self.0.take() {
            controller.abort();
        }
    }
}
