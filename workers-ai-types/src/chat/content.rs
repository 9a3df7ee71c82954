//! The content of messages, by type: only a model that takes images accepts a message with one.

use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeMap};
use serde_json::Value;

use crate::media;

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
        #[diagnostic::on_unimplemented(message = $what, note = "`M::Content` is the content that a model's messages may have")]
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
    content: PhantomData<fn() -> C>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum PartKind {
    Text(String),
    /// The name of a member and the object in it.
    Object(&'static str, Value),
}

impl<C> Part<C> {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::new(PartKind::Text(text.into()))
    }

    fn new(kind: PartKind) -> Self {
        Self { kind, content: PhantomData }
    }
}

impl<C> Serialize for Part<C> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(2))?;
        match &self.kind {
            PartKind::Text(text) => {
                map.serialize_entry("type", "text")?;
                map.serialize_entry("text", text)?;
            }
            PartKind::Object(name, value) => {
                map.serialize_entry("type", name)?;
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

impl<'de, C> Deserialize<'de> for Part<C> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut part = serde_json::Map::deserialize(from)?;
        let kind = part.remove("type");
        let kind = kind.as_ref().and_then(Value::as_str).unwrap_or("text");
        if kind == "text" {
            let text = part.remove("text").and_then(|text| text.as_str().map(str::to_owned));
            return text
                .map(|text| Self::new(PartKind::Text(text)))
                .ok_or_else(|| D::Error::custom("`text` is missing"));
        }
        let name = OBJECTS.iter().find(|name| **name == kind);
        let name = name.ok_or_else(|| D::Error::custom(format_args!("`{kind}` is not a kind of message part")))?;
        let value = part.remove(*name).ok_or_else(|| D::Error::custom(format_args!("`{name}` is missing")))?;
        Ok(Self::new(PartKind::Object(name, value)))
    }
}

/// The parts that are objects.
const OBJECTS: [&str; 4] = ["image_url", "input_audio", "video_url", "file"];

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
    Part::new(PartKind::Object("image_url", serde_json::json!({ "url": url })))
}

/// Creates an audio part from a recording (WAV or MP3).
pub fn audio<C: AcceptsAudio>(audio: impl Into<media::Media>) -> Part<C> {
    let audio = audio.into();
    let format =
        if audio.content_type().contains("mpeg") || audio.content_type().contains("mp3") { "mp3" } else { "wav" };
    Part::new(PartKind::Object("input_audio", serde_json::json!({ "data": audio.to_base64(), "format": format })))
}

/// Creates a video part. The video is sent as a data URI.
pub fn video<C: AcceptsVideo>(video: impl Into<media::Media>) -> Part<C> {
    Part::new(PartKind::Object("video_url", serde_json::json!({ "url": video.into().to_data_uri() })))
}

/// Creates a file part. The file is sent as a data URI.
pub fn file<C: AcceptsFiles>(name: impl Into<String>, file: impl Into<media::Media>) -> Part<C> {
    let (name, data) = (name.into(), file.into().to_data_uri());
    Part::new(PartKind::Object("file", serde_json::json!({ "filename": name, "file_data": data })))
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
