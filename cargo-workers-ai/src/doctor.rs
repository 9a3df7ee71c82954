//! `doctor`: checks the account, the token and its permissions.

use workers_ai::{Error as CallError, ErrorClass, RetryPolicy, WorkersAi, error::ConfigError};

use crate::error::{Error, Result};

/// A check.
#[derive(Debug)]
pub struct Step {
    /// The subject of the check.
    pub name: &'static str,
    /// The result, if it passed.
    pub found: String,
    /// The problem and its remedy, if it failed.
    pub problem: Option<String>,
}

/// The smallest call: a vector for a word.
const MODEL: &str = "@cf/baai/bge-small-en-v1.5";

/// Makes the checks. One that fails is the last.
///
/// # Errors
/// Returns an error if nothing can be requested at all.
pub fn run() -> Result<Vec<Step>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::Usage(format!("cannot start the network runtime: {error}")))?;
    Ok(runtime.block_on(steps()))
}

async fn steps() -> Vec<Step> {
    let mut steps = Vec::new();
    let ai = match WorkersAi::from_env() {
        Ok(ai) => ai.with_retry(RetryPolicy::never()),
        Err(error) => {
            steps.push(failed("the environment", &error));
            return steps;
        }
    };
    steps.push(Step { name: "the environment", found: "account ID and token are set".to_owned(), problem: None });
    match ai.models().task("Text Embeddings").await {
        Ok(_) => steps.push(Step { name: "reading", found: "the token may list models".to_owned(), problem: None }),
        Err(error) => {
            steps.push(failed("reading", &error));
            return steps;
        }
    }
    match ai.model(MODEL).run(serde_json::json!({ "text": "hello" })).await {
        Ok(reply) => {
            let found = format!("{MODEL} answered after {} ms", reply.meta.duration.as_millis());
            steps.push(Step { name: "calling", found, problem: None });
        }
        Err(error) => steps.push(failed("calling", &error)),
    }
    steps
}

fn failed(name: &'static str, error: &CallError) -> Step {
    let causes = std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source());
    let text: Vec<String> = causes.map(ToString::to_string).collect();
    let problem = match advice(error) {
        // The client's own words are for those who call it.
        Some(advice)
            if matches!(error, CallError::Configuration(ConfigError::MissingAccount | ConfigError::MissingToken)) =>
        {
            format!("no account: {advice}; without one, `cargo workers-ai serve` runs a local service")
        }
        Some(advice) => format!("{}\n    {advice}", text.join(": ")),
        None => text.join(": "),
    };
    Step { name, found: String::new(), problem: Some(problem) }
}

/// Returns what to do about an error.
fn advice(error: &CallError) -> Option<&'static str> {
    Some(match (error, error.class()) {
        (
            CallError::Configuration(ConfigError::MissingAccount | ConfigError::MissingToken | ConfigError::Account(_)),
            _,
        ) => {
            "set CLOUDFLARE_ACCOUNT_ID (the dashboard's URL and `npx wrangler whoami` show it) and CLOUDFLARE_API_TOKEN"
        }
        (_, Some(ErrorClass::Unauthorized)) => {
            "make a token at https://dash.cloudflare.com/profile/api-tokens with the permissions Workers AI: Read and Workers AI: \
             Edit, for this account"
        }
        (_, Some(ErrorClass::NotFound)) => "check the account ID: the service knows no such account or route",
        (_, Some(ErrorClass::DailyQuota)) => "the token works; today's free allocation is used up until 00:00 UTC",
        (_, Some(ErrorClass::Billing)) => "the token works; the account cannot be billed: check its plan and credits",
        (_, Some(ErrorClass::RateLimited | ErrorClass::Unavailable)) => {
            "the token works; the service is busy: try again later"
        }
        (error, _) if error.is_connect() => {
            "nothing answers there: check the network, a proxy (HTTPS_PROXY), and WORKERS_AI_BASE_URL if it is set"
        }
        (error, _) if error.is_timeout() => "the service did not answer in time: try again",
        _ => return None,
    })
}
