//! The ways of a Worker to the service: its binding, and HTTP by the runtime's `fetch`.

mod abort;
mod binding;
mod body;
mod fetch;
mod js;
mod response;
mod send;

use std::time::Duration;

use worker::{Delay, send::SendFuture};

pub use self::{binding::Binding, fetch::Fetch, send::SendStream};
pub(crate) use self::{
    body::NativeResponse,
    response::{hand_on, hand_on_chunks},
};
use super::BoxFuture;

/// Waits, by the clock of the runtime.
fn sleep(duration: Duration) -> BoxFuture<'static, ()> {
    Box::pin(SendFuture::new(async move { Delay::from(duration).await }))
}

impl From<crate::Error> for worker::Error {
    /// Keeps the text of the error and of its causes.
    fn from(error: crate::Error) -> Self {
        Self::RustError(error.with_causes())
    }
}
