//! Encodes multipart forms as bytes, so that a request can be sent again and a binding can take it.

use bytes::Bytes;
use workers_ai_types::codec::{FormPart, FormValue};

use super::random;
use crate::error::ConfigError;

/// A part of a form, and the name of its file.
pub(crate) type NamedPart = (FormPart, Option<String>);

/// Encodes a form whose files are named after their fields.
pub(crate) fn encode(parts: Vec<FormPart>) -> Result<(String, Bytes), ConfigError> {
    let parts: Vec<NamedPart> = parts.into_iter().map(|part| (part, None)).collect();
    encode_named(&parts)
}

/// Encodes a form. Returns its content type and its body.
pub(crate) fn encode_named(parts: &[NamedPart]) -> Result<(String, Bytes), ConfigError> {
    // Whoever cannot guess the boundary cannot write parts of their own into a value.
    let boundary = format!("workers-ai-form-{:016x}{:016x}", random::u64()?, random::u64()?);
    let mut body = Vec::with_capacity(parts.iter().map(|(part, _)| 200 + value(part).len()).sum());
    let add =
        |body: &mut Vec<u8>, texts: &[&str]| texts.iter().for_each(|text| body.extend_from_slice(text.as_bytes()));
    for (part, file_name) in parts {
        let name = quoted(&part.name);
        add(&mut body, &["--", &boundary, "\r\nContent-Disposition: form-data; name=\"", &name, "\""]);
        if let FormValue::File(media) = &part.value {
            let content_type = valid_content_type(media.content_type())?;
            let file_name = file_name.as_deref().map_or_else(|| name.clone(), quoted);
            add(&mut body, &["; filename=\"", &file_name, "\"\r\nContent-Type: ", content_type]);
        }
        add(&mut body, &["\r\n\r\n"]);
        body.extend_from_slice(value(part));
        add(&mut body, &["\r\n"]);
    }
    add(&mut body, &["--", &boundary, "--\r\n"]);
    Ok((format!("multipart/form-data; boundary={boundary}"), body.into()))
}

fn value(part: &FormPart) -> &[u8] {
    match &part.value {
        FormValue::Text(text) => text.as_bytes(),
        FormValue::File(media) => media.bytes(),
    }
}

/// Returns a content type, unless it could not be the value of a header.
pub(crate) fn valid_content_type(content_type: &str) -> Result<&str, ConfigError> {
    if content_type.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control()) {
        return Ok(content_type);
    }
    let escaped = format!("{content_type:?}");
    Err(ConfigError::Header { name: "content-type".to_owned(), value: escaped.trim_matches('"').to_owned() })
}

/// Escapes what could end the header that a name stands in.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use workers_ai_types::{
        codec::{FormPart, FormValue},
        media::Media,
    };

    use super::{encode, encode_named};

    fn picture() -> FormPart {
        FormPart { name: "image".to_owned(), value: FormValue::File(Media::new(*b"\xff\xd8\xff\r\n--")) }
    }

    #[test]
    fn a_form_holds_its_parts_between_boundaries() {
        let text = FormPart { name: "a\"b\r\n".to_owned(), value: FormValue::Text("x".to_owned()) };
        let (content_type, body) =
            encode_named(&[(text, None), (picture(), Some("a \"cat\".jpg".to_owned()))]).expect("a form");
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").expect("a boundary");
        let mut expected =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"a%22b%0D%0A\"\r\n\r\nx\r\n").into_bytes();
        let header =
            "Content-Disposition: form-data; name=\"image\"; filename=\"a %22cat%22.jpg\"\r\nContent-Type: image/jpeg";
        expected.extend_from_slice(format!("--{boundary}\r\n{header}\r\n\r\n").as_bytes());
        expected.extend_from_slice(b"\xff\xd8\xff\r\n--\r\n");
        expected.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        assert_eq!(body, expected);
    }

    #[test]
    fn nobody_can_guess_the_boundary() {
        let boundary = || encode(vec![picture()]).expect("a form").0;
        assert_ne!(boundary(), boundary());
    }

    #[test]
    fn a_content_type_cannot_write_headers() {
        let media = Media::new(*b"\xff\xd8\xff").with_content_type("image/png\r\nX-Evil: 1\r\n\r\ninjected");
        let error = encode(vec![FormPart { name: "image".to_owned(), value: FormValue::File(media) }]);
        let error = error.expect_err("an invalid content type").to_string();
        assert_eq!(error, r"invalid value for the header `content-type`: `image/png\r\nX-Evil: 1\r\n\r\ninjected`");
    }
}
