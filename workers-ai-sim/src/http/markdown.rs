//! Conversion of files to Markdown.

use axum::{http::HeaderMap, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{envelope, form, request};
use crate::{error::ApiError, model::chat::count_tokens};

const SUPPORTED: [(&str, &str); 4] =
    [(".txt", "text/plain"), (".md", "text/markdown"), (".html", "text/html"), (".csv", "text/csv")];

/// `GET …/ai/tomarkdown/supported`.
pub(super) async fn supported() -> Response {
    envelope::ok(
        &SUPPORTED.iter().map(|(extension, mime)| json!({ "extension": extension, "mimeType": mime })).collect(),
    )
}

/// `POST …/ai/tomarkdown`.
pub(super) async fn to_markdown(headers: HeaderMap, body: Bytes) -> Result<Response, ApiError> {
    let fields = form::parse(request::content_type(&headers), &body)?;
    let files = fields.into_iter().filter(|field| field.name == "files").map(|field| File {
        name: field.file_name.unwrap_or_else(|| "file".to_owned()),
        mime_type: field.content_type,
        bytes: field.bytes.to_vec(),
    });
    convert(files)
}

/// `POST /to-everything/markdown/transformer`, which the binding of a Worker calls.
pub(super) async fn transform(body: Bytes) -> Result<Response, ApiError> {
    let sent = request::json(&body)?;
    let files = sent["files"].as_array().map(Vec::as_slice).unwrap_or_default();
    let files = files.iter().map(|file| {
        let text = |name: &str| file[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let bytes = STANDARD.decode(text("data").unwrap_or_default());
        let invalid = |_| ApiError::invalid_input("`data` is not Base64");
        Ok(File {
            name: text("name").unwrap_or_else(|| "file".to_owned()),
            mime_type: text("mimeType"),
            bytes: bytes.map_err(invalid)?,
        })
    });
    convert(files.collect::<Result<Vec<_>, ApiError>>()?)
}

struct File {
    name: String,
    mime_type: Option<String>,
    bytes: Vec<u8>,
}

fn convert(files: impl IntoIterator<Item = File>) -> Result<Response, ApiError> {
    let items: Vec<Value> = files.into_iter().enumerate().map(|(number, file)| item(number, file)).collect();
    if items.is_empty() {
        return Err(ApiError::invalid_input("required properties at '/' are 'files'"));
    }
    Ok(envelope::ok(&Value::Array(items)))
}

fn item(number: usize, File { name, mime_type, bytes }: File) -> Value {
    let mime = mime_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let supported = SUPPORTED.iter().any(|(extension, supported)| *supported == mime || name.ends_with(extension));
    match String::from_utf8(bytes) {
        Ok(text) if supported => {
            let data = format!("# {name}\n\n{text}");
            json!({
                "id": number.to_string(), "name": name, "mimeType": mime, "format": "markdown",
                "tokens": count_tokens(&data), "data": data,
            })
        }
        _ => json!({
            "id": number.to_string(), "name": name, "mimeType": mime, "format": "error",
            "error": "the local stand-in converts text only",
        }),
    }
}
