//! A substitute for spans without the feature `tracing`: nothing is recorded.

#![allow(clippy::unused_self, reason = "it has the methods of a span")]

use std::time::Duration;

use workers_ai_types::{
    catalog::ModelInfo,
    chat::{FinishReason, Usage},
};

use crate::{
    Error, WorkersAi,
    call::request::Outbound,
    reply::{Meta, RawReply},
};

#[derive(Debug, Clone)]
pub(crate) struct CallSpan;

impl CallSpan {
    pub(crate) fn new(_: &WorkersAi, _: &Outbound) -> Self {
        Self
    }

    pub(crate) fn with_info(&self, _: ModelInfo) -> Self {
        Self
    }

    pub(crate) async fn in_scope<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        call.await
    }

    pub(crate) fn record_result<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result
    }

    pub(crate) fn record_error(&self, _: &Error) {}

    pub(crate) fn record_answer(&self, _: &RawReply, _: &Meta) {}

    pub(crate) fn record_text(&self, _: &str, _: Option<&FinishReason>) {}

    pub(crate) fn record_meta(&self, _: &Meta) {}

    pub(crate) fn record_finish_reason(&self, _: &FinishReason) {}

    pub(crate) fn record_usage(&self, _: &Usage) {}
}

pub(crate) fn record_retry(_: &Error, _: Duration) {}

pub(crate) fn record_unreadable_usage() {}

pub(crate) fn record_doubtful_context(_: &str, _: u64, _: u64) {}
