//! LoRA adapters of the account.

use serde::Deserialize;
use serde_json::{Value, json};
use workers_ai_types::{
    codec::{FormPart, FormValue},
    media::Media,
};

use super::{call, form, read};
use crate::{
    Error, WorkersAi,
    error::ConfigError,
    transport::{Endpoint, FinetuneEndpoint, Input},
};

const ROUTE: &str = "finetunes";
/// The largest rank of an adapter.
const MAX_RANK: u64 = 32;
/// Files must be smaller than this, in bytes.
const MAX_BYTES: usize = 500_000_000;

/// A LoRA adapter of the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Finetune {
    /// Its ID, which the field `lora` of an input refers to.
    pub id: String,
    /// Its name, which `lora` may refer to as well.
    #[serde(default)]
    pub name: String,
    /// The model that it adapts.
    #[serde(default)]
    pub model: String,
    /// Its purpose.
    #[serde(default)]
    pub description: Option<String>,
}

impl WorkersAi {
    /// Returns the account's adapters.
    ///
    /// # Errors
    /// Fails as every call does.
    pub async fn finetunes(&self) -> Result<Vec<Finetune>, Error> {
        read(self, ROUTE, Endpoint::Finetunes(FinetuneEndpoint::Own), Input::None).await
    }

    /// Returns the adapters that everybody may use.
    ///
    /// # Errors
    /// Fails as every call does.
    pub async fn public_finetunes(&self) -> Result<Vec<Finetune>, Error> {
        read(self, ROUTE, Endpoint::Finetunes(FinetuneEndpoint::Public), Input::None).await
    }

    /// Creates an adapter and uploads its two files.
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
    /// Fails if the files are invalid, or if the service refuses them: with [`Error::PartiallyMade`] if the adapter has been created,
    /// whose files [`upload_finetune`](WorkersAi::upload_finetune) can then upload.
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
        let endpoint = Endpoint::Finetunes(FinetuneEndpoint::Own);
        let made: Finetune = read(self, ROUTE, endpoint, Input::Json(body.into())).await?;
        match self.upload_finetune(&made.id, config, weights).await {
            Ok(()) => Ok(made),
            Err(source) => Err(Error::PartiallyMade { id: made.id, source: Box::new(source) }),
        }
    }

    /// Uploads the two files of an adapter that has been created.
    ///
    /// # Errors
    /// Fails if the files are invalid, or if the service refuses them.
    pub async fn upload_finetune(&self, id: &str, config: Vec<u8>, weights: Vec<u8>) -> Result<(), Error> {
        check(&config, &weights)?;
        for (name, bytes) in [("adapter_config.json", config), ("adapter_model.safetensors", weights)] {
            let text = FormPart { name: "file_name".to_owned(), value: FormValue::Text(name.to_owned()) };
            let media = Media::new(bytes).with_content_type("application/octet-stream");
            let file = FormPart { name: "file".to_owned(), value: FormValue::File(media) };
            let endpoint = Endpoint::Finetunes(FinetuneEndpoint::Assets(id.to_owned()));
            let input = form(&[(text, None), (file, Some(name.to_owned()))])?;
            call(self, ROUTE, endpoint, input).await?;
        }
        Ok(())
    }
}

/// Checks what the service would refuse after the upload.
fn check(config: &[u8], weights: &[u8]) -> Result<(), ConfigError> {
    let invalid = |cause: String| Err(ConfigError::Finetune(cause));
    let config: Value = match serde_json::from_slice(config) {
        Ok(config) => config,
        Err(error) => return invalid(format!("adapter_config.json is not JSON: {error}")),
    };
    match config.get("r").and_then(Value::as_u64) {
        Some(rank) if rank <= MAX_RANK => {}
        Some(rank) => return invalid(format!("the rank `r` must be at most {MAX_RANK}, got {rank}")),
        None => return invalid("adapter_config.json has no rank `r`".to_owned()),
    }
    if weights.len() >= MAX_BYTES {
        return invalid("adapter_model.safetensors must be smaller than 500 MB".to_owned());
    }
    Ok(())
}
