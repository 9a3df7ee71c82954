//! When the next request of a call may be made.

use crate::{WorkersAi, call::request::PreparedRequest};

/// What a call has to wait for before each attempt. Nothing, unless the client has a rate limit.
pub(crate) struct Pace {
    #[cfg(feature = "rate-limit")]
    limit: Option<(String, std::num::NonZeroU32)>,
}

impl WorkersAi {
    #[cfg_attr(not(feature = "rate-limit"), allow(clippy::unused_self, reason = "without a limit there is no pace"))]
    pub(crate) fn pace(&self, encoded: &PreparedRequest) -> Pace {
        let _ = encoded;
        Pace {
            #[cfg(feature = "rate-limit")]
            limit: self.limit.as_ref().and_then(|limit| limit.of(&encoded.model, &encoded.info)),
        }
    }
}

impl Pace {
    #[cfg_attr(
        not(feature = "rate-limit"),
        allow(clippy::unused_self, clippy::unused_async, reason = "without a limit there is nothing to wait for")
    )]
    pub(crate) async fn wait(&self, ai: &WorkersAi) {
        let _ = ai;
        #[cfg(feature = "rate-limit")]
        if let (Some(limit), Some(of)) = (&ai.limit, &self.limit) {
            limit.wait(&*ai.transport, of).await;
        }
    }
}
