//! The content of messages, by type: only a model that takes images accepts a message with one.

use std::{borrow::Cow, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::{Map, Value};

use crate::{extra::Extra, media};

/// The content that the messages of a model may have.
pub trait Content: Clone + std::fmt::Debug + PartialEq + 'static {}

macro_rules! contents {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}
        impl Content for $name {}
    )* };
}

contents! {
    /// Text only.
    Text;
    /// Text and images.
    VisionContent;
    /// Text, images, audio, video and files.
    MediaContent;
    /// Text, images, audio and files.
    MediaNoVideo;
}

macro_rules! accepts {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $($of:ident)*;)*) => { $(
        $(#[$doc])*
        #[diagnostic::on_unimplemented(message = $what, note = "`Message` alone is `Message<Text>`; a model's messages have the content `M::Content`")]
        pub trait $name: Content {}
        $(impl $name for $of {})*
    )* };
}

accepts! {
    /// Messages that may contain images.
    AcceptsImages, "this model's messages take no images", VisionContent MediaContent MediaNoVideo;
    /// Messages that may contain images behind a URL.
    AcceptsImageUrls, "this model's messages take images as bytes only, not as URLs", MediaContent MediaNoVideo;
    /// Messages that may contain audio.
    AcceptsAudio, "this model's messages take no audio", MediaContent MediaNoVideo;
    /// Messages that may contain video.
    AcceptsVideo, "this model's messages take no video", MediaContent;
    /// Messages that may contain files.
    AcceptsFiles, "this model's messages take no files", MediaContent MediaNoVideo;
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<C> {
    pub(super) kind: PartKind,
    extra: Extra,
    content: PhantomData<fn() -> C>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum PartKind {
    Text(String),
    /// A kind, and the value of the member that is called after it.
    Other(Cow<'static, str>, Option<Value>),
}

impl<C> Part<C> {
    /// Returns the part as one of a message that may have more kinds of content.
    pub(super) fn widened<D>(self) -> Part<D> {
        Part { kind: self.kind, extra: self.extra, content: PhantomData }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::new(PartKind::Text(text.into()))
    }

    fn object(kind: &'static str, value: Value) -> Self {
        Self::new(PartKind::Other(Cow::Borrowed(kind), Some(value)))
    }

    fn new(kind: PartKind) -> Self {
        Self { kind, extra: Extra::new(), content: PhantomData }
    }

    /// Returns the text, if this part is nothing but text.
    pub(super) fn only_text(&self) -> Option<&str> {
        match &self.kind {
            PartKind::Text(text) if self.extra.is_empty() => Some(text),
            _ => None,
        }
    }

    pub(super) fn json(&self) -> Value {
        let mut part = Map::new();
        let (kind, value) = match &self.kind {
            PartKind::Text(text) => ("text", Some(text.as_str().into())),
            PartKind::Other(kind, value) => (&**kind, value.clone()),
        };
        part.insert("type".to_owned(), kind.into());
        if let Some(value) = value {
            part.insert(kind.to_owned(), value);
        }
        self.extra.add_to(&mut part);
        Value::Object(part)
    }

    /// Sets a member that this version does not know.
    ///
    /// ```
    /// # use workers_ai_types as workers_ai;
    /// use serde_json::json;
    /// use workers_ai::chat::{Part, VisionContent, text};
    ///
    /// let cached: Part<VisionContent> = text("a long document").extra("cache_control", json!({ "type": "ephemeral" }));
    /// assert_eq!(serde_json::to_value(&cached).unwrap()["cache_control"]["type"], "ephemeral");
    /// ```
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.set(name, value);
        self
    }
}

/// Creates a part of any kind, for kinds that this version does not know. The value is sent as the member that is called
/// after the kind.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use serde_json::json;
/// use workers_ai::chat::{Message, VisionContent, part, text, user};
///
/// let message: Message<VisionContent> =
///     user([text("What is this?"), part("model_3d", json!({ "url": "https://example.com/a.glb" }))]);
/// assert_eq!(
///     serde_json::to_value(&message).unwrap()["content"][1],
///     json!({ "type": "model_3d", "model_3d": { "url": "https://example.com/a.glb" } }),
/// );
/// ```
pub fn part<C: Content>(kind: impl Into<String>, value: impl Into<Value>) -> Part<C> {
    Part::new(PartKind::Other(Cow::Owned(kind.into()), Some(value.into())))
}

impl<C> Serialize for Part<C> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.json().serialize(to)
    }
}

impl<'de, C> Deserialize<'de> for Part<C> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut part = Map::deserialize(from)?;
        let kind = match part.remove("type") {
            Some(Value::String(kind)) => kind,
            _ => "text".to_owned(),
        };
        let value = part.remove(kind.as_str());
        let kind = match value {
            Some(Value::String(text)) if kind == "text" => PartKind::Text(text),
            _ if kind == "text" => return Err(D::Error::custom("`text` is missing")),
            value => PartKind::Other(Cow::Owned(kind), value),
        };
        Ok(Self { extra: part.into_iter().collect(), ..Self::new(kind) })
    }
}

/// Creates a text part.
pub fn text<C: Content>(text: impl Into<String>) -> Part<C> {
    Part::text(text)
}

/// Creates an image part. The image is sent as a data URI.
pub fn image<C: AcceptsImages>(image: impl Into<media::Media>) -> Part<C> {
    image_at(&image.into().to_data_uri())
}

/// Creates an image part with the URL of the image.
pub fn image_url<C: AcceptsImageUrls>(url: impl Into<String>) -> Part<C> {
    image_at(&url.into())
}

fn image_at<C>(url: &str) -> Part<C> {
    Part::object("image_url", serde_json::json!({ "url": url }))
}

/// Creates an audio part from a recording (WAV or MP3).
pub fn audio<C: AcceptsAudio>(audio: impl Into<media::Media>) -> Part<C> {
    let audio = audio.into();
    let format =
        if audio.content_type().contains("mpeg") || audio.content_type().contains("mp3") { "mp3" } else { "wav" };
    Part::object("input_audio", serde_json::json!({ "data": audio.to_base64(), "format": format }))
}

/// Creates a video part. The video is sent as a data URI.
pub fn video<C: AcceptsVideo>(video: impl Into<media::Media>) -> Part<C> {
    Part::object("video_url", serde_json::json!({ "url": video.into().to_data_uri() }))
}

/// Creates a file part. The file is sent as a data URI.
pub fn file<C: AcceptsFiles>(name: impl Into<String>, file: impl Into<media::Media>) -> Part<C> {
    let (name, data) = (name.into(), file.into().to_data_uri());
    Part::object("file", serde_json::json!({ "filename": name, "file_data": data }))
}

/// A value that can be the content of a message: text, or parts.
pub trait IntoContent<C> {
    /// Returns the parts, in order.
    fn into_parts(self) -> Vec<Part<C>>;
}

impl<C: Content> IntoContent<C> for &str {
    fn into_parts(self) -> Vec<Part<C>> {
        vec![text(self)]
    }
}

impl<C: Content> IntoContent<C> for String {
    fn into_parts(self) -> Vec<Part<C>> {
        vec![text(self)]
    }
}

impl<C: Content> IntoContent<C> for &String {
    fn into_parts(self) -> Vec<Part<C>> {
        vec![text(self.as_str())]
    }
}

impl<C: Content> IntoContent<C> for Vec<Part<C>> {
    fn into_parts(self) -> Vec<Part<C>> {
        self
    }
}

impl<C: Content, const N: usize> IntoContent<C> for [Part<C>; N] {
    fn into_parts(self) -> Vec<Part<C>> {
        self.into()
    }
}
