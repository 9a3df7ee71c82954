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

/// Waits, by the clock of the runtime. Its own timers end at once if they are longer than 31 bits of milliseconds.
fn sleep(duration: Duration) -> BoxFuture<'static, ()> {
    const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);
    Box::pin(SendFuture::new(async move {
        let mut left = duration;
        while !left.is_zero() {
            let step = left.min(LONGEST);
            Delay::from(step).await;
            left -= step;
        }
    }))
}

impl From<crate::Error> for worker::Error {
    /// Keeps the text of the error and of its causes.
    fn from(error: crate::Error) -> Self {
        Self::RustError(error.with_causes())
    }
}
