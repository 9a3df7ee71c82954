//! Converts files to Markdown.

use serde::Deserialize;
use serde_json::Value;
use workers_ai_types::{
    codec::{FormPart, FormValue},
    media::Media,
};

use super::{form, read};
use crate::{
    Error, WorkersAi,
    transport::{Endpoint, Input},
};

/// A file converted to Markdown, or the reason why it was not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MarkdownDocument {
    /// The name of the file.
    pub name: String,
    /// The MIME type of the file.
    pub mime_type: String,
    /// The Markdown, or the reason for the failure.
    pub markdown: Result<String, String>,
    /// The approximate number of tokens in the Markdown.
    pub tokens: Option<u64>,
}

/// A file format that can be converted to Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MarkdownFormat {
    /// The file name extension: `.pdf`.
    pub extension: String,
    /// The MIME type.
    pub mime_type: String,
}

const ROUTE: &str = "Markdown conversion";

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
    /// Converts files to Markdown: PDF, HTML, images, office documents.
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
    /// Fails as every call does. The failure of one file is reported with that file.
    pub async fn to_markdown(
        &self,
        files: impl IntoIterator<Item = (impl Into<String>, Media)>,
    ) -> Result<Vec<MarkdownDocument>, Error> {
        self.to_markdown_with(files, &Value::Null).await
    }

    /// Converts files to Markdown, with the service's conversion options as JSON: they depend on the formats of the files.
    ///
    /// # Errors
    /// Fails as [`to_markdown`](WorkersAi::to_markdown) does.
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
        let items: Vec<Item> = read(self, ROUTE, Endpoint::Markdown, form(&parts)?).await?;
        Ok(items.into_iter().map(MarkdownDocument::from).collect())
    }

    /// Returns the file formats that can be converted to Markdown.
    ///
    /// # Errors
    /// Fails as every call does.
    pub async fn markdown_formats(&self) -> Result<Vec<MarkdownFormat>, Error> {
        read(self, ROUTE, Endpoint::Markdown, Input::None).await
    }
}
