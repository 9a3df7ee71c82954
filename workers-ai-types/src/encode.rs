//! From an input to the body of a request.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Media,
    object::{BodyKind, Extra, Members, Object, Wire},
};

/// The way a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// The REST API.
    Rest,
    /// The binding of a Worker.
    Binding,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// A JSON text.
    Json(Vec<u8>),
    /// The parts of a multipart form.
    Form(Vec<FormPart>),
    /// Bytes as they are.
    Raw {
        /// The bytes.
        bytes: Vec<u8>,
        /// What they are.
        content_type: String,
        /// Everything else that is sent.
        query: Vec<(String, String)>,
    },
}

/// A part of a multipart form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormPart {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub value: FormValue,
}

/// What a part of a form holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FormValue {
    /// Text; numbers travel as text too.
    Text(String),
    /// A file.
    File(Media),
}

/// An input that could not be written.
#[derive(Debug)]
pub struct EncodeError(String);

impl std::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the input cannot be written: {}", self.0)
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
    /// The body of a request.
    ///
    /// # Errors
    /// When a value of the user's own type refuses to be written.
    fn encode(&self, route: Route, stream: bool) -> Result<Body, EncodeError>;

    /// Checks the value against its model's rules.
    ///
    /// # Errors
    /// Names each field that breaks a rule.
    fn check<M: crate::Model>(&self) -> Result<(), crate::InvalidInput>;
}

impl<T: Object> Encode for T {
    fn encode(&self, route: Route, stream: bool) -> Result<Body, EncodeError> {
        let raw = match T::BODY {
            BodyKind::Form => {
                let mut form = ToForm(Vec::new());
                self.members(&mut form)?;
                return Ok(Body::Form(form.0));
            }
            BodyKind::Raw { field } => Some(field),
            BodyKind::Bytes { field } if route == Route::Rest => Some(field),
            BodyKind::Bytes { .. } | BodyKind::Json => None,
        };
        if let Some(field) = raw {
            let mut raw = ToRaw { field, media: None, query: Vec::new() };
            self.members(&mut raw)?;
            let media = raw.media.ok_or_else(|| EncodeError(format!("`{field}` is missing")))?;
            let content_type = media.content_type().to_owned();
            return Ok(Body::Raw { content_type, bytes: media.into_bytes(), query: raw.query });
        }
        // Most inputs with text in them fit; growing from less costs more than the space.
        let mut bytes = Vec::with_capacity(1024);
        crate::object::serialize(&Streamed { input: self, stream }, &mut serde_json::Serializer::new(&mut bytes))?;
        Ok(Body::Json(bytes))
    }

    fn check<M: crate::Model>(&self) -> Result<(), crate::InvalidInput> {
        crate::validate::validate::<M, T>(self)
    }
}

/// An input with the `stream` member that the call decides.
struct Streamed<'i, T> {
    input: &'i T,
    stream: bool,
}

impl<T: Object> Object for Streamed<'_, T> {
    fn members<W: Members>(&self, to: &mut W) -> Result<(), W::Error> {
        self.input.members(&mut Unstreamed(to))?;
        if self.stream || T::STREAMS_BY_DEFAULT { to.member(STREAM, &self.stream) } else { Ok(()) }
    }
}

const STREAM: &str = "stream";

/// Writes everything but a `stream` that was read or set beside what the catalog knows.
struct Unstreamed<'w, W>(&'w mut W);

impl<W: Members> Members for Unstreamed<'_, W> {
    type Error = W::Error;

    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), W::Error> {
        self.0.member(name, value)
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), W::Error> {
        self.0.value(name, value)
    }

    fn extra(&mut self, extra: &Extra) -> Result<(), W::Error> {
        if extra.get(STREAM).is_some() { self.0.extra(&extra.without(STREAM)) } else { self.0.extra(extra) }
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

impl Members for ToForm {
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

struct ToRaw {
    field: &'static str,
    media: Option<Media>,
    query: Vec<(String, String)>,
}

impl Members for ToRaw {
    type Error = serde_json::Error;

    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), serde_json::Error> {
        if name == self.field
            && let Some(media) = value.as_media()
        {
            self.media = Some(media.clone());
            return Ok(());
        }
        let written = self.query.iter().any(|(other, _)| other == name);
        if value.is_absent() || written { Ok(()) } else { self.value(name, value) }
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), serde_json::Error> {
        match serde_json::to_value(value)? {
            Value::Null => {}
            Value::String(text) => self.query.push((name.to_owned(), text)),
            other => self.query.push((name.to_owned(), other.to_string())),
        }
        Ok(())
    }

    fn extra(&mut self, extra: &Extra) -> Result<(), serde_json::Error> {
        let map: Map<String, Value> = extra.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        for (name, value) in map {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.query.push((name, text));
        }
        Ok(())
    }
}
