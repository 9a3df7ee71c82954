//! The body of a request.

use std::{
    error::Error as StdError,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};

use crate::transport::maybe_send::{BoxStream, MaybeSend};

type Pieces = BoxStream<'static, Result<Bytes, Box<dyn StdError + Send + Sync>>>;

/// The body of a request on its way out.
#[derive(Clone)]
#[non_exhaustive]
pub enum RequestBody {
    /// All of it: it can be sent again.
    Bytes(Bytes),
    /// What comes piece by piece: it can be sent once.
    Pieces(BodyStream),
}

impl RequestBody {
    /// All of it, where it is there. A body that comes in pieces counts as empty.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Pieces(_) => &[],
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Pieces(_) => f.write_str("bytes that come in pieces"),
        }
    }
}

impl From<Vec<u8>> for RequestBody {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

/// Bytes that come piece by piece. Clones share them: whoever takes them first has them.
#[derive(Clone)]
pub struct BodyStream(Arc<Mutex<Option<Pieces>>>);

impl BodyStream {
    pub(crate) fn new<B, E>(pieces: impl Stream<Item = Result<B, E>> + MaybeSend + 'static) -> Self
    where
        B: Into<Bytes>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let pieces: Pieces = Box::pin(pieces.map(|piece| piece.map(Into::into).map_err(Into::into)));
        Self(Arc::new(Mutex::new(Some(pieces))))
    }

    /// The bytes. `None`: they were taken before.
    #[must_use]
    pub fn take(&self) -> Option<BoxStream<'static, Result<Bytes, Box<dyn StdError + Send + Sync>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// All of it together.
    pub(crate) async fn collect(&self) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        let Some(pieces) = self.take() else { return Err("the bytes were taken before".into()) };
        let add = |mut all: Vec<u8>, piece: Bytes| async move {
            all.extend_from_slice(&piece);
            Ok(all)
        };
        pieces.try_fold(Vec::new(), add).await
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyStream").finish_non_exhaustive()
    }
}
