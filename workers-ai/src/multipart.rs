//! Multipart forms as bytes, so that a request can be sent again and a binding can take it.

use bytes::Bytes;
use workers_ai_types::{FormPart, FormValue};

/// The content type and the body of a form.
pub(crate) fn encode(parts: Vec<FormPart>) -> (String, Bytes) {
    let parts: Vec<(FormPart, Option<String>)> = parts.into_iter().map(|part| (part, None)).collect();
    encode_named(&parts)
}

/// The content type and the body of a form whose files have names.
pub(crate) fn encode_named(parts: &[(FormPart, Option<String>)]) -> (String, Bytes) {
    let boundary = boundary(parts);
    let mut body = Vec::with_capacity(parts.iter().map(|(part, _)| 200 + value(part).len()).sum());
    for (part, file_name) in parts {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        let name = quoted(&part.name);
        body.extend_from_slice(format!("Content-Disposition: form-data; name=\"{name}\"").as_bytes());
        if let FormValue::File(media) = &part.value {
            let content_type = media.content_type();
            let file_name = file_name.as_deref().map_or_else(|| name.clone(), quoted);
            body.extend_from_slice(format!("; filename=\"{file_name}\"\r\nContent-Type: {content_type}").as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(value(part));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body.into())
}

fn value(part: &FormPart) -> &[u8] {
    match &part.value {
        FormValue::Text(text) => text.as_bytes(),
        FormValue::File(media) => media.bytes(),
    }
}

/// A line that occurs in no part.
fn boundary(parts: &[(FormPart, Option<String>)]) -> String {
    let free = |boundary: &String| {
        let taken =
            |(part, _): &(FormPart, Option<String>)| memchr::memmem::find(value(part), boundary.as_bytes()).is_some();
        !parts.iter().any(taken)
    };
    let candidates = (0_u64..).map(|number| format!("workers-ai-form-{number:016x}"));
    // Every part would have to hold every number for this to go on.
    candidates.into_iter().find(free).unwrap_or_default()
}

/// A name that cannot end the header that it stands in.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use workers_ai_types::{FormPart, FormValue, Media};

    use super::encode;

    #[test]
    fn a_form_has_a_boundary_that_no_part_holds() {
        let text = |value: &str| FormPart { name: "a\"b".to_owned(), value: FormValue::Text(value.to_owned()) };
        let file = FormPart { name: "image".to_owned(), value: FormValue::File(Media::new(*b"\xff\xd8\xff\r\n--")) };
        let (content_type, body) = encode(vec![text("workers-ai-form-0000000000000000"), file]);
        assert_eq!(content_type, "multipart/form-data; boundary=workers-ai-form-0000000000000001");
        let body = String::from_utf8_lossy(&body);
        assert!(body.starts_with(
            "--workers-ai-form-0000000000000001\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n"
        ));
        assert!(body.contains("name=\"image\"; filename=\"image\"\r\nContent-Type: image/jpeg\r\n\r\n"));
        assert!(body.ends_with("\r\n--workers-ai-form-0000000000000001--\r\n"));
    }
}
