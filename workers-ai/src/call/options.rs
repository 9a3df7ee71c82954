//! What a call may be given beside its input.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{Error, error::ConfigError, gateway::Gateway, transport::retry::RetryPolicy};

/// What a call was given beside its input.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) headers: HeaderMap,
    pub(crate) gateway: Option<Gateway>,
    pub(crate) reject_if_busy: bool,
    pub(crate) tags: Vec<String>,
    /// Further parts of the query.
    pub(crate) query: Vec<(String, String)>,
    /// Whether a request that was lost after it left is sent again. It is, unless that could do things twice.
    pub(crate) resend: Option<bool>,
    /// The first option that cannot be used; told when the call is made.
    pub(crate) fault: Option<ConfigError>,
}

const MOST_TAGS: usize = 5;
const LONGEST_TAG: usize = 50;

impl Options {
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(mut value)) => {
                // It may be a token: `Debug` does not show it.
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            _ => self.fault(ConfigError::Header(name.to_owned())),
        }
    }

    pub(crate) fn add_tags(&mut self, tags: impl IntoIterator<Item = impl Into<String>>) {
        self.tags.extend(tags.into_iter().map(Into::into));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/');
        let wrong = |tag: &&String| tag.is_empty() || tag.chars().count() > LONGEST_TAG || !tag.chars().all(plain);
        if self.tags.len() > MOST_TAGS {
            self.fault(ConfigError::Tags(format!("at most {MOST_TAGS}, got {}", self.tags.len())));
        } else if let Some(tag) = self.tags.iter().find(wrong) {
            let cause = format!("`{tag}` must be 1 to {LONGEST_TAG} letters, digits or any of - _ . : /");
            self.fault(ConfigError::Tags(cause));
        }
    }

    /// What is added to the URL.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        let mut query = self.query.clone();
        if !self.tags.is_empty() {
            query.push(("tags".to_owned(), self.tags.join(",")));
        }
        query
    }

    fn fault(&mut self, fault: ConfigError) {
        self.fault.get_or_insert(fault);
    }

    /// Checks everything that was given.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone().into());
        }
        if let Some(gateway) = &self.gateway {
            gateway.check()?;
        }
        Ok(())
    }
}

/// The methods that every kind of call has; each call keeps its options in `options`. With `gateway` it may go through one: always,
/// or where the model's input does.
macro_rules! options {
    (gateway of $model:ident) => {
        $crate::call::options::options!();

        /// Sends the call through a gateway, unless the model's input is a form: gateways pass none on.
        pub fn gateway(mut self, gateway: $crate::Gateway) -> Self
        where
            $model: ::workers_ai_types::GatewayCompatible,
        {
            self.options.gateway = Some(gateway);
            self
        }
    };
    (gateway) => {
        $crate::call::options::options!();

        /// Sends the call through a gateway.
        pub fn gateway(mut self, gateway: $crate::Gateway) -> Self {
            self.options.gateway = Some(gateway);
            self
        }
    };
    // What a call has that only looks at something.
    (look) => {
        $crate::call::options::options!(again);

        /// Asks through a gateway.
        pub fn gateway(mut self, gateway: $crate::Gateway) -> Self {
            self.options.gateway = Some(gateway);
            self
        }
    };
    (timeout) => {
        /// How long an attempt may take: until the end of the answer, or, of a stream, until its first event.
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.timeout = Some(timeout);
            self
        }
    };
    (again) => {
        /// When this call is tried again.
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.options.retry = Some(policy);
            self
        }

        /// Sends another header.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.options.header(name, value);
            self
        }
    };
    () => {
        $crate::call::options::options!(timeout);
        $crate::call::options::options!(again);

        /// Fails with 3040 at once where the model has no capacity, instead of waiting for it.
        pub fn reject_if_busy(mut self) -> Self {
            self.options.reject_if_busy = true;
            self
        }

        /// Keeps calls of the same session at the same place, so that what they share of the prompt is cached.
        pub fn session_affinity(mut self, session: &str) -> Self {
            self.options.header("x-session-affinity", session);
            self
        }

        /// Marks the call: at most five tags of at most 50 letters, digits or any of `- _ . : /`.
        pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
            self.options.add_tags(tags);
            self
        }
    };
}
pub(crate) use options;
