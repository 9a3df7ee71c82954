//! Files made into Markdown.

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use workers_ai_types::{FormPart, FormValue, Media};

use crate::{
    Error, WorkersAi,
    call::{account, account_form},
    error::undecodable,
};

/// A file made into Markdown, or why it was not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MarkdownDocument {
    /// The file's name.
    pub name: String,
    /// What it was, as a MIME type.
    pub mime_type: String,
    /// The Markdown, or what went wrong with this file.
    pub markdown: Result<String, String>,
    /// About how many tokens the Markdown has.
    pub tokens: Option<u64>,
}

/// A kind of file that can be made into Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MarkdownFormat {
    /// The end of its name: `.pdf`.
    pub extension: String,
    /// Its MIME type.
    pub mime_type: String,
}

const PATH: &str = "ai/tomarkdown";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    name: String,
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    tokens: Option<f64>,
    #[serde(default)]
    data: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

impl From<Item> for MarkdownDocument {
    fn from(item: Item) -> Self {
        let markdown = match (item.format.as_str(), item.data) {
            ("error", _) | (_, None) => Err(item.error.unwrap_or_else(|| "no reason given".to_owned())),
            (_, Some(data)) => Ok(data),
        };
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates, and counts are whole"
        )]
        let tokens = item.tokens.map(|tokens| tokens as u64);
        Self { name: item.name, mime_type: item.mime_type, markdown, tokens }
    }
}

impl WorkersAi {
    /// Makes files into Markdown: PDF, HTML, pictures, office documents.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai::Media;
    ///
    /// let files = [("report.pdf", Media::new(std::fs::read("report.pdf")?))];
    /// for file in ai.to_markdown(files).await? {
    ///     println!("{}: {}", file.name, file.markdown?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the service cannot be asked. What is wrong with one file is told with that file.
    pub async fn to_markdown(
        &self,
        files: impl IntoIterator<Item = (impl Into<String>, Media)>,
    ) -> Result<Vec<MarkdownDocument>, Error> {
        self.to_markdown_with(files, &Value::Null).await
    }

    /// As [`to_markdown`](WorkersAi::to_markdown), with the service's conversion options as JSON: what they are depends on the kind of
    /// the files.
    ///
    /// # Errors
    /// As there.
    pub async fn to_markdown_with(
        &self,
        files: impl IntoIterator<Item = (impl Into<String>, Media)>,
        options: &Value,
    ) -> Result<Vec<MarkdownDocument>, Error> {
        let part = |(name, media): (_, Media)| {
            let part = FormPart { name: "files".to_owned(), value: FormValue::File(media) };
            (part, Some(Into::<String>::into(name)))
        };
        let mut parts: Vec<(FormPart, Option<String>)> = files.into_iter().map(part).collect();
        if !options.is_null() {
            let value = FormValue::Text(options.to_string());
            parts.push((FormPart { name: "conversionOptions".to_owned(), value }, None));
        }
        let (raw, _) = account_form(self, Method::POST, PATH.to_owned(), &parts).await?;
        let items: Vec<Item> = serde_json::from_slice(&raw.body).map_err(|error| undecodable(PATH, &error, &raw))?;
        Ok(items.into_iter().map(MarkdownDocument::from).collect())
    }

    /// The kinds of file that can be made into Markdown.
    ///
    /// # Errors
    /// When the service cannot be asked.
    pub async fn markdown_formats(&self) -> Result<Vec<MarkdownFormat>, Error> {
        let path = format!("{PATH}/supported");
        let (raw, _) = account(self, Method::GET, path.clone(), None, Vec::new()).await?;
        serde_json::from_slice(&raw.body).map_err(|error| undecodable(&path, &error, &raw))
    }
}
