//! What an answer holds, whichever model gave it and however it came.

use crate::{Audio, File, Image};

/// An answer with an image.
pub trait HasImage {
    /// The image.
    fn image(&self) -> &Image;
}

/// An answer with a recording.
pub trait HasAudio {
    /// The recording.
    fn audio(&self) -> &Audio;
}

/// An answer that is a file.
pub trait HasFile {
    /// The file.
    fn file(&self) -> &File;
}

/// An answer with what was said.
pub trait Transcript {
    /// What was said.
    fn text(&self) -> &str;
}

/// An answer with vectors.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no vectors",
    note = "models that make vectors have `TextEmbedding` among their `INFO.capabilities`"
)]
pub trait Vectors {
    /// How many there are.
    fn count(&self) -> usize;

    /// The length of each.
    fn dimensions(&self) -> usize;

    /// The one of that number.
    fn vector(&self, index: usize) -> Option<&[f32]>;
}
