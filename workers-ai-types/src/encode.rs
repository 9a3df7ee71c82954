//! Encodes inputs into request bodies.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    extra::Extra,
    facts::{ModelFacts, Variation},
    invalid::InvalidInput,
    json::{from_text, to_text},
    media::Media,
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
    /// Encodes the value as the request body that the service prefers for a model: a file travels as it is, not inside JSON.
    ///
    /// # Errors
    /// Fails when the `Serialize` implementation of one of your own types fails.
    fn encode(&self, model: &ModelFacts, stream: bool) -> Result<Body, EncodeError>;

    /// Encodes the value as one JSON object wherever the model takes it so: a file becomes an array of byte values.
    ///
    /// # Errors
    /// Fails when the `Serialize` implementation of one of your own types fails.
    fn encode_json(&self, model: &ModelFacts, stream: bool) -> Result<Body, EncodeError>;

    /// Checks the value against the rules of a model.
    ///
    /// # Errors
    /// Names each field that breaks a rule.
    fn check(&self, model: &ModelFacts) -> Result<(), InvalidInput>;
}

impl<T: Object> Encode for T {
    fn encode(&self, model: &ModelFacts, stream: bool) -> Result<Body, EncodeError> {
        let sent = Sent::new(self, model);
        match sent.body() {
            BodyKind::Bytes { field } => sent.file(field, true),
            _ => self.encode_json(model, stream),
        }
    }

    fn encode_json(&self, model: &ModelFacts, stream: bool) -> Result<Body, EncodeError> {
        let sent = Sent::new(self, model);
        match sent.body() {
            BodyKind::Raw { field } => sent.file(field, false),
            BodyKind::Form => sent.form(),
            BodyKind::Bytes { .. } | BodyKind::Json => sent.json(stream),
        }
    }

    fn check(&self, model: &ModelFacts) -> Result<(), InvalidInput> {
        crate::validate::check(self, model.id, model.rules)
    }
}

/// An input as it is sent to a model.
struct Sent<'i, T> {
    input: &'i T,
    variation: Option<&'static Variation>,
    /// The `stream` member, which the call decides.
    stream: Option<bool>,
}

const STREAM: &str = "stream";

impl<'i, T: Object> Sent<'i, T> {
    fn new(input: &'i T, model: &ModelFacts) -> Self {
        Self { input, variation: model.variation(), stream: None }
    }

    fn body(&self) -> BodyKind {
        self.variation.map_or(T::BODY, |variation| variation.body)
    }

    fn form(&self) -> Result<Body, EncodeError> {
        Ok(Body::Form(try_members(self, ToForm(Vec::new()))?.0))
    }

    fn json(mut self, stream: bool) -> Result<Body, EncodeError> {
        let by_default = self.variation.map_or(T::STREAMS_BY_DEFAULT, |variation| variation.streams_by_default);
        self.stream = (stream || by_default).then_some(stream);
        // Most inputs with text in them fit; growing from less costs more than the space.
        let mut bytes = Vec::with_capacity(1024);
        let mut json = serde_json::Serializer::new(&mut bytes);
        crate::ser::serialize(&self, &mut json)?;
        Ok(Body::Json(bytes))
    }

    /// Encodes the bytes of one member as they are, and the other members as JSON.
    fn file(&self, field: &'static str, in_json: bool) -> Result<Body, EncodeError> {
        let file = try_members(self, ToFile { field, media: None, fields: Map::new() })?;
        let media = file.media.ok_or_else(|| EncodeError(format!("`{field}` is missing")))?;
        let content_type = media.content_type().to_owned();
        let fields = serde_json::to_vec(&file.fields)?;
        Ok(Body::File { field, content_type, bytes: media.into_bytes(), fields, in_json })
    }
}

impl<T: Object> Object for Sent<'_, T> {
    fn members<W: Members>(&self, to: &mut W) {
        let mut members = SentMembers { to, variation: self.variation, known: Vec::new() };
        self.input.members(&mut members);
        members.end();
        if let Some(stream) = self.stream {
            to.member(STREAM, &stream);
        }
    }
}

/// Writes the members of an input as the model takes them, except a `stream` among those that the catalog does not know.
struct SentMembers<'w, W> {
    to: &'w mut W,
    variation: Option<&'static Variation>,
    /// The names of the members so far, if the model's set has several models.
    known: Vec<&'static str>,
}

impl<W: Members> SentMembers<'_, W> {
    /// Writes what the model is sent unless the input has it.
    fn end(self) {
        let Some(variation) = self.variation else { return };
        for (name, json) in variation.sent.iter().filter(|(name, _)| !self.known.contains(name)) {
            // It was JSON in the catalog.
            self.to.member(name, &from_text::<Value>(json).unwrap_or_default());
        }
    }
}

impl<W: Members> Members for SentMembers<'_, W> {
    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self {
        let Some(variation) = self.variation else {
            self.to.member(name, value);
            return self;
        };
        let own = variation.name(name);
        self.known.push(own);
        match variation.value(name, value) {
            Some(value) => self.to.member(own, &value),
            None => self.to.member(own, value),
        };
        self
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self {
        self.to.value(name, value);
        self
    }

    fn extra(&mut self, extra: &Extra) -> &mut Self {
        if extra.get(STREAM).is_some() {
            self.to.extra(&extra.without(STREAM));
        } else {
            self.to.extra(extra);
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
            other => self.0.push(FormPart { name: name.to_owned(), value: FormValue::Text(to_text(&other)) }),
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
        self.text(name, value.to_json()?);
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), serde_json::Error> {
        self.text(name, serde_json::to_value(value)?);
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

impl ToFile {
    fn set(&mut self, name: &str, value: Value) {
        if !value.is_null() {
            self.fields.insert(name.to_owned(), value);
        }
    }
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
        if !value.is_absent() && !self.fields.contains_key(name) {
            self.set(name, value.to_json()?);
        }
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), serde_json::Error> {
        self.set(name, serde_json::to_value(value)?);
        Ok(())
    }

    fn extra(&mut self, extra: &Extra) -> Result<(), serde_json::Error> {
        self.fields.extend(extra.iter().map(|(name, value)| (name.to_owned(), value.clone())));
        Ok(())
    }
}
