//! Encodes inputs into request bodies.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    extra::Extra,
    invalid::InvalidInput,
    media::Media,
    rules::Rule,
    wire::{BodyKind, Members, Object, TryMembers, Wire, try_members},
};

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// A JSON object.
    Json(Vec<u8>),
    /// The parts of a multipart form.
    Form(Vec<FormPart>),
    /// A file, with the other fields beside it.
    File {
        /// The file's field on the wire.
        field: &'static str,
        /// The file's MIME type.
        content_type: String,
        /// The file.
        bytes: Vec<u8>,
        /// The other fields, as a JSON object.
        fields: Vec<u8>,
        /// The service also takes the file inside the JSON object, as an array of byte values.
        in_json: bool,
    },
}

/// A part of a multipart form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormPart {
    /// The name.
    pub name: String,
    /// The value.
    pub value: FormValue,
}

/// The value of a part of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum FormValue {
    /// Text; numbers are sent as text, too.
    Text(String),
    /// A file.
    File(Media),
}

/// An input that could not be encoded.
#[derive(Debug)]
pub struct EncodeError(String);

impl std::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the input could not be encoded: {}", self.0)
    }
}

impl std::error::Error for EncodeError {}

impl From<serde_json::Error> for EncodeError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// A value that can be sent to a model.
pub trait Encode {
    /// Encodes the value as the request body that the service prefers: a file travels as it is, not inside JSON.
    ///
    /// # Errors
    /// Fails when the `Serialize` implementation of one of your own types fails.
    fn encode(&self, stream: bool) -> Result<Body, EncodeError>;

    /// Encodes the value as one JSON object wherever the service takes it so: a file becomes an array of byte values.
    ///
    /// # Errors
    /// Fails when the `Serialize` implementation of one of your own types fails.
    fn encode_json(&self, stream: bool) -> Result<Body, EncodeError>;

    /// Checks the value against the rules of the model with this ID.
    ///
    /// # Errors
    /// Names each field that breaks a rule.
    fn check(&self, id: &'static str, rules: &'static [Rule]) -> Result<(), InvalidInput>;
}

impl<T: Object> Encode for T {
    fn encode(&self, stream: bool) -> Result<Body, EncodeError> {
        match T::BODY {
            BodyKind::Raw { field } => file(self, field, false),
            BodyKind::Bytes { field } => file(self, field, true),
            BodyKind::Json | BodyKind::Form => self.encode_json(stream),
        }
    }

    fn encode_json(&self, stream: bool) -> Result<Body, EncodeError> {
        match T::BODY {
            BodyKind::Form => {
                let form = try_members(self, ToForm(Vec::new()))?;
                Ok(Body::Form(form.0))
            }
            BodyKind::Raw { field } => file(self, field, false),
            BodyKind::Bytes { .. } | BodyKind::Json => {
                // Most inputs with text in them fit; growing from less costs more than the space.
                let mut bytes = Vec::with_capacity(1024);
                let mut json = serde_json::Serializer::new(&mut bytes);
                crate::ser::serialize(&Streamed { input: self, stream }, &mut json)?;
                Ok(Body::Json(bytes))
            }
        }
    }

    fn check(&self, id: &'static str, rules: &'static [Rule]) -> Result<(), InvalidInput> {
        crate::validate::check(self, id, rules)
    }
}

/// Encodes the bytes of one member as they are, and the other members as JSON.
fn file<T: Object>(input: &T, field: &'static str, in_json: bool) -> Result<Body, EncodeError> {
    let file = try_members(input, ToFile { field, media: None, fields: Map::new() })?;
    let media = file.media.ok_or_else(|| EncodeError(format!("`{field}` is missing")))?;
    let content_type = media.content_type().to_owned();
    let fields = serde_json::to_vec(&file.fields)?;
    Ok(Body::File { field, content_type, bytes: media.into_bytes(), fields, in_json })
}

/// An input with the `stream` member, which the call decides.
struct Streamed<'i, T> {
    input: &'i T,
    stream: bool,
}

impl<T: Object> Object for Streamed<'_, T> {
    fn members<W: Members>(&self, to: &mut W) {
        self.input.members(&mut Unstreamed(to));
        if self.stream || T::STREAMS_BY_DEFAULT {
            to.member(STREAM, &self.stream);
        }
    }
}

const STREAM: &str = "stream";

/// Writes everything except a `stream` among the members that the catalog does not know.
struct Unstreamed<'w, W>(&'w mut W);

impl<W: Members> Members for Unstreamed<'_, W> {
    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self {
        self.0.member(name, value);
        self
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self {
        self.0.value(name, value);
        self
    }

    fn extra(&mut self, extra: &Extra) -> &mut Self {
        if extra.get(STREAM).is_some() {
            self.0.extra(&extra.without(STREAM));
        } else {
            self.0.extra(extra);
        }
        self
    }
}

struct ToForm(Vec<FormPart>);

impl ToForm {
    fn text(&mut self, name: &str, value: Value) {
        match value {
            Value::Null => {}
            Value::String(text) => self.0.push(FormPart { name: name.to_owned(), value: FormValue::Text(text) }),
            other => self.0.push(FormPart { name: name.to_owned(), value: FormValue::Text(other.to_string()) }),
        }
    }
}

impl TryMembers for ToForm {
    type Error = serde_json::Error;

    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), serde_json::Error> {
        if value.is_absent() || self.0.iter().any(|part| part.name == name) {
            return Ok(());
        }
        if let Some(media) = value.as_media() {
            self.0.push(FormPart { name: name.to_owned(), value: FormValue::File(media.clone()) });
            return Ok(());
        }
        self.value(name, value)
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), serde_json::Error> {
        let value = serde_json::to_value(value)?;
        self.text(name, value);
        Ok(())
    }

    fn extra(&mut self, extra: &Extra) -> Result<(), serde_json::Error> {
        extra.iter().for_each(|(name, value)| self.text(name, value.clone()));
        Ok(())
    }
}

struct ToFile {
    field: &'static str,
    media: Option<Media>,
    fields: Map<String, Value>,
}

impl TryMembers for ToFile {
    type Error = serde_json::Error;

    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), serde_json::Error> {
        if name == self.field
            && let Some(media) = value.as_media()
        {
            self.media = Some(media.clone());
            return Ok(());
        }
        if value.is_absent() || self.fields.contains_key(name) { Ok(()) } else { self.value(name, value) }
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), serde_json::Error> {
        let value = serde_json::to_value(value)?;
        if !value.is_null() {
            self.fields.insert(name.to_owned(), value);
        }
        Ok(())
    }

    fn extra(&mut self, extra: &Extra) -> Result<(), serde_json::Error> {
        self.fields.extend(extra.iter().map(|(name, value)| (name.to_owned(), value.clone())));
        Ok(())
    }
}
