//! Images, audio and files: how they are given, sent and received.

use std::{
    borrow::Cow,
    fmt,
    io::{self, Write as _},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::replies::{HasAudio, HasFile, HasImage, Transcript};
use crate::{
    decode::DecodeError,
    fields::{FieldValue, FileJson},
    wire::Wire,
};

/// Bytes with their MIME type.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::media::Media;
///
/// assert_eq!(Media::new(*b"\x89PNG\r\n\x1a\nand so on").content_type(), "image/png");
/// assert_eq!(Media::new(b"hello".to_vec()).with_content_type("text/plain").to_data_uri(), "data:text/plain;base64,aGVsbG8=");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Media {
    bytes: Vec<u8>,
    content_type: Cow<'static, str>,
}

impl Media {
    /// Wraps bytes. Their MIME type is detected from their first bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let content_type = Cow::Borrowed(sniff(&bytes).unwrap_or("application/octet-stream"));
        Self { bytes, content_type }
    }

    /// Sets the MIME type.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Cow::Owned(content_type.into());
        self
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the bytes without copying them.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Returns the MIME type.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Encodes the bytes as base64.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }

    /// Encodes the bytes as a data URI.
    #[must_use]
    pub fn to_data_uri(&self) -> String {
        format!("data:{};base64,{}", self.content_type, self.to_base64())
    }

    /// Decodes base64 or a data URI.
    ///
    /// # Errors
    /// Fails if the text is neither.
    pub fn from_base64(text: &str) -> Result<Self, MediaError> {
        let (content_type, encoded) = split_data_uri(text);
        let bytes = decode_base64(encoded)?;
        let media = Self::new(bytes);
        Ok(match content_type {
            Some(content_type) => media.with_content_type(content_type),
            None => media,
        })
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Media({} bytes of {})", self.bytes.len(), self.content_type)
    }
}

/// Text that is not valid base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaError {
    /// The problem.
    pub cause: String,
    /// The beginning of the text.
    pub text: String,
}

impl fmt::Display for MediaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid base64: {} in {}", self.cause, self.text)
    }
}

impl std::error::Error for MediaError {}

fn decode_base64(text: &str) -> Result<Vec<u8>, MediaError> {
    let wrong = |error: base64::DecodeError| MediaError { cause: error.to_string(), text: crate::invalid::short(text) };
    if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        return STANDARD.decode(compact).map_err(wrong);
    }
    STANDARD.decode(text).map_err(wrong)
}

fn split_data_uri(text: &str) -> (Option<&str>, &str) {
    match text.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
        Some((content_type, encoded)) => (Some(content_type).filter(|of| !of.is_empty()), encoded),
        None => (None, text),
    }
}

/// Detects the MIME type of bytes.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let after = |at: usize, magic: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(magic));
    Some(match bytes {
        _ if starts(b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if starts(b"\xff\xd8\xff") => "image/jpeg",
        _ if starts(b"GIF8") => "image/gif",
        _ if starts(b"RIFF") && after(8, b"WEBP") => "image/webp",
        _ if starts(b"RIFF") && after(8, b"WAVE") => "audio/wav",
        _ if starts(b"ID3") => "audio/mpeg",
        [0xff, second, ..] if second & 0xe0 == 0xe0 => "audio/mpeg",
        _ if starts(b"fLaC") => "audio/flac",
        _ if starts(b"OggS") => "audio/ogg",
        _ if after(4, b"ftypM4A") => "audio/mp4",
        _ if after(4, b"ftyp") => "video/mp4",
        _ if starts(b"\x1a\x45\xdf\xa3") => "video/webm",
        _ if starts(b"%PDF-") => "application/pdf",
        _ => return None,
    })
}

macro_rules! from_bytes {
    ($of:ty, |$media:ident| $make:expr) => {
        impl From<Vec<u8>> for $of {
            fn from(bytes: Vec<u8>) -> Self {
                let $media = Media::new(bytes);
                $make
            }
        }
        impl From<&Vec<u8>> for $of {
            fn from(bytes: &Vec<u8>) -> Self {
                Self::from(bytes.clone())
            }
        }
        impl From<&[u8]> for $of {
            fn from(bytes: &[u8]) -> Self {
                Self::from(bytes.to_vec())
            }
        }
        impl<const N: usize> From<[u8; N]> for $of {
            fn from(bytes: [u8; N]) -> Self {
                Self::from(bytes.to_vec())
            }
        }
        impl<const N: usize> From<&[u8; N]> for $of {
            fn from(bytes: &[u8; N]) -> Self {
                Self::from(bytes.to_vec())
            }
        }
    };
}
from_bytes!(Media, |media| media);

macro_rules! given {
    ($($(#[$doc:meta])* $name:ident as $json:ident, |$text:ident| $read:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub Media);
        from_bytes!($name, |media| Self(media));
        impl From<Media> for $name {
            fn from(media: Media) -> Self {
                Self(media)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                FileJson::$json.serialize(&self.0, to)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let $text = from;
                $read
            }
        }
        impl Wire for $name {
            fn into_field(self) -> FieldValue {
                FieldValue::File(self.0, FileJson::$json)
            }
            fn as_media(&self) -> Option<&Media> {
                Some(&self.0)
            }
        }
    )* };
}

given! {
    /// Bytes that are sent as base64.
    Base64Data as BASE64, |from| read_text(from).map(Self);
    /// Bytes that are sent as a data URI.
    DataUri as DATA_URI, |from| read_text(from).map(Self);
    /// Bytes that are sent as an array of numbers.
    ByteArray as BYTES, |from| Vec::<u8>::deserialize(from).map(Self::from);
    /// Bytes that are sent as a part of a multipart form.
    FormFile as BASE64, |from| read_text(from).map(Self);
    /// Bytes that are sent as the body of the request, with the other fields beside it.
    RawBody as BASE64, |from| read_text(from).map(Self);
}

fn read_text<'de, D: Deserializer<'de>>(from: D) -> Result<Media, D::Error> {
    let text = String::deserialize(from)?;
    Media::from_base64(&text).map_err(serde::de::Error::custom)
}

/// Media as received: base64 in JSON, or bytes.
#[derive(Clone, PartialEq, Eq)]
enum Came {
    Text(String),
    Bytes(Media),
}

impl Came {
    fn media(&self) -> Result<Media, MediaError> {
        match self {
            Self::Text(text) => {
                let media = Media::from_base64(text)?;
                let told = sniff(media.bytes());
                Ok(told.map_or(media.clone(), |told| media.with_content_type(told)))
            }
            Self::Bytes(media) => Ok(media.clone()),
        }
    }

    fn content_type(&self) -> &str {
        match self {
            Self::Bytes(media) => media.content_type(),
            Self::Text(text) => {
                let (content_type, encoded) = split_data_uri(text);
                let head = encoded.get(..64.min(encoded.len() / 4 * 4)).and_then(|head| decode_base64(head).ok());
                let told = head.as_deref().and_then(sniff);
                told.or(content_type).unwrap_or("application/octet-stream")
            }
        }
    }
}

/// Writes a file beside its place and then moves it there, so that nobody finds half of it.
fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static SAVED: AtomicU64 = AtomicU64::new(0);
    // What a link leads to is replaced, not the link.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let number = SAVED.fetch_add(1, Ordering::Relaxed);
    let part = target.with_file_name(format!(".{}-{number}.part", std::process::id()));
    let write = || {
        std::fs::File::create_new(&part)?.write_all(bytes)?;
        std::fs::rename(&part, &target)
    };
    let written = write();
    if written.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::AlreadyExists) {
        let _ = std::fs::remove_file(&part);
    }
    written
}

macro_rules! answered {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Came);

        impl $name {
            /// Returns the bytes.
            ///
            /// # Errors
            /// Fails if it was received as text that is not valid base64.
            pub fn decode(&self) -> Result<Vec<u8>, MediaError> {
                self.0.media().map(Media::into_bytes)
            }

            /// Returns the bytes with their MIME type, to pass on to another model.
            ///
            /// # Errors
            /// Fails if it was received as text that is not valid base64.
            pub fn to_media(&self) -> Result<Media, MediaError> {
                self.0.media()
            }

            /// Returns the MIME type: detected from the first bytes, or that of the response. The catalog and the service
            /// have called pictures PNG that are JPEG.
            #[must_use]
            pub fn content_type(&self) -> &str {
                self.0.content_type()
            }

            /// Wraps the body of a response.
            ///
            /// # Errors
            /// Fails if the body is empty or text.
            pub fn from_body(content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
                if body.is_empty() {
                    return Err(DecodeError::new("the body is empty", content_type, body));
                }
                if crate::mime::is_text(content_type) {
                    return Err(DecodeError::new("text where bytes were expected", content_type, body));
                }
                let media = Media::new(body);
                Ok(Self(Came::Bytes(match content_type.filter(|_| sniff(body).is_none()) {
                    Some(content_type) => media.with_content_type(content_type),
                    None => media,
                })))
            }

            /// Returns the usual extension of a file with its MIME type, without a dot: `png`, `jpg`, `mp3`; `bin` for others.
            #[must_use]
            pub fn extension(&self) -> &'static str {
                crate::mime::extension(self.content_type())
            }

            /// Writes the bytes to a file, which replaces an earlier one of that name once it is complete.
            ///
            /// ```no_run
            /// # use workers_ai_types as workers_ai;
            #[doc = concat!("# fn f(answer: &workers_ai::media::", stringify!($name), ") -> std::io::Result<()> {")]
            /// answer.save(format!("answer.{}", answer.extension()))?;
            /// # Ok(())
            /// # }
            /// ```
            ///
            /// # Errors
            /// Fails if it was received as text that is not valid base64, or if the file cannot be written.
            pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
                let bytes = self.decode().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
                save(path.as_ref(), &bytes)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let length = match &self.0 {
                    Came::Text(text) => text.len() / 4 * 3,
                    Came::Bytes(media) => media.bytes().len(),
                };
                write!(f, concat!(stringify!($name), "({} bytes of {})"), length, self.content_type())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(|text| Self(Came::Text(text)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match &self.0 {
                    Came::Text(text) => to.serialize_str(text),
                    Came::Bytes(media) => to.serialize_str(&media.to_base64()),
                }
            }
        }

        impl Wire for $name {}
    )* };
}

answered! {
    /// An image returned by a model.
    Image;
    /// Audio returned by a model.
    Audio;
    /// A file returned by a model.
    File;
}

#[cfg(test)]
mod tests {
    use super::{Image, Media};

    #[test]
    fn an_image_is_told_by_its_header_its_data_uri_or_its_first_bytes() {
        let jpeg = Media::new(*b"\xff\xd8\xff\xe0 and more that does not matter, long enough to need several lines");
        let image: Image = serde_json::from_value(jpeg.to_base64().into()).expect("an image");
        assert_eq!(image.content_type(), "image/jpeg");
        let image: Image = serde_json::from_value(jpeg.to_data_uri().into()).expect("an image");
        assert_eq!(image.decode().expect("base64"), jpeg.bytes());
        let image = Image::from_body(Some("image/png"), b"whatever").expect("an image");
        assert_eq!(image.content_type(), "image/png");
    }

    #[test]
    fn what_is_no_image_is_refused_with_the_evidence() {
        assert!(serde_json::from_str::<Image>("{}").is_err());
        let image: Image = serde_json::from_str("\"no base64!\"").expect("text");
        assert!(image.decode().expect_err("not base64").to_string().contains("no base64!"));
        assert_eq!(Image::from_body(Some("application/json"), b"{}").expect_err("JSON").body, b"{}");
    }
}
