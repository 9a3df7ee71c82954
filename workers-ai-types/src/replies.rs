//! Accessors that outputs have in common, whichever model returned them and however they were sent.

use crate::media::{Audio, File, Image};

/// An output with an image.
pub trait HasImage {
    /// Returns the image.
    fn image(&self) -> &Image;
}

/// An output with audio.
pub trait HasAudio {
    /// Returns the audio.
    fn audio(&self) -> &Audio;
}

/// An output that is a file.
pub trait HasFile {
    /// Returns the file.
    fn file(&self) -> &File;
}

/// An output with the transcript of a recording.
pub trait Transcript {
    /// Returns the transcript.
    fn text(&self) -> &str;
}

/// An output with embeddings.
#[diagnostic::on_unimplemented(
    message = "`{Self}` contains no embeddings",
    note = "models that return embeddings have `TextEmbedding` in their `INFO.capabilities`"
)]
pub trait Vectors {
    /// Returns the number of vectors.
    fn count(&self) -> usize;

    /// Returns the length of each vector.
    fn dimensions(&self) -> usize;

    /// Returns the vector with this index.
    fn vector(&self, index: usize) -> Option<&[f32]>;
}
