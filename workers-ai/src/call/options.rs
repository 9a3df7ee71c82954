//! The options of a call beside its input.

use std::{fmt::Display, time::Duration};

use http::HeaderValue;

use super::header;
use crate::{
    error::ConfigError,
    gateway::Gateway,
    transport::{CallOptions, Headers, retry::RetryPolicy},
};

/// The options of a call beside its input.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) service: CallOptions,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) headers: Headers,
    pub(crate) gateway: Option<Gateway>,
    /// Whether the request must not arrive twice, whatever the policy for retries says.
    pub(crate) only_once: bool,
    /// The first invalid option, reported when the call is made.
    invalid: Option<ConfigError>,
}

const MAX_TAGS: usize = 5;
const MAX_TAG_CHARS: usize = 50;

impl Options {
    pub(crate) fn header(&mut self, name: &str, value: Result<HeaderValue, impl Display>) {
        if let Err(error) = header::set(&mut self.headers, name, value) {
            self.set_invalid(error);
        }
    }

    pub(crate) fn add_tags(&mut self, tags: impl IntoIterator<Item = impl Into<String>>) {
        let all = &mut self.service.tags;
        all.extend(tags.into_iter().map(Into::into));
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/');
        let invalid =
            |tag: &&String| tag.is_empty() || tag.chars().count() > MAX_TAG_CHARS || !tag.chars().all(allowed);
        let cause = if all.len() > MAX_TAGS {
            format!("there must be at most {MAX_TAGS}, got {}", all.len())
        } else if let Some(tag) = all.iter().find(invalid) {
            format!("`{tag}` must be 1 to {MAX_TAG_CHARS} letters, digits or any of - _ . : /")
        } else {
            return;
        };
        self.set_invalid(ConfigError::Tags(cause));
    }

    fn set_invalid(&mut self, error: ConfigError) {
        self.invalid.get_or_insert(error);
    }

    /// Checks all options. What was invalid when it was set is reported once.
    pub(crate) fn check(&mut self) -> Result<(), ConfigError> {
        if let Some(error) = self.invalid.take() {
            return Err(error);
        }
        if let Some(session) = &self.service.session_affinity
            && session.bytes().any(|byte| byte.is_ascii_control())
        {
            let value = "(it contains control characters)".to_owned();
            return Err(ConfigError::Header { name: "x-session-affinity".to_owned(), value });
        }
        match &self.gateway {
            Some(gateway) => gateway.check(),
            None => Ok(()),
        }
    }
}

/// The methods that every kind of call has. Each call has a method `options_mut`.
///
/// With `gateway` it may go through one: always, or if the model `M` can (`gateway of M`). `look` is for calls that only read.
macro_rules! options {
    (gateway of $model:ident) => {
        $crate::call::options::options!();

        /// Sends the call through a gateway. Models whose input is a form cannot be called through one.
        pub fn gateway(mut self, gateway: $crate::gateway::Gateway) -> Self
        where
            $model: ::workers_ai_types::GatewayCompatible,
        {
            self.options_mut().gateway = Some(gateway);
            self
        }
    };
    (gateway) => {
        $crate::call::options::options!();
        $crate::call::options::options!(any_gateway);
    };
    (look) => {
        $crate::call::options::options!(retry);
        $crate::call::options::options!(any_gateway);
    };
    (any_gateway) => {
        /// Sends the call through a gateway.
        pub fn gateway(mut self, gateway: $crate::gateway::Gateway) -> Self {
            self.options_mut().gateway = Some(gateway);
            self
        }
    };
    (timeout) => {
        /// Sets how long one attempt may take: until the end of the response or, for a stream, until its first event.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options_mut().timeout = Some(timeout);
            self
        }
    };
    (retry) => {
        /// Sets the policy for retries of this call.
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.options_mut().retry = Some(policy);
            self
        }

        /// Sends another header. An invalid one is reported when the call is made.
        pub fn header<V>(mut self, name: impl AsRef<str>, value: V) -> Self
        where
            V: TryInto<::http::HeaderValue, Error: ::std::fmt::Display>,
        {
            self.options_mut().header(name.as_ref(), value.try_into());
            self
        }
    };
    () => {
        $crate::call::options::options!(timeout);
        $crate::call::options::options!(retry);

        /// Fails at once, with error 3040, if the model has no capacity.
        pub fn reject_if_busy(mut self) -> Self {
            self.options_mut().service.reject_if_busy = true;
            self
        }

        /// Keeps calls of the same session on the same machine, which caches their common prompt.
        pub fn session_affinity(mut self, session: impl Into<String>) -> Self {
            self.options_mut().service.session_affinity = Some(session.into());
            self
        }

        /// Labels the call: at most five tags of at most 50 letters, digits or any of `- _ . : /`.
        pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
            self.options_mut().add_tags(tags);
            self
        }
    };
}
pub(crate) use options;
