//! `LoRA` adapters: made, filled and listed.

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use workers_ai_types::{FormPart, FormValue, Media};

use crate::{
    Error, WorkersAi,
    call::{account, account_form},
    error::{ConfigError, undecodable},
};

const PATH: &str = "ai/finetunes";
/// The largest rank of an adapter.
const MOST_RANK: u64 = 32;
/// Files are smaller than this, in bytes.
const MOST_BYTES: usize = 500_000_000;

/// A `LoRA` adapter of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Finetune {
    /// What an input's `lora` refers to it by.
    pub id: String,
    /// Its name, which does as well.
    #[serde(default)]
    pub name: String,
    /// The model that it adapts.
    #[serde(default)]
    pub model: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
}

impl WorkersAi {
    /// The account's adapters.
    ///
    /// # Errors
    /// When the service cannot be asked.
    pub async fn finetunes(&self) -> Result<Vec<Finetune>, Error> {
        self.listed(PATH).await
    }

    /// The adapters that everybody may use.
    ///
    /// # Errors
    /// When the service cannot be asked.
    pub async fn public_finetunes(&self) -> Result<Vec<Finetune>, Error> {
        self.listed("ai/finetunes/public").await
    }

    async fn listed(&self, path: &str) -> Result<Vec<Finetune>, Error> {
        let (raw, _) = account(self, Method::GET, path.to_owned(), None, Vec::new()).await?;
        serde_json::from_slice(&raw.body).map_err(|error| undecodable(path, &error, &raw))
    }

    /// Makes an adapter, uploads its two files, and gives it back.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), Box<dyn std::error::Error>> {
    /// let config = std::fs::read("adapter_config.json")?;
    /// let weights = std::fs::read("adapter_model.safetensors")?;
    /// let model = "@cf/meta/llama-3.2-3b-instruct";
    /// let adapter = ai.create_finetune(model, "support", "answers like our support", config, weights).await?;
    /// println!("lora: {}", adapter.id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the files are not what the service takes, or the service refuses them. [`Error::PartiallyMade`] where the adapter was made
    /// before that: [`upload_finetune`](WorkersAi::upload_finetune) goes on from there.
    pub async fn create_finetune(
        &self,
        model: &str,
        name: &str,
        description: &str,
        config: Vec<u8>,
        weights: Vec<u8>,
    ) -> Result<Finetune, Error> {
        check(&config, &weights)?;
        let body = json!({ "model": model, "name": name, "description": description }).to_string();
        let (raw, _) = account(self, Method::POST, PATH.to_owned(), Some(body.into_bytes()), Vec::new()).await?;
        let made: Finetune = serde_json::from_slice(&raw.body).map_err(|error| undecodable(PATH, &error, &raw))?;
        match self.upload_finetune(&made.id, config, weights).await {
            Ok(()) => Ok(made),
            Err(source) => Err(Error::PartiallyMade { id: made.id, source: Box::new(source) }),
        }
    }

    /// Uploads the two files of an adapter that was made before.
    ///
    /// # Errors
    /// When the files are not what the service takes, or the service refuses them.
    pub async fn upload_finetune(&self, id: &str, config: Vec<u8>, weights: Vec<u8>) -> Result<(), Error> {
        check(&config, &weights)?;
        for (name, bytes) in [("adapter_config.json", config), ("adapter_model.safetensors", weights)] {
            let text = FormPart { name: "file_name".to_owned(), value: FormValue::Text(name.to_owned()) };
            let media = Media::new(bytes).with_content_type("application/octet-stream");
            let file = FormPart { name: "file".to_owned(), value: FormValue::File(media) };
            let path = format!("{PATH}/{id}/finetune-assets");
            let parts = [(text, None), (file, Some(name.to_owned()))];
            account_form(self, Method::POST, path, &parts).await?;
        }
        Ok(())
    }
}

/// What the service would refuse after the upload.
fn check(config: &[u8], weights: &[u8]) -> Result<(), ConfigError> {
    let config: Value = serde_json::from_slice(config)
        .map_err(|error| ConfigError::Finetune(format!("adapter_config.json is not JSON: {error}")))?;
    match config.get("r").and_then(Value::as_u64) {
        Some(rank) if rank <= MOST_RANK => {}
        Some(rank) => {
            return Err(ConfigError::Finetune(format!("the rank `r` must be at most {MOST_RANK}, got {rank}")));
        }
        None => return Err(ConfigError::Finetune("adapter_config.json has no rank `r`".to_owned())),
    }
    if weights.len() >= MOST_BYTES {
        return Err(ConfigError::Finetune("adapter_model.safetensors must be smaller than 500 MB".to_owned()));
    }
    Ok(())
}
