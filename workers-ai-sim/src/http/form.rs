//! Bodies that are `multipart/form-data`.

use bytes::Bytes;
use memchr::memmem;

use crate::error::ApiError;

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Reads all fields of a form.
pub(crate) fn parse(content_type: &str, body: &Bytes) -> Result<Vec<Field>, ApiError> {
    fields(content_type, body).map_err(|cause| ApiError::new(5004, format!("AiError: Invalid form: {cause}")))
}

fn fields(content_type: &str, body: &Bytes) -> Result<Vec<Field>, &'static str> {
    let boundary = parameter(content_type, "boundary").filter(|boundary| !boundary.is_empty()).ok_or("no boundary")?;
    let delimiter = format!("\r\n--{boundary}");
    let first = &delimiter.as_bytes()[2..];
    let mut rest = match memmem::find(body, delimiter.as_bytes()) {
        _ if body.starts_with(first) => body.slice(first.len()..),
        Some(at) => body.slice(at + delimiter.len()..),
        None => return Err("the boundary does not occur in the body"),
    };
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        let line = memmem::find(&rest, b"\r\n").ok_or("unexpected end")?;
        // The line break that ends the delimiter stays: without headers, it also begins the empty line.
        let head = memmem::find(&rest[line..], b"\r\n\r\n").ok_or("unexpected end of a field's headers")? + line;
        let end = memmem::find(&rest[head + 2..], delimiter.as_bytes()).ok_or("unexpected end of a field")? + head + 2;
        let headers = String::from_utf8_lossy(&rest[line..head]);
        fields.push(field(&headers, rest.slice((head + 4).min(end)..end)).ok_or("a field without a name")?);
        rest = rest.slice(end + delimiter.len()..);
    }
    Ok(fields)
}

fn field(headers: &str, bytes: Bytes) -> Option<Field> {
    let header = |expected: &str| {
        let mut pairs = headers.lines().filter_map(|line| line.split_once(':'));
        pairs.find(|(name, _)| name.eq_ignore_ascii_case(expected)).map(|(_, value)| value.trim())
    };
    let disposition = header("content-disposition")?;
    Some(Field {
        name: parameter(disposition, "name")?,
        file_name: parameter(disposition, "filename"),
        content_type: header("content-type").map(str::to_owned),
        bytes,
    })
}

/// Returns a parameter of a header, without its quotes.
fn parameter(header: &str, expected: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, value) = rest.split_once('=')?;
        let (value, after) = match value.trim_start().strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let (value, after) = value.split_once(';').unwrap_or((value, ""));
                (value.trim().to_owned(), after)
            }
        };
        if name.trim().trim_start_matches(';').trim().eq_ignore_ascii_case(expected) {
            return Some(value);
        }
        rest = after;
    }
}

/// Splits a text behind the quote that ends it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((text, &quoted[at + 1..])),
            '\\' => text.push(letters.next()?.1),
            _ => text.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Field, parse};

    fn read(content_type: &str, body: &[u8]) -> Result<Vec<Field>, String> {
        parse(content_type, &Bytes::copy_from_slice(body)).map_err(|error| error.message)
    }

    #[test]
    fn fields_keep_their_bytes_names_and_types() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na \"lighthouse\"\r\n\
            --x \r\ncontent-disposition: form-data; filename=\"a;\\\"b\\\".png\"; name=image\r\nContent-Type: image/png\r\n\r\n\
            \x89\r\n\r\n--y\r\n\xff\r\n--x\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--x--\r\n";
        let text = |name: &str, bytes: &'static [u8]| Field {
            name: name.to_owned(),
            file_name: None,
            content_type: None,
            bytes: Bytes::from_static(bytes),
        };
        let image = Field {
            file_name: Some("a;\"b\".png".to_owned()),
            content_type: Some("image/png".to_owned()),
            ..text("image", b"\x89\r\n\r\n--y\r\n\xff")
        };
        let expected = vec![text("prompt", b"a \"lighthouse\""), image, text("empty", b"")];
        for (content_type, preamble) in [
            ("multipart/form-data; boundary=x", &b""[..]),
            ("multipart/form-data; charset=utf-8; boundary=\"x\"", b"ignored\r\n"),
        ] {
            assert_eq!(read(content_type, &[preamble, body].concat()), Ok(expected.clone()), "{content_type}");
        }
        assert_eq!(read("multipart/form-data; boundary=x", b"--x--\r\n"), Ok(Vec::new()));
    }

    #[test]
    fn a_damaged_form_is_refused() {
        let whole = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--";
        assert!(read("multipart/form-data; boundary=x", whole).is_ok());
        for end in 0..whole.len() {
            let cut = read("multipart/form-data; boundary=x", &whole[..end]);
            assert!(cut.as_ref().is_err_and(|cause| cause.starts_with("AiError: Invalid form")), "{end}: {cut:?}");
        }
        let nameless = b"--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--";
        assert!(read("multipart/form-data; boundary=x", nameless).is_err());
        assert!(read("multipart/form-data", whole).is_err());
        assert!(read("multipart/form-data; boundary=", whole).is_err());
    }
}
