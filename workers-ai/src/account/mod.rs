//! The routes of the account.

pub(crate) mod finetunes;
pub(crate) mod gateway_logs;
pub(crate) mod markdown;
pub(crate) mod models;
