//! The body of a request.

use std::{
    error::Error as StdError,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};

use super::BoxStream;

type Chunks = BoxStream<'static, Result<Bytes, Box<dyn StdError + Send + Sync>>>;

/// The bytes of a file in a request.
#[derive(Clone)]
#[non_exhaustive]
pub enum RequestBody {
    /// All bytes are there: the request can be sent again.
    Bytes(Bytes),
    /// The bytes arrive in chunks: the request can be sent once.
    Stream(BodyStream),
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Stream(_) => f.write_str("a stream of bytes"),
        }
    }
}

/// Bytes that arrive in chunks. Clones share them: the first to [take](BodyStream::take) them has them.
#[derive(Clone)]
pub struct BodyStream(Arc<Mutex<Option<Chunks>>>);

impl BodyStream {
    /// Wraps a stream of chunks.
    ///
    /// ```
    /// use futures_util::stream;
    /// use workers_ai::transport::BodyStream;
    ///
    /// let body = BodyStream::new(stream::iter([Ok::<_, std::io::Error>(vec![0xff, 0xfb])]));
    /// assert!(body.take().is_some());
    /// assert!(body.take().is_none());
    /// ```
    pub fn new<B, E>(chunks: impl Stream<Item = Result<B, E>> + Send + 'static) -> Self
    where
        B: Into<Bytes>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let chunks: Chunks = Box::pin(chunks.map(|chunk| chunk.map(Into::into).map_err(Into::into)));
        Self(Arc::new(Mutex::new(Some(chunks))))
    }

    /// Takes the chunks. Returns `None` if they have been taken before.
    #[must_use]
    pub fn take(&self) -> Option<BoxStream<'static, Result<Bytes, Box<dyn StdError + Send + Sync>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Reads all chunks into one buffer.
    pub(crate) async fn collect(&self) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        let Some(chunks) = self.take() else { return Err("the stream has been read before".into()) };
        let append = |mut all: Vec<u8>, chunk: Bytes| async move {
            all.extend_from_slice(&chunk);
            Ok(all)
        };
        chunks.try_fold(Vec::new(), append).await
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyStream").finish_non_exhaustive()
    }
}
