//! Multipart forms as bytes, so that a request can be sent again and a binding can take it.

use std::hash::{BuildHasher, RandomState};

use bytes::Bytes;
use http::HeaderValue;
use workers_ai_types::{FormPart, FormValue};

use crate::error::ConfigError;

/// The content type and the body of a form.
pub(crate) fn encode(parts: Vec<FormPart>) -> Result<(String, Bytes), ConfigError> {
    let parts: Vec<(FormPart, Option<String>)> = parts.into_iter().map(|part| (part, None)).collect();
    encode_named(&parts)
}

/// The content type and the body of a form whose files have names.
pub(crate) fn encode_named(parts: &[(FormPart, Option<String>)]) -> Result<(String, Bytes), ConfigError> {
    // Who cannot guess the boundary cannot write parts of their own into a value.
    let chance = RandomState::new();
    encode_between(parts, (0_u64..).map(|number| chance.hash_one(number)))
}

/// The form with the first of some boundaries that occurs nowhere in it.
fn encode_between(
    parts: &[(FormPart, Option<String>)],
    numbers: impl Iterator<Item = u64>,
) -> Result<(String, Bytes), ConfigError> {
    let boundary = boundary(parts, numbers);
    let mut body = Vec::with_capacity(parts.iter().map(|(part, _)| 200 + value(part).len()).sum());
    for (part, file_name) in parts {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        let name = quoted(&part.name);
        body.extend_from_slice(format!("Content-Disposition: form-data; name=\"{name}\"").as_bytes());
        if let FormValue::File(media) = &part.value {
            let content_type = sendable(media.content_type())?;
            let file_name = file_name.as_deref().map_or_else(|| name.clone(), quoted);
            body.extend_from_slice(format!("; filename=\"{file_name}\"\r\nContent-Type: {content_type}").as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(value(part));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), body.into()))
}

fn value(part: &FormPart) -> &[u8] {
    match &part.value {
        FormValue::Text(text) => text.as_bytes(),
        FormValue::File(media) => media.bytes(),
    }
}

/// A content type, unless no header can hold it.
pub(crate) fn sendable(content_type: &str) -> Result<&str, ConfigError> {
    match HeaderValue::try_from(content_type) {
        Ok(_) => Ok(content_type),
        Err(_) => Err(ConfigError::Header(format!("content-type: {}", content_type.escape_debug()))),
    }
}

/// A line that occurs in no part.
fn boundary(parts: &[(FormPart, Option<String>)], numbers: impl Iterator<Item = u64>) -> String {
    let holds = |text: &[u8], boundary: &str| memchr::memmem::find(text, boundary.as_bytes()).is_some();
    let taken = |(part, file_name): &(FormPart, Option<String>), boundary: &str| {
        let content_type = match &part.value {
            FormValue::File(media) => media.content_type(),
            FormValue::Text(_) => "",
        };
        let said = [part.name.as_str(), file_name.as_deref().unwrap_or_default(), content_type];
        holds(value(part), boundary) || said.iter().any(|text| holds(text.as_bytes(), boundary))
    };
    let free = |boundary: &String| !parts.iter().any(|part| taken(part, boundary));
    // Every part would have to hold every number for this to go on.
    numbers.map(|number| format!("workers-ai-form-{number:016x}")).find(free).unwrap_or_default()
}

/// A name that cannot end the header that it stands in.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use workers_ai_types::{FormPart, FormValue, Media};

    use super::{encode, encode_between};

    fn text(value: &str) -> FormPart {
        FormPart { name: "a\"b".to_owned(), value: FormValue::Text(value.to_owned()) }
    }

    fn picture() -> FormPart {
        FormPart { name: "image".to_owned(), value: FormValue::File(Media::new(*b"\xff\xd8\xff\r\n--")) }
    }

    #[test]
    fn a_form_has_a_boundary_that_no_part_holds() {
        let named = FormPart { name: "workers-ai-form-0000000000000001".to_owned(), ..text("x") };
        let file_name = Some("workers-ai-form-0000000000000002".to_owned());
        let parts = [(text("workers-ai-form-0000000000000000"), None), (named, None), (picture(), file_name)];
        let (content_type, body) = encode_between(&parts, 0..).expect("a form");
        assert_eq!(content_type, "multipart/form-data; boundary=workers-ai-form-0000000000000003");
        let body = String::from_utf8_lossy(&body);
        assert!(body.starts_with(
            "--workers-ai-form-0000000000000003\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n"
        ));
        assert!(body.contains(
            "name=\"image\"; filename=\"workers-ai-form-0000000000000002\"\r\nContent-Type: image/jpeg\r\n\r\n"
        ));
        assert!(body.ends_with("\r\n--workers-ai-form-0000000000000003--\r\n"));
    }

    #[test]
    fn nobody_can_guess_the_boundary() {
        let of = || encode(vec![picture()]).expect("a form").0;
        assert_ne!(of(), of());
    }

    #[test]
    fn a_content_type_cannot_write_headers() {
        let media = Media::new(*b"\xff\xd8\xff").with_content_type("image/png\r\nX-Evil: 1\r\n\r\ninjected");
        let error = encode(vec![FormPart { name: "image".to_owned(), value: FormValue::File(media) }]);
        let error = error.expect_err("no header").to_string();
        assert!(error.contains(r"content-type: image/png\r\nX-Evil") && error.ends_with("can be sent"), "{error}");
    }
}
